"""Where a launch stands: its history, folded into one value."""

from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, Canary, LaunchId, UserId
from bot.campaign.schedule import ScheduleRead
from bot.launch import events
from bot.launch.canary import CanaryStanding, CanaryStep
from bot.launch.copying import Copy
from bot.launch.events import ChannelId
from bot.launch.given import Approval, Missing, Wish
from bot.launch.outcome import Outcome
from bot.launch.received import Received
from bot.launch.run import LogUnread, ResultsReported, RunCompleted, RunEnded, RunHalted, RunStarted
from bot.launch.stop import Stopping
from bot.message.report import Report
from bot.phrase import NO_CAUSE, Phrase
from bot.policy.canary import planned
from bot.policy.collision import Collision
from bot.policy.demands import Demands, RoleCount
from bot.policy.fingerprint import SHOWN, fingerprint


class State(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    LAUNCHING = "launching"
    LAUNCHED = "launched"
    RUNNING = "running"
    FINISHED = "finished"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    UNREACHED = "unreached"
    IN_DOUBT = "in_doubt"
    ADOPTED = "adopted"
    """Not launched here, and taken on to be stopped."""
    STOPPED = "stopped"


ENDED = frozenset(
    {State.FINISHED, State.REJECTED, State.CANCELLED, State.EXPIRED, State.REFUSED, State.UNREACHED, State.STOPPED},
)
"""Where nothing is left to be done for a launch."""


PENDING = frozenset({State.REQUESTED, State.APPROVED})
"""What may still be sent."""

OPEN = PENDING | {State.LAUNCHING, State.IN_DOUBT}
SENT = frozenset({State.LAUNCHED, State.RUNNING, State.FINISHED, State.STOPPED})

OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Launch:
    """One request with its history folded in; `moved_by` and `moved_at` say who brought it into its state, and when."""

    id: LaunchId
    version: int
    state: State
    request: ActivationRequest
    requester: UserId
    channel: ChannelId
    preview: Preview
    requested_at: datetime
    expires_at: datetime
    demands: Demands
    rules: tuple[str, ...]
    moved_by: UserId
    moved_at: datetime
    collisions: tuple[Collision, ...] = ()
    """As they were found when the launch was asked for."""
    report: Report = field(default_factory=Report)
    """What is sent, in few words, and how its checks went, as they were found with the preview."""
    workflow: str = ""
    """The execution of the workflow's step that waits for it, by Slack's id; "" for none."""
    revision: int = 0
    """How often what is asked for has changed since the first card: by edits, and by what voided approvals."""
    approvals: tuple[Approval, ...] = ()
    wishes: tuple[Wish, ...] = ()
    """The changes that were asked for since the last edit; of each person the last."""
    glass: events.BrokeGlass | None = None
    glass_by: UserId = events.BOT
    not_before: datetime | None = None
    """Approved, but held until then."""
    waits_for: Phrase = NO_CAUSE
    """Why it is held, as a clause for people; "" for the time in which it can be undone, or for its own schedule."""
    voided: events.Voided | None = None
    """What changed since approvals were given last, if that voided them."""
    reminders: int = 0
    called_second_line: bool = False
    doubt_reminders: int = 0
    """How often people were reminded of the doubt."""
    held_back: events.HeldBack | None = None
    practised: bool = False
    rejection: str = ""
    withheld: events.Withheld | None = None
    attempts: tuple[events.LaunchStarted, ...] = ()
    started_at: datetime | None = None
    outcome: Outcome | None = None
    first_miss_at: datetime | None = None
    last_miss_at: datetime | None = None
    looked: events.NothingFound | None = None
    evidence: events.EvidenceFound | None = None
    vouched: events.Vouched | None = None
    run: RunStarted | None = None
    run_end: RunEnded | None = None
    followed: bool = True
    halted: RunHalted | None = None
    completed: RunCompleted | None = None
    log_unread: LogUnread | None = None
    schedule: ScheduleRead | None = None
    """The campaign's own, for a launch that sends nothing by itself; None while it is not read."""
    results: tuple[ResultsReported, ...] = ()
    """What was reported of its run's numbers, the oldest first."""
    adopted: bool = False
    """Whether this bot launched nothing here: the campaign was taken on to be stopped."""
    stop: Stopping | None = None
    """The stop that was asked for last."""
    belongs_to: LaunchId | None = None
    """The launch that a test, a canary or a correction is made for, where there is one."""
    copy: Copy | None = None
    """The copy of its campaign on which a test or a canary is made."""
    on_original: bool = False
    """Whether it runs on the campaign itself where it would be made on a copy."""
    canary: CanaryStanding | None = None
    """How its canary stands, once that is begun."""
    canary_before: bool = False
    """Whether an earlier revision had a canary, which may have been sent."""
    received: Received | None = None
    """Those who received it, on their way into a segment; None while nobody has asked for that."""

    if not TYPE_CHECKING:  # who checks types takes the one that dataclass would make

        def __init__(self, **values: Any) -> None:  # noqa: ANN401
            """Raises TypeError for what is no field, and where one is missing.

            dataclass would set the many fields one by one, in which a fourth of folding a launch consists.
            """
            if not _REQUIRED <= values.keys() <= _FIELDS:
                raise TypeError(f"not the fields of a launch: {', '.join(sorted(values.keys() ^ _REQUIRED))}")
            object.__setattr__(self, "__dict__", _UNSET | values)

    def but(self, **changes: Any) -> "Launch":  # noqa: ANN401 -- as with dataclasses.replace, of which this is a part
        """The launch with other values in these fields. Raises TypeError for what is no field.

        dataclasses.replace gives the same in forty times the time, of which folding a long record would consist.
        """
        if not changes.keys() <= _FIELDS:
            raise TypeError(f"no field of a launch: {', '.join(sorted(changes.keys() - _FIELDS))}")
        # A copy of the values as they stand takes half the time of putting them in one by one.
        values = self.__dict__.copy()
        if len(values) > len(_FIELDS):
            # What was computed from the fields stands beside them, and is another launch's.
            for name in _COMPUTED:
                values.pop(name, None)
        values.update(changes)
        changed = object.__new__(Launch)
        object.__setattr__(changed, "__dict__", values)
        return changed

    @property
    def target(self) -> int:
        """The campaign that is activated, followed and stopped: a test's or a canary's copy, once that is there."""
        copied = self.copy.campaign_id if self.copy else None
        return self.request.campaign_id if copied is None else copied

    @property
    def is_on_copy(self) -> bool:
        """Whether it is made on a copy of the campaign."""
        return (self.request.is_test or self.request.is_canary) and not self.on_original

    @cached_property
    def plan(self) -> Canary | None:
        """Who receives it first, by the request and the policy; None where it goes to all at once."""
        return planned(self.request, self.demands)

    @property
    def awaits_canary(self) -> bool:
        """Whether it must not be sent yet, because some are to receive it first and nobody has released the rest."""
        released = self.canary is not None and self.canary.step is CanaryStep.RELEASED
        return self.plan is not None and not self.request.practice and not released

    @property
    def sent(self) -> ActivationRequest:
        """What the platform is asked for."""
        return replace(self.request, campaign_id=self.target)

    @property
    def is_taken_not_to_have_run(self) -> bool:
        """Whether a doubt was settled by somebody's word that it did not run, and nothing has shown otherwise."""
        return self.state == State.UNREACHED and self.vouched is not None

    @property
    def decided(self) -> tuple[UserId, ...]:
        """Whose word it rests on: whoever approved, or broke the glass."""
        return tuple(approval.by for approval in self.approvals) + ((self.glass_by,) if self.glass else ())

    @property
    def settled_at(self) -> datetime:
        """When it last became what it is now: asked for, changed, approved, or released by a person."""
        released_at = self.canary.released_at if self.canary and self.canary.released_by else None
        return max(self.moved_at, released_at) if released_at else self.moved_at

    @property
    def reaches_at(self) -> datetime | None:
        """When it reached people; OPEN_END where it may still do so, or nobody knows; None where it never will."""
        if self.request.practice or self.request.is_test or self.adopted:
            return None
        if self.state in OPEN:
            return OPEN_END
        if self.is_taken_not_to_have_run:
            # A word is no proof: the next launch is told of it, from when it was given.
            return self.moved_at
        return self.started_at if self.state in SENT else None

    @property
    def was_sent(self) -> bool:
        return self.state in SENT

    @property
    def takes_own_approval(self) -> bool:
        """Whether the requester's own approval counts."""
        return self.demands.self_approval or self.request.practice

    @property
    def takes_own_release(self) -> bool:
        """Whether the requester may release the rest after a canary: what goes to everybody takes a second person."""
        return self.demands.self_approval

    @property
    def has_own_run(self) -> bool:
        """Whether it sends by itself, and to whom it is meant for: only such a run's events are counted."""
        return self.request.run_now and not (self.request.practice or self.request.is_test or self.adopted)

    @property
    def is_counted(self) -> bool:
        """Whether the platform's events about its run are counted: from before its call, while it may have one."""
        may_have_run = self.was_sent or self.state in {State.LAUNCHING, State.IN_DOUBT} or self.is_taken_not_to_have_run
        over = bool(self.results) and self.results[-1].last
        return may_have_run and not over and self.has_own_run

    @cached_property
    def fingerprint(self) -> str:
        """Stands for everything that an approval rests on, and for the revision of the launch that asks for it.

        What is given to one revision counts for no other, even where a later one asks for the same again.
        """
        return f"{self.revision}-{self._digest}"

    @property
    def fingerprint_shown(self) -> str:
        """The part of it that people see. Nothing is ever compared with it."""
        return self._digest[:SHOWN]

    @cached_property
    def _digest(self) -> str:
        return fingerprint(self.request, self.preview, self.plan)

    @property
    def missing(self) -> Missing:
        """What is missing for the launch to start."""
        if self.glass:
            return Missing(0)
        wanting = tuple(
            RoleCount(one.role, one.count - have)
            for one in self.demands.of_which
            if (have := sum(one.role in approval.roles for approval in self.approvals)) < one.count
        )
        by_number = max(0, self.demands.approvals - len(self.approvals))
        # A person may count for several roles, so the roles alone say only how many more are needed at least.
        return Missing(max(by_number, *(one.count for one in wanting), 0), wanting)


_COMPUTED = frozenset(name for name, value in vars(Launch).items() if isinstance(value, cached_property))
_FIELDS = frozenset(field.name for field in fields(Launch))
_UNSET = {
    field.name: field.default if field.default_factory is MISSING else field.default_factory()
    for field in fields(Launch)
}
_REQUIRED = frozenset(name for name, value in _UNSET.items() if value is MISSING)
