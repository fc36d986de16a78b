"""The arguments of a Web API call, from a form or JSON, taken one by one with Slack's errors for what does not fit."""

import json
from dataclasses import dataclass

from sandbox.slack.records import Identity, Json, SlackError

_TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Arguments:
    """`token` is what the call came with, empty when there was none."""

    method: str
    values: Json
    token: str = ""

    def text(self, name: str) -> str:
        """Return a required argument; raises invalid_arguments naming it."""
        value = self.optional_text(name)
        if not value:
            raise SlackError("invalid_arguments", (f"missing required field: {name}",))
        return value

    def optional_text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        return str(value)

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value if isinstance(value, bool) else str(value).lower() in _TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 1 to `most`; raises invalid_limit."""
        try:
            number = int(self.values.get(name) or default)
        except (TypeError, ValueError) as error:
            raise SlackError("invalid_limit") from error
        if number < 1:
            raise SlackError("invalid_limit")
        return min(number, most)

    def json(self, name: str, error: str = "invalid_arguments") -> object:
        """Return an argument that may be JSON or a string of JSON; raises `error` when the string is not."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise SlackError(error) from wrong

    def objects(self, name: str, error: str) -> list[Json] | None:
        """Return an array of objects, or None where the argument is absent; raises `error`."""
        value = self.json(name, error)
        if value is None:
            return None
        if not isinstance(value, list):
            raise SlackError(error)
        return value

    def object(self, name: str, error: str = "invalid_arguments") -> Json | None:
        value = self.json(name, error)
        if value is None or isinstance(value, dict):
            return value
        raise SlackError(error)

    def team(self, identity: Identity) -> str:
        """Return the workspace that is asked about; a token of an organisation has to name it.

        Raises missing_argument or team_access_not_granted.
        """
        if identity.organisation is None:
            return identity.team_id
        team = self.optional_text("team_id")
        if not team:
            raise SlackError("missing_argument", ("missing required field: team_id",))
        if team not in identity.teams:
            raise SlackError("team_access_not_granted")
        return team

    def view(self) -> Json:
        """Return the `view` argument; raises invalid_arguments."""
        view = self.object("view")
        if view is None:
            raise SlackError("invalid_arguments", ("missing required field: view",))
        return view
