"""What was approved, in one line, and what has changed since: the parameters, the campaign, and its audience."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.campaign.campaign import Campaign, Preview
from bot.campaign.change import Change
from bot.campaign.encoding import encode_request, sha256_of
from bot.campaign.numbers import written
from bot.campaign.request import ActivationRequest, Canary, Json, Source
from bot.message.changed import is_lost as message_is_lost
from bot.message.message import digest_of
from bot.phrase import Phrase

SHOWN = 8
"""Characters of a digest that people see; whatever is compared is compared whole."""

UNKNOWN = Phrase("not known")
REASON = Phrase("the reason")


def fingerprint(request: ActivationRequest, preview: Preview, canary: Canary | None = None) -> str:
    """The SHA-256, in hex, of everything that an approval rests on: another text, and something is different.

    `canary` is what goes out first, by the request or by the policy. What earlier records lack counts only where it is
    told, so that theirs stays what it was. It travels and is compared whole: two requests that share its first
    characters are found in a second.
    """
    campaign, audience = preview.campaign, preview.audience
    rests_on: Json = {
        "request": encode_request(request),
        "campaign": [campaign.name, _edit_text(campaign), *map(str, _told_of(campaign))] if campaign else None,
        "audience": [str(audience.source), audience.name, audience.size] if audience else None,
        **({"messages": digest_of(preview.messages)} if preview.messages else {}),
        **({"definition": audience.definition} if audience and audience.definition else {}),
        **({"canary": [canary.segment, canary.wait.total_seconds(), canary.auto]} if canary else {}),
    }
    return sha256_of(rests_on)


def message_fingerprint(request: ActivationRequest, preview: Preview) -> str:
    """The SHA-256, in hex, of what people receive: the messages, and the values and files that go into them.

    "" where not all of it could be read: of that, nobody can say later whether it is still the same.
    """
    if not preview.messages or not all(one.digest for one in preview.messages):
        return ""
    received: Json = {
        "campaign": request.campaign_id,
        "messages": digest_of(preview.messages),
        "content": written(dict(request.content or {}), ordered=True),
        "files": [[file.name, file.sha256] for file in request.attachments],
    }
    return sha256_of(received)


def is_read(preview: Preview) -> bool:
    """Whether the platform was heard on what an approval rests on. What it does not tell is no failure to read it."""
    return preview.campaign is not None and not preview.failed


def is_lost(old: Preview, new: Preview) -> bool:
    """Whether the audience's size or a message was known, and is not any more: nobody can say whether it has changed.

    A message that the platform says is not there is no such one: it has changed.
    """
    return (_size(old) is not None and _size(new) is None) or message_is_lost(old.messages, new.messages)


def changes(
    old: Preview, new: Preview, tolerance: float, *, unknown_counts: bool = True, switches_count: bool = True
) -> tuple[Change, ...]:
    """What voids an approval: any edit of the campaign, another audience, or a size beyond the tolerance, in percent.

    With `unknown_counts`, what was unknown before and is known now is a change as well: nobody has approved it. Without
    `switches_count`, that the campaign was switched on or off, or is completed, is none.
    """
    found = (
        *_campaign_changes(old, new),
        *_nature_changes(old, new),
        *(_switch_changes(old, new) if switches_count else ()),
        *_audience_changes(old, new, tolerance),
    )
    changed = (change for change in found if change.old != change.new)
    return tuple(change for change in changed if unknown_counts or change.old != UNKNOWN)


def drift(old: Preview, new: Preview) -> tuple[int, int] | None:
    """The audience's size then and now, where it is another one."""
    before, after = _size(old), _size(new)
    return None if before is None or after is None or before == after else (before, after)


def request_changes(old: ActivationRequest, new: ActivationRequest) -> tuple[Change, ...]:
    """What an edit makes different, in the order of the form."""
    was, now, old_whole, new_whole = _told(old), _told(new), _whole(old), _whole(new)
    changed = [what for what in was if old_whole[what] != new_whole[what]]
    # What differs only in what is not shown is shown whole.
    return tuple(
        Change(what, was[what], now[what]) if was[what] != now[what] else Change(what, old_whole[what], new_whole[what])
        for what in changed
    )


def _campaign_changes(old: Preview, new: Preview) -> tuple[Change, ...]:
    was, now = old.campaign, new.campaign
    if now is None:
        return ()
    if was is None:
        return (Change(Phrase("the campaign"), UNKNOWN, Phrase.as_it_is(now.name or str(now.id))),)
    by = now.updated_user
    return (
        Change(Phrase("the campaign's name"), Phrase.as_it_is(was.name), Phrase.as_it_is(now.name), by),
        Change(Phrase("the campaign's last edit"), *_edits(was, now)),
    )


def _nature_changes(old: Preview, new: Preview) -> tuple[Change, ...]:
    """What else the platform tells of the campaign; earlier records lack some of it, so both must have been told."""
    was, now = old.campaign, new.campaign
    if was is None or now is None:
        return ()
    found = [
        _both_told(Phrase("the campaign's kind"), was.kind, now.kind),
        _both_told(Phrase("the campaign's channel"), was.channel, now.channel),
        _both_told(Phrase("the campaign's resource"), was.resource_id, now.resource_id),
    ]
    if (was.default_source, now.default_source) != (_source(old), _source(new)):
        # Else the audience of this launch tells it.
        found.append(_both_told(Phrase("the campaign's own audience"), was.default_source, now.default_source))
    return tuple(change for change in found if change)


def _switch_changes(old: Preview, new: Preview) -> tuple[Change, ...]:
    was, now = old.campaign, new.campaign
    if was is None or now is None:
        return ()
    found = [
        _both_told(Phrase("the campaign is switched on"), was.is_active, now.is_active),
        _both_told(Phrase("the campaign is completed"), was.is_completed, now.is_completed),
    ]
    return tuple(change for change in found if change)


def _both_told(what: Phrase, was: Source | str | int | None, now: Source | str | int | None) -> Change | None:
    """None and "" are what the platform does not tell; 0 and false are told."""
    if was in {None, ""} or now in {None, ""}:
        return None
    return Change(what, _as_told(was), _as_told(now))


def _as_told(value: Source | str | int | None) -> Phrase:
    if isinstance(value, bool):
        return Phrase("yes") if value else Phrase("no")
    return Phrase.as_it_is(str(value))


def _told_of(campaign: Campaign) -> tuple[Source | str | int | None, ...]:
    return (
        campaign.kind,
        campaign.channel,
        campaign.resource_id,
        campaign.default_source,
        campaign.is_active,
        campaign.is_completed,
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
    other: tuple[Change, ...] = (source, Change(Phrase("the audience's name"), Phrase.as_it_is(was.name), name))
    if was.source == now.source and was.definition and now.definition and was.definition != now.definition:
        other = (*other, Change(Phrase("the segment's conditions"), Phrase("as they were"), Phrase("changed")))
    before, after = was.size, now.size
    # Decimal: 2.3 percent of 3,000 are 69, and not a little less.
    if after is None or (before is not None and abs(after - before) * 100 <= before * Decimal(str(tolerance))):
        return other
    size = UNKNOWN if before is None else Phrase.as_it_is(before)
    return (*other, Change(Phrase("the audience's size"), size, Phrase.as_it_is(after)))


def _size(preview: Preview) -> int | None:
    return preview.audience.size if preview.audience else None


def _source(preview: Preview) -> Source | None:
    return preview.audience.source if preview.audience else None


def _edit_text(campaign: Campaign) -> str:
    """As finely as it is told: two edits within one second are two. Approvals rest on it, so it stays as it is."""
    at, user = campaign.updated_at, campaign.updated_user
    fraction = f".{at.microsecond:06}".rstrip("0.") if at else ""
    moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}{fraction} UTC" if at else "not told when"
    return f"{moment} by {user or 'nobody named'}"


def _edits(was: Campaign, now: Campaign) -> tuple[Phrase, Phrase]:
    """The two last edits as people read them; within one second, each with the fraction that clocks do not show."""
    before, after = was.updated_at, now.updated_at
    within_a_second = before != after and _second(before) == _second(after)
    return _edit(was, fraction=within_a_second), _edit(now, fraction=within_a_second)


def _second(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at else None


def _edit(campaign: Campaign, *, fraction: bool) -> Phrase:
    at, user = campaign.updated_at, campaign.updated_user or Phrase("nobody named")
    if at is None:
        return Phrase("{moment} by {user}", moment=Phrase("not told when"), user=user)
    if not fraction:
        return Phrase("{moment} by {user}", moment=at, user=user)
    part = f"0.{at.microsecond:06}".rstrip("0").rstrip(".")
    return Phrase("{moment} and {part} s by {user}", moment=at.replace(microsecond=0), part=part, user=user)


def _whole(request: ActivationRequest) -> dict[Phrase, Phrase]:
    """As told, with nothing shortened: for comparing."""
    whole = _told(request)
    if request.attachments:
        files = ", ".join(f"{file.name} ({file.sha256})" for file in request.attachments)
        whole[Phrase("the files")] = Phrase.as_it_is(files)
    return whole


def _told(request: ActivationRequest) -> dict[Phrase, Phrase]:
    none = Phrase("none")
    content = None if request.content is None else Phrase.as_it_is(written(dict(request.content), ordered=True))
    files = ", ".join(f"{file.name} ({file.sha256[:SHOWN]})" for file in request.attachments)
    return {
        Phrase("the campaign"): Phrase.as_it_is(str(request.campaign_id)),
        Phrase("when"): Phrase("send now") if request.run_now else Phrase("activate only"),
        Phrase("the audience"): Phrase.as_it_is(str(request.source))
        if request.source
        else Phrase("the campaign's own"),
        Phrase("the limit"): none if request.limit is None else Phrase.as_it_is(request.limit),
        Phrase("the start"): Phrase.as_it_is(request.at) if request.at else Phrase("when approved"),
        Phrase("the content"): none if content is None else content,
        Phrase("the files"): Phrase.as_it_is(files) if files else none,
        REASON: Phrase.as_it_is(request.reason) if request.reason else none,
        Phrase("the canary"): _canary(request.canary) if request.canary else none,
    }


def _canary(canary: Canary) -> Phrase:
    seconds = int(canary.wait.total_seconds())
    if seconds % 60:
        return Phrase("{source}, then a wait of {n} s", source=str(canary.source), n=seconds)
    return Phrase("{source}, then a wait of {n} min", source=str(canary.source), n=seconds // 60)
