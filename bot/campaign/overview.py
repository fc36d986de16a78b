"""What the platform tells about its campaigns where nobody is about to launch one, and who tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.campaign.campaign import Choice, Preview
from bot.campaign.schedule import Schedule
from bot.phrase import Phrase


@dataclass(frozen=True)
class Listing:
    """Campaigns whose name or id contains the text. `meant` is a word of the text that looks like a mistyped one."""

    text: str = ""
    only_active: bool = False
    meant: str = ""


LIST_PAGE = 15
"""Campaigns on a page of the list."""


@dataclass(frozen=True, kw_only=True)
class Campaigns:
    """A page of the campaigns that were looked for, the newest ids first. `age` is the list's, in seconds."""

    choices: tuple[Choice, ...]
    matching: int
    """How many there are on all pages."""
    first: int
    """The place of the page's first among them, counted from 1; 0 where there is none."""
    age: float
    before: int | None = None
    """The page before this one: the id that it ends above."""
    after: int | None = None
    """The page after this one: the id that it begins below."""


@dataclass(frozen=True, kw_only=True)
class RunTold:
    """The last run that a campaign's log tells of. `ended_at` is None where it shows no end."""

    started_at: datetime
    ended_at: datetime | None
    warnings: int
    errors: int


@dataclass(frozen=True, kw_only=True)
class CampaignStatus:
    """How a campaign stands now, as far as the platform says. `run` is None where its log shows none, or was not read.

    `schedule` is None where it is not known.
    """

    campaign_id: int
    preview: Preview
    schedule: Schedule | None = None
    run: RunTold | None = None
    log_read: bool = False
    log_since: datetime | None = None
    """The log was read from this moment on."""
    problems: tuple[Phrase, ...] = ()
    """Sentences about what could not be read, beyond those of the preview."""


class Overview(Protocol):
    """Reads about campaigns. Never raises: what cannot be read is said to be unknown. Never call it before an ack."""

    def campaigns(self, listing: Listing, below: int | None = None, above: int | None = None) -> Campaigns | None:
        """A page of the list, beside one of these ids; from a cache. None where the list could not be read."""

    def standing(self, campaign_id: int) -> CampaignStatus:
        """Asks the platform now."""
