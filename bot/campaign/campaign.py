"""What the platform tells about a campaign and its audience, and who tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.campaign.request import ActivationRequest, Source, SourceKind
from bot.phrase import NO_CAUSE, Phrase


class SizeBasis(StrEnum):
    """What an audience's size counts."""

    SENDABLE = "sendable"
    """Subscribed and sendable profiles of the campaign's channel, from `get_counters`."""
    PROFILES = "profiles"
    """All profiles, from a segment's `count`."""


Fields: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in the order in which they were told."""


@dataclass(frozen=True)
class ContentItem:
    """A campaign's mention of a template. `overrides` are the texts that are not empty, by their fields' names.

    `message_id` is the template's, 0 where it could not be read.
    """

    message_id: int
    overrides: Fields = ()


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign (from v74 on the platform calls it a mailing). None or "" where the platform did not say."""

    id: int
    name: str
    kind: str = ""
    status: str = ""
    is_active: bool | None = None
    is_completed: bool | None = None
    channel: str = ""
    default_source: Source | None = None
    resource_id: int | None = None
    updated_user: str = ""
    updated_at: datetime | None = None
    tags: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    """The access groups' names."""
    content: tuple[ContentItem, ...] = ()

    @property
    def is_trigger(self) -> bool:
        """Whether it sends to one person at a time, when something happens."""
        return self.kind == "trigger"


@dataclass(frozen=True, kw_only=True)
class Audience:
    """A source with its name and its size when asked: an estimate, for segments are recounted at the start."""

    source: Source
    name: str = ""
    size: int | None = None
    basis: SizeBasis | None = None
    definition: str = ""
    """The SHA-256, in hex, of a segment's conditions; "" where they are not told, and for a database."""


@dataclass(frozen=True, kw_only=True)
class MessageRef:
    """Which message is sent, exactly: `digest` is the SHA-256, in hex, of all of it, under which it is kept.

    One that could not be read has no digest: `cause` and `sentence` say why, as bot.message.message.MessageUnread has
    them. `message_id` is the template's, None where not even that is known.
    """

    message_id: int | None
    digest: str = ""
    cause: str = ""
    sentence: Phrase = NO_CAUSE


class Absent(StrEnum):
    """A part of a request that the platform does not have; the value is the part's name, as Invalid has it."""

    CAMPAIGN = "campaign"
    SOURCE = "source"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What is known of a campaign and the audience a launch would reach; `problems` are sentences about what is not."""

    campaign: Campaign | None = None
    audience: Audience | None = None
    problems: tuple[Phrase, ...] = ()
    failed: bool = False
    """Whether something was not read although the platform may know it: it did not answer, or not clearly."""
    missing: tuple[Absent, ...] = ()
    """What the platform has plainly said it does not have."""
    messages: tuple[MessageRef, ...] = ()
    """One for each of the campaign's content items; none where the campaign was not read."""

    @property
    def own_source(self) -> Source | None:
        """The campaign's own audience, to which it goes on its schedule; None where that is not known."""
        return self.campaign.default_source if self.campaign else None


def audience_of(request: ActivationRequest, preview: Preview) -> Source | None:
    """Whom the launch reaches: the source that was asked for, else the campaign's own, where that is known."""
    return request.source or (preview.audience.source if preview.audience else None)


def absences(preview: Preview) -> Mapping[Absent, Phrase]:
    """A sentence for each part of the request that the platform does not have."""
    return {part: _ABSENCES[part] for part in preview.missing}


_ABSENCES = {
    Absent.CAMPAIGN: Phrase(
        "The platform has no campaign with this id, or none that the bot may see. Choose another one."
    ),
    Absent.SOURCE: Phrase(
        "The platform has no segment with this id, or none that the bot may see. Choose another audience."
    ),
}


def undescribed(request: ActivationRequest, preview: Preview) -> Phrase:
    """What the platform's guide leaves open of sending such a campaign now (its page on campaign kinds); or nothing."""
    kind = preview.campaign.kind if preview.campaign else ""
    return _UNDESCRIBED.get(kind, NO_CAUSE) if request.run_now else NO_CAUSE


_UNDESCRIBED = {
    "trigger": Phrase(
        "This is a trigger, which sends to one person when something happens. The platform's guide does not say what "
        "“Send now” does with one: it may refuse it, and then nothing is sent."
    ),
    "splittest": Phrase(
        "This is a split test. The platform's guide does not say what “Send now” does with one: it may refuse it, and "
        "then nothing is sent."
    ),
}


@dataclass(frozen=True)
class Choice:
    """One entry of a searchable select."""

    id: int
    name: str
    kind: str = ""
    is_active: bool | None = None
    """What the platform's list says of a campaign; "" and None where it does not, or of anything else."""


class Directory(Protocol):
    """Reads about campaigns and audiences. Never raises: what cannot be read is said to be unknown."""

    def preview(self, campaign_id: int, source: Source | None) -> Preview:
        """Asks the platform now. As slow as the platform is: never call it before an ack."""

    def find_campaigns(self, text: str, limit: int = 100) -> Sequence[Choice]:
        """Campaigns whose name or id contains the text, from a cache; within about two seconds, perhaps none."""

    def find_sources(self, kind: SourceKind, text: str, limit: int = 100) -> Sequence[Choice]:
        """Databases or segments whose name or id contains the text; as find_campaigns."""

    def listed_name(self, what: int | Source) -> str:
        """The name of a campaign, by its id, or of an audience: from the cache, at once, "" where it is not there."""
