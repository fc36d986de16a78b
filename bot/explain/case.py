"""The case that a policy is held against, made of what is supposed of a launch."""

from dataclasses import dataclass, replace

from bot.campaign.campaign import Audience, Campaign, Preview
from bot.campaign.request import ActivationRequest
from bot.explain import people
from bot.explain.arguments import Supposed
from bot.message.report import Essentials, Report
from bot.policy.conditions import Case
from bot.policy.policy import Policy


def case_of(policy: Policy, request: ActivationRequest, about: Supposed) -> Case:
    campaign = Campaign(id=request.campaign_id, name="", kind=about.kind, tags=about.tags, groups=about.groups)
    audience = Audience(source=request.source, size=about.audience) if request.source else None
    return _Sized(
        request=request,
        preview=Preview(campaign=campaign, audience=audience),
        channel=about.channel,
        requester_roles=people.held(policy, about) | people.perhaps_held(policy, about),
        report=_TAKEN_TO_PASS,
        size=about.audience,
    )


_TAKEN_TO_PASS = Report(essentials=(Essentials(message_id=None),))
"""A message that is known, with nothing found in it."""


@dataclass(frozen=True, kw_only=True)
class _Sized(Case):
    """A case whose audience's size is known even where its source is not."""

    size: int | None

    @property
    def audience(self) -> int | None:
        return self.size


def in_any_channel(policy: Policy, about: Supposed) -> Policy:
    """The policy without its conditions on the channel where none is given: the rules have no word for that."""
    if about.channel:
        return policy
    rules = tuple(replace(rule, when=replace(rule.when, channels=())) for rule in policy.rules)
    return replace(policy, rules=rules)
