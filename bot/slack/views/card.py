"""The card: one message in the channel that always says where a launch stands."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.launch.forecast import foreseen
from bot.launch.outcome import NotSent, RefusedByPlatform, Unknown
from bot.launch.state import PENDING, Approval, Launch, State
from bot.launch.testing import Tested
from bot.phrase import Phrase
from bot.results.brakes import Brakes
from bot.results.counts import Counts
from bot.slack.views import brakes as braking
from bot.slack.views import canary, given, needs, received, run, sent, sentences, start, stop, testing
from bot.slack.views.blocks import Block, actions, context
from bot.slack.views.bounds import clip
from bot.slack.views.buttons import buttons, details_button, read_button, receivers_buttons, test_button
from bot.slack.views.fitting import MOST_IN_MESSAGE, sections, weight
from bot.slack.views.marks import remark
from bot.slack.views.message import Message
from bot.slack.views.technical import plainly
from bot.slack.views.text import all_said, person, quoted, role_name, said, when
from bot.slack.views.warnings import warnings
from bot.texts import _, listed, mark

PRACTICE = mark(":test_tube: Practice · ")
"""Marks everything about a rehearsal."""

TEST = mark(":microscope: Test · ")
"""Marks everything about a test to reviewers."""

CANARY = mark(":hatching_chick: Canary · ")
"""Marks everything about a canary."""

_NOT_SENT = (
    mark(":hourglass_flowing_sand: Approved, but not sent yet: trying again"),
    mark(":hourglass_flowing_sand: Without approval; not sent yet: trying again"),
)
_HAS_TO_WAIT = (mark(":zzz: Approved, but it has to wait"), mark(":zzz: Without approval; it has to wait"))
_SCHEDULED = (mark(":calendar: Approved and scheduled"), mark(":calendar: Without approval; scheduled"))
_HELD = (
    mark(":hourglass: Approved; it can still be cancelled"),
    mark(":hourglass: Without approval; it can still be cancelled"),
)
_ABOUT_TO_BE_SENT = (
    mark(":white_check_mark: Approved, about to be sent"),
    mark(":rotating_light: Without approval; about to be sent"),
)
"""Each as it reads where people approved, and where an admin launched it without."""

NOTHING_COUNTED = Counts()


@dataclass(frozen=True)
class Linked:
    """Another launch's card, by its address, and what was counted of its run."""

    address: str = ""
    counts: Counts = NOTHING_COUNTED


NOT_LINKED = Linked()

LONGEST_COUNTDOWN = timedelta(hours=24)

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
    counts and its card's address, or for a canary the address of its launch's card. `after` is what is known of those
    who received it.
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
        *sections([*_campaign(launch, campaign_link), *_facts(launch, linked), *testing.line(launch, tested)], "facts"),
        *sections(received.lines(launch, after), "received"),
        *sections(sent.lines(launch.report), "sent"),
        *sections("\n".join(stands).split("\n"), "standing"),
        *sections(_terms(launch), "terms"),
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


def headline(launch: Launch) -> str:
    """Where things stand, in a few words."""
    return testing.headline(launch) or canary.headline(launch) or stop.headline(launch) or _headline(launch)


def marked(launch: Launch) -> str:
    """What marks a rehearsal, or a test; "" for a launch."""
    if launch.request.is_test:
        return _(TEST)
    if launch.request.is_canary:
        return _(CANARY)
    return _(PRACTICE) if launch.request.practice else ""


def _headline(launch: Launch) -> str:  # noqa: C901 -- one arm a state is the plainest shape
    match launch.state:
        case State.REQUESTED if launch.wishes:
            return _(":speech_balloon: Waiting for approval; changes are asked for")
        case State.REQUESTED:
            return _(":hourglass_flowing_sand: Waiting for approval")
        case State.APPROVED:
            return _cleared(launch)
        case State.LAUNCHING:
            return _(":rocket: Being sent to the platform")
        case State.LAUNCHED if not launch.request.run_now:
            return _(":white_check_mark: Activated; nothing sent by this launch")
        case State.LAUNCHED if not launch.followed:
            return _(":white_check_mark: Launched; its end was not seen")
        case State.LAUNCHED:
            return _(":rocket: Launched; waiting for the run to start")
        case State.RUNNING if not launch.followed:
            return _(":mega: Started; its end was not seen")
        case State.RUNNING:
            return _(":mega: Running")
        case State.FINISHED if launch.practised:
            return _(":white_check_mark: Rehearsed; nothing was sent")
        case State.FINISHED:
            return run.finished(launch)
        case State.REJECTED:
            return _(":no_entry: Rejected")
        case State.CANCELLED if launch.held_back or launch.withheld:
            return _(":no_entry: Held back right before the launch")
        case State.CANCELLED:
            return _(":no_entry: Cancelled")
        case State.EXPIRED:
            return _(":no_entry: Expired without a decision")
        case State.REFUSED:
            return _(":x: Refused by the platform")
        case State.UNREACHED:
            return _(":x: Not launched")
        case State.IN_DOUBT:
            return _(":warning: In doubt: it may have been launched, or not")
        case State.ADOPTED | State.STOPPED:
            return _(":octagonal_sign: To be stopped")


def _cleared(launch: Launch) -> str:
    """What keeps it, once it is approved or an admin has launched it without the approvals."""
    if isinstance(launch.outcome, NotSent):
        told = _NOT_SENT
    elif launch.waits_for:
        told = _HAS_TO_WAIT
    elif launch.not_before and launch.not_before == launch.request.at:
        told = _SCHEDULED
    elif launch.not_before:
        told = _HELD
    else:
        told = _ABOUT_TO_BE_SENT
    approved, without = told
    return _(without if launch.glass else approved)


def _below(launch: Launch, *, offers_tests: bool, after: received.After) -> list[Block]:
    asked = receivers_buttons(launch, after_stop_alone=True) if after.offered else []
    usable = [*buttons(launch), *(test_button(launch) if offers_tests else []), *asked]
    about = [*([] if launch.adopted else [read_button(launch)]), *details_button(launch)]
    witness = _("Launch {id} · what is decided on: {fingerprint}").format(
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


def _facts(launch: Launch, linked: Linked) -> list[str]:
    """What happens, by whom it is asked for, and who has approved it."""
    if launch.adopted:
        return stop.adopted_facts(launch).split("\n")
    lines = [_("*What:* {happens}").format(happens=sentences.happens(launch))]
    asked = _("*Asked by:* {who} through a workflow, {when}") if launch.workflow else _("*Asked by:* {who}, {when}")
    lines.append(asked.format(who=person(launch.requester), when=when(launch.requested_at)))
    lines.extend(canary.facts(launch, linked.address) if launch.request.is_canary else testing.facts(launch))
    planned = canary.happens(launch.request, launch.demands)
    lines.extend([_("*First to a few:* {happens}").format(happens=planned)] if planned else [])
    lines.extend(received.facts(launch))
    lines.extend(sentences.parameters(launch.request))
    if launch.request.at:
        lines.append(_("*Starts:* not before {when}").format(when=when(launch.request.at)))
    campaign = launch.preview.campaign
    user = sentences.last_editor(campaign) if campaign else ""
    if user:
        lines.append(_("*Campaign last edited by:* {user}").format(user=user))
    if launch.approvals:
        approvers = listed([_approval(launch, one) for one in launch.approvals])
        lines.append(_("*Approved by:* {people}").format(people=approvers))
    return lines


def _terms(launch: Launch) -> list[str]:
    """What the policy asks for, and by which rules."""
    if launch.adopted:
        return []
    lines = []
    if launch.state in PENDING:
        # The reason stands on the card itself, and so does who receives it first.
        further = needs.further(replace(launch.demands, reason=False, canary=None))
        text = _("*Policy:* {demands}").format(demands=" ".join(further))
        lines.extend([clip(text, LONGEST_TERMS)] if further else [])
    if launch.rules:
        text = _("*Rules:* {rules}").format(rules=listed([quoted(rule, 60) for rule in launch.rules]))
        lines.append(clip(text, LONGEST_TERMS))
    return lines


def _approval(launch: Launch, approval: Approval) -> str:
    counted = {one.role for one in launch.demands.of_which}
    roles = [role_name(role) for role in approval.roles if role in counted]
    return f"{person(approval.by)}{f' ({listed(roles)})' if roles else ''}"


def standing(launch: Launch, now: datetime | None) -> str:  # noqa: C901 -- one arm a state is the plainest shape
    """What that means; "" where the headline says it all."""
    match launch.state:
        case State.REQUESTED:
            expires = _("Expires {when}.").format(when=when(launch.expires_at))
            return f"{sentences.still_needed(launch)} {expires}"
        case State.APPROVED if isinstance(launch.outcome, NotSent):
            again = _("It is tried again by itself; Cancel ends that.")
            return f"{sentences.not_sent(launch.outcome)} {again}"
        case State.APPROVED if launch.canary and not launch.canary.released_at:
            return ""
        case State.APPROVED if launch.not_before:
            held = _("Cancel ends it for good; until then nothing is sent.")
            return f"{_start(launch, launch.not_before, now)} {held}"
        case State.FINISHED if launch.practised:
            there = _("This is where the platform would have been called. Leave out `practice` to do it for real.")
            return " ".join(filter(None, (there, canary.rehearsed(launch))))
        case State.CANCELLED if launch.held_back and launch.held_back.distrusted:
            return _(
                "The record of this launch is not what I have written. {reasons} Nothing was sent. Somebody may have "
                "changed the database; an admin has to look into it."
            ).format(reasons=all_said(launch.held_back.reasons, stop.LONGEST_DISTRUST))
        case State.CANCELLED if launch.held_back:
            held_back = _("The policy does not let it start: {reasons} Nothing was sent.")
            return held_back.format(reasons=all_said(launch.held_back.reasons))
        case State.REJECTED:
            rejected = _("{who} rejected it: {reason}")
            return rejected.format(who=person(launch.moved_by), reason=remark(launch.rejection, 1000))
        case State.CANCELLED if launch.withheld:
            lost = launch.withheld
            return _(
                "Held back right before the call: {who} is no longer in the {role} list, or no longer an active member "
                "of this workspace. Nothing was sent. Ask for the launch anew if it is still wanted."
            ).format(who=person(lost.person), role=role_name(lost.role))
        case State.CANCELLED | State.EXPIRED if launch.canary and not launch.canary.released_at:
            # Said where its canary stands.
            return ""
        case State.CANCELLED:
            return _("{who} cancelled it. Nothing was sent.").format(who=person(launch.moved_by))
        case State.EXPIRED:
            return _("Nothing was sent. Ask for the launch anew if it is still wanted.")
        case State.REFUSED if isinstance(launch.outcome, RefusedByPlatform):
            mend = _("Once that is done, ask again.")
            return f"{sentences.refusal_by_platform(launch.outcome)} {mend}"
        case State.UNREACHED if launch.is_on_copy and launch.copy and launch.copy.unknown:
            return ""
        case State.UNREACHED if launch.vouched:
            return _("{who} looked into it and said that it did not run.").format(who=person(launch.moved_by))
        case State.UNREACHED if isinstance(launch.outcome, NotSent):
            stopped = _("I have stopped trying. Ask for the launch anew.")
            return f"{sentences.not_sent(launch.outcome)} {stopped}"
        case State.IN_DOUBT if isinstance(launch.outcome, Unknown):
            return _doubt(launch, launch.outcome)
        case State.LAUNCHED if launch.vouched and launch.vouched.ran:
            return _("{who} said that it ran.").format(who=person(launch.moved_by))
        case State.LAUNCHED if not launch.request.run_now:
            return _("The platform took the activation. It sends by the campaign's own schedule.")
        case State.STOPPED if launch.halted:
            return run.halted(launch.halted)
        case State.FINISHED if launch.completed:
            return run.completed(launch.completed)
        case State.FINISHED:
            return _("The log's end means that the messages are built and queued.")
        case _:
            return ""


def _start(launch: Launch, moment: datetime, now: datetime | None) -> str:
    if launch.waits_for:
        return _("It starts {when}: {why}.").format(when=when(moment), why=said(launch.waits_for))
    # The card is not shown anew while a launch waits for its own moment, so no countdown may stand there.
    left = moment - now if now and moment != launch.request.at else timedelta()
    if timedelta() < left <= LONGEST_COUNTDOWN:
        return _("It starts in about {span}, {when}.").format(span=needs.span(left), when=when(moment))
    return _("It starts {when}.").format(when=when(moment))


def _doubt(launch: Launch, unknown: Unknown) -> str:
    found = _("The campaign's log is being read for a start.")
    if launch.looked is not None:
        found = _("The campaign's log shows no start after the call so far.")
        if launch.looked.cause:
            found = _("The campaign's log could not settle it: {cause}.").format(
                cause=plainly(launch.looked.cause).removesuffix(".")
            )
    look = _(
        "An approver or admin should look in the platform whether the campaign ran, and say so here. "
        "*Do not ask for the same launch again before that.*"
    )
    return f"{sentences.outcome_unknown(unknown)} {found}\n{look}"
