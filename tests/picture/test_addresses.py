"""Which addresses an image may come from."""

from ipaddress import IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.picture.addresses import is_public

PRIVATE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "192.0.0.8"),
    *("192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250"),
    *("192.88.99.1", "240.0.0.1", "255.255.255.255"),
]
HIDDEN = [
    *("::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "4000::1", "64:ff9b:1::1", "2001:0:7f00:1::"),
    *("2606:4700:4700::1111%eth0",),
]
NONE = ["", "localhost", "1", "0x7f000001", "127.1", "1.1.1.1 ", "[::1]"]


@pytest.mark.parametrize("address", [*PRIVATE, *HIDDEN, *NONE])
def test_no_image_comes_from_an_address_that_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("written", ["::ffff:{}", "64:ff9b::{}", "::{}"])
def test_no_way_to_write_a_private_address_as_ipv6_makes_it_public(address, written):
    assert not is_public(written.format(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]
)
def test_an_image_may_come_from_a_public_address(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_written_as_ipv6_as_it_is(address):
    assert is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}") == is_public(str(address))


@given(st.ip_addresses(v=6).filter(lambda one: one not in IPv6Network("::/8")))
def test_no_ipv6_address_that_python_knows_for_private_is_public(address):
    if address.is_private or address.is_multicast or address.is_reserved or address.sixtofour or address.teredo:
        assert not is_public(str(address))
