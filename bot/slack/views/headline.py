"""Where a launch stands, in a few words; and in a sentence or two, what that means."""

from datetime import datetime, timedelta

from bot.launch.outcome import NotSent, RefusedByPlatform, Unknown
from bot.launch.state import Launch, State
from bot.slack.views import canary, needs, run, sentences, stop, testing
from bot.slack.views.marks import remark
from bot.slack.views.technical import plainly
from bot.slack.views.text import all_said, person, role_name, said, when
from bot.texts import _, mark

PRACTICE = mark(":test_tube: Practice · ")
"""Marks everything about practice."""

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

LONGEST_COUNTDOWN = timedelta(hours=24)


def headline(launch: Launch) -> str:
    """Where things stand, in a few words."""
    return testing.headline(launch) or canary.headline(launch) or stop.headline(launch) or _headline(launch)


def marked(launch: Launch) -> str:
    """What marks practice, or a test; "" for a launch."""
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
            return _(":white_check_mark: Practised; nothing was sent")
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


def standing(launch: Launch, now: datetime | None) -> str:  # noqa: C901 -- one arm a state is the plainest shape
    """What that means; "" where the headline says it all."""
    match launch.state:
        case State.REQUESTED:
            expires = _("Expires {when}.").format(when=when(launch.expires_at))
            return " ".join([*sentences.rehearsal(launch.request), sentences.still_needed(launch), expires])
        case State.APPROVED if isinstance(launch.outcome, NotSent):
            again = _("It is tried again by itself; Cancel ends that.")
            return f"{sentences.not_sent(launch.outcome)} {again}"
        case State.APPROVED if launch.canary and not launch.canary.released_at:
            return ""
        case State.APPROVED if launch.not_before:
            held = _("Nothing is sent before that; Cancel ends it for good.")
            return " ".join([*sentences.rehearsal(launch.request), _start(launch, launch.not_before, now), held])
        case State.FINISHED if launch.practised:
            there = _(
                "This is where the platform would have been called. “Ask for real…” opens the form as it was, no "
                "longer as practice."
            )
            return " ".join(filter(None, (there, canary.rehearsed(launch))))
        case State.CANCELLED if launch.held_back and launch.held_back.distrusted:
            return _(
                "The record of this launch is not what I have written. {reasons} Nothing was sent. Somebody may have "
                "changed the database: an admin has to look into it. Launch nothing before that."
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
            return _("The platform accepted the activation.")
        case State.STOPPED if launch.halted:
            return run.halted(launch.halted)
        case State.FINISHED if launch.completed:
            return run.completed(launch.completed)
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
