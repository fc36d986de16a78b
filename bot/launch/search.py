"""What people look for among the launches, and what they find: pages of history, and the lists of the App Home."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.campaign.request import LaunchId, UserId
from bot.launch.commands import Approve, Checked
from bot.launch.decide import decide
from bot.launch.state import Launch, State
from bot.policy.refusals import NotTyped, Refused
from bot.results.counts import Counts

PAGE = 10
"""Launches on a page of history."""

HOME_LIST = 8
"""Launches in each list of the App Home: five of them, each launch with its buttons, fit into Slack's 100 blocks."""

LATELY = timedelta(days=7)
"""How long a requester's own launch that has ended is still among theirs."""


class Phase(StrEnum):
    """Where a launch is looked for: coarser than its state, and never asking how long ago something was."""

    WAITING = "waiting"
    """For approvals."""
    COMING = "coming"
    """Approved, and not sent yet."""
    RUNNING = "running"
    """Being sent or stopped, or followed until its run ends."""
    IN_DOUBT = "in_doubt"
    OVER = "over"
    """Nothing more is done for it."""


OPEN_PHASES = (Phase.WAITING, Phase.COMING, Phase.RUNNING, Phase.IN_DOUBT)
PENDING_PHASES = (Phase.WAITING, Phase.COMING)
RUNNING_PHASES = (Phase.COMING, Phase.RUNNING, Phase.IN_DOUBT)


def phase_of(launch: Launch) -> Phase:
    match launch.state:
        case State.REQUESTED:
            return Phase.WAITING
        case State.APPROVED:
            return Phase.COMING
        case State.LAUNCHING | State.ADOPTED:
            return Phase.RUNNING
        case State.LAUNCHED | State.RUNNING if launch.request.run_now and launch.followed:
            return Phase.RUNNING
        case State.IN_DOUBT:
            return Phase.IN_DOUBT
        case _:
            return Phase.OVER


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which launches are looked for: whatever is set has to hold of each; with nothing set, all. Phases or states."""

    campaign_id: int | None = None
    requester: UserId | None = None
    phases: tuple[Phase, ...] = ()
    states: tuple[State, ...] = ()
    reached: bool = False
    """Only what reached people, or may have: no practice, and nothing that was taken on to be stopped."""
    tests: bool = True
    """Whether the tests of a campaign stand beside its launches, where a campaign is looked for."""
    since: datetime | None = None
    until: datetime | None = None
    """Asked for at that moment or later, and before that one."""


@dataclass(frozen=True)
class Mark:
    """A place in the history, which lies in the order of asking, the newest first; a page begins beside it."""

    asked_at: datetime
    launch_id: LaunchId
    newer: bool = False
    """Whether the page holds what is newer than the place, instead of older."""


@dataclass(frozen=True)
class Found:
    """A launch, and its card in its channel; None where no card stands."""

    launch: Launch
    message_ts: str | None
    counts: Counts = field(default_factory=Counts)
    """What was counted of its run."""


@dataclass(frozen=True)
class Page:
    """Some of what was found, the newest first, and whether there is more on either side."""

    found: tuple[Found, ...]
    has_newer: bool = False
    has_older: bool = False

    @property
    def older(self) -> Mark | None:
        """Where the page after this one begins; None where there is none."""
        last = self.found[-1].launch if self.found else None
        return Mark(last.requested_at, last.id) if last and self.has_older else None

    @property
    def newer(self) -> Mark | None:
        """Where the page before this one begins; None where there is none."""
        first = self.found[0].launch if self.found else None
        return Mark(first.requested_at, first.id, newer=True) if first and self.has_newer else None


@dataclass(frozen=True, kw_only=True)
class Board:
    """The launches from which a person's App Home is made, each list in its own order."""

    waiting: tuple[Found, ...]
    """For anybody's approval, the soonest to expire first."""
    in_doubt: tuple[Found, ...]
    own_open: tuple[Found, ...]
    own_latest: tuple[Found, ...]
    running: tuple[Found, ...]
    over: tuple[Found, ...]


@dataclass(frozen=True, kw_only=True)
class HomeLists:
    """What one person's App Home shows; each launch stands in one list only, the first that it belongs to."""

    waiting: tuple[Found, ...]
    """What this person may do something about: first the doubts that they may settle, then what they may approve now,
    the soonest to expire first."""
    own: tuple[Found, ...]
    running: tuple[Found, ...]
    over: tuple[Found, ...]
    others: tuple[Found, ...] = ()
    """What waits for somebody else's approval, for whoever may cancel it."""


def home_lists(
    board: Board, person: UserId, now: datetime, *, approves: bool, settles: bool = False, cancels: bool = False
) -> HomeLists:
    """The lists for the person. The flags say what their roles let them do: approve, settle a doubt, cancel any."""
    shown: set[LaunchId] = set()

    def fresh(found: Iterable[Found]) -> tuple[Found, ...]:
        new = [one for one in found if one.launch.id not in shown][:HOME_LIST]
        shown.update(one.launch.id for one in new)
        return tuple(new)

    lately = (one for one in board.own_latest if now - one.launch.moved_at <= LATELY)
    doubts = board.in_doubt if settles else ()
    approvable = (one for one in board.waiting if approves and may_approve(one.launch, person, now))
    return HomeLists(
        waiting=fresh((*doubts, *approvable)),
        own=fresh((*board.own_open, *lately)),
        running=fresh(board.running),
        over=fresh(board.over),
        others=fresh(board.waiting) if cancels else (),
    )


def may_approve(launch: Launch, person: UserId, now: datetime) -> bool:
    """Whether an approval of this person, who holds the role, would be taken now."""
    if launch.expires_at <= now:
        return False
    decision = decide(launch, Approve(person, checked=Checked(shown=launch.fingerprint)))
    # What has to be typed is asked for once the button is pressed.
    return not isinstance(decision, Refused) or isinstance(decision.reason, NotTyped)
