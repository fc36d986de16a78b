"""Who is in a user group, wherever in the bot's organisation the group is."""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.workspace import Workspace

NO_SUCH_GROUP = frozenset({"no_such_subteam", "subteam_not_found", "team_access_not_granted"})
"""Slack's words for a workspace that has no such group, or into which the app was not put yet."""


class Groups:
    """Remembers in which workspace each group is: a token of an organisation has to name it with every question."""

    def __init__(self, client: WebClient, home: Callable[[], Workspace]) -> None:
        self._client = client
        self._home = home
        self._places: dict[str, str] = {}

    def members(self, group: str) -> frozenset[str]:
        """Raises SlackApiError, SlackClientError, OSError, KeyError or TypeError."""
        home = self._home()
        if not home.organisation_wide:
            return _people(self._client.usergroups_users_list(usergroup=group))
        known = self._places.get(group)
        refused: SlackApiError | None = None
        for team in sorted(home.teams, key=lambda one: (one != known, one)):
            try:
                people = _people(self._client.usergroups_users_list(usergroup=group, team_id=team))
            except SlackApiError as error:
                if error.response.get("error") not in NO_SUCH_GROUP:
                    raise
                refused = error
                continue
            self._places[group] = team
            return people
        raise refused or KeyError("the app is in no workspace of its organisation")


def _people(answer: SlackResponse) -> frozenset[str]:
    return frozenset(str(user) for user in answer["users"])
