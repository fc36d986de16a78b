"""The sentences people read about a launch and about what was refused. Nothing here decides anything."""

from bot.launch.campaign import Audience, Preview, SizeBasis
from bot.launch.change import Change
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.request import ActivationRequest, Source
from bot.launch.state import Launch
from bot.slack.views.text import clip, escape, holder, listed, number, quoted


def campaign_title(request: ActivationRequest, preview: Preview) -> str:
    """`campaign 82 “Black Friday”`, the name where it is known."""
    name = f" {quoted(preview.campaign.name)}" if preview.campaign and preview.campaign.name else ""
    return f"campaign {request.campaign_id}{name}"


def audience(request: ActivationRequest, preview: Preview) -> str:
    """The audience in words, with its size or the plain word that the size is unknown."""
    known = preview.audience
    if known is None or (request.source is not None and known.source != request.source):
        named = source(request.source, "") if request.source else "the campaign's own audience"
        return f"{named}, size unknown"
    own = "" if request.source else "the campaign's own audience: "
    return f"{own}{source(known.source, known.name)}, {size(known)}"


def source(of: Source, name: str) -> str:
    word = "segment" if of.kind == "segment" else "database"
    return f"{word} {of.id}{' ' + quoted(name) if name else ''}"


def size(of: Audience) -> str:
    if of.size is None:
        return "size unknown"
    counted = "sendable profiles" if of.basis == SizeBasis.SENDABLE else "profiles"
    return f"about {number(of.size)} {counted}"


def will_happen(request: ActivationRequest, preview: Preview) -> str:
    """What the launch will do, in one sentence."""
    if not request.run_now:
        return "Activates the campaign and sends nothing by itself: it then sends on its own schedule."
    limit = f", at most {number(request.limit)} messages" if request.limit else ""
    return f"Sends now to {audience(request, preview)}{limit}."


def parameters(request: ActivationRequest) -> list[str]:
    """What else travels with the launch, one line each."""
    lines = []
    if request.limit and not request.run_now:
        lines.append(f"*Limit:* {number(request.limit)} messages")
    if request.content is not None:
        values = (f"`{escape(clip(key, 60))}` = {quoted(str(value), 120)}" for key, value in request.content.items())
        lines.append(f"*Content:* {clip(', '.join(values), 1200) or 'an empty object'}")
    if request.attachments:
        files = (f"{quoted(file.name, 80)} ({number(max(1, file.size // 1024))} KB)" for file in request.attachments)
        lines.append(f"*Attached:* {', '.join(files)}")
    if request.reason:
        lines.append(f"*Reason:* {quoted(request.reason, 1000)}")
    return lines


def still_needed(launch: Launch) -> str:
    """What is missing before it may start: `1 of 2 approvals; a lead is still needed.`"""
    missing, needed = launch.missing, launch.missing.approvals + len(launch.approvals)
    have = f"{len(launch.approvals)} of {needed} {'approval' if needed == 1 else 'approvals'}"
    anyone = missing.approvals - sum(one.count for one in missing.of_which)
    roles = [_of_role(one.role, one.count) for one in missing.of_which]
    if anyone > 0 and roles:
        roles.append("somebody else" if anyone == 1 else f"{anyone} others")
    elif anyone > 0:
        roles.append("one more person" if anyone == 1 else f"{anyone} more people")
    own = "" if launch.demands.self_approval or launch.request.practice else " The requester does not count."
    return f"{have}; {listed(roles)} {'is' if missing.approvals == 1 else 'are'} still needed.{own}"


def _of_role(role: str, count: int) -> str:
    article = "an" if role[0] in "aeiou" else "a"
    return f"{article} {escape(role)}" if count == 1 else f"{count} of the role {escape(role)}"


def changes(found: tuple[Change, ...]) -> str:
    """What is no longer as it was, one line each."""
    return "\n".join(
        f"• {change.what}: {quoted(change.old, 150)} → {quoted(change.new, 150)}{_by(change)}" for change in found
    )


def _by(change: Change) -> str:
    return f" (last edited by {escape(clip(change.by, 80))})" if change.by else ""


def changed_since(found: tuple[Change, ...]) -> str:
    """Why no approval counts any more."""
    return f"It is no longer what was asked for, so no approval counts:\n{changes(found)}"


def mentions(ids: tuple[str, ...]) -> str:
    """Pings people and groups."""
    return " ".join(holder(one) for one in ids)


def outcome_unknown(unknown: Unknown) -> str:
    return f"Whether the launch happened is not known: {escape(unknown.cause)}."


def refusal_by_platform(refused: RefusedByPlatform) -> str:
    text = f" {quoted(refused.text, 300)}" if refused.text else ""
    return f"The platform refused the launch with error {refused.code}{text}. Nothing was sent."


def not_sent(missed: NotSent) -> str:
    return f"The request did not leave: {escape(missed.cause)}. Nothing was sent."


def accepted(answer: Accepted) -> str:
    if answer.duplicate:
        return "The platform had taken an earlier try of this same launch, and did not run it again."
    return "The platform accepted the launch."
