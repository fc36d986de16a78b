"""The stand-in platform's campaigns/clone."""

from dataclasses import replace

from sandbox.altcraft.objects import Campaign
from sandbox.altcraft.platform import Platform


def clone(platform: Platform, campaign: Campaign, name: str) -> int:
    """Copy a campaign under the next id, and return that. Whether a clone is switched on is a switch's to say."""
    new_id = max(platform.campaigns) + 1
    active = campaign.is_active and platform.switches.clone_is_active
    platform.campaigns[new_id] = replace(
        campaign, id=new_id, name=name, is_active=active, is_completed=False, update_time=platform.clock()
    )
    return new_id
