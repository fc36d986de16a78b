"""When a launch starts, in words that stay true while they stand: what is shown once is not shown anew by itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.launch.forecast import Forecast, Wait, forecast, foreseen
from bot.launch.state import Launch, State
from bot.slack.views.text import said, when
from bot.texts import _


def told(launch: Launch, now: datetime | None, zone: ZoneInfo | None) -> str:
    """The line about the start of what waits for approval, or of what is approved; "" where there is nothing to say."""
    if launch.state == State.APPROVED:
        will = foreseen(launch, zone)
        if will.not_before is None or will.outcome:
            return ""
        if not will.waits_for:
            return _("It starts {when}.").format(when=when(will.not_before))
        return _("It starts {when}: {why}.").format(when=when(will.not_before), why=said(will.waits_for))
    return pending(launch, now, zone)


def pending(launch: Launch, now: datetime | None, zone: ZoneInfo | None) -> str:
    """As told, for what waits for approval alone."""
    if launch.state != State.REQUESTED or now is None or zone is None:
        return ""
    return quiet(forecast(launch.request, launch.demands, zone, now))


def quiet(expected: Forecast | None) -> str:
    """Until when quiet hours keep it back, whenever it is approved; "" where they do not, or nobody can tell."""
    if expected is None or Wait.QUIET not in expected.waits:
        return ""
    if expected.start is None:
        return _("Nothing starts in quiet hours, and these hold for more than a year.")
    return _("It does not start before {when}: nothing starts in quiet hours.").format(when=when(expected.start))


def earliest(expected: Forecast | None) -> str:
    """As quiet, also for its own moment."""
    if expected is None or Wait.OWN_MOMENT not in expected.waits or Wait.QUIET in expected.waits:
        return quiet(expected)
    return _("It does not start before {when}.").format(when=when(expected.start)) if expected.start else ""
