"""A launch as it is to be told in Slack, and who tells it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.launch.events import Denied, Entry
from bot.launch.state import Launch
from bot.launch.testing import Tested
from bot.phrase import Phrase
from bot.results.counts import Counts


@dataclass(frozen=True)
class Line:
    """An entry with its digest, as the thread shows it."""

    entry: Entry
    digest: str

    @property
    def told(self) -> bool:
        """Whether the thread has a reply for it. A refused attempt is answered to the person alone."""
        return not isinstance(self.entry.event, Denied)


@dataclass(frozen=True)
class Place:
    """Where a launch stands in Slack, and how far its thread has been told."""

    channel: str
    message_ts: str | None
    posting_seq: int
    """The highest event whose posting was begun; it may or may not have reached Slack. -1: not even the card's."""
    published_seq: int
    """The highest event whose posting is known to have reached Slack."""
    elsewhere_seq: int
    """The highest event after which people were told outside the channel, because it cannot be written to."""
    publish_at: datetime | None = None
    """When it was due to be told."""


@dataclass(frozen=True)
class Linked:
    """Another launch that a card names, such as its canary or its correction: where its card stands, its counts."""

    launch: Launch
    channel: str
    message_ts: str | None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class Story:
    """A launch with its place in Slack and what has not been told there yet, as of one moment."""

    launch: Launch
    untold: tuple[Line, ...]
    place: Place
    counts: Counts = field(default_factory=Counts)
    """What was counted of its run."""
    tested: Tested | None = None
    """The last test of what it sends."""
    linked: Linked | None = None
    added: int = 0
    """How many of those who received it are in their segment by now."""
    corrections: tuple[Linked, ...] = ()
    """The launches that correct it, the newest first."""
    corrected: Linked | None = None
    """The launch that it corrects."""
    now: datetime | None = None
    """The moment for which it is told; None where nothing depends on it."""
    head: str = ""
    """The digest of the launch's last event."""


class NotPublished(Exception):
    """Slack did not take it. `retry_after` is in seconds, None where no better guess than a backoff exists."""

    def __init__(self, cause: str, retry_after: float | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.retry_after = retry_after


class Unanswered(NotPublished):
    """Whether Slack took it, nobody knows; it may take it yet."""


class CardGone(NotPublished):
    """The card was deleted, and its thread with it: only a new card can carry on."""


class ChannelGone(NotPublished):
    """The channel cannot be written to until a person mends it. `told` is the cause as a clause for people."""

    def __init__(self, told: Phrase) -> None:
        super().__init__(told)
        self.told = told


class Publisher(Protocol):
    """Tells a launch's story in its channel. Each method raises NotPublished where Slack did not take it.

    Unanswered is raised where it may yet: until that has shown, the launch is left alone, or what was sent late would
    come after what was sent next.

    With `look_first`, an earlier posting may have reached Slack although nobody noted it: it is looked for before
    another is made.
    """

    def post_card(self, story: Story, *, look_first: bool) -> str:
        """Posts the card and returns its timestamp, Slack's id of the message."""

    def post_reply(self, story: Story, line: Line, message_ts: str, *, look_first: bool) -> None:
        """Posts one event's reply into the card's thread."""

    def update_card(self, story: Story, message_ts: str) -> None:
        """Brings the card up to date with the launch."""

    def tell_elsewhere(self, story: Story, cause: Phrase) -> None:
        """Shows the card to the requester and the admins, each alone, and says why it is not in the channel."""
