"""The thread's replies: one short message an event, with the head of the hash chain as witness."""

from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject, SectionBlock

from bot.launch.events import (
    Approved,
    BrokeGlass,
    Cancelled,
    Denied,
    Edited,
    Entry,
    EvidenceFound,
    Expired,
    FollowingStopped,
    GaveUp,
    HeldBack,
    LaunchStarted,
    LookAsked,
    NothingFound,
    Postponed,
    Practised,
    Rejected,
    Reminded,
    Requested,
    RunEnded,
    RunStarted,
    Tightened,
    Voided,
    Vouched,
    Withheld,
)
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.state import Launch
from bot.launch.story import Line
from bot.slack.views import sentences
from bot.slack.views.card import PRACTICE
from bot.slack.views.message import Message
from bot.slack.views.text import SECTION_LIMIT, clip, escape, number, person, quoted, when

DIGEST_SHOWN = 12


def reply(launch: Launch, line: Line) -> Message:
    """The reply for one event of the launch."""
    text = clip(f"{PRACTICE if launch.request.practice else ''}{_sentence(launch, line.entry)}", SECTION_LIMIT)
    witness = f"{line.entry.seq} · {when(line.entry.at)} · `{line.digest[:DIGEST_SHOWN]}`"
    section = SectionBlock(text=MarkdownTextObject(text=text))
    return Message(text, (section, ContextBlock(elements=[MarkdownTextObject(text=witness)])))


def _sentence(launch: Launch, entry: Entry) -> str:  # noqa: C901 -- one arm an event is the plainest shape
    who = person(entry.actor)
    match entry.event:
        case Requested() as requested:
            return _requested(who, requested)
        case Edited(asked=asked, changes=changes):
            return (
                f":pencil2: {who} edited the request, so no approval given before counts any more:\n"
                f"{sentences.changes(changes)}{_pinged(asked.mention)}"
            )
        case Approved(size=moved):
            drifted = f" The audience was {number(moved)} at that moment." if moved is not None else ""
            return f":white_check_mark: {who} approved the launch.{drifted}"
        case BrokeGlass(reason, skipped):
            return (
                f":rotating_light: {who} launches without approval: {quoted(reason, 1000)}\n"
                f"Passed over: {sentences.mentions(skipped) or 'nobody'}"
            )
        case Tightened(rules=rules):
            named = f" ({', '.join(quoted(rule, 60) for rule in rules)})" if rules else ""
            return (
                f":scales: The policy asks for more than when this was asked for{named}. The card says what is needed."
            )
        case Voided(changes=found):
            return f":warning: {sentences.changed_since(found)}\nLook at the card as it is now, and decide again."
        case Reminded(mention, last):
            return _reminder(mention, last=last)
        case Postponed(until, why):
            return f":zzz: It is approved, but {escape(why)}. It starts {when(until)}; all is checked again then."
        case HeldBack(reasons):
            return (
                f":no_entry: Held back right before the call, because the policy does not let it start: "
                f"{' '.join(escape(one) for one in reasons)} Nothing was sent."
            )
        case Practised():
            return ":white_check_mark: This is where the platform would have been called. Nothing was sent."
        case Rejected(reason):
            return f":no_entry: {who} rejected the launch: {quoted(reason, 1000)}"
        case Cancelled():
            return f":no_entry: {who} cancelled the launch. Nothing was sent."
        case Expired():
            return f":no_entry: Nobody decided in time, so the request of {person(launch.requester)} has expired."
        case Withheld(lost, role):
            return (
                f":no_entry: Held back right before the call: {person(lost)} is no longer in the {role} list. "
                "Nothing was sent."
            )
        case Denied(action, _):
            return f"{who} was refused {action}."
        case LaunchStarted(attempt=attempt):
            again = "" if attempt == 1 else f", try {attempt}, the same request with the same id"
            return f":rocket: Sending the launch to the platform{again}."
        case Accepted() as answer:
            return f":white_check_mark: {sentences.accepted(answer)}"
        case RefusedByPlatform() as refused:
            return f":x: {sentences.refusal_by_platform(refused)}"
        case NotSent() as missed:
            return f":hourglass_flowing_sand: {sentences.not_sent(missed)} I try again by myself."
        case Unknown() as unknown:
            return (
                f":warning: {sentences.outcome_unknown(unknown)} Do not ask for this launch again before it is settled."
            )
        case GaveUp():
            return f":x: I have stopped trying. {person(launch.requester)}, nothing was sent: ask for the launch anew."
        case LookAsked():
            return f":eyes: {who} asks to look into the campaign's log again."
        case NothingFound(cause):
            return _nothing_found(cause)
        case EvidenceFound(started_at):
            return (
                f":white_check_mark: The campaign's log shows a start after the call: {when(started_at)}. The log "
                "cannot tell this launch from a scheduled one or a colleague's; taken together, it ran."
            )
        case Vouched(ran):
            return f":memo: {who} says that it {'ran' if ran else 'did not run'}."
        case RunStarted(started_at):
            return f":mega: The run started: {when(started_at)}."
        case RunEnded() as end:
            return _ended(launch, end)
        case FollowingStopped():
            return ":warning: The log has shown no end of the run for a day. I stop watching: look in the platform."


def _requested(who: str, requested: Requested) -> str:
    title = sentences.campaign_title(requested.request, requested.preview)
    happens = sentences.will_happen(requested.request, requested.preview)
    return f"{who} asks to launch {title}. {happens}{_pinged(requested.mention)}"


def _pinged(mention: tuple[str, ...]) -> str:
    return f"\nWho can decide: {sentences.mentions(mention)}" if mention else ""


def _reminder(mention: tuple[str, ...], *, last: bool) -> str:
    pinged = f" {sentences.mentions(mention)}" if mention else ""
    if last:
        return f":alarm_clock: Nobody has decided, and the request expires soon.{pinged}"
    return f":bell: This still waits for a decision.{pinged}"


def _nothing_found(cause: str) -> str:
    if cause:
        return f":eyes: The campaign's log could not settle it: {escape(cause)}. An approver or admin has to say."
    return (
        ":eyes: The campaign's log shows no start after the call so far. That is no proof that it will not run: "
        "an approver or admin has to look and say."
    )


def _ended(launch: Launch, end: RunEnded) -> str:
    took = f" after {_duration((end.ended_at - launch.run.started_at).total_seconds())}" if launch.run else ""
    troubles = f" Its log has {number(end.errors)} errors and {number(end.warnings)} warnings."
    quotes = "".join(f"\n• {quoted(trouble, 300)}" for trouble in end.troubles)
    mark = ":warning:" if end.errors else ":white_check_mark:"
    return f"{mark} The run ended{took}: {when(end.ended_at)}.{troubles if end.errors or end.warnings else ''}{quotes}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{rest} s" if rest else ""]
    return " ".join(part for part in parts if part) or "less than a second"
