"""Where the app is installed, and whether a payload or a person belongs there."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.slack.api.scopes import answered
from bot.slack.payloads import Payload

AGAIN = 60.0
"""Seconds between two questions in which workspaces of its organisation the app is."""

PAGE = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workspace:
    """The bot's own, or with `organisation_wide` all those of its organisation in which the app is.

    `enterprise` is "" for a workspace in no organisation, `app` where Slack did not tell it.
    """

    teams: frozenset[str]
    enterprise: str = ""
    app: str = ""
    organisation_wide: bool = False

    def foreign(self, body: Payload) -> str:
        """What in a payload is not of this workspace, as a clause for the log; "" for nothing."""
        if _is_true(body.get("is_enterprise_install")) and not self.organisation_wide:
            return "an organisation's installation"
        organisations = _strings(body.get("enterprise_id"), _id(body.get("enterprise")), *self._authorized(body))
        if not organisations <= {self.enterprise} or (self.organisation_wide and not organisations):
            return "another organisation"
        named = _strings(body.get("team_id"), _id(body.get("team")))
        # What belongs to an organisation as a whole names none of its workspaces.
        if not named and not self.organisation_wide:
            return "no workspace at all"
        if not named | self._places(body) <= self._homes:
            return "another workspace"
        # Somebody of an organisation may be at home in a workspace without the app: their roles tell who they are.
        people = _strings(_part(body, "user").get("team_id"))
        if not self.organisation_wide and not people <= self.teams | {self.enterprise}:
            return "a person of another workspace"
        if self.app and not _strings(body.get("api_app_id")) <= {self.app}:
            return "another app"
        return ""

    @property
    def _homes(self) -> frozenset[str]:
        """What a payload may name as its workspace."""
        return self.teams | {self.enterprise} if self.organisation_wide else self.teams

    def _places(self, body: Payload) -> set[str]:
        """What else in a payload names a workspace."""
        view, event = _part(body, "view"), _part(body, "event")
        return _strings(view.get("app_installed_team_id"), event.get("team"), event.get("user_team"))

    def _authorized(self, body: Payload) -> Iterable[object]:
        """For whom an event was sent: of an organisation's installation, nothing else may tell it."""
        if not self.organisation_wide:
            return ()
        return (one.get("enterprise_id") for one in body.get("authorizations") or () if isinstance(one, Mapping))

    def is_home_of(self, user: Mapping[str, Any]) -> bool:
        """Whether a person of `users.info` belongs here. Raises KeyError where Slack does not tell."""
        organisation = user.get("enterprise_user") or {}
        if self.organisation_wide and organisation:
            return bool(organisation["enterprise_id"] == self.enterprise)
        if self.teams & set(organisation.get("teams") or ()):
            return True
        return user["team_id"] in self.teams


class Home:
    """Where the bot's token is for, asked for until Slack has told it."""

    def __init__(self, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._known: Workspace | None = None
        self._asked_at = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> Workspace:
        """Raises SlackApiError, SlackClientError, OSError or KeyError while Slack does not tell."""
        with self._lock:
            known = self._known
        if known is None:
            known = workspace_of(self._client, self._client.auth_test())
            self._keep(known)
        return known

    def foreign(self, body: Payload) -> str:
        """See Workspace. An organisation is asked about once more first: it may have given the app a new workspace."""
        workspace = self()
        foreign = workspace.foreign(body)
        if foreign and workspace.organisation_wide and self._may_ask_again():
            foreign = self._grown(workspace).foreign(body)
        return foreign

    def _may_ask_again(self) -> bool:
        with self._lock:
            may = self._clock() - self._asked_at >= AGAIN
            if may:
                self._asked_at = self._clock()
        return may

    def _grown(self, workspace: Workspace) -> Workspace:
        try:
            workspace = replace(workspace, teams=teams_of(self._client))
        except (SlackClientError, OSError, KeyError) as error:
            log.warning("Slack does not tell in which workspaces the app is: %s", type(error).__name__)
            return workspace
        self._keep(workspace)
        return workspace

    def _keep(self, workspace: Workspace) -> None:
        with self._lock:
            self._known, self._asked_at = workspace, self._clock()


def workspace_of(client: WebClient, told: SlackResponse) -> Workspace:
    """What the answer of `auth.test` says of the installation; more is asked for.

    Raises SlackApiError, SlackClientError, OSError or KeyError.
    """
    organisation_wide = bool(told.get("is_enterprise_install"))
    return Workspace(
        teams=teams_of(client) if organisation_wide else frozenset({str(told["team_id"])}),
        enterprise=str(told.get("enterprise_id") or ""),
        app=_app(client, told.get("bot_id")),
        organisation_wide=organisation_wide,
    )


def teams_of(client: WebClient) -> frozenset[str]:
    """The workspaces in which an organisation has put the app. Raises SlackClientError, OSError or KeyError."""
    teams: set[str] = set()
    cursor = ""
    while True:
        told = client.auth_teams_list(limit=PAGE, cursor=cursor or None)
        teams |= {str(team["id"]) for team in told["teams"]}
        cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return frozenset(teams)


def _app(client: WebClient, bot_id: object) -> str:
    """The app's id, by the bot's: `auth.test` does not tell it. "" where Slack refuses to."""
    try:
        return str((client.bots_info(bot=str(bot_id))["bot"]).get("app_id") or "")
    except SlackApiError as error:
        log.warning("Slack does not tell the app's id (%s): it is not compared", answered(error))
        return ""


def _part(body: Payload, name: str) -> Payload:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _id(one: object) -> object:
    return one.get("id") if isinstance(one, Mapping) else one


def _strings(*told: object) -> set[str]:
    """What was told at all."""
    return {str(one) for one in told if one}


def _is_true(told: object) -> bool:
    return told is True or told == "true"
