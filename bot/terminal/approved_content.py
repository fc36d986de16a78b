"""What an approval covers of what people receive, in full, for whoever reads a launch's story."""

from collections.abc import Iterator, Mapping

from bot.campaign.campaign import MessageRef
from bot.campaign.request import Json
from bot.launch.record import Covered
from bot.message.message import MaybeMessage, MessageUnread
from bot.slack.views.message_texts import texts
from bot.slack.views.plaintext import harmless

DIGEST_SHOWN = 12

_QUOTED = "| "
"""Before each line of a message: what people wrote there is never taken for the story's own words."""


class CoveredTelling:
    """Tells each message once for the same values, and names it by its digest from then on."""

    def __init__(self) -> None:
        self._told: list[tuple[str, Mapping[str, Json]]] = []

    def told(self, covered: Covered) -> Iterator[str]:
        """Lines; none where nothing is known of any message."""
        for ref, message in covered.messages:
            yield from self._message(ref, message, covered.content)

    def _message(self, ref: MessageRef, message: MaybeMessage, content: Mapping[str, Json]) -> Iterator[str]:
        known, digest = (ref.digest, content), harmless(ref.digest)
        if digest and isinstance(message, MessageUnread):
            yield f"It covers the message {digest}, which is not kept any more, or was changed."
            return
        if digest and known in self._told:
            yield f"It covers the message {digest[:DIGEST_SHOWN]}, as it is told above."
            return
        self._told.append(known)
        yield f"It covers the message {digest}:" if digest else "It covers no message, for it was not known:"
        title_before = ""
        for title, text in texts([message], content):
            if title != title_before:
                yield f"{_QUOTED}{harmless(title)}"
            title_before = title
            yield from (f"{_QUOTED}    {harmless(line)}".rstrip() for line in text.splitlines())
