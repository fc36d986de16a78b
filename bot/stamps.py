"""Time stamps by an authority of RFC 3161: somebody else says since when an anchor's digest has been there.

A stamp is the authority's whole response. It verifies offline, by the certificate of whoever certifies the authority.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

PATIENCE = 10.0
"""Seconds for the connection, and for each part of the answer."""

LARGEST = 64 * 1024
"""Bytes of a response; one with its certificates takes some six thousand."""

GRANTED = frozenset({0, 1})
"""The status of a response that has a stamp: as asked for, or with changes."""

INSTALL = "install the extra: pip install '.[stamps]' in a checkout"


class NotStamped(Exception):
    """There is no stamp, or it is none for that digest; the text is a clause that says why."""


def installed() -> bool:
    """Whether stamps can be asked for and verified here: it takes the extra `stamps`."""
    return find_spec("rfc3161_client") is not None


@dataclass(frozen=True)
class Authority:
    """Who stamps, at that address; asked directly, by no proxy of the environment."""

    url: str

    def stamp(self, digest: str) -> bytes:
        """A stamp of the digest as it is written, 64 hexadecimal digits. Raises NotStamped."""
        from rfc3161_client import TimestampRequestBuilder

        query = TimestampRequestBuilder().data(digest.encode()).build()
        stamp = self._answer(query.as_bytes())
        told = _read(stamp).tst_info
        if told.nonce != query.nonce:
            raise NotStamped("it answered another question")
        asked, stamped = query.message_imprint, told.message_imprint
        if (stamped.hash_algorithm, stamped.message) != (asked.hash_algorithm, asked.message):
            raise NotStamped("it stamped something else")
        return stamp

    def _answer(self, query: bytes) -> bytes:
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Content-Type": "application/timestamp-query"}
            try:
                with session.post(
                    self.url, query, headers=headers, timeout=PATIENCE, allow_redirects=False, stream=True
                ) as answer:
                    content = answer.raw.read(LARGEST + 1, decode_content=True)
            except (requests.RequestException, OSError) as error:
                raise NotStamped(f"nobody answers ({type(error).__name__})") from error
        if answer.status_code != HTTPStatus.OK or len(content) > LARGEST:
            raise NotStamped(f"it answered with HTTP {answer.status_code} and {len(content)} bytes")
        return bytes(content)


def certificates(file: Path) -> "list[Certificate]":
    """Those in a file of the form PEM. Raises OSError or ValueError."""
    from cryptography.x509 import load_pem_x509_certificates

    return load_pem_x509_certificates(file.read_bytes())


def stamped_at(stamp: bytes, digest: str, roots: "Sequence[Certificate]") -> datetime:
    """When the authority had that digest before it; `roots` certify authorities. Raises NotStamped."""
    from rfc3161_client import VerificationError, VerifierBuilder

    read = _read(stamp)
    verifier = VerifierBuilder(roots=list(roots)).build()
    try:
        verifier.verify_message(read, digest.encode())
    except (VerificationError, ValueError) as error:
        raise NotStamped(str(error) or "its signature does not verify") from error
    return read.tst_info.gen_time


def _read(stamp: bytes) -> "TimeStampResponse":
    from rfc3161_client import decode_timestamp_response

    try:
        read = decode_timestamp_response(stamp)
    except ValueError as error:
        raise NotStamped(f"it is no response of RFC 3161 that can be read ({error})") from error
    if read.status not in GRANTED:
        raise NotStamped(f"the authority refused, with the status {read.status}")
    return read
