"""What became of one activation or deactivation: the design's outcome table, row by row. Pure."""

from collections.abc import Mapping

from bot.altcraft.answers import an_id
from bot.altcraft.failure import Failed
from bot.altcraft.transport import Answer
from bot.altcraft.wire import Malformed, decode_envelope
from bot.launch.copying import Copied, CopyOutcome
from bot.launch.outcome import Accepted, NotSent, Outcome, RefusedByPlatform, Unknown
from bot.phrase import Phrase

DUPLICATE_HEADERS = ("X-Duplicate-Request", "Duplicate-Request")
"""Both spellings of the guide, the earlier and the newer (request deduplication)."""


def outcome_of(answer: Answer) -> Outcome:
    """Reads a complete answer. What is not certain is Unknown, for a refusal invites a new request.

    - 2xx: the envelope decides.
    - 4xx with an envelope whose error is not 0: refused. The guide does not say whether errors come with a status of
      their own, so both are taken.
    - 4xx with `error: 0` contradicts itself. 4xx without the envelope (a proxy's 403, 404, 408 or 413 page) was not
      written by the platform, and does not say whether the platform had the request before: both are Unknown.
    - 1xx, 3xx and 5xx are Unknown even with an envelope: something stood between, or broke on the way.
    """
    status = str(answer.status)
    if answer.status // 100 not in {2, 4}:
        return Unknown(Phrase("the platform answered with HTTP {status}", status=status))
    try:
        envelope = decode_envelope(answer.body)
    except Malformed as malformed:
        return Unknown(
            Phrase(
                "the platform's answer (HTTP {status}) could not be understood: {fault}",
                status=status,
                fault=malformed.text,
            )
        )
    if envelope.error:
        return RefusedByPlatform(envelope.error, envelope.error_text)
    if answer.status // 100 == 4:  # noqa: PLR2004 -- the class of client errors
        return Unknown(Phrase("the platform answered with HTTP {status}, yet with error 0", status=status))
    return Accepted(duplicate=_is_duplicate(answer.headers))


def copy_of(answer: Answer) -> CopyOutcome:
    """As outcome_of, for campaigns/clone. An answer that names no copy leaves open what there is now."""
    outcome = outcome_of(answer)
    if not isinstance(outcome, Accepted):
        return outcome
    data = decode_envelope(answer.body).data
    campaign_id = an_id(data.get("saved_id")) if isinstance(data, dict) else None
    return Copied(campaign_id) if campaign_id else Unknown(Phrase("the platform's answer does not name the copy"))


def outcome_of_failure(failed: Failed) -> NotSent | Unknown:
    """No answer: safe to try again only when nothing can have left."""
    return Unknown(failed.cause) if failed.may_have_left else NotSent(failed.cause)


def word_for(outcome: Outcome | CopyOutcome) -> str:
    """One word for the outcome's kind, for logs and metrics."""
    match outcome:
        case Accepted(duplicate):
            return "duplicate" if duplicate else "accepted"
        case Copied():
            return "accepted"
        case RefusedByPlatform():
            return "refused"
        case NotSent():
            return "not_sent"
        case Unknown():
            return "unknown"


def _is_duplicate(headers: Mapping[str, str]) -> bool:
    return any(headers.get(name, "").strip().lower() == "true" for name in DUPLICATE_HEADERS)
