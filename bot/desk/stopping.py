"""Stopping a campaign: a launch of ours by its card, or any campaign by its id. It takes a role, and no approval."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, RequestId, UserId
from bot.desk.denials import Denials
from bot.journal.journal import Journal
from bot.journal.stops import Stops
from bot.launch.commands import Adopt, Stop
from bot.launch.events import Adopted, ChannelId
from bot.launch.state import Launch
from bot.launch.stop import StopAsked
from bot.policy.context import PolicyContext
from bot.policy.permissions import check_role
from bot.policy.policy import PolicyUnreadable
from bot.policy.refusals import NoRoomForCard, PolicyNotRead, Refused
from bot.policy.roles import Action

LATELY = timedelta(hours=24)
"""How long after its start a launch whose run is over still is what a stop of its campaign belongs to."""

_TAKEN_ON = uuid.UUID("6f1f5c8e-3f0a-4d53-9c0b-0b8b3e1a7d52")
"""Under this, the ids of campaigns that are taken on follow from the campaign: of two at once, one opens the record."""


def new_stop_id() -> RequestId:
    return RequestId(str(uuid.uuid4()))


@dataclass(frozen=True, kw_only=True)
class StopRequest:
    """Who stops which campaign. `request_id` is made when the window opens, so that submitted twice it is one stop.

    `channel` is where a card goes if there is none yet, "" where none is known; `preview` is what the window showed.
    """

    campaign_id: int
    person: UserId
    request_id: RequestId
    channel: ChannelId
    preview: Preview
    keep_queue: bool = False


class StopDesk:
    """Takes stops. The call itself is the worker's."""

    def __init__(self, journal: Journal, context: PolicyContext) -> None:
        self._journal = journal
        self._context = context
        self._stops = Stops(journal)
        self._denials = Denials(journal)

    def may_stop(self, person: UserId) -> Refused | None:
        """Whether the person may stop campaigns at all; a refusal is recorded."""
        refused = self._check(person)
        return self._denials.turn_away(person, Action.STOP, refused.reason) if refused else None

    def launch_of(self, campaign_id: int) -> Launch | None:
        """The launch of the campaign that a stop belongs to: one that may still send, or whose run ended lately."""
        return self._stops.live(campaign_id, self._journal.now() - LATELY)

    def coming_of(self, campaign_id: int) -> Launch | None:
        """A launch of the campaign that is approved and not sent yet. A stop has it ask for its approvals anew."""
        return self._stops.coming(campaign_id)

    def stop_launch(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Stops the launch's campaign, and drops what is queued."""
        refused = self._check(person)
        if refused:
            return self._denials.refuse(launch_id, person, Action.STOP, refused.reason)
        return self._denials.carry_out(launch_id, Action.STOP, Stop(person, StopAsked(new_stop_id())))

    def stop_campaign(self, asked: StopRequest) -> Launch | Refused:
        """Stops the campaign under the card of our launch of it; where there is none, under a card of its own."""
        refused = self.may_stop(asked.person)
        if refused:
            return refused
        done = self._stops.made_as(asked.campaign_id, asked.request_id)
        if done:
            return done
        stop = StopAsked(asked.request_id, asked.keep_queue)
        # Counted before the look: whoever takes it on in between is then found, or has taken the same number.
        nth = self._stops.taken_on(asked.campaign_id) + 1
        ours = self.launch_of(asked.campaign_id) or self._stops.still_taken_on(asked.campaign_id)
        if ours:
            return self._denials.carry_out(ours.id, Action.STOP, Stop(asked.person, stop))
        if not asked.channel:
            return self._denials.turn_away(asked.person, Action.STOP, NoRoomForCard(asked.campaign_id))
        adopted = Adopted(
            request=ActivationRequest(campaign_id=asked.campaign_id),
            channel=asked.channel,
            preview=self._context.held(asked.preview),
        )
        return self._denials.carry_out(
            _taken_on_id(asked.campaign_id, nth), Action.STOP, Adopt(asked.person, adopted, stop)
        )

    def _check(self, person: UserId) -> Refused | None:
        try:
            needed = self._context.policy().may_stop
        except PolicyUnreadable as unreadable:
            return Refused(PolicyNotRead(unreadable.cause))
        return check_role(Action.STOP, person, self._context.roles, needed)


def _taken_on_id(campaign_id: int, nth: int) -> LaunchId:
    return LaunchId(str(uuid.uuid5(_TAKEN_ON, f"{campaign_id}:{nth}")))
