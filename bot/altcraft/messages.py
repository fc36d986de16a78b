"""A campaign's messages, read side by side. Never raises: what cannot be read is said to be unread."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future

from bot.altcraft.errors import PlatformError, PlatformRefused, PlatformUnreachable
from bot.campaign.campaign import Campaign, ContentItem
from bot.message.message import MaybeMessage, Message, MessageUnread, Template, Unread
from bot.phrase import Phrase, joined

MOST_READ = 20
"""Templates of one campaign. A split test has up to sixteen messages (guide)."""

_NO_RIGHT = frozenset({401, 403})
"""What the guide says of the token, and presumably of its rights."""

log = logging.getLogger(__name__)


class MessagesReading:
    """A campaign's messages that are being read, side by side from here on.

    `ask` begins to read a template by its id. Where the campaign names no template, that is the one message that could
    not be read.
    """

    def __init__(self, campaign: Campaign, ask: Callable[[int], "Future[Template]"]) -> None:
        self._campaign = campaign
        wanted = dict.fromkeys(item.message_id for item in campaign.content if item.message_id)
        self._asked = {template: ask(template) for template in [*wanted][:MOST_READ]}

    def messages(self, left: Callable[[], float]) -> tuple[MaybeMessage, ...]:
        """One for each content item, in its order. `left` tells the seconds in which all have to be there."""
        if not self._campaign.content:
            silent = Phrase("The platform did not say which template campaign {id} sends.", id=str(self._campaign.id))
            return (MessageUnread(Unread.NOT_NAMED, silent),)
        return tuple(self._message(item, left) for item in self._campaign.content)

    def _message(self, item: ContentItem, left: Callable[[], float]) -> MaybeMessage:
        if not item.message_id:
            return MessageUnread(Unread.NOT_NAMED, Phrase("The campaign's content names no template."))
        future = self._asked.get(item.message_id)
        if future is None:
            many = Phrase("The campaign has more than {most} templates.", most=MOST_READ)
            return MessageUnread(Unread.TOO_MANY, many, item.message_id)
        answer = _answer(future, item.message_id, left())
        return Message(item, answer, self._campaign.channel) if isinstance(answer, Template) else answer


def _answer(asked: "Future[Template]", template_id: int, seconds: float) -> Template | MessageUnread:
    try:
        return asked.result(timeout=seconds)
    except PlatformRefused as refused:
        return _unread(_meaning(refused), template_id, refused.sentence)
    except PlatformUnreachable as unreachable:
        return _unread(Unread.NOT_ANSWERED, template_id, unreachable.sentence)
    except PlatformError as error:
        return _unread(Unread.ODD_ANSWER, template_id, error.sentence)
    except TimeoutError:
        asked.cancel()
        return _unread(Unread.NOT_ANSWERED, template_id, Phrase("The platform took too long to answer."))
    except CancelledError:
        return _unread(Unread.NOT_ANSWERED, template_id, Phrase("The bot is stopping."))
    except Exception:
        log.exception("a template could not be read, unexpectedly")
        wrong = Phrase("Something unexpected went wrong, and was logged.")
        return _unread(Unread.ODD_ANSWER, template_id, wrong)


def _meaning(refused: PlatformRefused) -> Unread:
    if refused.code in _NO_RIGHT:
        return Unread.NO_RIGHT
    return Unread.NO_TEMPLATE if refused.says_no else Unread.REFUSED


def _unread(cause: Unread, template_id: int, why: Phrase) -> MessageUnread:
    parts = [Phrase("Template {id} could not be read.", id=str(template_id)), why]
    if cause in {Unread.NO_RIGHT, Unread.NO_TEMPLATE}:
        parts.append(Phrase("Check that the token may see templates."))
    return MessageUnread(cause, joined(" ", parts), template_id)
