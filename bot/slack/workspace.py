"""Where the app is installed, and whether a payload or a person belongs there."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.api.scopes import answered
from bot.slack.payloads import Payload

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workspace:
    """The bot's own. `enterprise` is "" for a workspace in no organisation, `app` where Slack did not tell it."""

    team: str
    enterprise: str = ""
    app: str = ""

    def foreign(self, body: Payload) -> str:
        """What in a payload is not of this workspace, as a clause for the log; "" for nothing."""
        if _is_true(body.get("is_enterprise_install")):
            return "an organisation's installation"
        named = _strings(body.get("team_id"), _id(body.get("team")))
        if not named:
            return "no workspace at all"
        view, event, user = _part(body, "view"), _part(body, "event"), _part(body, "user")
        named |= _strings(view.get("app_installed_team_id"), event.get("team"), event.get("user_team"))
        if named != {self.team}:
            return "another workspace"
        if not _strings(user.get("team_id")) <= {self.team, self.enterprise}:
            return "a person of another workspace"
        if not _strings(body.get("enterprise_id"), _id(body.get("enterprise"))) <= {self.enterprise}:
            return "another organisation"
        if self.app and not _strings(body.get("api_app_id")) <= {self.app}:
            return "another app"
        return ""

    def is_home_of(self, user: Mapping[str, Any]) -> bool:
        """Whether a person of `users.info` belongs here. Raises KeyError where Slack does not tell."""
        organisation = user.get("enterprise_user") or {}
        if self.team in (organisation.get("teams") or ()):
            return True
        return bool(user["team_id"] == self.team)


class Home:
    """The workspace that the bot's token is for, asked for until Slack has told it."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: Workspace | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Workspace:
        """Raises SlackApiError, SlackClientError, OSError or KeyError while Slack does not tell."""
        with self._lock:
            known = self._known
        if known is None:
            known = self._ask()
            with self._lock:
                self._known = known
        return known

    def _ask(self) -> Workspace:
        told = self._client.auth_test()
        return Workspace(
            team=str(told["team_id"]),
            enterprise=str(told.get("enterprise_id") or ""),
            app=self._app(told.get("bot_id")),
        )

    def _app(self, bot_id: object) -> str:
        """The app's id, by the bot's: `auth.test` does not tell it. "" where Slack refuses to."""
        try:
            return str((self._client.bots_info(bot=str(bot_id))["bot"]).get("app_id") or "")
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
