"""The digest is one message that Slack takes, calls nobody, and leaves nothing out in silence."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.launch.digest import Digest, digest, week_to_tell
from bot.launch.search import Found
from bot.launch.state import State
from bot.slack.views.digest import digest_message
from bot.texts import LANGUAGES, speaking
from sandbox.cast import texts
from tests.builders import NOON, launch
from tests.slack.stops import STANDINGS as STOPS
from tests.slack.test_look_russian import english_of
from tests.slack.test_look_views import EVIL, evil_launch
from tests.slack.test_views import STANDINGS, problems_of, written

WEEK = week_to_tell(NOON + timedelta(days=7), ZoneInfo("UTC"))
NAMES = {"U0ANA": "Ana", "U0BEN": "Ben", "U0CLEO": "Cleo"}
LINK = "https://example.slack.com/archives/C0LAUNCH/p12"


def found(one):
    return Found(one, "1.2")


def message_of(told):
    return digest_message(told, lambda person: NAMES.get(person, person), lambda _found: LINK)


def text_of(message):
    return texts([written(block) for block in message.blocks])


EVERY = digest(
    WEEK,
    [found(one) for one in (*STANDINGS.values(), *STOPS.values())],
    [
        found(STANDINGS["in doubt"]),
        found(replace(launch(), request=replace(launch().request, at=NOON + timedelta(days=8)))),
    ],
)
EVIL_ONES = tuple(found(replace(evil_launch(nth), state=State.REJECTED, rejection=EVIL)) for nth in range(80))
FULL = Digest(
    week=WEEK,
    launched=EVIL_ONES,
    in_doubt=EVIL_ONES,
    refused=EVIL_ONES,
    undone=EVIL_ONES,
    came_to_nothing=EVIL_ONES,
    coming=EVIL_ONES,
    is_whole=False,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told", [EVERY, FULL, Digest(week=WEEK)])
def test_every_digest_is_one_that_slack_takes_and_calls_nobody(told, language):
    with speaking(language):
        message = message_of(told)
    assert problems_of(message) == []
    assert "<@" not in text_of(message)
    assert "<!channel>" not in text_of(message)


def test_a_digest_says_what_became_of_each_and_by_whom():
    shown = text_of(message_of(EVERY))
    for known in (
        "*Launched*",
        "*In doubt, launched or not*",
        "*Refused*",
        "*Cancelled or stopped*",
        "*To start this week*",
    ):
        assert known in shown
    assert "asked for by Ana" in shown
    assert "stopped: " in shown
    assert "if it is approved by then" in shown
    assert f"<{LINK}|82" in shown


def test_the_lists_in_a_digests_first_line_are_told_apart_and_a_moment_once():
    week = week_to_tell(NOON, ZoneInfo("UTC"))
    shown = text_of(message_of(digest(week, [], [found(STANDINGS["in doubt"]), found(STANDINGS["scheduled"])])))
    assert ": 1 · To start this week: 1" in shown
    assert "starts not before" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_count_in_a_digests_first_line_has_one_colon_alone(language):
    with speaking(language):
        _week, counts = message_of(EVERY).text.split(". ", 1)
    assert [each.count(":") for each in counts.split(" · ")] == [1] * 6


def test_a_week_without_launches_says_so():
    assert "Nothing was launched." in text_of(message_of(Digest(week=WEEK)))


def test_what_does_not_fit_is_counted():
    shown = text_of(message_of(FULL))
    assert "Launched: 80" in shown
    assert "more." in shown
    assert "There were more launches than are looked through" in shown


def test_a_digest_is_russian():
    told = digest(WEEK, [found(STANDINGS["rejected"])], [found(STANDINGS["in doubt"])])
    with speaking("ru"):
        message = digest_message(told, lambda _person: "Аня", lambda _found: "")
    assert english_of(message) == []
