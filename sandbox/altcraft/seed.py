"""The made-up campaigns, templates, segments and databases that every sandbox begins with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sandbox.altcraft.objects import MAIN_GROUP, Campaign, Database, Group, Segment, Source, utc_now
from sandbox.altcraft.platform import Changes, Platform
from sandbox.altcraft.templates import TEMPLATES

CRM = Group(3, "crm")

DATABASES = (
    Database(1, "Customers", 214_600, {"email": 198_350, "push": 41_200, "sms": 87_900}, "Everyone who ever ordered"),
    Database(2, "Newsletter subscribers", 96_480, {"email": 91_020}, groups=(MAIN_GROUP, CRM), suppress_id=4),
    Database(7, "Loyalty programme", 31_250, {"email": 30_400, "push": 12_800, "sms": 28_700}, ui_tags=("loyalty",)),
)

SEGMENTS = (
    Segment(5, "Active in the last 30 days", 48_210, {"email": 47_100, "push": 15_300, "sms": 9_120}, (1,)),
    Segment(9, "Left a basket in the last week", 3_842, {"email": 3_790, "sms": 1_455}, (1,), ui_tags=("basket",)),
    Segment(14, "Loyalty: gold and platinum", 6_017, {"email": 5_980, "push": 4_400, "sms": 5_730}, (1, 7)),
    Segment(21, "Test group of the team", 12, {"email": 12, "push": 6, "sms": 9}, (1,), is_dynamic=False),
    Segment(318, "Opened a digest in spring", 27_655, {"email": 27_020}, (2,), groups=(MAIN_GROUP, CRM)),
)

CAMPAIGNS = (
    Campaign(
        41, "Welcome, new subscriber", "trigger", Source("list", 2), is_active=True, updated_user="piotr", message_id=79
    ),
    Campaign(44, "Weekly digest", "regular", Source("list", 2), is_active=True, ui_tags=("news",), groups=(CRM,)),
    Campaign(57, "Subject line test: free delivery", "splittest", Source("segment", 318)),
    Campaign(
        82, "Black Friday: early access", "broadcast", Source("list", 1), ui_tags=("black friday",), message_id=78
    ),
    Campaign(
        83,
        "Black Friday: last call",
        "broadcast",
        Source("segment", 5),
        ui_tags=("black friday",),
        limit=20_000,
        message_id=78,
        overrides={"subject": "Last call: the doors close tonight"},
    ),
    Campaign(
        96, "Gold & platinum: <early> *thank you*", "broadcast", Source("segment", 14), channel="push", message_id=81
    ),
    Campaign(
        118, "Parcel is waiting", "regular", Source("segment", 9), channel="sms", updated_user="piotr", message_id=80
    ),
    Campaign(4107, "April digest", "broadcast", Source("segment", 318), is_completed=True, ui_tags=("news",)),
)
"""The ids have holes, as the platform's have, and one name has the characters that Slack and XML mark up with."""

_SCHEDULE = {"start_mins": (38,), "start_hours": (16,)}
_EDITED = datetime(2026, 11, 20, 8, 11, 40, 520_000, UTC)


def seeded_platform(hub: Changes, token: str, clock: Callable[[], datetime] = utc_now) -> Platform:
    """Return a new platform with eight campaigns, five templates, five segments and three databases."""
    platform = Platform(hub, token, clock)
    platform.databases |= {each.id: replace(each) for each in DATABASES}
    platform.segments |= {each.id: replace(each) for each in SEGMENTS}
    platform.templates |= {each.id: replace(each) for each in TEMPLATES}
    for campaign in CAMPAIGNS:
        schedule = _SCHEDULE if campaign.type == "regular" else {}
        platform.campaigns[campaign.id] = replace(campaign, start_schedule=schedule, update_time=_EDITED)
    return platform
