"""Events as the platform sends them."""

import json
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def event(kind: str = "deliv", *, nth: int = 0, at: datetime = NOON, campaign: int = 82, account: int = 161, **more):
    data = {"message_id": 5, "segment_id": 0, "campaign_id": campaign, **more.pop("data", {})}
    return {
        "event_type": kind,
        "event_date": f"{at:%Y-%m-%dT%H:%M:%S.%f}000Z",
        "list_id": 50,
        "account_id": account,
        "is_test": False,
        "profile_id": f"profile-{nth}",
        "_xxh": f"{nth:016x}",
        "event_data": data,
        "custom_data": {"email": f"person{nth}@example.com", "phone": "+49 151 0000000"},
        **more,
    }


def launch_id(at: datetime, *, campaign: int = 82, account: int = 161) -> str:
    return f"{account:08x}{campaign:08x}{int(at.timestamp()):08x}"


def body(*events: object) -> bytes:
    return json.dumps(list(events)).encode()


def after(**span: float) -> datetime:
    return NOON + timedelta(**span)
