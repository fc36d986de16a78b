"""A page of the launches that were asked for from here."""

from collections.abc import Callable

from bot.campaign.request import UserId
from bot.launch.looking import PENDING_PHASES, Found, Page, Wanted
from bot.slack.views import sentences
from bot.slack.views.blocks import context, section
from bot.slack.views.bounds import clip
from bot.slack.views.card import PRACTICE, headline
from bot.slack.views.looking import campaign_name
from bot.slack.views.message import Message
from bot.slack.views.plaintext import unescaped
from bot.slack.views.table import Cell, linked, moment, someone, table, with_emoji, with_emoji_and_someone, words
from bot.slack.views.text import SECTION_LIMIT, escape, person
from bot.texts import _


def history(page: Page, wanted: Wanted, link_to: Callable[[Found], str], name_of: Callable[[UserId], str]) -> Message:
    """The page as a table. `link_to` gives a card's address, `name_of` a person's name; "" where there is none."""
    title = _title(wanted, name_of)
    if not page.found:
        text = f"{title}\n{_nothing(wanted)}"
        return Message(text, (section(text, "title"),))
    head = [_("Asked"), _("Campaign"), _("Where it stands"), _("Asked by"), _("Audience")]
    rows = [_row(one, link_to(one), name_of) for one in page.found]
    lines = [f"{escape(campaign_name(one))}: {_line(one, name_of)}" for one in page.found]
    said = context(_("The newest first. The campaign leads to the launch's card."), "about")
    text = clip("\n".join([title, *lines]), SECTION_LIMIT)
    return Message(text, (section(title, "title"), table(head, rows, "launches"), said))


def _title(wanted: Wanted, name_of: Callable[[UserId], str]) -> str:
    if wanted.campaign_id is not None:
        return _("*Launches of campaign {number}*").format(number=wanted.campaign_id)
    if wanted.requester is not None:
        who = escape(name_of(wanted.requester)) or person(wanted.requester)
        return _("*Launches that {who} asked for*").format(who=who)
    if wanted.phases == PENDING_PHASES:
        return _("*Launches that wait for approval or for their moment*")
    return _("*Launches in doubt*") if wanted.phases else _("*Launches*")


def _nothing(wanted: Wanted) -> str:
    if wanted == Wanted():
        return _("Nothing was asked for here yet.")
    return _("None.")


def _row(found: Found, card_link: str, name_of: Callable[[UserId], str]) -> list[Cell]:
    launch = found.launch
    return [
        moment(launch.requested_at),
        linked(campaign_name(found), card_link),
        _standing(found, name_of),
        someone(launch.requester, name_of(launch.requester)),
        words(unescaped(_audience(found))),
    ]


def _stands(found: Found) -> str:
    """Where it stands; for what was launched without the approvals, up to the name of whoever did so."""
    practice = _(PRACTICE) if found.launch.request.practice else ""
    without = _("; without approval, by:") if found.launch.glass else ""
    return f"{practice}{headline(found.launch)}{without}"


def _standing(found: Found, name_of: Callable[[UserId], str]) -> Cell:
    by = found.launch.glass_by
    return with_emoji_and_someone(_stands(found), by, name_of(by)) if found.launch.glass else with_emoji(_stands(found))


def _line(found: Found, name_of: Callable[[UserId], str]) -> str:
    by = found.launch.glass_by
    return f"{_stands(found)} {escape(name_of(by)) or person(by)}" if found.launch.glass else _stands(found)


def _audience(found: Found) -> str:
    request, known = found.launch.request, found.launch.preview.audience
    if not request.run_now:
        return _("by its own schedule")
    if known and request.source in {None, known.source}:
        return f"{sentences.source(known.source, known.name)}, {sentences.size(known)}"
    return sentences.audience(request, found.launch.preview)
