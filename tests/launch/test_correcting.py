"""A correction goes to those who received the launch that it corrects, and to nobody else."""

from dataclasses import replace

import pytest

from bot.campaign.request import Invalid, Purpose, Source, SourceKind
from bot.launch.correcting import (
    BEING_FILLED,
    FILLED,
    NOTHING_SENT,
    STILL_SENDING,
    check_correction,
    is_correction,
    receivers,
    why_not,
)
from bot.launch.run import FollowingStopped, RunStarted
from tests.builders import NOON, SEGMENT_5, asked, by_bot, launch
from tests.slack import receivers as standings
from tests.slack.trials import STANDINGS as TESTS

FILLED_LAUNCH = standings.STANDINGS["segment filled"]
SEGMENT_400 = Source(SourceKind.SEGMENT, 400)


@pytest.mark.parametrize("source", [None, SEGMENT_5, Source(SourceKind.LIST, 400), Source(SourceKind.SEGMENT, 401)])
def test_it_goes_nowhere_else(source):
    with pytest.raises(Invalid) as caught:
        check_correction(FILLED_LAUNCH, asked(source=source).request)
    assert caught.value.part == "source"
    assert "those who received the launch, segment 400, and" in caught.value.text


def test_it_goes_to_those_who_received_it():
    check_correction(FILLED_LAUNCH, asked(source=SEGMENT_400).request)


@pytest.mark.parametrize("standing", [None, "who got it asked", "segment being filled", "segment not filled any more"])
def test_while_its_segment_is_not_complete_there_is_none(standing):
    corrected = standings.STANDINGS[standing] if standing else None
    assert corrected is None or receivers(corrected) is None
    with pytest.raises(Invalid):
        check_correction(corrected, asked(source=SEGMENT_400).request)


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (launch(), NOTHING_SENT),
        (TESTS["test over"], NOTHING_SENT),
        (launch(*standings.OVER, requested=asked(practice=True)), NOTHING_SENT),
        (launch(*standings.OVER, requested=asked(run_now=False, source=None)), NOTHING_SENT),
        (launch(*standings.OVER[:2], by_bot(RunStarted(NOON))), STILL_SENDING),
        (launch(*standings.OVER[:2], by_bot(RunStarted(NOON)), by_bot(FollowingStopped())), None),
        (launch(*standings.OVER), None),
        (standings.STANDINGS["who got it asked"], BEING_FILLED),
        (standings.STANDINGS["segment being filled"], BEING_FILLED),
        (standings.STANDINGS["segment filled"], FILLED),
        (standings.STANDINGS["segment not filled"], None),
    ],
)
def test_who_received_it_is_asked_once_nothing_is_sent_any_more_and_not_twice(standing, why):
    assert why_not(standing) == why


def test_only_what_is_made_for_a_launch_and_no_test_corrects_one():
    made_for = replace(asked(), belongs_to="L0")
    assert is_correction(launch(requested=made_for))
    assert not is_correction(launch())
    test = replace(asked(purpose=Purpose.TEST, limit=5), belongs_to="L0")
    assert not is_correction(launch(requested=test))
