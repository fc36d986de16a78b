"""What an approval covered is what stood there when it was given."""

from dataclasses import replace

from bot.campaign.campaign import MessageRef
from bot.campaign.request import LaunchId
from bot.launch.events import Approved, Entry, Rejected, Voided
from bot.launch.record import covered_by
from tests.builders import ANA, BEN, NOON, PREVIEW, asked

FIRST, THEN = MessageRef(message_id=77, digest="1" * 64), MessageRef(message_id=77, digest="2" * 64)


def preview(ref):
    return replace(PREVIEW, messages=(ref,))


def entries(*events):
    return [event and Entry(LaunchId("L1"), seq, NOON, BEN, event) for seq, event in enumerate(events, start=1)]


def covered(*events):
    found = covered_by(entries(*events), lambda ref: ref.digest[0])
    return {seq: [message for _, message in one.messages] for seq, one in found}


REQUESTED = replace(asked(), preview=preview(FIRST))
VOIDED = Voided((), preview(THEN), NOON, (ANA,))


def test_each_approval_covers_what_was_read_last_before_it():
    assert covered(REQUESTED, Approved(), VOIDED, Approved()) == {2: ["1"], 4: ["2"]}


def test_what_is_no_approval_covers_nothing():
    assert covered(REQUESTED, Rejected("No.")) == {}


def test_nothing_is_told_behind_what_a_newer_version_wrote():
    assert covered(REQUESTED, None, Approved()) == {}
    assert covered(REQUESTED, None, VOIDED, Approved()) == {}


def test_the_values_are_those_that_were_asked_for():
    ((_, one),) = covered_by(
        entries(replace(REQUESTED, request=replace(REQUESTED.request, content={"promo": "SPRING"})), Approved()),
        lambda ref: ref,
    )
    assert one.content == {"promo": "SPRING"}
