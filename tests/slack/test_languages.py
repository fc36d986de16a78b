"""Everybody reads in their own language, and nobody waits for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, get_ident
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.acked import Acked
from bot.slack.acks import PromptAcks
from bot.slack.api.languages import FRESH_FOR, UNKNOWN_FOR, Languages
from bot.slack.payloads import reader
from bot.slack.profiles import Profiles
from bot.slack.stale_requests import Late
from bot.texts import spoken
from tests.builders import ANA, BEN, AtOnce


class Slack:
    def __init__(self):
        self.locales = {ANA: "ru-RU", BEN: "en-GB"}
        self.asked = []
        self.trouble = None

    def users_info(self, *, user, include_locale):
        assert include_locale
        self.asked.append(user)
        if self.trouble:
            raise self.trouble
        return {"ok": True, "user": {"id": user, "locale": self.locales[user]}}


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def languages(slack, seconds):
    return Languages(Profiles(slack, seconds), AtOnce(), "en", seconds)


def test_a_person_reads_in_the_language_of_their_slack(languages):
    assert [languages.of(ANA), languages.of(BEN)] == ["ru", "en"]


def test_it_is_asked_for_once_while_it_is_fresh(languages, slack, seconds):
    languages.of(ANA)
    seconds.now = FRESH_FOR - 1
    languages.of(ANA)
    assert slack.asked == [ANA]


def test_whoever_chooses_another_language_reads_in_that_one_soon(languages, slack, seconds):
    languages.of(ANA)
    slack.locales[ANA] = "en-US"
    seconds.now = FRESH_FOR
    assert languages.of(ANA) == "en"


def test_where_slack_does_not_tell_it_the_channels_language_stands_in(slack, seconds):
    slack.trouble = SlackApiError("", {"error": "missing_scope"})
    languages = Languages(Profiles(slack, seconds), AtOnce(), "ru", seconds)
    assert languages.of(BEN) == "ru"
    languages.of(BEN)
    assert slack.asked == [BEN]
    seconds.now, slack.trouble = UNKNOWN_FOR, None
    assert languages.of(BEN) == "en"


def test_what_was_known_holds_while_slack_does_not_answer(languages, slack, seconds):
    languages.of(ANA)
    seconds.now, slack.trouble = FRESH_FOR, TimeoutError()
    assert languages.of(ANA) == "ru"


def test_nobody_waits_for_it_and_it_is_told_when_it_is_known(slack):
    answers = Event()

    class Slow(Slack):
        def users_info(self, **asked):
            answers.wait(30)
            return super().users_info(**asked)

    with ThreadPoolExecutor(1) as executor:
        languages = Languages(Profiles(Slow()), executor, "en")
        known = Event()
        assert languages.of(ANA) == "en"
        languages.when_known(ANA, known.set)
        assert not known.is_set()
        answers.set()
        assert known.wait(30)
        assert languages.of(ANA) == "ru"


def test_what_slack_does_not_wait_for_may_wait_for_it(slack):
    with ThreadPoolExecutor(1) as executor:
        assert Languages(Profiles(slack), executor, "en").of(ANA, patience=30) == "ru"


def test_after_the_end_the_channels_language_stands_in(slack):
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    assert Languages(Profiles(slack), executor, "ru").of(BEN) == "ru"


@pytest.mark.parametrize(
    "body",
    [
        {"user_id": "U0ANA", "command": "/campaign-activate"},
        {"user": {"id": "U0ANA"}, "type": "block_actions"},
        {"user": {"id": "U0ANA"}, "type": "view_submission"},
        {"event": {"user": "U0ANA", "type": "app_home_opened"}},
    ],
)
def test_the_reader_of_an_answer_is_who_did_what_it_answers(body):
    assert reader(body) == ANA


def test_a_listener_speaks_its_readers_language_before_its_ack_and_after_it(languages):
    heard = []
    app = App(client=WebClient("xoxb-x"), signing_secret="x", token_verification_enabled=False)

    def listener(ack, body):
        heard.append((spoken(), get_ident()))
        ack()
        yield
        heard.append((spoken(), get_ident()))

    with ThreadPoolExecutor(1) as executor:
        acked = Acked(PromptAcks(executor), languages, Mock(), Mock(), Late(Mock()))
        app.action("press")(acked(listener))
        registered = app._listeners[-1].ack_function
        registered(SimpleNamespace(body={"user": {"id": "U0ANA"}}, ack=lambda: None, context={}))
    assert [language for language, _ in heard] == ["ru", "ru"]
    assert heard[1][1] != get_ident()
    assert spoken() == "en"
