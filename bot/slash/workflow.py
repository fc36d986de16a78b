"""What a workflow's step asks for, read from its inputs as it is read from what people type."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.campaign.request import ActivationRequest, Invalid, Source, number_in
from bot.phrase import Phrase
from bot.slash.moment import Clocks
from bot.slash.values import limit_in, source_in, start_in
from bot.slash.words import CommandError, Word, check_writable, clip, from_slack

NOW = frozenset({"now", "сейчас"})
SCHEDULE = frozenset({"schedule", "on schedule", "расписание", "по расписанию"})
"""What the input `when` takes beside a start: send at once, or leave it to the campaign's own schedule."""

_MOMENT = re.compile(r"[0-9]{10}")
"""A moment as a workflow's form hands it over, in seconds since 1970."""


def request_in(inputs: Mapping[str, str], clocks: Clocks, now: datetime) -> ActivationRequest:
    """The request that the inputs make, without its reason's marks of people undone.

    `clocks` gives the time zone of whoever ran the workflow, where a start stands without its offset. Raises
    CommandError for everything that is not wholly understood, and what `clocks` raises.
    """
    for name, text in inputs.items():
        check_writable(name, text)
    given = {name: from_slack(text).strip() for name, text in inputs.items()}
    run_now, at = _start(given.get("when", ""), clocks, now)
    source = _source(given.get("audience", ""), run_now=run_now)
    limit = limit_in(Word("limit", given["limit"])) if given.get("limit") else None
    try:
        return ActivationRequest(
            campaign_id=_campaign(given.get("campaign", "")),
            run_now=run_now,
            source=source,
            limit=limit,
            at=at,
            reason=inputs.get("reason", "").strip(),
        )
    except Invalid as invalid:
        raise CommandError(invalid.part, invalid.text) from invalid


def _campaign(text: str) -> int:
    number = number_in(text)
    if number is None:
        takes = Phrase(
            "“Campaign” takes the campaign's id, a whole number such as 82, not “{value}”.", value=clip(text)
        )
        raise CommandError("campaign", takes)
    return number


def _start(text: str, clocks: Clocks, now: datetime) -> tuple[bool, datetime | None]:
    """Whether it is sent by this launch, and not before when."""
    if text.lower() in SCHEDULE:
        return False, None
    if text.lower() in NOW:
        return True, None
    if _MOMENT.fullmatch(text):
        return True, datetime.fromtimestamp(int(text), UTC)
    if not text:
        raise CommandError("when", Phrase("“When” takes now, schedule, or a start such as tomorrow 9:00."))
    return True, start_in(Word("when", text), clocks, now)


def _source(text: str, *, run_now: bool) -> Source | None:
    if not text:
        return None
    if not run_now:
        own = Phrase(
            "“Audience” has to be empty where “When” is schedule: by its own schedule the campaign goes to its own "
            "audience."
        )
        raise CommandError("audience", own)
    return source_in(Word("audience", text))
