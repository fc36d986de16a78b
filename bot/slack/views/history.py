"""A page of the launches that were asked for from here."""

from collections.abc import Callable
from datetime import datetime

from bot.campaign.request import UserId
from bot.launch.digest import starts_at
from bot.launch.search import Found, Page, Wanted
from bot.launch.state import PENDING, Launch, State
from bot.launch.stop import StopStep
from bot.slack.views import results, run, sentences
from bot.slack.views.blocks import context, section
from bot.slack.views.bounds import whole
from bot.slack.views.headline import headline, marked
from bot.slack.views.looking import campaign_name, link
from bot.slack.views.marks import plain, remark
from bot.slack.views.message import Message
from bot.slack.views.plaintext import unescaped
from bot.slack.views.status import last_launch
from bot.slack.views.table import Cell, linked, moment, people, someone, table, with_emoji, words
from bot.slack.views.text import SECTION_LIMIT, escape, person, when, words_alone
from bot.slash.history import standing_of
from bot.texts import _, mark, plural

LONGEST_REASON = 120

_TITLES = {
    "": mark("*Launches*"),
    "pending": mark("*Launches that wait for approval or for their moment*"),
    "running": mark("*Launches that run*"),
    "in-doubt": mark("*Launches in doubt*"),
    "launched": mark("*Launches that went out, or were activated*"),
    "stopped": mark("*Launches that were stopped*"),
    "rejected": mark("*Launches that were rejected*"),
    "cancelled": mark("*Launches that were cancelled*"),
    "expired": mark("*Launches that nobody decided on in time*"),
    "refused": mark("*Launches that the platform refused*"),
    "not-launched": mark("*Launches that did not go out*"),
}
"""For each word that asks for a standing, and for none."""


def history(
    page: Page,
    wanted: Wanted,
    link_to: Callable[[Found], str],
    name_of: Callable[[UserId], str],
    last: Found | None = None,
) -> Message:
    """The page as a table. `link_to` gives a card's address, `name_of` a person's name; "" where there is none.

    `last` is the campaign's last launch that was none of practice, where practice stands before it.
    """
    real = [last_launch(last, link_to(last), name_of)] if last else []
    title = "\n".join([_title(wanted, name_of), *_narrowed(wanted, name_of), *real])
    if not page.found:
        text = f"{title}\n{_nothing(wanted)}"
        return Message(text, (section(text, "title"),))
    head = [
        *(_("Asked"), _("Campaign"), _("Where it stands"), _("Asked by"), _("Decided by"), _("Audience")),
        *(_("Start"), _("Reason")),
    ]
    rows = [_row(one, link_to(one), name_of) for one in page.found]
    lines = [line(one, name_of) for one in page.found]
    leads = _("The campaign leads to the launch's card.")
    order = _("The newest first.") if len(page.found) > 1 else ""
    said = context(f"{order} {leads}".strip(), "about")
    text = whole([title, *lines], SECTION_LIMIT, "\n")
    return Message(text, (section(title, "title"), table(head, rows, "launches"), said))


def _title(wanted: Wanted, name_of: Callable[[UserId], str]) -> str:
    if wanted.campaign_id is not None:
        return _("*Launches of campaign {number}*").format(number=wanted.campaign_id)
    if wanted.requester is not None:
        return _("*Launches that {who} asked for*").format(who=_who(wanted.requester, name_of))
    return _(_TITLES[standing_of(wanted)])


def _narrowed(wanted: Wanted, name_of: Callable[[UserId], str]) -> list[str]:
    """What else was asked for than the title tells."""
    by_campaign = wanted.campaign_id is not None
    standing = standing_of(wanted) if by_campaign or wanted.requester is not None else ""
    parts = [
        *(
            [_("asked for by {who}").format(who=_who(wanted.requester, name_of))]
            if by_campaign and wanted.requester
            else []
        ),
        *([f"`{standing}`"] if standing else []),
        *([_("since {when}").format(when=when(wanted.since))] if wanted.since else []),
        *([_("before {when}").format(when=when(wanted.until))] if wanted.until else []),
    ]
    return [_("Filters: {filters}.").format(filters=", ".join(parts))] if parts else []


def _nothing(wanted: Wanted) -> str:
    if wanted == Wanted():
        return _("Nothing was asked for here yet.")
    return _("None.")


def _row(found: Found, card_link: str, name_of: Callable[[UserId], str]) -> list[Cell]:
    launch = found.launch
    return [
        moment(launch.requested_at),
        linked(campaign_name(found), card_link),
        with_emoji(_stands(found, _in_cell)),
        someone(launch.requester, name_of(launch.requester)),
        people([(word, who, name_of(who)) for word, who in _decided(launch)]),
        words(unescaped(_audience(found))),
        _start(launch),
        words(plain(launch.request.reason), LONGEST_REASON),
    ]


def _start(launch: Launch) -> Cell:
    if launch.started_at:
        return moment(launch.started_at)
    earliest = _earliest(launch)
    return moment(earliest, before=_("not before ")) if earliest else words("")


def _earliest(launch: Launch) -> datetime | None:
    """Before when what waits does not start; None where that is with its last approval, or at the next try."""
    if launch.state not in PENDING or launch.outcome or (launch.canary and not launch.canary.released_at):
        return None
    return starts_at(launch)


def line(found: Found, name_of: Callable[[UserId], str], card_link: str = "", *, tells_earliest: bool = True) -> str:
    """The same in one line, for where there is no table; with `tells_earliest`, also before when it does not start."""
    launch = found.launch
    earliest = _earliest(launch) if tells_earliest else None
    decided = [(word, _who(who, name_of)) for word, who in _decided(launch)]
    approved = [who for word, who in decided if not word]
    parts = [
        _("asked for by {who}").format(who=_who(launch.requester, name_of)),
        *([_("approved by {people}").format(people=", ".join(approved))] if approved else []),
        # These say themselves what was done.
        *(f"{word}{who}" for word, who in decided if word),
        *([_("started {moment}").format(moment=when(launch.started_at))] if launch.started_at else []),
        *([_("starts not before {moment}").format(moment=when(earliest))] if earliest else []),
        *([remark(launch.request.reason, LONGEST_REASON)] if launch.request.reason else []),
    ]
    return f"{link(escape(campaign_name(found)), card_link)}: {_stands(found, remark)} ({'; '.join(parts)})"


def _who(user: UserId, name_of: Callable[[UserId], str]) -> str:
    return escape(name_of(user)) or person(user)


def _decided(launch: Launch) -> list[tuple[str, UserId]]:
    """Who let it go, or ended it, each with a word that says how; no word for an approval."""
    said = [("", one.by) for one in launch.approvals]
    if launch.glass:
        said.append((_("without approval: "), launch.glass_by))
    if launch.state is State.REJECTED:
        said.append((_("rejected: "), launch.moved_by))
    if launch.state is State.CANCELLED and not launch.held_back and not launch.withheld:
        said.append((_("cancelled: "), launch.moved_by))
    if launch.stop and launch.stop.step is StopStep.DONE and launch.stop.by:
        said.append((_("stopped: "), launch.stop.by))
    return said


def _in_cell(words_of_people: str, limit: int) -> str:
    return _("“{text}”").format(text=words_alone(plain(words_of_people), limit))


def _stands(found: Found, remark_as: Callable[[str, int], str]) -> str:
    """Where it stands, with what is known of its end. `remark_as` quotes people's words, in so many characters."""
    launch, end = found.launch, found.launch.run_end
    stands = f"{marked(launch)}{headline(launch)}"
    if launch.state is State.REJECTED and launch.rejection:
        return f"{stands}: {remark_as(launch.rejection, LONGEST_REASON)}"
    numbers = [*filter(None, [results.in_short(launch, found.counts)])]
    if end is None:
        return ", ".join([stands, *numbers])
    took = [run.duration((end.ended_at - launch.run.started_at).total_seconds())] if launch.run else []
    return ", ".join([stands, *took, run.troubles(end), *numbers])


def _audience(found: Found) -> str:
    reached, limit = _reached(found), found.launch.request.limit
    if limit is None:
        return reached
    return f"{reached}, {plural('at most {n} message', 'at most {n} messages', limit)}"


def _reached(found: Found) -> str:
    request, known = found.launch.request, found.launch.preview.audience
    if not request.run_now:
        return _("by its own schedule")
    if known and request.source in {None, known.source}:
        return f"{sentences.source(known.source, known.name)}, {sentences.size(known)}"
    return sentences.audience(request, found.launch.preview)
