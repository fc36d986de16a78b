"""Answers a person where they did something, seen by them alone or by all."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.api.client import KeptConnection


@dataclass(frozen=True)
class Answered:
    """What Slack said to an answer."""

    status: int
    body: str


@dataclass(frozen=True)
class Respond:
    """In the place of Bolt's own, which opens a connection for each answer, and sends it again where that breaks.

    `response_url` takes five answers within half an hour (Slack's documentation); None where Slack gave none.
    """

    client: KeptConnection
    response_url: str | None

    def __call__(
        self, *, text: str, response_type: str, replace_original: bool, blocks: Sequence[dict[str, object]] = ()
    ) -> Answered:
        """Raises OSError where Slack cannot be reached, and ValueError where there is no address."""
        if not self.response_url:
            raise ValueError("there is no response_url to answer at")
        message = {"text": text, "response_type": response_type, "replace_original": replace_original}
        return Answered(*self.client.answer(self.response_url, {**message, "blocks": blocks} if blocks else message))
