"""What the checks of a message go by, and what they find."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.campaign.request import Json, Source
from bot.message.message import MaybeMessage
from bot.phrase import Phrase


class Grade(StrEnum):
    """How a check went."""

    PASS = "pass"  # noqa: S105 -- no password
    WARNING = "warning"
    """Somebody should look at it; it can be meant."""
    FAILURE = "failure"
    """People would receive something broken, or something that is not for them."""


class Check(StrEnum):
    """What is checked. The values are kept in records, and never change."""

    READ = "read"
    WHOLE = "whole"
    CHANNEL = "channel"
    SUBJECT = "subject"
    MISSING_VARIABLE = "missing_variable"
    UNUSED_VARIABLE = "unused_variable"
    BRACES = "braces"
    DRAFT = "draft"
    TEXT_VERSION = "text_version"
    EMPTY_LINK = "empty_link"
    INSECURE_LINK = "insecure_link"
    BARE_ADDRESS = "bare_address"
    LOCALHOST = "localhost"
    STAGING_HOST = "staging_host"
    PLACEHOLDER = "placeholder"
    UNSUBSCRIBE = "unsubscribe"
    SMS_PARTS = "sms_parts"
    AUDIENCE = "audience"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Finding:
    """How one check went. `sentence` says what is so and, unless it passes, what to do.

    `message_id` tells which of several messages it is about; None where it is about the launch.
    """

    check: Check
    grade: Grade
    sentence: Phrase
    message_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CheckSettings:
    """What a team goes by. A check that needs a setting is not made where there is none."""

    placeholders: tuple[str, ...] = ()
    """Words that must not be left over, beyond PLACEHOLDERS. One in capitals counts only in capitals."""
    staging_hosts: tuple[str, ...] = ()
    """Hosts that no link may lead to, with all below them."""
    unsubscribe: tuple[str, ...] = ()
    """How a link to unsubscribe is written: an e-mail has to hold one of these texts."""
    most_sms_parts: int = 3
    repeat_days: int = 0
    """Within so many days the same message to the same audience is a repeat; with 0 nothing is."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that went out, by the record. `digest` is `sent_digest` of what was sent."""

    digest: str
    audience: Source
    at: datetime
    launch_id: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be sent, to whom, with which values. `size` is the audience's, None where it is not known."""

    messages: tuple[MaybeMessage, ...]
    now: datetime
    content: Mapping[str, Json] = field(default_factory=dict)
    audience: Source | None = None
    size: int | None = None
    earlier: tuple[Sent, ...] = ()
