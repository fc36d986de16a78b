"""Which brakes are on, in sentences for people. Pure."""

from bot.phrase import Phrase
from bot.results.brakes import PERCENT, Figure, Measure, Verdict


def braked(verdict: Verdict) -> tuple[Phrase, ...]:
    """A sentence for each brake that is on."""
    return tuple(map(_said, verdict.on))


def _said(figure: Figure) -> Phrase:
    count, whole, limit = figure.count, figure.whole, figure.limit / PERCENT
    match figure.measure:
        case Measure.HARD_BOUNCES:
            return Phrase(
                "{count} of {whole} messages bounced for good, and at most {limit} % may.",
                count=count,
                whole=whole,
                limit=limit,
            )
        case Measure.COMPLAINTS:
            return Phrase(
                "{count} of {whole} messages brought a complaint, and at most {limit} % may.",
                count=count,
                whole=whole,
                limit=limit,
            )
        case Measure.UNDELIVERED:
            return Phrase(
                "{count} of {whole} messages were not delivered, and at most {limit} % may be.",
                count=count,
                whole=whole,
                limit=limit,
            )
