"""Reads a batch, and sorts its events by the runs that they count for, with what is needed to count them. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeAlias

from bot.journal.gathered import Gathered, Label, Sending, label_of
from bot.results.counts import Kind
from bot.results.first_day import NOWHERE, slot_of
from bot.results.hooks import HookEvent, read_batch
from bot.results.recipients import recipient_of
from bot.results.runs import Run, belongs, proves_start

PARTS_OF_A_DAY = 4
"""A repeat happened when its event did. So what happened in earlier parts of the day need not stay in memory."""

_SECONDS_OF_A_PART = 24 * 3600 // PARTS_OF_A_DAY
_EPOCH = datetime.fromtimestamp(0, UTC)

ByRun: TypeAlias = Mapping[int, Mapping[int, Gathered]]
"""By the run's row and the part of the day."""


@dataclass(frozen=True)
class Followed:
    """A run whose events are counted. `id` is its row; `proved` is whether an event has shown its start before."""

    id: int
    run: Run
    proved: bool


@dataclass(frozen=True, eq=False)
class _Counted:
    """As what events are counted that are alike; `proves` is whether one of them may still show the run's start."""

    run: Run
    label: Label
    parts: defaultdict[int, Gathered]
    proves: bool


class _Campaign:
    """The followed runs of one campaign, oldest first."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        self._since = [run.since for run in runs]

    def begun(self, at: datetime) -> int:
        """How many of them had begun by then."""
        return len(self._since) if at >= self._since[-1] else bisect_right(self._since, at)


class _Sorting:
    """Of one batch. As what an event is counted is kept for others like it: a batch has few sorts of them."""

    def __init__(self, followed: Iterable[Followed]) -> None:
        self._rows = {row.run.launch_id: row for row in followed}
        runs_of: defaultdict[int | None, list[Run]] = defaultdict(list)
        for row in sorted(self._rows.values(), key=lambda row: (row.run.since, row.id)):
            runs_of[row.run.campaign_id].append(row.run)
        self._campaigns = {campaign: _Campaign(runs) for campaign, runs in runs_of.items()}
        self._kept: dict[tuple[object, ...], _Counted | None] = {}
        self.by_run: defaultdict[int, defaultdict[int, Gathered]] = defaultdict(lambda: defaultdict(Gathered))

    def counted(self, event: HookEvent) -> _Counted | None:
        """None for what belongs to no followed run."""
        campaign = self._campaigns.get(event.campaign_id)
        if campaign is None:
            return None
        begun = campaign.begun(event.at)
        if not begun:
            # Here it goes by the event's own moment.
            return self._counted(event, campaign)
        wire = event.wire
        # Once a run has begun, it goes by nothing of the moment but how many have.
        like = (event.campaign_id, begun, wire.event_type, wire.is_test, wire.account_id, event.written_launch_id)
        try:
            return self._kept[like]
        except KeyError:
            kept = self._kept[like] = self._counted(event, campaign)
            return kept

    def _counted(self, event: HookEvent, campaign: _Campaign) -> _Counted | None:
        found = belongs(event, campaign.runs)
        if found is None:
            return None
        row = self._rows[found.run.launch_id]
        label = label_of(event.wire.event_type, event.is_test, found.elsewhere, found.ambiguous)
        return _Counted(row.run, label, self.by_run[row.id], not row.proved and not found.elsewhere)


@dataclass(frozen=True)
class Sorted:
    """A batch that was read: what counts for the followed runs, and of which campaigns any of its events are.

    `readable` and `unreadable` are how many elements it has that are events, and that are none.
    """

    by_run: ByRun
    campaigns: frozenset[int]
    readable: int
    unreadable: int


def sorted_batch(body: bytes, followed: Iterable[Followed], key: bytes, *, with_recipients: bool) -> Sorted:
    """Sorts by runs that are all the followed ones of their campaigns. `key` makes the hashes. Raises NoBatch."""
    batch = read_batch(body)
    campaigns = frozenset(event.campaign_id for event in batch.events if event.campaign_id is not None)
    by_run = _sorted_by_run(batch.events, followed, key, with_recipients)
    return Sorted(by_run, campaigns, len(batch.events), batch.unreadable)


def _sorted_by_run(
    events: Iterable[HookEvent], followed: Iterable[Followed], key: bytes, with_recipients: bool
) -> ByRun:
    sorting = _Sorting(followed)
    keyed = blake2b(digest_size=8, key=key)
    for event in events:
        counted = sorting.counted(event)
        if counted is None:
            continue
        at, label = event.at, counted.label
        since_epoch = at - _EPOCH
        part = PARTS_OF_A_DAY * since_epoch.days + since_epoch.seconds // _SECONDS_OF_A_PART
        found = counted.parts[part]
        hashing = keyed.copy()
        hashing.update(event.identity)
        found.hashes.append(int.from_bytes(hashing.digest(), "little"))
        found.labels.append(label)
        found.slots.append(NOWHERE if label.row is None else slot_of(label.row, at - counted.run.since))
        if with_recipients:
            found.sendings.append(_sending(event, label))
        found.newest = max(found.newest, at)
        if counted.proves and not found.proof and proves_start(event, counted.run.since):
            found.proof = at
    return {run: dict(parts) for run, parts in sorting.by_run.items()}


def _sending(event: HookEvent, label: Label) -> Sending | None:
    if label.kind is not Kind.SENT or label.is_test or label.elsewhere:
        return None
    return Sending(recipient_of(event), label.ambiguous)
