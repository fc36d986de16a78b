"""People's names are asked for once, and where Slack does not tell one, nothing fails."""

import pytest
from slack_sdk.errors import SlackClientError

from bot.slack.names import MOST_KNOWN, Names
from tests.builders import ANA


class Client:
    def __init__(self, answer):
        self.asked = 0
        self._answer = answer

    def users_info(self, user):
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
    names = Names(client)
    assert [names.of(ANA), names.of(ANA)] == [name, name]
    assert client.asked == 1


@pytest.mark.parametrize("trouble", [SlackClientError("gone"), TimeoutError()])
def test_where_slack_does_not_answer_there_is_no_name_and_it_is_asked_again(trouble):
    client = Client(trouble)
    names = Names(client)
    assert [names.of(ANA), names.of(ANA)] == ["", ""]
    assert client.asked == 2


def test_names_are_remembered_up_to_a_bound():
    names = Names(Client({"user": {"name": "x"}}))
    for number in range(MOST_KNOWN + 3):
        names.of(f"U{number}")
    assert len(names._known) == MOST_KNOWN
