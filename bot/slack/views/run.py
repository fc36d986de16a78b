"""What is known of a launch's run, beside what was promised; what the platform does not tell is said to be unknown."""

from bot.campaign.overview import RunTold
from bot.launch.events import Event
from bot.launch.run import LogUnread, ResultsReported, RunCompleted, RunEnded, RunHalted, Trouble
from bot.launch.state import ENDED, SENT, Launch
from bot.results.counts import Counts
from bot.slack.views import results
from bot.slack.views.blocks import Block
from bot.slack.views.schedule import when_it_sends
from bot.slack.views.table import Cell, moment, words
from bot.slack.views.technical import plainly
from bot.slack.views.text import quoted, when
from bot.texts import _, mark, number, plural

TROUBLES_SHOWN = 10
LONGEST_CELL = 240
"""Characters of one message in the table: ten of them stay far below what Slack takes in all blocks together."""

_LEVELS = {"ERROR": mark("error"), "WARNING": mark("warning")}

_END_MEANS = mark("The log's end means that the messages are built and queued.")


def ledger(launch: Launch, counts: Counts) -> str:
    """Lines for a launch that was sent: what people decided on, and what has become of it."""
    if launch.state not in SENT or launch.practised or launch.adopted:
        return ""
    if not launch.request.run_now:
        return when_it_sends(launch.schedule) if launch.schedule else ""
    promised = _("*Promised:* {size}, {limit}").format(size=_size(launch), limit=_limit(launch))
    told = results.standing(launch, counts)
    if told:
        known = _("*Known:* {course}").format(course=_course(launch))
        return f"{promised}\n{known}\n{told}"
    known = _("*Known:* {course} How many messages went out is not known: the platform does not tell it here.")
    course = f"{_course(launch)} {_(_END_MEANS)}" if launch.run_end else _course(launch)
    return f"{promised}\n{known.format(course=course)}"


def _size(launch: Launch) -> str:
    audience = launch.preview.audience
    drifted = next((one.size for one in reversed(launch.approvals) if one.size is not None), None)
    size = drifted if drifted is not None else audience.size if audience else None
    if size is None:
        return _("an audience whose size was not known")
    if launch.glass:
        return plural(
            "about {n} profile when it was launched without approval",
            "about {n} profiles when it was launched without approval",
            size,
        )
    if launch.request.is_test and not launch.approvals:
        return plural("about {n} profile when it was asked for", "about {n} profiles when it was asked for", size)
    return plural("about {n} profile when it was approved", "about {n} profiles when it was approved", size)


def _limit(launch: Launch) -> str:
    if launch.request.limit is None:
        return _("no limit set for this launch")
    if launch.canary_before or launch.canary:
        return plural(
            "at most {n} message beside its canary's", "at most {n} messages beside its canary's", launch.request.limit
        )
    return plural("at most {n} message", "at most {n} messages", launch.request.limit)


def _course(launch: Launch) -> str:
    """What the log and the status tell. How many messages went out is told by neither."""
    end, begin = launch.run_end, launch.run
    if end and begin:
        times = {"start": when(begin.started_at), "end": when(end.ended_at), "troubles": troubles(end)}
        return _("its log shows a start {start} and an end {end}, with {troubles}.").format(**times)
    if end:
        return _("its log shows an end {end}, with {troubles}.").format(end=when(end.ended_at), troubles=troubles(end))
    if launch.log_unread and not begin:
        return _("nothing, for its log cannot be read.")
    if launch.state in ENDED or not launch.followed:
        if begin:
            return _("its log showed a start {start}, and no end when I last looked.").format(
                start=when(begin.started_at)
            )
        return _("its log showed no start when I last looked.")
    if begin:
        return _("its log shows a start {start} and no end so far.").format(start=when(begin.started_at))
    return _("its log shows no start so far.")


def troubles(end: RunEnded | RunTold) -> str:
    """`12 errors and 3 warnings`, `2 errors`, `no errors and no warnings`."""
    if not end.errors and not end.warnings:
        return _("no errors and no warnings")
    errors = plural("{n} error", "{n} errors", end.errors)
    warnings = plural("{n} warning", "{n} warnings", end.warnings)
    if not (end.errors and end.warnings):
        return errors if end.errors else warnings
    return _("{errors} and {warnings}").format(errors=errors, warnings=warnings)


def finished(launch: Launch) -> str:
    """The headline of a launch whose run is over."""
    if launch.completed:
        return _(":white_check_mark: Completed, the platform says; its log shows no end")
    end = launch.run_end
    if end and end.errors:
        return plural(
            ":warning: Run over, with {n} error in its log",
            ":warning: Run over, with {n} errors in its log",
            end.errors,
        )
    return _(":white_check_mark: Run finished")


def ended(launch: Launch, end: RunEnded) -> str:
    """The reply about a run's end: when, after how long, and with how many troubles."""
    sign = ":warning:" if end.errors else ":white_check_mark:"
    if launch.run:
        span = duration((end.ended_at - launch.run.started_at).total_seconds())
        text = _("{sign} The run ended after {span}: {end}.").format(sign=sign, span=span, end=when(end.ended_at))
    else:
        text = _("{sign} The run ended: {end}.").format(sign=sign, end=when(end.ended_at))
    if not end.errors and not end.warnings:
        return text
    log = _("Its log has {troubles}.").format(troubles=troubles(end))
    return f"{text} {log}{_old_quotes(end)}{_more(end)}"


def table_of(event: Event) -> Block | None:
    """What stands in a table below the event's reply."""
    match event:
        case RunEnded():
            return troubles_table(event)
        case ResultsReported():
            return results.bounces_table(event)
        case _:
            return None


def troubles_table(end: RunEnded) -> Block | None:
    """The first warnings and errors; None where there are none, or where only their messages were kept."""
    shown = [one for one in end.troubles if one.at][:TROUBLES_SHOWN]
    if not shown:
        return None
    head = [words(_("Time")), words(_("Level")), words(_("Message"))]
    return Block({"type": "table", "rows": [head, *(_row(one) for one in shown)]})


def _row(trouble: Trouble) -> list[Cell]:
    at = moment(trouble.at, seconds=True) if trouble.at else words("")
    level = _(_LEVELS[trouble.level]) if trouble.level in _LEVELS else trouble.level
    return [at, words(level, LONGEST_CELL), words(trouble.message, LONGEST_CELL)]


def _old_quotes(end: RunEnded) -> str:
    return "".join(f"\n• {quoted(one.message, 300)}" for one in end.troubles if one.at is None)


def _more(end: RunEnded) -> str:
    shown = len(end.troubles[:TROUBLES_SHOWN])
    left = end.errors + end.warnings - shown
    if not shown or left <= 0:
        return ""
    shown_first = plural("The first one is shown", "The first {n} are shown, errors before warnings", shown)
    return "\n" + _("{shown}, and {left} more are in the platform.").format(shown=shown_first, left=number(left))


def halted(event: RunHalted) -> str:
    """That nothing runs any more although the log shows no end; by whose doing, nobody is told."""
    if not event.status:
        return _(
            "The platform says that the campaign is switched off, and its log shows no end: somebody may have stopped "
            "it there, or it ended without a line in its log."
        )
    return _(
        "The platform says that the campaign is switched off (status {status}), and its log shows no end: somebody may "
        "have stopped it there, or it ended without a line in its log."
    ).format(status=quoted(event.status, 80))


def completed(event: RunCompleted) -> str:
    if not event.status:
        return _(
            "The platform says that the campaign has completed. Its log shows no end, so its errors are not known."
        )
    return _(
        "The platform says that the campaign has completed (status {status}). Its log shows no end, so its errors are "
        "not known."
    ).format(status=quoted(event.status, 80))


def unread(event: LogUnread) -> str:
    return _(
        "I cannot read the campaign's log, so I do not know how its run goes. I keep trying, and tell here what it "
        "shows. {cause}"
    ).format(cause=plainly(event.cause))


def duration(seconds: float) -> str:
    """`1 h 3 min 12 s`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        _("{n} h").format(n=hours) if hours else "",
        _("{n} min").format(n=minutes) if minutes else "",
        _("{n} s").format(n=rest) if rest else "",
    ]
    return " ".join(part for part in parts if part) or _("less than a second")
