"""Whether the bot can read what campaigns send, without which an approval covers no message."""

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.altcraft.client import AltcraftClient, Connection
from bot.altcraft.errors import PlatformError
from bot.campaign.campaign import Campaign, ContentItem
from bot.doctor.finding import Finding
from bot.policy.demands import ChecksDemand, Demands, MessageDemand
from bot.policy.policy import Policy

MOST_TRIED = 5
"""Campaigns that are looked at for one that names a template."""


def findings(connection: Connection, policy: Policy | None) -> Iterator[Finding]:
    """Reads one template, as a preview would. Something to mend where the policy wants messages to be known."""
    wanted = policy is not None and any(map(_wants, (policy.base, *(rule.need for rule in policy.rules))))
    client = AltcraftClient(connection)
    try:
        template = _some_template(client)
        if template is None:
            if wanted:
                yield Finding(
                    "The policy wants messages to be known, and no campaign was found to try that with: ask for a "
                    "launch once there is one.",
                    may_run=True,
                )
            return
        client.template(template)
    except PlatformError as error:
        yield Finding(
            f"What campaigns send cannot be read: {error.sentence} Approvals do not cover the message then"
            f"{', and the policy refuses every launch whose message has to be known' if wanted else ''}. Give the "
            "token a role that may view templates.",
            may_run=not wanted,
        )
    finally:
        client.close()


def _wants(demands: Demands) -> bool:
    return demands.message is MessageDemand.KNOWN or demands.checks is not ChecksDemand.ANY


def _some_template(client: AltcraftClient) -> int | None:
    listed = islice(client.campaigns(), MOST_TRIED)
    named = (item.message_id for one in listed for item in _content(client, one))
    return next(filter(None, named), None)


def _content(client: AltcraftClient, listed: Campaign) -> Sequence[ContentItem]:
    """Also of a campaign whose content only the page of its kind tells."""
    more = {"broadcast": client.broadcast, "regular": client.regular}.get(listed.kind)
    return client.campaign(listed.id).content or (more(listed.id).content if more else ())
