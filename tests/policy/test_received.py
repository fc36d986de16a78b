"""The table [received] as it is written: where those who received a launch may go, and who may ask."""

from datetime import timedelta

import pytest

from bot.policy.demands import Demands
from bot.policy.file import PolicyError, read_policy
from bot.policy.policy import RoleList
from bot.policy.received import ReceivedRules
from bot.policy.roles import Action

NEEDED = "segments = [400, 401]\ndatabase = 50\n"


def read(lines: str):
    roles = {"approver": RoleList(("U0BEN",)), "admin": RoleList(("U0DAN",)), "lead": RoleList(("U0CLEO",))}
    return read_policy(lines, roles, Demands())


def test_all_of_it_can_be_said():
    more = 'may_ask = ["lead"]\nsettle = "30s"\nkeep_for = "2d"\nat_most = 1000\n'
    policy = read(f"[received]\n{NEEDED}{more}")
    assert policy.received == ReceivedRules(
        segments=(400, 401),
        database=50,
        may_ask=("lead",),
        settle=timedelta(seconds=30),
        keep_for=timedelta(days=2),
        at_most=1000,
    )
    assert policy.needed(Action.WHO_GOT_IT) == ("lead",)


def test_without_it_nobody_is_put_anywhere():
    assert read("").received is None


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("database = 50", "received: segments is missing."),
        ("segments = [400]", "received: database is missing."),
        ("segments = []\ndatabase = 50", "received.segments: it is empty."),
        ("segments = [400, 400]\ndatabase = 50", "received.segments: it holds one of them twice."),
        ("segments = [0]\ndatabase = 50", "received.segments: it takes a whole number from 1."),
        (NEEDED + "may_ask = []", "received.may_ask: it is empty, so nobody could ask."),
        (NEEDED + 'may_ask = ["boss"]', "received.may_ask: there is no role “boss”."),
        (NEEDED + 'settle = "2h"', "received.settle: it takes a time of at most 1h."),
        (NEEDED + 'keep_for = "31d"', "received.keep_for: it takes a time from 1h to 30d."),
        (NEEDED + "at_most = 0", "received.at_most: it takes a whole number from 1 to 1000000."),
        (NEEDED + "list = 1", "received.list: there is no such key."),
    ],
)
def test_what_cannot_stand_is_refused_with_what_can(lines, says):
    with pytest.raises(PolicyError) as caught:
        read(f"[received]\n{lines}")
    assert says in str(caught.value)
