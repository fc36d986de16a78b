"""Each event in a sentence or two."""

from bot.campaign.request import Purpose
from bot.campaign.schedule import ScheduleRead
from bot.launch import events, outcome, upkeep
from bot.launch import run as runs
from bot.launch.canary import CanaryNews
from bot.launch.copying import CopyNews
from bot.launch.forecast import may_wait
from bot.launch.received import ReceivedAsked, ReceivedNews
from bot.launch.state import Launch
from bot.launch.stop import StopAsked, StopNews, Stopped
from bot.slack.views import canary, received, results, run, sentences, stop, testing
from bot.slack.views.marks import remark
from bot.slack.views.schedule import when_it_sends
from bot.slack.views.technical import plainly
from bot.slack.views.text import all_said, person, quoted, role_name, said, when
from bot.texts import _, number, plural


def sentence(launch: Launch, entry: events.Entry) -> str:  # noqa: C901, PLR0915 -- one arm an event is plainest
    """What has happened, as the thread tells it; "" for what belongs to no thread."""
    event, who = entry.event, person(entry.actor)
    if isinstance(event, CopyNews):
        return testing.news(event)
    if isinstance(event, CanaryNews):
        return canary.news(launch, event, who)
    if isinstance(event, ReceivedAsked | ReceivedNews):
        return received.news(who, launch, event)
    if isinstance(event, StopAsked) and event.after_test:
        return testing.switching_off()
    if isinstance(event, Stopped) and launch.is_on_copy and launch.stop and launch.stop.after_test:
        return testing.switched_off(launch, event)
    if isinstance(event, StopAsked | StopNews):
        return f"{stop.news(event, who)}{testing.about_the_copy(launch, event)}"
    match event:
        case events.Requested() as requested if requested.request.is_test:
            return testing.requested(who, launch)
        case events.Requested() as requested if requested.request.is_canary:
            return canary.requested(who, launch)
        case events.Requested() as requested:
            return _requested(who, requested)
        case events.Edited(changes=changes):
            edited = _(":pencil2: {who} edited the request, so no approval given before counts any more. What changed:")
            return f"{edited.format(who=who)}\n{sentences.changes(changes)}"
        case events.ChangesAsked() as asked:
            return _changes_asked(who, asked)
        case events.Approved(size=moved):
            approved = _(":white_check_mark: {who} approved the launch.").format(who=who)
            drifted = _("The audience was {n} at that moment.").format(n=number(moved)) if moved is not None else ""
            return " ".join(filter(None, (approved, drifted, _further_approvals(launch, entry))))
        case events.BrokeGlass() as broke:
            return _broken(who, broke)
        case events.Tightened(rules=rules):
            return _tightened(rules)
        case events.Voided(changes=found, notes=notes):
            again = _("Look at the card as it is now, and decide again.")
            return f":warning: {sentences.changed_since(found, notes)}\n{again}"
        case events.Reminded() as reminded:
            return _reminder(reminded)
        case events.Postponed(until, why):
            postponed = _(":zzz: It has to wait: {why}. It starts {when}; all is checked again then.")
            return postponed.format(why=said(why), when=when(until))
        case events.HeldBack() as held_back:
            return _held_back(held_back)
        case events.Practised():
            there = _(":white_check_mark: This is where the platform would have been called. Nothing was sent.")
            return " ".join(filter(None, (there, canary.rehearsed(launch))))
        case events.Rejected(reason):
            rejected = _(":no_entry: {who} rejected the launch: {reason}")
            return rejected.format(who=who, reason=remark(reason, 1000))
        case events.Cancelled():
            nothing_sent = _(":no_entry: {who} cancelled the launch. Nothing was sent.").format(who=who)
            return canary.cancelled(launch, who) or nothing_sent
        case events.Expired():
            expired = _(":no_entry: Nobody decided in time, so the request of {who} has expired.")
            return canary.expired(launch) or expired.format(who=person(launch.requester))
        case events.Withheld(lost, role):
            withheld = _(
                ":no_entry: Held back right before the call: {who} is no longer in the {role} list, or no longer an "
                "active member of this workspace. Nothing was sent."
            )
            return withheld.format(who=person(lost), role=role_name(role))
        case events.Denied(action):
            return _("{who} was refused {action}.").format(who=who, action=action)
        case upkeep.Rekeyed() | upkeep.Pruned():
            return ""  # belongs to no launch, and so to no thread
        case events.LaunchStarted(attempt=attempt, size=moved):
            return _started(attempt, moved)
        case outcome.Accepted() as answer:
            return f":white_check_mark: {sentences.accepted(launch.request, answer)}"
        case outcome.RefusedByPlatform() as refused:
            return f":x: {sentences.refusal_by_platform(refused)}"
        case outcome.NotSent() as missed:
            again = _("I try again by myself.")
            return f":hourglass_flowing_sand: {sentences.not_sent(missed)} {again}"
        case outcome.Unknown() as unknown:
            settle = _("Do not ask for this launch again before it is settled.")
            return f":warning: {sentences.outcome_unknown(unknown)} {settle}"
        case events.GaveUp():
            gave_up = _(":x: I have stopped trying. {who}, nothing was sent: ask for the launch anew.")
            return gave_up.format(who=person(launch.requester))
        case events.LookAsked():
            return _(":eyes: {who} asks to look into the campaign's log again.").format(who=who)
        case events.NothingFound(cause):
            return _nothing_found(cause)
        case events.EvidenceFound() as evidence:
            return _evidence(evidence)
        case events.Vouched(ran):
            return _word(who, ran=ran)
        case runs.RunStarted(started_at):
            return _(":mega: The run started: {when}.").format(when=when(started_at))
        case runs.RunEnded() as end:
            return run.ended(launch, end)
        case runs.RunHalted() as halted:
            return f":octagonal_sign: {run.halted(halted)}"
        case runs.RunCompleted() as completed:
            return f":white_check_mark: {run.completed(completed)}"
        case runs.LogUnread() as unread:
            return f":warning: {run.unread(unread)}"
        case runs.FollowingStopped():
            return _(
                ":warning: The log has shown no end of the run in all that time. I stop watching: look in the platform."
            )
        case runs.ResultsReported() as report:
            return results.reported(launch, report)
        case ScheduleRead() as read:
            return _(":calendar: This launch has sent nothing. {when}").format(when=when_it_sends(read))
        case events.Adopted(request=request, preview=preview):
            return f":octagonal_sign: {stop.adopted(who, request, preview)}"


def _further_approvals(launch: Launch, entry: events.Entry) -> str:
    """How many more it takes after this one; "" where it takes none, and where more has happened to it since."""
    missing = launch.missing.approvals
    if launch.version != entry.seq or not missing:
        return ""
    return plural("{n} more approval is needed.", "{n} more approvals are needed.", missing)


def _requested(who: str, requested: events.Requested) -> str:
    campaign = sentences.numbered(requested.request, requested.preview)
    later = may_wait(requested.request, requested.demands)
    reached = sentences.will_happen(requested.request, requested.preview, later=later)
    happens = " ".join(filter(None, (reached, canary.happens(requested.request, requested.demands))))
    happens = " ".join([sentences.really(requested.request, happens), *sentences.rehearsal(requested.request)])
    asks = _("{who} asks to launch campaign {campaign}. {happens}")
    if requested.belongs_to and requested.request.purpose is Purpose.LAUNCH:
        asks = _("{who} asks for a correction, to launch campaign {campaign}. {happens}")
    return asks.format(who=who, campaign=campaign, happens=happens)


def _changes_asked(who: str, asked: events.ChangesAsked) -> str:
    asks = _(":speech_balloon: {who} asks for changes: {wish}").format(who=who, wish=remark(asked.wish, 1000))
    back = "\n" + _("Their own approval does not count any more.") if asked.takes_back else ""
    return f"{asks}{back}"


def _broken(who: str, broke: events.BrokeGlass) -> str:
    broken = _(":rotating_light: {who} launches without approval: {reason}")
    nobody = "" if broke.skipped else "\n" + _("Who had a say: nobody")
    return f"{broken.format(who=who, reason=remark(broke.reason, 1000))}{nobody}"


def _word(who: str, *, ran: bool) -> str:
    if ran:
        return _(":memo: {who} says that it ran.").format(who=who)
    vouched = _(":memo: {who} says that it did not run.").format(who=who)
    on = _("I keep reading the campaign's log for an hour, and tell here what it shows.")
    return f"{vouched} {on}"


def _held_back(held_back: events.HeldBack) -> str:
    if held_back.distrusted:
        return _(
            ":rotating_light: Held back right before the call: the record of this launch is not what I have written. "
            "{reasons} Nothing was sent. Somebody may have changed the database: let nobody launch before "
            "`campaign-bot audit verify --against-slack` has been run."
        ).format(reasons=all_said(held_back.reasons))
    return _(
        ":no_entry: Held back right before the call, because the policy does not let it start: "
        "{reasons} Nothing was sent."
    ).format(reasons=all_said(held_back.reasons))


def _evidence(found: events.EvidenceFound) -> str:
    if found.by_hook:
        return _evidence_by_hook(found)
    if found.mention:
        return _(
            ":rotating_light: The campaign's log shows a start after the call, although somebody said that it did "
            "not run: {when}. Taken together, it ran. Do not launch it again, and cancel or stop what was asked "
            "for since."
        ).format(when=when(found.started_at))
    return _(
        ":white_check_mark: The campaign's log shows a start after the call: {when}. The log "
        "cannot tell this launch from a scheduled one or a colleague's; taken together, it ran."
    ).format(when=when(found.started_at))


def _evidence_by_hook(found: events.EvidenceFound) -> str:
    if found.mention:
        return _(
            ":rotating_light: The platform sent messages of this campaign after the call, although somebody said that "
            "it did not run: {when}. Taken together, it ran. Do not launch it again, and cancel or stop what was asked "
            "for since."
        ).format(when=when(found.started_at))
    return _(
        ":white_check_mark: The platform sent messages of this campaign after the call: {when}. That cannot tell this "
        "launch from a scheduled one or a colleague's; taken together, it ran."
    ).format(when=when(found.started_at))


def _tightened(rules: tuple[str, ...]) -> str:
    if not rules:
        return _(":scales: The policy asks for more than when this was asked for. The card says what is needed.")
    return _(
        ":scales: The policy asks for more than when this was asked for ({rules}). The card says what is needed."
    ).format(rules=", ".join(quoted(rule, 60) for rule in rules))


def _reminder(reminded: events.Reminded) -> str:
    if reminded.doubt:
        return _(
            ":bell: It is still in doubt whether this was launched. Look in the platform whether the campaign ran, "
            "and say so on the card."
        )
    if reminded.rest:
        return canary.reminder()
    if reminded.last:
        return _(":alarm_clock: Nobody has decided, and the request expires soon.")
    return _(":bell: This still waits for a decision.")


def _started(attempt: int, moved: int | None) -> str:
    text = _(":rocket: Sending the launch to the platform.")
    if attempt > 1:
        again = _(":rocket: Sending the launch to the platform, try {n}, the same request with the same id.")
        text = again.format(n=attempt)
    if moved is None:
        return text
    drifted = _("The audience is {n} now.").format(n=number(moved))
    return f"{text} {drifted}"


def _nothing_found(cause: str) -> str:
    if cause:
        unsettled = _(":eyes: The campaign's log could not settle it: {cause}. An approver or admin has to say.")
        return unsettled.format(cause=plainly(cause).removesuffix("."))
    return _(
        ":eyes: The campaign's log shows no start after the call so far. That is no proof that it will not run: "
        "an approver or admin has to look and say."
    )
