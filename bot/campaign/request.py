"""What a person asks the platform to do, valid from the moment it exists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType, Self, TypeAlias

from bot.phrase import Phrase

if TYPE_CHECKING:
    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    # Who reads what is stored by the types of the fields knows no type that holds itself.
    Json = Any

LaunchId = NewType("LaunchId", str)
RequestId = NewType("RequestId", str)
UserId = NewType("UserId", str)

LARGEST_ID = 2**63 - 1
"""Ids and limits are integers on the wire; their size is not documented, so a signed 64-bit word bounds them."""

LONGEST_NUMBER = 19
"""Digits of the largest id."""

LONGEST_REASON = 1000

USUAL_WAIT = timedelta(minutes=30)
"""How long a launch waits after its canary where nobody says."""

SHORTEST_CANARY_WAIT = timedelta(seconds=1)
LONGEST_CANARY_WAIT = timedelta(hours=24)
"""What a launch may wait after its canary."""


class Invalid(ValueError):
    """A part of a request that cannot stand; `part` names it, the text says what to do."""

    def __init__(self, part: str, text: Phrase) -> None:
        super().__init__(text)
        self.part = part
        self.text = text


class SourceKind(StrEnum):
    """The platform's `override_source_type`; `list` is its word for a database."""

    LIST = "list"
    SEGMENT = "segment"


@dataclass(frozen=True)
class Source:
    """The audience of one run: a database or a segment, by id."""

    kind: SourceKind
    id: int

    def __post_init__(self) -> None:
        _positive("source", self.id, lambda: Phrase("The id in source={kind}:<id>", kind=str(self.kind)))

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `list:<id>` or `segment:<id>`. Raises Invalid."""
        kind, colon, number = text.partition(":")
        if not colon or kind not in list(SourceKind) or not _is_number(number):
            raise Invalid("source", Phrase("source= takes list:<id> or segment:<id>, for example source=segment:5."))
        return cls(SourceKind(kind), int(number))


class Purpose(StrEnum):
    """What a launch is made for."""

    LAUNCH = "launch"
    TEST = "test"
    """To a few reviewers, on a copy of the campaign."""
    CANARY = "canary"
    """To a few of those who receive it, before all others do: a part of another launch, and on its approvals."""


@dataclass(frozen=True)
class Canary:
    """First to the people of this segment; after that the launch waits so long before the rest.

    With `auto`, the rest goes by itself then, where no brake is on; otherwise a person releases it. Raises Invalid.
    """

    segment: int
    wait: timedelta = USUAL_WAIT
    auto: bool = False

    def __post_init__(self) -> None:
        _positive("canary", self.segment, lambda: Phrase("The id in canary=segment:<id>"))
        if not SHORTEST_CANARY_WAIT <= self.wait <= LONGEST_CANARY_WAIT:
            raise Invalid("wait", Phrase("wait= takes a time from 1s to 24h, for example wait=30m."))

    @property
    def source(self) -> Source:
        return Source(SourceKind.SEGMENT, self.segment)


@dataclass(frozen=True)
class Attachment:
    """A file that travels with the messages. Its bytes are kept in the journal under their SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ActivationRequest:
    """The parameters of `campaigns/activate/`, without the token, and the reason for asking.

    `limit` is the largest number of messages of this run. `content` holds the values of the template's
    `apicontent` variables. Raises Invalid for what the platform would refuse or misread.
    """

    campaign_id: int
    run_now: bool = False
    source: Source | None = None
    limit: int | None = None
    at: datetime | None = None
    """The moment before which it does not start; None for as soon as it is approved."""
    content: Mapping[str, Json] | None = None
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""
    practice: bool = False
    """Walks the whole path, and never calls the platform's activation."""
    purpose: Purpose = Purpose.LAUNCH
    canary: Canary | None = None
    """First to a few, where whoever asks wants that; the policy may want it as well."""

    def __post_init__(self) -> None:
        _positive("campaign", self.campaign_id, lambda: Phrase("The campaign id"))
        if self.limit is not None:
            _positive("limit", self.limit, lambda: Phrase("limit="))
        if self.source is not None and not self.run_now:
            raise Invalid(
                "source",
                Phrase(
                    "source= works only together with run_now: without it the platform ignores the source "
                    "and mails the campaign's own audience. Add run_now, or take source= away."
                ),
            )
        if self.at is not None and self.at.tzinfo is None:
            raise Invalid("at", Phrase("The moment needs a time zone."))
        if self.is_test and not (self.run_now and self.limit and self._to_a_segment):
            raise Invalid("source", Phrase("A test goes to a segment at once, and to so many people at most."))
        if self.canary and not self.run_now:
            raise Invalid(
                "canary",
                Phrase(
                    "canary= works only together with run_now: without it the campaign sends on its own schedule, to "
                    "everybody at once. Add run_now, or take canary= away."
                ),
            )
        if self.canary and self.purpose is not Purpose.LAUNCH:
            raise Invalid("canary", Phrase("A test, or a canary itself, has no canary before it."))
        if self.canary and self.canary.source == self.source:
            raise Invalid("canary", Phrase("The canary goes to the launch's own audience. Choose a smaller segment."))
        if self.is_canary and not (self.run_now and self._to_a_segment):
            raise Invalid("source", Phrase("A canary goes to a segment at once."))
        if len(self.reason) > LONGEST_REASON:
            most = str(LONGEST_REASON)
            raise Invalid("reason", Phrase("The reason is longer than {most} characters. Shorten it.", most=most))

    @property
    def is_test(self) -> bool:
        return self.purpose is Purpose.TEST

    @property
    def is_canary(self) -> bool:
        return self.purpose is Purpose.CANARY

    @property
    def _to_a_segment(self) -> bool:
        return self.source is not None and self.source.kind is SourceKind.SEGMENT

    def with_attachments(self, attachments: tuple[Attachment, ...]) -> Self:
        return replace(self, attachments=attachments)


def number_in(text: str) -> int | None:
    """The id or limit that a text is, in plain digits from 1 up; None for any other text."""
    typed = text.strip()
    number = int(typed) if _is_number(typed) else 0
    return number if 1 <= number <= LARGEST_ID else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _positive(part: str, value: int, subject: Callable[[], Phrase]) -> None:
    if value < 1:
        wrong = Phrase("{subject} must be a whole number from 1 up, not {value}.", subject=subject(), value=str(value))
        raise Invalid(part, wrong)
    if value > LARGEST_ID:
        raise Invalid(
            part,
            Phrase(
                "{subject} is too large a number: the platform's ids and limits are far smaller.", subject=subject()
            ),
        )
