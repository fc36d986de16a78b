"""What was approved, in one line, and what has changed since: the parameters, the campaign, and its audience."""

import hashlib
from datetime import UTC
from decimal import Decimal

from bot.launch.campaign import Campaign, Preview
from bot.launch.change import Change
from bot.launch.codec import canonical, encode_request
from bot.launch.phrase import Phrase
from bot.launch.request import ActivationRequest, Json

SHOWN = 8
"""Characters of a fingerprint that people see."""


UNKNOWN = Phrase("not known")


def fingerprint(request: ActivationRequest, preview: Preview) -> str:
    """One short text for everything that an approval rests on: another text, and something is different."""
    campaign, audience = preview.campaign, preview.audience
    rests_on: Json = {
        "request": encode_request(request),
        "campaign": [campaign.name, str(_edit(campaign))] if campaign else None,
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
        return (Change(Phrase("the campaign"), UNKNOWN, Phrase.as_it_is(now.name or str(now.id))),)
    by = now.updated_user
    return (
        Change(Phrase("the campaign's name"), Phrase.as_it_is(was.name), Phrase.as_it_is(now.name), by),
        Change(Phrase("the campaign's last edit"), _edit(was), _edit(now)),
    )


def _audience_changes(old: Preview, new: Preview, tolerance: float) -> tuple[Change, ...]:
    was, now = old.audience, new.audience
    if now is None:
        return ()
    if was is None:
        return (Change(Phrase("the audience"), UNKNOWN, Phrase.as_it_is(str(now.source))),)
    source = Change(Phrase("the audience"), Phrase.as_it_is(str(was.source)), Phrase.as_it_is(str(now.source)))
    # A name that could not be looked up this time is no other name.
    name = Phrase.as_it_is(now.name or was.name) if was.name else Phrase()
    other = (source, Change(Phrase("the audience's name"), Phrase.as_it_is(was.name), name))
    before, after = was.size, now.size
    # Decimal: 2.3 percent of 3,000 are 69, and not a little less.
    if after is None or (before is not None and abs(after - before) * 100 <= before * Decimal(str(tolerance))):
        return other
    size = UNKNOWN if before is None else Phrase.as_it_is(before)
    return (*other, Change(Phrase("the audience's size"), size, Phrase.as_it_is(after)))


def _size(preview: Preview) -> int | None:
    return preview.audience.size if preview.audience else None


def _edit(campaign: Campaign) -> Phrase:
    """As finely as it is told: two edits within one second are two."""
    at, user = campaign.updated_at, campaign.updated_user
    fraction = f".{at.microsecond:06}".rstrip("0.") if at else ""
    moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}{fraction} UTC" if at else Phrase("not told when")
    return Phrase("{moment} by {user}", moment=moment, user=user or Phrase("nobody named"))


def _told(request: ActivationRequest) -> dict[Phrase, Phrase]:
    none = Phrase("none")
    start = f"{request.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if request.at else ""
    files = ", ".join(f"{file.name} ({file.sha256[:8]})" for file in request.attachments)
    return {
        Phrase("the campaign"): Phrase.as_it_is(str(request.campaign_id)),
        Phrase("when"): Phrase("send now") if request.run_now else Phrase("activate only"),
        Phrase("the audience"): Phrase.as_it_is(str(request.source))
        if request.source
        else Phrase("the campaign's own"),
        Phrase("the limit"): none if request.limit is None else Phrase.as_it_is(request.limit),
        Phrase("the start"): Phrase.as_it_is(start) if start else Phrase("when approved"),
        Phrase("the content"): (none if request.content is None else Phrase.as_it_is(canonical(dict(request.content)))),
        Phrase("the files"): Phrase.as_it_is(files) if files else none,
        Phrase("the reason"): Phrase.as_it_is(request.reason) if request.reason else none,
    }
