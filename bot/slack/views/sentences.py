"""The sentences people read about a launch and about what was refused. Nothing here decides anything."""

import re

from bot.campaign.campaign import Audience, Campaign, Preview, SizeBasis, undescribed
from bot.campaign.change import Change
from bot.campaign.request import ActivationRequest, LaunchId, Source
from bot.launch.forecast import may_wait
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.state import PENDING, Launch
from bot.phrase import Phrase, told
from bot.policy.fingerprint import REASON, UNKNOWN
from bot.slack.views.marks import remark
from bot.slack.views.technical import meaning_of, plainly
from bot.slack.views.text import holder, person, quoted, role_name, said, shown, when
from bot.texts import _, listed, number, plural

LONGEST_CHANGED = 200
"""Characters of a value before and after."""

AUDIENCE = "the audience"
"""What a change of it is called in records, where it stands as `segment:5`."""

_SOURCE = re.compile(r"(segment|list):[1-9]\d{0,17}")


def campaign_title(request: ActivationRequest, preview: Preview) -> str:
    """`campaign 82 “Black Friday”`, the name where it is known."""
    return _("campaign {campaign}").format(campaign=numbered(request, preview))


def opening(request: ActivationRequest, preview: Preview) -> str:
    """The same at the beginning of a line."""
    return _("Campaign {campaign}").format(campaign=numbered(request, preview))


def no_campaign(campaign_id: int) -> str:
    """That the platform does not have it, and how to find the one that is meant."""
    return _(
        "The platform has no campaign {number}, or none that I may see. `/campaign-list` finds campaigns by name."
    ).format(number=campaign_id)


def numbered(request: ActivationRequest, preview: Preview) -> str:
    """`82 “Black Friday”`, the name where it is known."""
    name = f" {quoted(preview.campaign.name)}" if preview.campaign and preview.campaign.name else ""
    return f"{request.campaign_id}{name}"


def audience(request: ActivationRequest, preview: Preview, *, loading: bool = False) -> str:
    """The audience in words, with its size or the plain word that the size is unknown, or being asked for."""
    known = preview.audience
    unknown = _("size loading…") if loading else _("size unknown")
    if known is None or (request.source is not None and known.source != request.source):
        named = source(request.source, "") if request.source else _("the campaign's own audience")
        return f"{named}, {unknown}"
    reached = f"{source(known.source, known.name)}, {unknown if known.size is None else size(known)}"
    return reached if request.source else _("the campaign's own audience: {audience}").format(audience=reached)


def last_editor(campaign: Campaign) -> str:
    """Who saved the campaign last and when, as far as the platform tells it; "" where it does not."""
    if not campaign.updated_user:
        return ""
    at = f", {when(campaign.updated_at)}" if campaign.updated_at else ""
    return f"{shown(campaign.updated_user, 80)}{at}"


def edits_unseen(launch: Launch) -> list[str]:
    """A warning while it matters that nobody could tell an edit of the campaign; nothing where edits can be told."""
    campaign = launch.preview.campaign
    if launch.state not in PENDING or campaign is None or campaign.updated_at:
        return []
    warning = _(
        ":warning: The platform does not tell when this campaign was edited last: an edit after the decision would not "
        "be noticed."
    )
    return [warning]


def source(of: Source, name: str) -> str:
    known_as = f"{of.id}{' ' + quoted(name) if name else ''}"
    return (_("segment {name}") if of.kind == "segment" else _("database {name}")).format(name=known_as)


def part_of(whole: LaunchId, link: str) -> str:
    """The launch that a canary or a test belongs to, by its card's address where that is known."""
    this = _("this launch")
    return f"<{link}|{this}>" if link else _("launch {id}").format(id=f"`{whole}`")


def size(of: Audience) -> str:
    if of.size is None:
        return _("size unknown")
    if of.basis == SizeBasis.SENDABLE:
        return plural("about {n} sendable profile", "about {n} sendable profiles", of.size)
    # The platform's counters tell of those alone who can be sent to, and were not to be had here.
    return plural("about {n} profile, sendable or not", "about {n} profiles, sendable or not", of.size)


def happens(launch: Launch) -> str:
    """What the launch will do, in one sentence; of a rehearsal, what it would do for real."""
    later = may_wait(launch.request, launch.demands)
    return really(launch.request, will_happen(launch.request, launch.preview, later=later))


def what(launch: Launch) -> str:
    """The same with its label, as card and Home have it."""
    return _("*What:* {happens}").format(happens=happens(launch))


def really(request: ActivationRequest, happens: str) -> str:
    """Those sentences about what happens, marked where nothing of it does: `For real: Sends now to segment 5.`"""
    return _("For real: {happens}").format(happens=happens) if request.practice else happens


def rehearsal(request: ActivationRequest) -> list[str]:
    """That nothing is sent; nothing to say of what is no rehearsal."""
    return [_("This is practice: nothing is sent.")] if request.practice else []


def will_happen(
    request: ActivationRequest, preview: Preview, *, loading: bool = False, later: bool | None = None
) -> str:
    """What the launch will do, in one sentence; with `loading`, while that is being looked up.

    `later` is whether it may start later than with its last approval; None where its own moment alone tells.
    """
    if not request.run_now:
        if preview.campaign and preview.campaign.is_trigger:
            return _(
                "Activates the campaign and sends nothing by itself: it then sends to each person when something "
                "happens."
            )
        return _("Activates the campaign and sends nothing by itself: it then sends on its own schedule.")
    reached = audience(request, preview, loading=loading)
    if request.at if later is None else later:
        return _when_it_starts(request, reached)
    if request.limit:
        return plural(
            "Sends now to {audience}, at most {n} message.",
            "Sends now to {audience}, at most {n} messages.",
            request.limit,
            audience=reached,
        )
    return _("Sends now to {audience}.").format(audience=reached)


def _when_it_starts(request: ActivationRequest, reached: str) -> str:
    if request.limit:
        return plural(
            "When it starts, it sends to {audience}, at most {n} message.",
            "When it starts, it sends to {audience}, at most {n} messages.",
            request.limit,
            audience=reached,
        )
    return _("When it starts, it sends to {audience}.").format(audience=reached)


def parameters(request: ActivationRequest) -> list[str]:
    """What else is asked for in numbers, one line each."""
    lines = []
    if request.limit and not request.run_now:
        lines.append(plural("*Limit:* {n} message", "*Limit:* {n} messages", request.limit))
    return lines


def caveats(request: ActivationRequest, preview: Preview) -> list[str]:
    """A warning where the platform's guide leaves open what sending such a campaign now does."""
    caveat = undescribed(request, preview)
    return [f":warning: {said(caveat)}"] if caveat else []


def active_already(request: ActivationRequest, preview: Preview) -> list[str]:
    """A warning for what asks to activate a campaign that is active: whoever asks may mean another one."""
    if request.run_now or not (preview.campaign and preview.campaign.is_active):
        return []
    return [_(":warning: The platform shows the campaign as active already.")]


def still_needed(launch: Launch) -> str:
    """What is missing before it may start: `1 of 2 approvals; needs 1 more (not Ana's): a lead.`"""
    missing, have = launch.missing, len(launch.approvals)
    needs = plural("Needs {n} approval", "Needs {n} approvals", missing.approvals)
    if have:
        needs = plural(
            "{have} of {all} approvals; needs {n} more",
            "{have} of {all} approvals; needs {n} more",
            missing.approvals,
            have=number(have),
            all=number(missing.approvals + have),
        )
    if not launch.takes_own_approval:
        needs = _("{needs} (not {who}'s)").format(needs=needs, who=person(launch.requester))
    roles = [_of_role(one.role, one.count) for one in missing.of_which]
    anyone = missing.approvals - sum(one.count for one in missing.of_which)
    if roles and anyone > 0:
        roles.append(plural("somebody else", "{n} others", anyone))
    return f"{needs}: {listed(roles)}." if roles else f"{needs}."


def _of_role(role: str, count: int) -> str:
    if count == 1:
        return (_("an {role}") if role[0] in "aeiou" else _("a {role}")).format(role=role_name(role))
    return plural("{n} of the role {role}", "{n} of the role {role}", count, role=role_name(role))


def changes(found: tuple[Change, ...]) -> str:
    """What is no longer as it was, one line each."""
    return "\n".join(_change(one) for one in found)


def _change(change: Change) -> str:
    old, new = (_value(change, one) for one in (change.old, change.new))
    if change.old == UNKNOWN:
        line = _("• {what}: could not be found out before; now it is {new}").format(what=said(change.what), new=new)
    else:
        line = f"• {said(change.what)}: {old} → {new}"
    if not change.by:
        return line
    return _("{change} (last edited by {user})").format(change=line, user=shown(change.by, 80))


def _value(change: Change, value: Phrase) -> str:
    if change.what == REASON:
        return remark(told(value), LONGEST_CHANGED)
    if change.what == AUDIENCE and _SOURCE.fullmatch(told(value)):
        return source(Source.parse(told(value)), "")
    return _("“{text}”").format(text=said(value, LONGEST_CHANGED))


def changed_since(found: tuple[Change, ...], notes: tuple[Phrase, ...] = ()) -> str:
    """Why no approval counts any more."""
    lines = "\n".join([*map(_change, found), *(f"• {said(_in_a_list(note))}" for note in notes)])
    return _("It is no longer what was asked for, so no approval counts. What changed:\n{changes}").format(
        changes=lines
    )


def _in_a_list(note: Phrase) -> Phrase:
    """A difference as the record has it, told so that it is plain what it is about beside others."""
    match note.template:
        case "Last edited by {user}, {moment}.":
            return Phrase("The template was last edited by {user}, {moment}.", **note.values)
        case "Last edited by {user}.":
            return Phrase("The template was last edited by {user}.", **note.values)
        case "Last edited: {moment}.":
            return Phrase("The template was last edited {moment}.", **note.values)
        case _:
            return note


def mentions(ids: tuple[str, ...]) -> str:
    """Pings people and groups."""
    return " ".join(holder(one) for one in ids)


def outcome_unknown(unknown: Unknown) -> str:
    return _("Whether the launch happened is not known: {cause}.").format(cause=plainly(unknown.cause))


def refusal_by_platform(refused: RefusedByPlatform) -> str:
    told = _("The platform refused the launch. Nothing was sent.")
    return f"{told} {meaning_of(refused.code)}"


def not_sent(missed: NotSent) -> str:
    return _("The request did not leave: {cause}. Nothing was sent.").format(cause=plainly(missed.cause))


def accepted(request: ActivationRequest, answer: Accepted) -> str:
    if answer.duplicate:
        return _("The platform had taken an earlier try of this same launch, and did not run it again.")
    return _("The platform accepted the launch.") if request.run_now else _("The platform accepted the activation.")
