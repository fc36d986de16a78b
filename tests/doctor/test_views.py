"""Every kind of view and message at its longest: Slack takes each, and the doctor names what it would not."""

import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.doctor.samples import Sample, samples
from bot.doctor.views import findings
from bot.launch.events import KINDS
from bot.launch.state import State
from bot.slack.views.fitting import MOST_IN_MESSAGE, weight
from sandbox.slack.block_kit.surfaces import check_message_blocks, check_view
from sandbox.slack.messages import ALL_BLOCKS_LIMIT
from sandbox.slack.view_stack import VIEW_BYTES

CARD = Sample("a card", is_view=False, payload={"text": "x", "blocks": []})


@pytest.fixture(scope="module")
def every():
    """Made in a test: each process that collects tests would make them otherwise, for seconds."""
    return tuple(samples())


def test_slack_takes_each_at_its_longest(every):
    assert {sample.name: faults for sample in every if (faults := faults_of(sample))} == {}


def faults_of(sample):
    payload = json.loads(json.dumps(sample.payload))
    if sample.is_view:
        faults = check_view(payload, payload["type"])
        return faults if len(json.dumps(payload).encode()) <= VIEW_BYTES else [*faults, "too many bytes"]
    faults = check_message_blocks(payload["blocks"])
    # The last line of a reply stands beside.
    light = weight(payload["blocks"]) <= MOST_IN_MESSAGE * 1.02 < ALL_BLOCKS_LIMIT
    return [*faults, *([] if payload["text"] else ["no text"]), *([] if light else ["too heavy"])]


def test_there_is_one_for_every_state_of_a_card_and_for_every_event(every):
    names = {one.name for one in every}
    assert {f"a card, {state} (en)" for state in State} <= names
    assert {f"a reply, {tag} (ru)" for tag in KINDS if tag != "launch:deny"} <= names


class Slack:
    """Answers one call after the other with these errors; None for what it takes."""

    def __init__(self, *errors, headers=None):
        self._errors = iter(errors)
        self._headers = headers or {}
        self.asked = []

    def api_call(self, method, data):
        self.asked.append((method, data))
        error = next(self._errors, None)
        if error is not None:
            answer = SlackResponse(
                client=None,
                http_verb="POST",
                api_url="",
                req_args={},
                data=error,
                headers=self._headers,
                status_code=200,
            )
            raise SlackApiError("refused", answer)


def told(slack, *shown, sleep=lambda _: pytest.fail("waited")):
    return [(one.text, one.may_run) for one in findings(slack, lambda: shown or (CARD,), sleep)]


def test_what_slack_takes_is_counted():
    slack = Slack()
    assert told(slack, CARD, Sample("a form", is_view=True, payload={"type": "modal"})) == [
        ("Slack takes all 2 views and messages, each filled in as far as it goes.", True)
    ]
    assert [(method, *data) for method, data in slack.asked] == [
        ("blocks.validate", "message"),
        ("blocks.validate", "view"),
    ]


def test_what_slack_refuses_is_named_with_the_places():
    problems = [{"pointer": f"/blocks/{n}", "message": "too long"} for n in range(5)]
    slack = Slack({"ok": False, "error": "invalid_message", "errors": problems})
    ((text, may_run),) = told(slack)
    assert text.startswith("Slack would refuse a card: /blocks/0: too long; /blocks/1: too long; ")
    assert " and 2 more. It is a fault of the bot" in text
    assert not may_run


def test_a_slack_without_the_method_is_no_fault():
    ((text, may_run),) = told(Slack({"ok": False, "error": "unknown_method"}))
    assert ("does not know blocks.validate" in text, may_run) == (True, True)


def test_it_waits_as_long_as_slack_asks_to_once():
    waits = []
    slack = Slack({"ok": False, "error": "ratelimited"}, headers={"Retry-After": "7"})
    ((text, _),) = told(slack, sleep=waits.append)
    assert (text[:17], waits) == ("Slack takes all 1", [7])

    twice = Slack(*[{"ok": False, "error": "ratelimited"}] * 2)
    ((text, may_run),) = told(twice, sleep=waits.append)
    assert ("could not check a card (ratelimited): 0 were checked" in text, may_run) == (True, False)
