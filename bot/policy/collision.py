"""Launches that would reach the same people at about the same time, or send the same campaign again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.campaign.request import LaunchId, Source, UserId


class OnCollision(StrEnum):
    """What a collision asks for; each is stricter than the one before it."""

    SHOW = "show"
    ONE_MORE_APPROVAL = "one_more_approval"
    REFUSE = "refuse"


STRICTNESS = tuple(OnCollision)

LONGEST_WINDOW = timedelta(days=30)

NOBODY = UserId("")


@dataclass(frozen=True, kw_only=True)
class Collision:
    """Another launch of the same campaign, or to the same audience, that is pending, in doubt or was launched lately.

    `state` is where it stood when it was found, `since` when it was sent, or asked for where it has not been. With
    `vouched_by`, that person said at `since` that it did not run; nobody has seen proof.
    """

    launch_id: LaunchId
    campaign_id: int
    campaign_name: str
    source: Source | None
    state: str
    since: datetime
    requester: UserId
    same_campaign: bool
    vouched_by: UserId = NOBODY
