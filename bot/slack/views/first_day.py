"""A run's first day as people see it: what its picture says, and what stands in for it where it is not seen."""

from collections.abc import Sequence

from bot.chart.chart import Chart, Row
from bot.launch.state import Launch
from bot.results.first_day import DAY, PART, FirstDay
from bot.slack.views import sentences
from bot.slack.views.bounds import clip
from bot.slack.views.plaintext import as_plain
from bot.slack.views.run import duration
from bot.texts import _, number

LONGEST_TITLE = 80


def charted(launch: Launch, day: FirstDay) -> Chart:
    named = as_plain(sentences.campaign_title(launch.request, launch.preview), None)
    rows = tuple(Row(name, number(values[-1]), values) for name, values in _rows(day))
    title = clip(_("The first 24 hours: {campaign}").format(campaign=named), LONGEST_TITLE)
    return Chart(title, _("Hours after the call"), int(DAY.total_seconds() // 3600), rows)


def comment() -> str:
    return _("The first 24 hours: when messages were delivered, opened and clicked. Each row has a scale of its own.")


def alternative(day: FirstDay) -> str:
    """For whoever does not see the picture: its figures."""
    told = [_told(name, values) for name, values in _rows(day)]
    return " ".join([_("The first 24 hours after the call."), *told])


def _rows(day: FirstDay) -> list[tuple[str, tuple[int, ...]]]:
    names = (_("Delivered"), _("Opened"), _("Clicked"))
    return list(zip(names, day.summed(), strict=True))


def _told(name: str, values: Sequence[int]) -> str:
    if not values[-1]:
        return _("{name}: none.").format(name=name)
    half = next(nth for nth, until in enumerate(values, start=1) if 2 * until >= values[-1])
    within = duration(half * PART.total_seconds())
    return _("{name}: {n}, half of them within {span}.").format(name=name, n=number(values[-1]), span=within)
