"""What became of a run, in numbers: on the card while they change, and in the thread when it is time."""

from bot.launch.run import ResultsReported
from bot.launch.state import Launch
from bot.results.counts import Counts, Kind
from bot.results.rates import Base, Rate, Rates, rates
from bot.slack.views.blocks import Block
from bot.slack.views.table import table, words
from bot.slack.views.text import when
from bot.texts import _, mark, number, percent, plural

BOUNCES_SHOWN = 10
LONGEST_CELL = 160
LONGEST_DOMAINS = 60
"""Characters in the table of bounces: all of it stays far below what Slack takes in all blocks together."""

_OF = {
    Base.PROMISED: mark("{count} ({share} of what was promised)"),
    Base.SENT: mark("{count} ({share} of what was sent)"),
    Base.DELIVERED: mark("{count} ({share} of what was delivered)"),
}


def promised(launch: Launch) -> int | None:
    """How many messages were to go out at most; None where nobody knew."""
    audience = launch.preview.audience
    drifted = next((one.size for one in reversed(launch.approvals) if one.size is not None), None)
    size = drifted if drifted is not None else audience.size if audience else None
    return min((one for one in (size, launch.request.limit) if one is not None), default=None)


def standing(launch: Launch, counts: Counts) -> str:
    """The card's lines; "" where nothing came."""
    if not counts.anything or counts.newest is None:
        return ""
    told = _("*Results:* {numbers}. As of {moment}, as the platform reports.")
    lines = [
        told.format(numbers=_numbers(rates(counts, promised(launch))), moment=when(counts.newest)),
        *_notes(counts),
    ]
    return "\n".join(lines)


def in_short(launch: Launch, counts: Counts) -> str:
    """What fits beside other launches: `opened 21%, bounced for good 1.2%`; "" where nothing came."""
    if not counts.anything:
        return ""
    found = rates(counts, promised(launch))
    parts = [
        _("delivered {told}").format(told=_briefly(found.delivered)),
        _("opened {told}").format(told=_briefly(found.opened)),
        _("clicked {told}").format(told=_briefly(found.clicked)),
        _("bounced for good {told}").format(told=_briefly(found.bounced)),
    ]
    return ", ".join(parts)


def line(launch: Launch, counts: Counts) -> str:
    """A line of its own beside other facts; "" where nothing came."""
    told = in_short(launch, counts)
    return _("*Results:* {numbers}").format(numbers=told) if told else ""


def reported(launch: Launch, event: ResultsReported) -> str:
    """The reply in the thread."""
    told = _(":bar_chart: {span} after the call: {numbers}.").format(
        span=_span(event.after.total_seconds()), numbers=_numbers(rates(event.counts, promised(launch)))
    )
    over = (
        [_("These are the last numbers: from here on, nothing more is counted for this launch.")] if event.last else []
    )
    return "\n".join([told, *_beside(event), *_notes(event.counts), *over])


def bounces_table(event: ResultsReported) -> Block | None:
    """What mail servers said most often; None where nobody knows, or they said nothing."""
    if not event.bounces:
        return None
    shown = event.bounces[:BOUNCES_SHOWN]
    at_domains = any(one.domains for one in shown)
    at = [_("Mostly at")] if at_domains else []
    head = [_("What mail servers said when they put a message off"), *at, _("How often")]
    rows = [
        [
            words(one.text, LONGEST_CELL),
            *([words(", ".join(one.domains), LONGEST_DOMAINS)] if at_domains else []),
            words(number(one.count)),
        ]
        for one in shown
    ]
    return table(head, rows, "bounces")


def _numbers(found: Rates) -> str:
    parts = [
        _("sent {told}").format(told=_told(found.sent)),
        _("delivered {told}").format(told=_told(found.delivered)),
        _("bounced for good {told}").format(told=_told(found.bounced)),
        _("opened {told}").format(told=_told(found.opened)),
        _("clicked {told}").format(told=_told(found.clicked)),
        _("unsubscribed {told}").format(told=_told(found.unsubscribed)),
        _("complained {told}").format(told=_told(found.complained)),
    ]
    return "; ".join(parts)


def _told(rate: Rate) -> str:
    if rate.count is None:
        return _("not known")
    if rate.share is None or not rate.count:
        return number(rate.count)
    return _(_OF[rate.base]).format(count=number(rate.count), share=_percent(rate.share))


def _briefly(rate: Rate) -> str:
    if rate.count is None:
        return _("not known")
    return number(rate.count) if rate.share is None else _percent(rate.share)


def _beside(event: ResultsReported) -> list[str]:
    """The campaign's earlier runs, as far as their numbers have shares."""
    shares = [one for one in (rates(counts, None).opened.share for counts in event.earlier) if one is not None]
    if not shares:
        return []
    least, most = _percent(min(shares)), _percent(max(shares))
    span = least if least == most else _("{least} to {most}").format(least=least, most=most)
    text = plural(
        "Of what the campaign's run before this one delivered, {span} was opened in the end.",
        "Of what the campaign's {n} runs before this one delivered, {span} was opened in the end.",
        len(shares),
        span=span,
    )
    return [text]


def _notes(counts: Counts) -> list[str]:
    notes = []
    if counts.overtaken:
        notes.append(
            _(
                ":warning: This campaign was started again {moment}. From then on these numbers stand still: what "
                "comes counts for that run unless it names this one, for the two cannot be told apart otherwise."
            ).format(moment=when(counts.overtaken))
        )
    if counts.ambiguous:
        notes.append(
            plural(
                ":warning: An earlier run of this campaign was still followed: {n} of these events may be its, for the "
                "two cannot be told apart.",
                ":warning: An earlier run of this campaign was still followed: {n} of these events may be its, for the "
                "two cannot be told apart.",
                counts.ambiguous,
            )
        )
    if counts.elsewhere:
        notes.append(
            plural(
                "{n} event names another start of this campaign, and is not among them.",
                "{n} events name another start of this campaign, and are not among them.",
                counts.elsewhere,
            )
        )
    if counts.tests:
        notes.append(
            plural(
                "{n} event of a test send is not among them.",
                "{n} events of test sends are not among them.",
                counts.tests,
            )
        )
    if counts[Kind.SOFT_BOUNCE]:
        notes.append(
            plural(
                "{n} soft bounce: the message may have arrived at a later try.",
                "{n} soft bounces: these messages may have arrived at a later try.",
                counts[Kind.SOFT_BOUNCE],
            )
        )
    return notes


def _percent(share: float) -> str:
    if share < 0.01:  # noqa: PLR2004
        return percent(share)
    return percent(round(share, 2 if share >= 0.1 else 3))  # noqa: PLR2004


def _span(seconds: float) -> str:
    """`1 hour`, `24 hours`, `7 days`."""
    minutes = round(seconds / 60)
    if minutes % 60:
        return plural("{n} minute", "{n} minutes", minutes)
    if minutes % 1440 or minutes == 1440:  # noqa: PLR2004 -- a day is told in hours, as people say it
        return plural("{n} hour", "{n} hours", minutes // 60)
    return plural("{n} day", "{n} days", minutes // 1440)
