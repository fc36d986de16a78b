"""When a campaign that was only activated sends by itself, in words. What the platform does not tell is left open."""

from bot.campaign.schedule import Schedule, ScheduleRead
from bot.slack.views.bounds import clip
from bot.slack.views.technical import plainly
from bot.slack.views.text import shown
from bot.texts import _, listed

MOST_TIMES = 6
"""How many times of day are written out; more are given as hours and minutes."""


def when_it_sends(read: ScheduleRead) -> str:
    """Whole sentences about the schedule."""
    if read.schedule is None:
        if read.cause:
            return _("When it sends is not known: {cause}").format(cause=plainly(read.cause))
        return _("When it sends is not known: the platform does not tell a schedule for this campaign.")
    if read.schedule.is_empty:
        return _("When it sends is not known: its schedule in the platform names no times.")
    sends = _("By its schedule in the platform it sends {times}.").format(times=", ".join(_parts(read.schedule)))
    return f"{sends} {_clocks(read.schedule)}"


def times_of(schedule: Schedule) -> str:
    """The times that a schedule names, and on whose clocks."""
    return f"{', '.join(_parts(schedule))}. {_clocks(schedule)}"


def _clocks(schedule: Schedule) -> str:
    if schedule.zone:
        return _("These times are in the time zone {zone}.").format(zone=shown(schedule.zone, 80))
    return _("The platform does not say in which time zone: look there.")


def _parts(schedule: Schedule) -> list[str]:
    parts = [_times(schedule)]
    if schedule.month_days:
        parts.append(_("on day {days} of the month").format(days=_numbers(schedule.month_days)))
    if schedule.weekdays:
        # The platform does not document which day its numbers begin with.
        parts.append(_("on weekdays {days} by the platform's numbers").format(days=_numbers(schedule.weekdays)))
    if schedule.months:
        parts.append(_("in month {months}").format(months=_numbers(schedule.months)))
    if schedule.years:
        parts.append(_("in {years}").format(years=_numbers(schedule.years)))
    return parts


def _times(schedule: Schedule) -> str:
    hours, minutes = schedule.hours, schedule.minutes
    if hours and minutes and len(hours) * len(minutes) <= MOST_TIMES:
        clocks = [f"{hour:02}:{minute:02}" for hour in hours for minute in minutes]
        return _("at {times}").format(times=listed(clocks))
    if hours and minutes:
        written = _("at minute {minutes} of the hours {hours}")
        return written.format(minutes=_numbers(minutes), hours=_numbers(hours))
    if hours:
        return _("in the hours {hours}, at minutes that it does not name").format(hours=_numbers(hours))
    if minutes:
        return _("at minute {minutes} of hours that it does not name").format(minutes=_numbers(minutes))
    return _("at times of day that it does not name")


def _numbers(values: tuple[int, ...]) -> str:
    return clip(listed([str(value) for value in values]), 120)
