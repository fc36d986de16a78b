"""What was approved, in one line, and what has changed since: the parameters, the campaign, and its audience."""

import hashlib
from datetime import UTC
from decimal import Decimal

from bot.launch.campaign import Campaign, Preview
from bot.launch.change import Change
from bot.launch.codec import canonical, encode_request
from bot.launch.request import ActivationRequest, Json

SHOWN = 8
"""Characters of a fingerprint that people see."""


UNKNOWN = "not known"


def fingerprint(request: ActivationRequest, preview: Preview) -> str:
    """One short text for everything that an approval rests on: another text, and something is different."""
    campaign, audience = preview.campaign, preview.audience
    rests_on: Json = {
        "request": encode_request(request),
        "campaign": [campaign.name, _edited(campaign)] if campaign else None,
        "audience": [str(audience.source), audience.name, audience.size] if audience else None,
    }
    # A name may hold half of a surrogate pair: the platform's JSON can spell one.
    return hashlib.sha256(canonical(rests_on).encode(errors="surrogatepass")).hexdigest()[:SHOWN]


def is_read(preview: Preview) -> bool:
    """Whether the platform was heard on what an approval rests on. What it does not tell is no failure to read it."""
    return preview.campaign is not None and not preview.failed


def is_lost(old: Preview, new: Preview) -> bool:
    """Whether the audience's size was known, and is not any more: then nobody can say whether it has drifted."""
    return _size(old) is not None and _size(new) is None


def changes(old: Preview, new: Preview, tolerance: float, *, unknown_counts: bool = True) -> tuple[Change, ...]:
    """What voids an approval: any edit of the campaign, another audience, or a size beyond the tolerance, in percent.

    With `unknown_counts`, what was unknown before and is known now is a change as well: nobody has approved it.
    """
    found = (*_campaign_changes(old, new), *_audience_changes(old, new, tolerance))
    changed = (change for change in found if change.old != change.new)
    return tuple(change for change in changed if unknown_counts or change.old != UNKNOWN)


def drift(old: Preview, new: Preview) -> tuple[int, int] | None:
    """The audience's size then and now, where it is another one."""
    before, after = _size(old), _size(new)
    return None if before is None or after is None or before == after else (before, after)


def request_changes(old: ActivationRequest, new: ActivationRequest) -> tuple[Change, ...]:
    """What an edit makes different, in the order of the form."""
    was, now = _told(old), _told(new)
    return tuple(Change(what, was[what], now[what]) for what in was if was[what] != now[what])


def _campaign_changes(old: Preview, new: Preview) -> tuple[Change, ...]:
    was, now = old.campaign, new.campaign
    if now is None:
        return ()
    if was is None:
        return (Change("the campaign", UNKNOWN, now.name or str(now.id)),)
    by = now.updated_user
    return (
        Change("the campaign's name", was.name, now.name, by),
        Change("the campaign's last edit", _edited(was), _edited(now)),
    )


def _audience_changes(old: Preview, new: Preview, tolerance: float) -> tuple[Change, ...]:
    was, now = old.audience, new.audience
    if now is None:
        return ()
    if was is None:
        return (Change("the audience", UNKNOWN, str(now.source)),)
    other = (
        Change("the audience", str(was.source), str(now.source)),
        # A name that could not be looked up this time is no other name.
        Change("the audience's name", was.name, now.name or was.name) if was.name else Change("", "", ""),
    )
    before, after = was.size, now.size
    # Decimal: 2.3 percent of 3,000 are 69, and not a little less.
    if after is None or (before is not None and abs(after - before) * 100 <= before * Decimal(str(tolerance))):
        return other
    return (*other, Change("the audience's size", UNKNOWN if before is None else f"{before:,}", f"{after:,}"))


def _size(preview: Preview) -> int | None:
    return preview.audience.size if preview.audience else None


def _edited(campaign: Campaign) -> str:
    """As finely as it is told: two edits within one second are two."""
    at = campaign.updated_at
    fraction = f".{at.microsecond:06}".rstrip("0.") if at else ""
    moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}{fraction} UTC" if at else "not told when"
    return f"{moment} by {campaign.updated_user or 'nobody named'}"


def _told(request: ActivationRequest) -> dict[str, str]:
    return {
        "the campaign": str(request.campaign_id),
        "when": "send now" if request.run_now else "activate only",
        "the audience": str(request.source) if request.source else "the campaign's own",
        "the limit": "none" if request.limit is None else f"{request.limit:,}",
        "the start": f"{request.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if request.at else "when approved",
        "the content": "none" if request.content is None else canonical(dict(request.content)),
        "the files": ", ".join(f"{file.name} ({file.sha256[:8]})" for file in request.attachments) or "none",
        "the reason": request.reason or "none",
    }
