"""The card: one message in the channel that always says where a launch stands."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.launch.forecast import foreseen
from bot.launch.given import Approval
from bot.launch.state import PENDING, Launch, State
from bot.launch.testing import Tested
from bot.phrase import Phrase
from bot.policy.demands import Demands
from bot.results.brakes import Brakes
from bot.results.counts import Counts
from bot.slack.views import brakes as braking
from bot.slack.views import canary, given, needs, received, run, sent, sentences, start, stop, testing
from bot.slack.views.blocks import Block, actions, context
from bot.slack.views.bounds import clip
from bot.slack.views.buttons import buttons, details_button, read_button, receivers_buttons, test_button
from bot.slack.views.fitting import MOST_IN_MESSAGE, sections, weight
from bot.slack.views.headline import headline, marked, standing
from bot.slack.views.message import Message
from bot.slack.views.other import NOT_LINKED, NOTHING_COUNTED, Linked
from bot.slack.views.text import person, quoted, role_name, said, when
from bot.slack.views.warnings import warnings
from bot.texts import _, listed

LONGEST_TERMS = 1200
"""Characters of what the policy says, and of its rules' names: a team may have a hundred of them."""


def card(
    launch: Launch,
    now: datetime | None = None,
    zone: ZoneInfo | None = None,
    campaign_link: str = "",
    reserved: int = 0,
    counts: Counts = NOTHING_COUNTED,
    tested: Tested | None = None,
    brakes: Brakes | None = None,
    linked: Linked = NOT_LINKED,
    *,
    offers_tests: bool = False,
    after: received.After = received.NOTHING,
) -> Message:
    """The whole card, rendered from the launch alone; with `now`, a hold counts down.

    What people must know comes first and is never cut; what people wrote comes last, and gives way where not all of it
    fits. `zone` is the policy's, None where that is not known: without it nothing is said of when quiet hours end.
    `campaign_link` is the address of a campaign's page, with `{id}`. `reserved` characters are left for what else
    stands in the message. `counts` are what the platform's hooks told of its run, `tested` is the last test of
    what it sends, `brakes` are the policy's; with `offers_tests`, a test can be asked for. `linked` are its canary's
    counts and its card's address, or for a canary or a test the address of its launch's card. `after` is what is known
    of those who received it.
    """
    title = sentences.campaign_title(launch.request, launch.preview)
    first = f"{marked(launch)}{headline(launch)} · {title}"
    held = start.pending(launch, now, zone)
    copied = testing.standing(launch)
    parts = canary.standing(launch, linked.counts, linked.address)
    numbers = (run.ledger(launch, counts), braking.standing(launch, counts, brakes))
    found = (standing(foreseen(launch, zone), now), held, parts, *numbers, copied, stop.standing(launch))
    stands = filter(None, found)
    status = sections([f"*{first}*"], "status")
    facts = [
        *sections(
            [*_campaign(launch, campaign_link), *_facts(launch, linked, after), *testing.line(launch, tested)], "facts"
        ),
        *sections(received.lines(launch, after), "received"),
        *sections(sent.lines(launch.report), "sent"),
        *sections("\n".join(stands).split("\n"), "standing"),
        *sections(_terms(launch, zone), "terms"),
    ]
    below = _below(launch, offers_tests=offers_tests, after=after)
    room = MOST_IN_MESSAGE - weight([*status, *facts, *below]) - reserved
    warned = sections(warnings(launch, room - given.LEAST), "warnings")
    told = sections(given.lines(launch.request, room - weight(warned)), "given")
    return Message(first, (*status, *warned, *facts, *told, *below))


def card_elsewhere(launch: Launch, cause: Phrase, campaign_link: str = "") -> Message:
    """The card for one person alone, because it cannot stand in its channel; its buttons work as they do there."""
    why = _(
        ":mailbox: This launch belongs in {channel}, but I cannot write there: {cause}. The launch goes on "
        "all the same. I keep trying the channel and put everything into the thread as soon as I can write there again."
    ).format(channel=f"<#{launch.channel}>", cause=said(cause))
    before = sections([why], "elsewhere")
    told = card(launch, campaign_link=campaign_link, reserved=weight(before))
    return Message(told.text, (*before, *told.blocks))


def _below(launch: Launch, *, offers_tests: bool, after: received.After) -> list[Block]:
    asked = receivers_buttons(launch, after_stop_alone=True) if after.offered else []
    usable = [*buttons(launch), *(test_button(launch) if offers_tests else []), *asked]
    about = [*([] if launch.adopted else [read_button(launch)]), *details_button(launch)]
    witness = _("Launch {id} · fingerprint {fingerprint}").format(
        id=f"`{launch.id}`", fingerprint=f"`{launch.fingerprint_shown}`"
    )
    return [
        *([actions(usable, "actions")] if usable else []),
        *([actions(about, "read")] if about else []),
        context(witness, "id"),
    ]


def _campaign(launch: Launch, campaign_link: str) -> list[str]:
    """By which channel it goes out and of which kind it is, and where it stands in the platform."""
    campaign = launch.preview.campaign
    named = ", ".join(sent.nature(campaign)) if campaign else ""
    address = campaign_link.replace("{id}", str(launch.request.campaign_id))
    opens = _("open it in the platform")
    parts = [*([named] if named else []), *([f"<{address}|{opens}>"] if address else [])]
    return [_("*Campaign:* {about}").format(about=" · ".join(parts))] if parts else []


def _facts(launch: Launch, linked: Linked, after: received.After) -> list[str]:
    """What happens, by whom it is asked for, and who has approved it."""
    if launch.adopted:
        return stop.adopted_facts(launch).split("\n")
    lines = [sentences.what(launch)]
    asked = _("*Asked by:* {who} through a workflow, {when}") if launch.workflow else _("*Asked by:* {who}, {when}")
    lines.append(asked.format(who=person(launch.requester), when=when(launch.requested_at)))
    part = canary if launch.request.is_canary else testing
    lines.extend(part.facts(launch, linked.address))
    planned = canary.happens(launch.request, launch.demands)
    lines.extend([_("*Canary:* {happens}").format(happens=planned)] if planned else [])
    lines.extend(received.facts(launch, after.corrected))
    lines.extend(sentences.parameters(launch.request))
    # An approved launch says below when it starts.
    if launch.request.at and not (launch.state == State.APPROVED and launch.not_before == launch.request.at):
        lines.append(_("*Starts:* not before {when}").format(when=when(launch.request.at)))
    campaign = launch.preview.campaign
    user = sentences.last_editor(campaign) if campaign else ""
    if user:
        lines.append(_("*Campaign last edited by:* {user}").format(user=user))
    if launch.approvals:
        approvers = listed([_approval(launch, one) for one in launch.approvals])
        enough = _("*Approved by:* {people}")
        not_enough = _("*Approved before that, not enough:* {people}")
        lines.append((not_enough if launch.glass else enough).format(people=approvers))
    return lines


def _terms(launch: Launch, zone: ZoneInfo | None) -> list[str]:
    """What the policy asks for, and by which rules."""
    if launch.adopted:
        return []
    lines = []
    if launch.state in PENDING:
        further = needs.further(_open(launch), zone=zone)
        text = _("*Policy:* {demands}").format(demands=" ".join(further))
        lines.extend([clip(text, LONGEST_TERMS)] if further else [])
    if launch.rules:
        text = _("*Rules:* {rules}").format(rules=listed([quoted(rule, 60) for rule in launch.rules]))
        lines.append(clip(text, LONGEST_TERMS))
    return lines


def _open(launch: Launch) -> Demands:
    """What of the policy is still to be met, or may still hold it back."""
    if launch.state == State.APPROVED:
        return Demands(quiet_hours=launch.demands.quiet_hours, freezes=launch.demands.freezes)
    # The reason stands on the card itself, and so does who receives it first.
    return replace(launch.demands, reason=False, canary=None)


def _approval(launch: Launch, approval: Approval) -> str:
    counted = {one.role for one in launch.demands.of_which}
    roles = [role_name(role) for role in approval.roles if role in counted]
    return f"{person(approval.by)}{f' ({listed(roles)})' if roles else ''}"
