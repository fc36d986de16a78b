"""The window in which everything that is sent stands whole, page by page: nothing goes out that nobody could see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.launch.state import Launch
from bot.message.message import MaybeMessage
from bot.policy.roles import Action
from bot.slack.views import message_texts, sentences
from bot.slack.views.blocks import Block, View, actions, button, context, modal, plain_section
from bot.slack.views.fitting import sections
from bot.slack.views.plaintext import harmless
from bot.slack.views.values import spelled
from bot.texts import _, number, plural

NEXT = f"{Action.READ}_next"
BACK = f"{Action.READ}_back"

LONGEST_PIECE = 2800
LONGEST_PAGE = 8000
MOST_ON_PAGE = 30
"""Pieces on one page; each takes up to three of a window's hundred blocks."""


@dataclass(frozen=True)
class Piece:
    """A part of a text as it is shown, and whether the text goes on behind it."""

    title: str
    text: str
    goes_on: bool


def pages(launch: Launch, messages: Sequence[MaybeMessage] = ()) -> list[list[Piece]]:
    """Everything in order, so that a text which is longer than a page goes on on the next. There is always a page."""
    found: list[list[Piece]] = [[]]
    for piece in _pieces(launch, messages):
        room = LONGEST_PAGE - sum(len(one.text) for one in found[-1])
        if found[-1] and (len(piece.text) > room or len(found[-1]) == MOST_ON_PAGE):
            found.append([])
        found[-1].append(piece)
    return found


def whole_view(launch: Launch, page: int = 0, seen: str = "", messages: Sequence[MaybeMessage] = ()) -> View:
    """That page, or the nearest that there is. `seen` is the fingerprint of what the reader had before their eyes.

    `messages` are the launch's own.
    """
    found = pages(launch, messages)
    at = min(max(page, 0), len(found) - 1)
    return modal(
        str(Action.READ),
        _("Everything that is sent"),
        [*sections(_head(launch, seen), "what"), *_shown(found[at]), *_turning(launch, at, len(found))],
        close=_("Close"),
    )


def _head(launch: Launch, seen: str) -> list[str]:
    shown = _("What is decided on: {fingerprint}").format(fingerprint=f"`{launch.fingerprint_shown}`")
    head = [f"*{sentences.opening(launch.request, launch.preview)}*", shown]
    if seen and seen != launch.fingerprint:
        head.append(_(":warning: It has changed since what you were looking at. Look at the card as it is now."))
    return head


def _shown(pieces: list[Piece]) -> Iterator[Block]:
    title = ""
    for nth, piece in enumerate(pieces):
        if piece.title != title:
            title = piece.title
            yield from sections([f"*{title}*"], f"title-{nth}")
        # Nothing is parsed in plain text, so that what is read is what there is.
        yield plain_section(piece.text, f"piece-{nth}")
        if piece.goes_on:
            yield context(_("It goes on."), f"more-{nth}")


def _turning(launch: Launch, at: int, of: int) -> list[Block]:
    if of == 1:
        return []
    value = f"{launch.id}:{launch.fingerprint}"
    buttons = [
        *([button(_("Back"), BACK, f"{value}:{at - 1}")] if at else []),
        *([button(_("Next"), NEXT, f"{value}:{at + 1}")] if at < of - 1 else []),
    ]
    where = _("Page {page} of {all}.").format(page=number(at + 1), all=number(of))
    return [context(where, "page"), actions(buttons, "turn")]


def _pieces(launch: Launch, messages: Sequence[MaybeMessage]) -> Iterator[Piece]:
    for title, text in _texts(launch, messages):
        for start in range(0, len(text), LONGEST_PIECE):
            yield Piece(title, text[start : start + LONGEST_PIECE], start + LONGEST_PIECE < len(text))


def _texts(launch: Launch, messages: Sequence[MaybeMessage]) -> Iterator[tuple[str, str]]:
    """Titles with texts that are shown below them; none is empty."""
    request, preview = launch.request, launch.preview
    if preview.campaign and preview.campaign.name:
        yield _("The campaign's name"), spelled(preview.campaign.name)
    if preview.audience and preview.audience.name:
        yield _("The audience's name"), spelled(preview.audience.name)
    yield from message_texts.texts(messages, request.content or {})
    yield from message_texts.findings(launch.report.findings)
    yield _("Reason"), harmless(request.reason) if request.reason.strip() else _("None was given.")
    if request.content is None:
        yield _("Content"), _("None: the template stands as it is.")
    elif not request.content:
        yield _("Content"), _("An empty object.")
    for key, value in (request.content or {}).items():
        yield _("Content"), f"{spelled(key)}: {spelled(value)}"
    for file in request.attachments:
        size = plural("{n} byte", "{n} bytes", file.size)
        yield _("Files"), f"{spelled(file.name)}\n{size}, {spelled(file.media_type)}\nSHA-256 {harmless(file.sha256)}"
