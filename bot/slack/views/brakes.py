"""The policy's brakes in words: how a run stands to them, and what the bot did by them."""

from bot.launch.state import Launch
from bot.launch.stop import Braked
from bot.launch.stoppable import may_be_braked
from bot.results.brakes import WHOLE, Brakes, Figure, Measure, Standing, Verdict, judge
from bot.results.counts import Counts
from bot.results.rates import Base
from bot.slack.views.text import when
from bot.texts import _, mark, number, percent, plural

_MEASURES = {
    Measure.HARD_BOUNCES: mark("bounced for good"),
    Measure.COMPLAINTS: mark("complained"),
    Measure.UNDELIVERED: mark("not delivered otherwise"),
}
_FIGURES = {
    Base.SENT: mark("{measure} {share}, {count} of {whole} sent, with at most {limit} allowed"),
    Base.DELIVERED: mark("{measure} {share}, {count} of {whole} delivered, with at most {limit} allowed"),
}


def limits(brakes: Brakes) -> list[str]:
    """Each brake that is set: `bounced for good at most 2% of what was sent`."""
    of_sent, of_delivered = (
        _("{measure} at most {limit} of what was sent"),
        _("{measure} at most {limit} of what was delivered"),
    )
    return [
        (of_delivered if measure is Measure.COMPLAINTS else of_sent).format(
            measure=_(_MEASURES[measure]), limit=percent(limit / WHOLE)
        )
        for measure, limit in brakes.limits()
    ]


def standing(launch: Launch, counts: Counts, brakes: Brakes | None) -> str:
    """The card's line while the run may still be stopped by one; "" where there is none, or it acted."""
    if brakes is None or not may_be_braked(launch):
        return ""
    return _("*Brakes:* {stands}").format(stands=_stands(judge(brakes, counts), brakes, counts))


def asked(brake: Braked) -> str:
    """That a brake has the run stopped, as a sentence."""
    stops = _("A brake of the policy is on ({figures}), and the policy has me stop the campaign for it.")
    return stops.format(figures=told(brake.figures))


def standing_of_the_stop(launch: Launch) -> str:
    """The card's sentence about a stop that a brake has asked for; "" where none has."""
    stop = launch.stop
    if stop is None or stop.brake is None:
        return ""
    stops = _(":octagonal_sign: The policy's brakes asked to stop the campaign {when}: {figures}.")
    return stops.format(when=when(stop.at), figures=told(stop.brake.figures))


def told(figures: tuple[Figure, ...]) -> str:
    """Each figure in few words: `bounced for good 6%, 60 of 1,000 sent, with at most 2% allowed`."""
    return "; ".join(
        _(_FIGURES[one.base]).format(
            measure=_(_MEASURES[one.measure]),
            share=percent(one.share),
            count=number(one.count),
            whole=number(one.whole),
            limit=percent(one.limit / WHOLE),
        )
        for one in figures
    )


def _stands(verdict: Verdict, brakes: Brakes, counts: Counts) -> str:
    if counts.overtaken:
        return _("not judged any more, for the campaign was started again.")
    match verdict.standing:
        case Standing.ON if brakes.stop:
            return _(":rotating_light: on: {figures}.").format(figures=told(verdict.on))
        case Standing.ON:
            on = _(":rotating_light: on: {figures}. Stop it if that is not meant: the policy leaves it to people.")
            return on.format(figures=told(verdict.on))
        case Standing.OFF:
            return _("none is on ({figures}).").format(figures=told(verdict.figures))
        case Standing.UNKNOWN:
            return _unknown(verdict)


def _unknown(verdict: Verdict) -> str:
    if verdict.unsure:
        return plural(
            "not judged: {n} event may be of an earlier run of the campaign, and without it they do not tell enough.",
            "not judged: {n} events may be of an earlier run of the campaign, and without them the rest does not tell "
            "enough.",
            verdict.unsure,
        )
    if verdict.sent < verdict.after:
        few = _("not judged yet: {sent} sent so far, as far as was told, and {after} are needed.")
        return few.format(sent=number(verdict.sent), after=number(verdict.after))
    return _("not judged yet: a part of the events is still on its way.")
