"""What the record calls a thing stays as it is, whatever becomes of the name of its class."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.encoding import canonical
from bot.campaign.request import LaunchId
from bot.journal.chain import digest
from bot.launch.codec import decode, encode, kind_of, tag_of
from bot.launch.events import BOT, KINDS, Denied, Entry, Event
from bot.policy.refusals import REASONS, Reason, reason_tag
from bot.policy.roles import Action
from tests.builders import NOON

STORED = [json.loads(row) for row in Path(__file__).with_name("stored_events.jsonl").read_text().splitlines()]
"""Rows as they stood in a journal before there was a table of refusals: each kind, each refusal, each action."""

EVENT_TAGS = """
    launch:request campaign:adopt launch:edit launch:ask_changes launch:approve launch:break_glass launch:tighten
    launch:void launch:remind
    launch:postpone launch:hold_back launch:practise launch:reject launch:cancel launch:expire launch:withhold
    launch:deny launch:start launch:accept launch:refuse launch:not_sent launch:doubt launch:give_up launch:look
    launch:nothing_found launch:evidence launch:vouch run:start run:end run:halt run:complete run:log_unread
    run:follow_stop run:schedule run:results stop:ask stop:start stop:done stop:refuse stop:not_sent stop:doubt
    stop:give_up stop:not_seen copy:start copy:done copy:refuse copy:doubt copy:not_found canary:begin canary:ran
    canary:judge canary:fail canary:release received:ask received:start received:progress received:done received:fail
    record:rekey record:prune
"""
REFUSAL_TAGS = """
    MissingRole RolesNotChecked FromElsewhere OwnRequest OwnWish OwnDoubt ApprovedAlready TooLate NoSuchLaunch
    CampaignInDoubt PolicyNotRead PolicyForbids TooFewApprovers ChangedSince NotReadAgain NotTheRequester ShownOtherwise
    EditsOtherwise NotTyped GlassNotAllowed CancelInstead BeingSent StopUnderWay NoRoomForCard
    NotOfTests TooManyTests ReleasedAlready CanaryUnderWay CanaryInDoubt CanaryStopped BrakesOn RecordDoubted
    NoRecipients
"""
ACTION_TAGS = """
    launch:request launch:edit launch:approve launch:break_glass launch:reject launch:cancel launch:look launch:vouch
    launch:stop launch:ask_changes launch:test launch:who_got_it audit:export launch:read canary:release canary:stop
"""

REFUSALS = st.sampled_from(get_args(Reason)).flatmap(st.builds)


@contextmanager
def renamed(kind: type) -> Iterator[None]:
    """The class under another name."""
    name = kind.__name__
    kind.__name__ = "Renamed"
    try:
        yield
    finally:
        kind.__name__ = name


@pytest.mark.parametrize(
    ("known", "on_record"),
    [(KINDS, EVENT_TAGS), (REASONS, REFUSAL_TAGS), (Action, ACTION_TAGS)],
    ids=["events", "refusals", "actions"],
)
def test_no_tag_that_was_ever_recorded_changes_or_goes(known, on_record):
    assert sorted(known) == sorted(on_record.split())


@pytest.mark.parametrize(("tags", "union"), [(KINDS, Event), (REASONS, Reason)], ids=["events", "refusals"])
def test_each_class_has_one_tag(tags, union):
    assert sorted(map(str, tags.values())) == sorted(map(str, get_args(union)))


@given(REFUSALS)
def test_a_refusals_tag_leads_back_to_it(reason: Reason):
    assert REASONS[reason_tag(reason)] is type(reason)


@pytest.mark.parametrize("tag", REFUSAL_TAGS.split())
def test_a_refusal_whose_class_is_renamed_keeps_its_tag(tag):
    with renamed(REASONS[tag]):
        # The tag asks for nothing but the class.
        assert reason_tag(object.__new__(REASONS[tag])) == tag


@pytest.mark.parametrize("tag", EVENT_TAGS.split())
def test_an_event_whose_class_is_renamed_keeps_its_tag(tag):
    with renamed(KINDS[tag]):
        assert tag_of(KINDS[tag]) == tag


@pytest.mark.parametrize("row", STORED, ids=lambda row: row["digest"][:6])
def test_an_old_row_is_read_and_written_again_to_the_byte(row):
    event = decode(row["kind"], row["data"])
    assert (kind_of(event), canonical(encode(event))) == (row["kind"], canonical(row["data"]))
    assert digest(Entry(LaunchId("L1"), 1, NOON, BOT, event), "") == row["digest"]


def test_the_old_rows_bear_every_tag():
    denied = [row["data"] for row in STORED if row["kind"] == tag_of(Denied)]
    assert {row["kind"] for row in STORED} == set(KINDS)
    assert {one["reason"] for one in denied} == set(REASONS)
    assert {one["action"] for one in denied} == set(Action)


def test_a_refusal_of_a_newer_version_is_read_as_it_stands():
    stored = {"action": "launch:approve", "reason": "NotOnSundays"}
    assert encode(decode(tag_of(Denied), stored)) == stored
