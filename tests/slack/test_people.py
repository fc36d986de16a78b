"""People are asked for once; where Slack does not tell a name, nothing fails, and no hour is guessed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.errors import SlackClientError

from bot.slack.api.users import ClockUnknown, Users
from bot.slack.profiles import FRESH_FOR, MOST_KNOWN, UNKNOWN_FOR, Profiles
from tests.builders import ANA


class Client:
    def __init__(self, answer):
        self.asked = 0
        self._answer = answer

    def users_info(self, user, include_locale):
        assert include_locale
        self.asked += 1
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "ana"}, "real_name": "Ana M."}, "ana"),
        ({"profile": {"display_name": ""}, "real_name": "Ana M."}, "Ana M."),
        ({"name": "ana.m"}, "ana.m"),
        ({}, ""),
    ],
)
def test_the_name_is_the_one_that_the_workspace_shows_and_is_asked_for_once(user, name):
    client = Client({"user": user})
    people = Users(Profiles(client))
    assert [people.name(ANA), people.name(ANA)] == [name, name]
    assert client.asked == 1


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("trouble", [SlackClientError("gone"), TimeoutError()])
def test_where_slack_does_not_answer_there_is_no_name_and_it_is_asked_again(trouble):
    client = Client(trouble)
    seconds = Seconds()
    people = Users(Profiles(client, seconds))
    assert people.name(ANA) == ""
    seconds.now = UNKNOWN_FOR
    assert people.name(ANA) == ""
    assert client.asked == 2


def test_whoever_asks_while_a_question_is_under_way_waits_for_its_answer():
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Client):
        def users_info(self, user, include_locale):
            begun.set()
            assert go_on.wait(5)
            return super().users_info(user, include_locale)

    client, seconds = Slow({"user": {"name": "ana"}}), Seconds()
    profiles = Profiles(client, seconds)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(profiles.of, ANA)
        assert begun.wait(5)
        seconds.now = FRESH_FOR * 2
        assert not profiles.known(ANA)
        second = pool.submit(profiles.of, ANA)
        go_on.set()
        assert first.result(5) is second.result(5)
    assert (client.asked, profiles.known(ANA)) == (1, True)


def test_people_are_remembered_up_to_a_bound():
    profiles = Profiles(Client({"user": {"name": "x"}}))
    people = Users(profiles)
    for number in range(MOST_KNOWN + 3):
        people.name(f"U{number}")
    assert len(profiles._asked) == MOST_KNOWN


def test_a_name_and_a_time_zone_are_one_question():
    client = Client({"user": {"name": "ana", "tz": "Europe/Berlin"}})
    people = Users(Profiles(client))
    assert (people.name(ANA), people.zone(ANA)) == ("ana", ZoneInfo("Europe/Berlin"))
    assert client.asked == 1


@pytest.mark.parametrize(
    "answer", [SlackClientError("gone"), {"user": {}}, {"user": {"tz": "Mars/Base"}}, {"user": {"tz": None}}]
)
def test_a_time_zone_that_slack_does_not_tell_is_not_guessed_and_is_asked_again(answer):
    client, seconds = Client(answer), Seconds()
    people = Users(Profiles(client, seconds))
    for moment in (0, FRESH_FOR):
        seconds.now = moment
        with pytest.raises(ClockUnknown):
            people.zone(ANA)
    assert client.asked == 2
