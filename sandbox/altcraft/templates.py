"""The stand-in platform's templates: what a campaign's `message_id` names, and how somebody edits one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sandbox.altcraft.objects import Json, rfc3339
from sandbox.altcraft.wire import LONGEST_SHOWN

MAILS = Path(__file__).parent / "mails"

Fields = Mapping[str, object]

CHANNEL_IDS = {"email": 1, "sms": 2, "push": 3}
"""The guide prints 1 and 2; any other number is made up."""


@dataclass
class Template:
    """`channels` holds each channel's fields by its `sid`. What is not set in `is_draft` and `more` is not printed."""

    id: int
    name: str
    channels: Mapping[str, Fields]
    description: str = ""
    updated_user: str = "olga"
    update_time: datetime = datetime(2026, 11, 19, 15, 2, 7, 362_000, UTC)
    is_draft: bool | None = None
    more: Json = field(default_factory=dict)

    def printed(self, sids: frozenset[str] | None = None) -> Json:
        """Return what templates/get prints, with these channels or all of them."""
        channels = [
            {"id": CHANNEL_IDS.get(sid, 9), "sid": sid, "fields": dict(fields)}
            for sid, fields in self.channels.items()
            if sids is None or sid in sids
        ]
        head = {"id": self.id, "updated_user": self.updated_user, "update_time": rfc3339(self.update_time)}
        draft = {} if self.is_draft is None else {"is_draft": self.is_draft}
        return head | {"name": self.name, "description": self.description} | draft | self.more | {"channels": channels}

    def row(self) -> Json:
        """Return what the page shows: the texts that are short enough to be edited there, by channel."""
        channels = {
            sid: {
                name: value for name, value in fields.items() if isinstance(value, str) and len(value) <= LONGEST_SHOWN
            }
            for sid, fields in self.channels.items()
        }
        edited = {"updated_user": self.updated_user, "update_time": rfc3339(self.update_time)}
        return {"id": self.id, "name": self.name, "is_draft": self.is_draft, "channels": channels} | edited


def edited(template: Template, sid: str, fields: Fields, user: str, at: datetime) -> Template:
    """Return the template with those fields of a channel changed, as a person would in the editor.

    Raises ValueError, with a sentence, for a channel or a field that it does not have.
    """
    before = template.channels.get(sid)
    if before is None:
        raise ValueError(f"Template {template.id} has no channel “{sid}”.")
    unknown = sorted(set(fields) - set(before))
    if unknown:
        raise ValueError(f"The channel “{sid}” has no field “{unknown[0]}”.")
    channels = {**template.channels, sid: {**before, **fields}}
    return replace(template, channels=channels, updated_user=user, update_time=at)


def _email(subject: str, sender: str, address: str, text: str, html: str) -> Fields:
    """Return an e-mail's fields, in the order in which the guide lists them."""
    return {
        "text": text,
        "html": (MAILS / html).read_text(encoding="utf-8"),
        "is_amp": False,
        "amp": "",
        "subject": subject,
        "from_email": address,
        "from_name": sender,
        "replyto_email": "",
        "replyto_name": "",
        "is_not_inline": False,
    }


TEMPLATES = (
    Template(
        77,
        "Weekly digest",
        {
            "email": _email(
                "Dark rye is back, {lead._fname}",
                "Harbour Street Bakery",
                "digest@bakery.example",
                "Good morning, {lead._fname}\n\nThe dark rye is on the shelf from Thursday on:\n"
                "https://bakery.example/rye?utm_source=digest\n\n"
                "Unsubscribe: https://bakery.example/unsubscribe?address={lead.email}",
                "digest.html",
            )
        },
    ),
    Template(
        78,
        "Black Friday: doors open early",
        {
            "email": _email(
                "{lead._fname}, you are in a day early",
                "The Shop",
                "hello@shop.example",
                "{lead._fname}, our shop opens for you a day before everybody else.\n\nYour code: {apicontent.promo}\n"
                "https://shop.example/black-friday?code={apicontent.promo}\n\n"
                "Unsubscribe: https://shop.example/unsubscribe?address={lead.email}",
                "black_friday.html",
            )
        },
        updated_user="piotr",
    ),
    Template(
        79,
        "Welcome",
        {"email": _email("Welcome to the shop", "The Shop", "hello@shop.example", "", "welcome.html")},
    ),
    Template(
        80,
        "Parcel is waiting",
        {
            "sms": {
                "sms": "{lead._fname}, your parcel waits at 4 Market Square until Friday. Code {apicontent.code}. "
                "Open 8-20: https://shop.example/p",
                "sms_max_count": 2,
                "add_sms_url_scheme": False,
            }
        },
        updated_user="piotr",
    ),
    Template(
        81,
        "Gold & platinum: thank you",
        {
            "push": {
                "title": "Thank you, {lead._fname} <3",
                "body": "A gift waits for you & yours until Sunday.",
                "icon": "https://shop.example/icon.png",
                "click_url": "https://shop.example/gift?tier=gold",
            }
        },
    ),
)
