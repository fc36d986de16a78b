"""Holds a launch against what there is now: the campaign as it was read again, the policy, the other launches."""

from dataclasses import dataclass
from datetime import datetime

from bot.campaign.campaign import Preview
from bot.campaign.change import Change
from bot.launch.events import Voided
from bot.launch.mentions import to_decide
from bot.launch.state import Launch, State
from bot.message.changed import changed
from bot.message.message import Messages
from bot.message.report import Report
from bot.phrase import Phrase
from bot.policy.conditions import Case
from bot.policy.demands import Demands
from bot.policy.fingerprint import changes, is_lost, is_read
from bot.policy.policy import Policy

_UNDER_WAY = frozenset({State.LAUNCHING, State.IN_DOUBT, State.LAUNCHED, State.RUNNING})
"""Where a launch may be switching its campaign on, or its run's end off again, before we have heard of it."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """What was found. `demands` joins those that the launch had with those that the policy makes now."""

    demands: Demands
    rules: tuple[str, ...]
    unread: bool
    """Whether the campaign could not be read again although the policy wants that, or is no longer there."""
    changes: tuple[Change, ...]
    notes: tuple[Phrase, ...]
    """What has changed besides, as sentences: a stop, or the message's text, which has no single old and new value."""
    report: Report
    obstacles: tuple[Phrase, ...]

    @property
    def has_changed(self) -> bool:
        return bool(self.changes or self.notes)


def review(
    launch: Launch, policy: Policy, case: Case, messages: Messages, stopped_at: datetime | None = None
) -> Review:
    """`case` is the launch's own request with what was read just now, `messages` those that were read so far.

    `stopped_at` is when somebody asked to stop the campaign since; None for nobody, and where it does not matter.
    """
    ruling = policy.ruling(case)
    demands = launch.demands.join(ruling.demands)
    read = is_read(case.preview) and not is_lost(launch.preview, case.preview)
    sent = changed(launch.preview.messages, case.preview.messages, messages, unknown_counts=not demands.goes_on_unread)
    return Review(
        demands=demands,
        rules=tuple(dict.fromkeys((*launch.rules, *ruling.rules))),
        # Whatever the policy lets pass unread: what the platform says is not there, nobody launches.
        unread=bool(case.preview.missing) or not (read or demands.goes_on_unread),
        changes=(
            *changes(
                launch.preview,
                case.preview,
                demands.tolerance,
                unknown_counts=not demands.goes_on_unread,
                switches_count=not (_switched_by_another(launch, case) or _switched_by_canary(launch)),
            ),
            *sent.changes,
        ),
        notes=(*_stopped(stopped_at), *sent.notes),
        report=case.report,
        obstacles=(*policy.obstacles(case, demands), *untested(case, demands)),
    )


def _stopped(at: datetime | None) -> tuple[Phrase, ...]:
    return (Phrase("Somebody asked to stop this campaign, {when}.", when=at),) if at else ()


def untested(case: Case, demands: Demands) -> tuple[Phrase, ...]:
    """Why it may not be decided on yet, where the policy wants a test first. It may be asked for all the same."""
    if case.request.is_test or case.request.is_canary or case.tested or not demands.tested:
        return ()
    return (
        Phrase(
            "The policy wants exactly this message tested with reviewers first, and it was not, or not since its last "
            "change: type /campaign-activate test {id}",
            id=str(case.request.campaign_id),
        ),
    )


def _switched_by_another(launch: Launch, case: Case) -> bool:
    """Whether another launch of the campaign was under way since this was asked for: it switches the campaign as well.

    Without this, each wave of a campaign would void the approvals of the next one. A stop explains nothing: whoever
    stopped the campaign may not want it activated again.
    """
    over = {one.launch_id for one in launch.collisions if one.state == State.FINISHED}
    others = [one for one in case.collisions if one.same_campaign and one.launch_id not in over]
    return any(one.state in {*_UNDER_WAY, State.FINISHED} for one in others)


def _switched_by_canary(launch: Launch) -> bool:
    """Whether its own canary ran on the campaign itself, which switches it on, and off again at its end."""
    return launch.canary is not None and launch.canary.on_original


def voided(launch: Launch, policy: Policy, found: Review, seen: Preview, expires_at: datetime) -> Voided:
    """What becomes of a launch that has changed: whose approvals went, and who else is called to decide anew."""
    mention = to_decide(policy, launch, found.demands, launch.decided)
    return Voided(found.changes, seen, expires_at, launch.decided, mention, found.notes, found.report)
