"""What a launch and its canary have to do with each other: what is opened, how it goes, and what releases the rest."""

import uuid
from dataclasses import dataclass, replace

from bot.campaign.request import ActivationRequest, LaunchId, Purpose
from bot.launch import commands
from bot.launch.approval import too_late
from bot.launch.canary import HALTED, IN_DOUBT, CanaryReleased, CanaryStep
from bot.launch.events import Cancelled
from bot.launch.state import Launch, State
from bot.launch.stop import UNDER_WAY, Stopping
from bot.policy import refusals
from bot.policy.refusals import Refused

_IDS = uuid.UUID("5e0c6d3b-9a41-4a0e-8b5e-6f2d7c1a4e90")
"""Under this, a canary's id follows from what was approved: each revision of a launch has one at most."""

_ENDED_WITHOUT_A_RUN = frozenset({State.REFUSED, State.UNREACHED, State.CANCELLED, State.EXPIRED, State.REJECTED})


def canary_id(launch: Launch) -> LaunchId:
    """The id of the canary of just what stands now."""
    return LaunchId(str(uuid.uuid5(_IDS, f"{launch.id} {launch.fingerprint}")))


def rests_on(canary: Launch, launch: Launch | None) -> bool:
    """Whether the canary still is a part of that launch: approved, unreleased, and as it was when the canary was begun.

    The canary's id follows from all that the approvals were given for.
    """
    return (
        launch is not None
        and canary.belongs_to == launch.id
        and launch.state == State.APPROVED
        and launch.canary is not None
        and launch.canary.step is CanaryStep.BEGUN
        and launch.canary.launch_id == canary.id == canary_id(launch)
    )


def request_of(launch: Launch) -> ActivationRequest | None:
    """What the canary asks the platform for: the same, to its segment; None where the launch has none."""
    if launch.plan is None:
        return None
    return replace(launch.request, source=launch.plan.source, at=None, canary=None, purpose=Purpose.CANARY)


@dataclass(frozen=True)
class Ran:
    """Its run was seen to start, or a person said so."""


@dataclass(frozen=True)
class Failed:
    """It did not run to anybody's knowledge, or not to its end: `how` it stands."""

    how: str


def course(canary: Launch) -> Ran | Failed | None:
    """How the canary goes, as far as its launch has to know; None while that is open."""
    if canary.state == State.IN_DOUBT:
        return Failed(IN_DOUBT)
    if canary.state == State.STOPPED or canary.state in _ENDED_WITHOUT_A_RUN:
        return Failed(canary.state)
    if stop := _halt(canary):
        # What it has run to says nothing any more: something is wrong with what the rest would receive, too.
        return None if stop.step in UNDER_WAY else Failed(HALTED)
    if canary.run or canary.run_end or canary.completed or canary.evidence:
        return Ran()
    if canary.vouched and canary.vouched.ran:
        return Ran()
    if canary.was_sent and not canary.followed:
        return Failed(canary.state)
    return None


def unseen_halt(launch: Launch, canary: Launch) -> refusals.CanaryStopped | None:
    """Why the rest is not released: somebody wants the canary stopped, and the launch's card does not tell it yet."""
    stop = _halt(canary)
    if stop is None or launch.canary is None:
        return None
    is_told = launch.canary.step is CanaryStep.FAILED and stop.step not in UNDER_WAY
    return None if is_told else refusals.CanaryStopped(stop.by, stop.at)


def was_halted_since(launch: Launch, canary: Launch) -> bool:
    """Whether somebody has asked to stop the canary once the rest was released."""
    stop, released_at = _halt(canary), launch.canary.released_at if launch.canary else None
    return stop is not None and released_at is not None and stop.at >= released_at


def _halt(canary: Launch) -> Stopping | None:
    """A stop that somebody has asked for, or a brake; the bot switches a copy off by itself as well."""
    return canary.stop if canary.stop and not canary.stop.after_test else None


def release(launch: Launch, asked: commands.Release) -> tuple[CanaryReleased] | Refused:
    """The release of the rest, or why it is refused."""
    standing = launch.canary
    if launch.state != State.APPROVED or standing is None:
        return too_late(launch)
    if standing.released_at:
        return Refused(refusals.ReleasedAlready(standing.released_by, standing.released_at))
    if asked.shown != launch.fingerprint:
        return Refused(refusals.ShownOtherwise())
    if asked.by == launch.requester and not launch.takes_own_release:
        return Refused(refusals.OwnRequest())
    if not standing.waits_for_a_person:
        return Refused(refusals.CanaryUnderWay(standing.until))
    if standing.failed == IN_DOUBT:
        return Refused(refusals.CanaryInDoubt())
    if asked.unread:
        return Refused(refusals.PolicyNotRead(asked.unread))
    if asked.braked:
        return Refused(refusals.BrakesOn(asked.braked))
    return (CanaryReleased(),)


def stop_here(launch: Launch) -> tuple[Cancelled] | Refused:
    """The end of a launch between its canary and the rest, or why it is refused."""
    standing = launch.canary
    if launch.state != State.APPROVED or standing is None:
        return too_late(launch)
    if standing.released_at:
        return Refused(refusals.ReleasedAlready(standing.released_by, standing.released_at))
    return (Cancelled(),)
