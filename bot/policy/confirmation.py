"""What an approver types to confirm, and whether it is right."""

import re
from collections.abc import Mapping, Sequence

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest
from bot.policy.demands import Demands, Typed
from bot.policy.roles import Action

_BETWEEN_DIGITS = re.compile(r"[\s.,'’_\u00a0\u202f]")


def must_type(action: Action, demands: Demands) -> tuple[Typed, ...]:
    """What a decision has to be confirmed with; launching without approval always takes something."""
    return demands.typed or ((Typed.CAMPAIGN,) if action is Action.BREAK_GLASS else ())


def to_type(wanted: Sequence[Typed], preview: Preview) -> tuple[Typed, ...]:
    """What has to be typed: the campaign's id stands in for an audience whose size is not known."""
    known = preview.audience is not None and preview.audience.size is not None
    asked = {one if known or one is not Typed.AUDIENCE else Typed.CAMPAIGN for one in wanted}
    return tuple(one for one in Typed if one in asked)


def wrongly_typed(
    wanted: Sequence[Typed], typed: Mapping[Typed, str], request: ActivationRequest, preview: Preview
) -> tuple[Typed, ...]:
    """What is wanted and was not typed, or not rightly. Spaces and separators between digits do not count."""
    size = preview.audience.size if preview.audience else None
    right = {Typed.AUDIENCE: str(size), Typed.CAMPAIGN: str(request.campaign_id)}
    return tuple(one for one in to_type(wanted, preview) if _BETWEEN_DIGITS.sub("", typed.get(one, "")) != right[one])
