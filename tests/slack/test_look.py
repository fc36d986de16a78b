"""What people look at arrives in whatever form Slack takes, and is shared once."""

from types import SimpleNamespace

import pytest
from slack_bolt import Ack
from slack_sdk.errors import SlackClientError

from bot.launch.search import Found, Page
from bot.slack.listeners.lookups import Lookups
from bot.slack.lookup import Look, LookupKind
from tests.builders import BEN, AtOnce, launch


class Respond:
    """Keeps what is answered. The first answers get these HTTP statuses, or raise; the rest are taken."""

    def __init__(self, *ends):
        self.given = []
        self._ends = list(ends)

    def __call__(self, **answer):
        self.given.append(answer)
        end = self._ends.pop(0) if self._ends else 200
        if isinstance(end, Exception):
            raise end
        return SimpleNamespace(status=end, body="invalid_blocks")

    @property
    def kinds(self):
        return [[block["type"] for block in answer["blocks"]] for answer in self.given]


def name_of(person):
    return f"Name of {person}"


@pytest.fixture
def looks():
    desk = SimpleNamespace(
        may_look=lambda person: None, history=lambda wanted, beside: Page((Found(launch(), "1.2"),), has_older=True)
    )
    return Lookups(None, desk, None, SimpleNamespace(to_card=lambda found: ""), PEOPLE, RUSSIAN_CHANNELS, AtOnce(), str)


PEOPLE = SimpleNamespace(name=name_of)
RUSSIAN_CHANNELS = SimpleNamespace(channels="ru")

TYPED = {"user_id": BEN, "channel_id": "C0LAUNCH", "text": "", "trigger_id": "T1"}


def pressed(message_ts="1.2"):
    return {
        "user": {"id": BEN},
        "actions": [{"value": str(Look(LookupKind.HISTORY, ""))}],
        "container": {"channel_id": "C0LAUNCH", "message_ts": message_ts},
    }


def test_the_answer_is_a_table_with_its_buttons(looks):
    respond = Respond()
    looks.history(Ack(), TYPED, respond)
    assert respond.kinds == [["section", "table", "context", "actions"]]
    assert respond.given[0]["response_type"] == "ephemeral"


def test_where_slack_takes_no_table_the_same_is_told_in_lines(looks):
    respond = Respond(400)
    looks.history(Ack(), TYPED, respond)
    assert respond.kinds[1] == ["section", "context", "actions"]
    assert "82 “Black Friday”: :hourglass_flowing_sand: Waiting" in respond.given[1]["blocks"][0]["text"]["text"]


def test_an_answer_that_may_have_arrived_is_not_given_again(looks):
    respond = Respond(SlackClientError("timed out"))
    looks.history(Ack(), TYPED, respond)
    assert len(respond.given) == 1


def test_a_page_is_turned_in_place(looks):
    respond = Respond()
    looks.turned(Ack(), pressed(), respond)
    assert [answer["replace_original"] for answer in respond.given] == [True]


def test_what_was_shared_is_not_shared_by_a_second_press(looks):
    respond = Respond()
    for _ in range(2):
        looks.share(Ack(), pressed(), respond)
    assert [answer["response_type"] for answer in respond.given] == ["in_channel", "ephemeral"]
    assert [answer["replace_original"] for answer in respond.given] == [False, True]
    looks.share(Ack(), pressed("1.3"), respond)
    assert len(respond.given) == 4


def test_what_is_shared_calls_nobody(looks):
    respond = Respond()
    looks.share(Ack(), pressed(), respond)
    table = str(respond.given[0]["blocks"][1])
    assert "Name of U0ANA" in table
    assert "user_id" not in table


def test_what_is_shared_is_in_the_channels_language_and_the_rest_in_the_readers(looks):
    shown, shared = Respond(), Respond()
    looks.history(Ack(), TYPED, shown)
    looks.share(Ack(), pressed(), shared)
    assert "Waiting for approval" in shown.given[0]["text"]
    assert "Ожидает согласования" in shared.given[0]["text"]
    assert shared.given[1]["text"] == "Shared."


def test_what_slack_did_not_take_can_be_shared_again(looks):
    respond = Respond(500, 500)
    looks.share(Ack(), pressed(), respond)
    looks.share(Ack(), pressed(), respond)
    assert respond.given[-1]["text"] == "Shared."


def test_what_fails_unexpectedly_is_told_with_a_reference(looks):
    looks._desk.history = lambda wanted, beside: 1 / 0
    respond = Respond()
    looks.history(Ack(), TYPED, respond)
    assert "It is in the log under" in respond.given[0]["text"]
