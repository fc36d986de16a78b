"""The window in which everything that is sent stands whole, page by page: nothing goes out that nobody could see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.campaign.request import Json
from bot.launch.state import Launch
from bot.message.finding import Finding
from bot.message.message import MaybeMessage
from bot.message.text import Read, versions
from bot.policy.roles import Action
from bot.slack.views import message_texts, paged, sentences
from bot.slack.views.blocks import View, modal
from bot.slack.views.fitting import sections
from bot.slack.views.marks import plain
from bot.slack.views.paged import Turns, pages
from bot.slack.views.plaintext import harmless
from bot.slack.views.values import spelled
from bot.texts import _, plural

NEXT = f"{Action.READ}_next"
BACK = f"{Action.READ}_back"

READ_MESSAGE = f"{Action.READ}_message"
MESSAGE_NEXT = f"{READ_MESSAGE}_next"
MESSAGE_BACK = f"{READ_MESSAGE}_back"
"""A form's message is read before there is a launch, so its pages are turned by others than a card's."""


def whole_view(
    launch: Launch, page: int = 0, seen: str = "", messages: Sequence[MaybeMessage] = (), read: Read = versions
) -> View:
    """That page, or the nearest that there is. `seen` is the fingerprint of what the reader had before their eyes.

    `messages` are the launch's own, `read` makes them readable.
    """
    found = pages(_texts(launch, messages, read))
    turns = Turns(BACK, NEXT, f"{launch.id}:{launch.fingerprint}")
    return modal(
        str(Action.READ),
        _("Everything that is sent"),
        [*sections(_head(launch, seen), "what"), *paged.page(found, page, turns)],
        close=_("Close"),
    )


def message_view(
    messages: Sequence[MaybeMessage],
    content: Mapping[str, Json],
    findings: Iterable[Finding],
    page: int = 0,
    read: Read = versions,
) -> View:
    """What a launch that is not asked for yet would send, laid over its form."""
    texts = (*message_texts.texts(messages, content, read), *message_texts.findings(findings))
    turns = Turns(MESSAGE_BACK, MESSAGE_NEXT, "page")
    return modal(READ_MESSAGE, _("The message"), paged.page(pages(texts), page, turns), close=_("Back"))


def _head(launch: Launch, seen: str) -> list[str]:
    shown = _("Fingerprint: {fingerprint}").format(fingerprint=f"`{launch.fingerprint_shown}`")
    head = [f"*{sentences.opening(launch.request, launch.preview)}*", shown]
    if seen and seen != launch.fingerprint:
        head.append(_(":warning: It has changed since what you were looking at. Look at the card as it is now."))
    return head


def _texts(launch: Launch, messages: Sequence[MaybeMessage], read: Read) -> Iterator[tuple[str, str]]:
    """Titles with texts that are shown below them; none is empty."""
    request, preview = launch.request, launch.preview
    if preview.campaign and preview.campaign.name:
        yield _("The campaign's name"), spelled(preview.campaign.name)
    if preview.audience and preview.audience.name:
        yield _("The audience's name"), spelled(preview.audience.name)
    yield from message_texts.texts(messages, request.content or {}, read)
    yield from message_texts.findings(launch.report.findings)
    yield _("Reason"), harmless(plain(request.reason, whole=True)) if request.reason.strip() else _("None was given.")
    if request.content is None:
        yield _("Content"), _("None: the template stands as it is.")
    elif not request.content:
        yield _("Content"), _("An empty object.")
    for key, value in (request.content or {}).items():
        yield _("Content"), f"{spelled(key)}: {spelled(value)}"
    for file in request.attachments:
        size = plural("{n} byte", "{n} bytes", file.size)
        yield _("Files"), f"{spelled(file.name)}\n{size}, {spelled(file.media_type)}\nSHA-256 {harmless(file.sha256)}"
