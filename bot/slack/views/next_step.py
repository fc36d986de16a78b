"""What comes next for a launch, or whose it is, in a sentence: for where its card is not at hand."""

from collections.abc import Collection

from bot.campaign.request import UserId
from bot.launch.canary import IN_DOUBT
from bot.launch.state import Launch, State
from bot.launch.stop import NEEDS_A_PERSON, Stopping
from bot.policy.roles import Action
from bot.results.brakes import Standing
from bot.slack.views import testing
from bot.slack.views.bounds import clip
from bot.slack.views.buttons import CAME_TO_NOTHING
from bot.slack.views.headline import standing
from bot.slack.views.text import when
from bot.texts import _

LONGEST_END = 1000
"""Characters of why something came to nothing."""


def next_step(launch: Launch, person: UserId, may: Collection[Action]) -> list[str]:
    """Lines for that person, whose roles allow those actions; none where nobody has to do anything.

    What came to nothing says why: whoever asks again has to know it.
    """
    if launch.state is State.IN_DOUBT:
        return [_doubt(launch, person, may)]
    if testing.headline(launch):
        told = testing.standing(launch)
    elif launch.stop and launch.stop.step in NEEDS_A_PERSON:
        told = _stop(launch.stop, can_stop=Action.STOP in may)
    elif launch.state in CAME_TO_NOTHING:
        told = standing(launch, None)
    else:
        told = _rest(launch)
    return [clip(told, LONGEST_END)] if told else []


def _doubt(launch: Launch, person: UserId, may: Collection[Action]) -> str:
    if Action.VOUCH not in may:
        return _(
            "An approver or admin has to look in the platform whether the campaign ran, and say so. *Do not ask for "
            "the same launch again before that.*"
        )
    if launch.requester == person:
        return _(
            "Look in the platform whether the campaign ran. If it did, say so here; that it did not, another approver "
            "or an admin has to say."
        )
    return _("Look in the platform whether the campaign ran, and say so here.")


def _stop(stop: Stopping, *, can_stop: bool) -> str:
    if stop.after_run:
        if can_stop:
            return _("Switch it off again here, or in the platform.")
        return _("Ask to have it switched off again, or switch it off in the platform.")
    if can_stop:
        return _("Stop again, or switch it off in the platform.")
    return _("Ask to have it stopped again, or switch it off in the platform.")


def _rest(launch: Launch) -> str:
    canary = launch.canary
    if launch.state is not State.APPROVED or canary is None or not canary.waits_for_a_person:
        return ""
    told = _("An approver releases the rest, or ends it here.")
    if canary.failed == IN_DOUBT or (canary.verdict and canary.verdict.standing is Standing.ON):
        told = _("Nobody can release the rest like this. Who asked for it, an approver or an admin can end it here.")
    expires = _("Expires {when}.").format(when=when(canary.expires_at)) if canary.expires_at else ""
    return f"{told} {expires}".strip()
