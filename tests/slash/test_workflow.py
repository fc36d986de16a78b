"""The inputs of a workflow's step, read as what people type: all of them understood, or refused with a sentence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.campaign.request import ActivationRequest, Source, SourceKind
from bot.slash.words import CommandError
from bot.slash.workflow import request_in

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(**inputs):
    return request_in({"campaign": "82", "when": "now", **inputs}, lambda: BERLIN, NOON)


def test_all_inputs_make_the_request_that_a_command_would_make():
    told = read(audience="segment:5", limit="1000", reason=" Spring sale ", when="tomorrow 9:00")
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    source = Source(SourceKind.SEGMENT, 5)
    assert told == ActivationRequest(
        campaign_id=82, run_now=True, source=source, limit=1000, at=at, reason="Spring sale"
    )


def test_what_is_left_empty_is_the_campaigns_own():
    assert read(audience="", limit=" ", reason="") == ActivationRequest(campaign_id=82, run_now=True)


@pytest.mark.parametrize("when", ["now", "Now", "сейчас"])
def test_now_sends_by_this_launch(when):
    assert (read(when=when).run_now, read(when=when).at) == (True, None)


@pytest.mark.parametrize("when", ["schedule", "On schedule", "по расписанию"])
def test_schedule_leaves_it_to_the_campaigns_own(when):
    assert (read(when=when).run_now, read(when=when).at) == (False, None)


def test_a_moment_that_a_workflows_form_hands_over_is_taken_as_it_is():
    moment = NOON + timedelta(days=1)
    assert read(when=str(int(moment.timestamp()))).at == moment


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"campaign": "82 run_now"}, "“Campaign” takes the campaign's id"),
        ({"campaign": ""}, "“Campaign” takes the campaign's id"),
        ({"when": ""}, "“When” takes now, schedule, or a start"),
        ({"when": "9"}, "takes the time with its minutes"),
        ({"limit": "0"}, "limit= must be a whole number from 1 up"),
        ({"audience": "segment"}, "source= takes list:<id> or segment:<id>"),
        ({"audience": "segment:5", "when": "schedule"}, "“Audience” has to be empty"),
        ({"reason": "x" * 1001}, "The reason is longer"),
        ({"reason": "\ud83d"}, "half a character"),
    ],
)
def test_what_is_not_understood_is_refused_and_never_guessed(inputs, sentence):
    with pytest.raises(CommandError) as refused:
        read(**inputs)
    assert sentence in refused.value.text
