"""First to a few: what can happen to a launch's canary, and where it stands. The canary itself is another launch."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.campaign.request import LaunchId, UserId
from bot.results.brakes import Standing, Verdict
from bot.results.counts import Counts

RELEASE_WITHIN = timedelta(hours=24)
"""How long a launch waits for somebody to release the rest; after that it expires."""

LAST_CALL = timedelta(hours=1)
"""How long before that people are called once more."""

NOBODY = UserId("")

IN_DOUBT = "in_doubt"
"""How a canary stands of which nobody knows whether it ran."""

HALTED = "halted"
"""How a canary stands that somebody wanted stopped, or a brake did, whatever came of that."""

DISTRUSTED = "distrusted"
"""How a canary stands whose record is not what the bot has written."""


@dataclass(frozen=True)
class CanaryBegun:
    """Committed before the canary is opened, under that id. With `on_original`, it runs on the campaign itself."""

    launch_id: LaunchId
    on_original: bool = False


@dataclass(frozen=True)
class CanaryRan:
    """Its run was seen to start: the launch waits until that moment."""

    until: datetime


@dataclass(frozen=True, kw_only=True)
class CanaryJudged:
    """The wait is over: what was counted of the canary by then, and how that stands to the policy's brakes.

    `verdict` is None where the policy has none. `mention` is who is pinged to release the rest, or not.
    """

    counts: Counts
    verdict: Verdict | None = None
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class CanaryFailed:
    """There is nothing to judge by: `how` is the state in which the canary is, or ended. `mention` is who decides."""

    how: str
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class CanaryReleased:
    """The rest may go: by a person's word; or with `by_rule`, by the bot, because the policy says so.

    `rules` are the policy's rules that held for the launch, where they did it.
    """

    by_rule: bool = False
    rules: tuple[str, ...] = ()


CanaryNews: TypeAlias = CanaryBegun | CanaryRan | CanaryJudged | CanaryFailed | CanaryReleased


class CanaryStep(StrEnum):
    """Where a canary stands, as its launch sees it."""

    BEGUN = "begun"
    WAITING = "waiting"
    """It ran, and its numbers are waited for."""
    JUDGED = "judged"
    FAILED = "failed"
    RELEASED = "released"


@dataclass(frozen=True, kw_only=True)
class CanaryStanding:
    """A canary with its history folded in. `at` is when it was begun, `over_at` when the waiting for it was over."""

    launch_id: LaunchId
    at: datetime
    on_original: bool = False
    step: CanaryStep = CanaryStep.BEGUN
    until: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    verdict: Verdict | None = None
    failed: str = ""
    over_at: datetime | None = None
    called_again: bool = False
    """Whether people were called once more, shortly before it expires."""
    released: CanaryReleased | None = None
    released_by: UserId = NOBODY
    released_at: datetime | None = None

    @property
    def expires_at(self) -> datetime | None:
        """Until when somebody can release the rest; None while that is not asked for, or done."""
        if self.over_at is None or self.step is CanaryStep.RELEASED:
            return None
        return self.over_at + RELEASE_WITHIN

    @property
    def calls_again_at(self) -> datetime | None:
        return self.expires_at - LAST_CALL if self.expires_at and not self.called_again else None

    @property
    def waits_for_a_person(self) -> bool:
        return self.step in {CanaryStep.JUDGED, CanaryStep.FAILED}

    @property
    def may_go_by_itself(self) -> bool:
        """Whether the numbers were enough to judge by, and no brake was on."""
        judged = self.step is CanaryStep.JUDGED and self.verdict is not None
        return judged and self.verdict is not None and self.verdict.standing is Standing.OFF


_UNRELEASED = frozenset(CanaryStep) - {CanaryStep.RELEASED}
_MAY_FOLLOW: dict[type[CanaryNews], frozenset[CanaryStep | None]] = {
    CanaryBegun: frozenset({None}),
    # A late answer heals a doubt.
    CanaryRan: frozenset({CanaryStep.BEGUN, CanaryStep.FAILED}),
    CanaryJudged: frozenset({CanaryStep.WAITING}),
    CanaryFailed: _UNRELEASED,
    CanaryReleased: frozenset({CanaryStep.JUDGED, CanaryStep.FAILED}),
}


def may_happen(standing: CanaryStanding | None, news: CanaryNews) -> bool:
    """Whether the news can follow on where the canary stands."""
    if isinstance(news, CanaryReleased) and news.by_rule:
        return standing is not None and standing.may_go_by_itself
    return (standing.step if standing else None) in _MAY_FOLLOW[type(news)]


def advance(standing: CanaryStanding | None, news: CanaryNews, by: UserId, at: datetime) -> CanaryStanding | None:
    """The canary after one more event."""
    if isinstance(news, CanaryBegun):
        return CanaryStanding(launch_id=news.launch_id, at=at, on_original=news.on_original)
    if standing is None:
        return None
    match news:
        case CanaryRan(until):
            return replace(standing, step=CanaryStep.WAITING, until=until, failed="", over_at=None, called_again=False)
        case CanaryJudged(counts=counts, verdict=verdict):
            return replace(standing, step=CanaryStep.JUDGED, counts=counts, verdict=verdict, over_at=at)
        case CanaryFailed(how):
            return replace(standing, step=CanaryStep.FAILED, failed=how, over_at=standing.over_at or at)
        case CanaryReleased():
            return replace(standing, step=CanaryStep.RELEASED, released=news, released_by=by, released_at=at)
