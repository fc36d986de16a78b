"""Builders for tests: launches, requests and journals with as few words as the test needs."""

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.campaign.campaign import Audience, Campaign, Preview, SizeBasis
from bot.campaign.request import ActivationRequest, LaunchId, RequestId, Source, SourceKind, UserId
from bot.journal.engine import open_engine
from bot.journal.instance import Instance
from bot.journal.journal import Journal
from bot.journal.keys import NO_KEYS, Keys
from bot.journal.schema import upgrade
from bot.launch.events import BOT, ChannelId, Entry, Event, LaunchStarted, Requested
from bot.launch.evolve import evolve
from bot.launch.state import Launch
from bot.policy.demands import Demands
from tests.migrated import lay_tables

ANA, BEN, CLEO, DAN, OTTO = (UserId(f"U0{name}") for name in ("ANA", "BEN", "CLEO", "DAN", "OTTO"))
LAUNCHES = ChannelId("C0LAUNCH")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SEGMENT_5 = Source(SourceKind.SEGMENT, 5)

PREVIEW = Preview(
    campaign=Campaign(id=82, name="Black Friday", kind="broadcast", updated_user="olga", updated_at=NOON),
    audience=Audience(source=SEGMENT_5, name="Active", size=48_210, basis=SizeBasis.SENDABLE),
)


def asked(approvals: int = 1, demands: Demands | None = None, **parameters) -> Requested:
    request = ActivationRequest(**{"campaign_id": 82, "run_now": True, "source": SEGMENT_5, **parameters})
    return Requested(
        request=request,
        channel=LAUNCHES,
        preview=PREVIEW,
        demands=demands or Demands(approvals=approvals),
        expires_at=NOON + timedelta(hours=4),
    )


def started(launch_id: str = "L1", attempt: int = 1, newest_log: datetime | None = NOON) -> LaunchStarted:
    return LaunchStarted(attempt=attempt, request_id=RequestId(launch_id), body_digest="d" * 64, newest_log=newest_log)


def launch(*happened: tuple[UserId, Event], requested: Requested | None = None, launch_id: str = "L1") -> Launch:
    """Ana's launch after what happened to it, one minute apart."""
    told = [(ANA, requested or asked()), *happened]
    folded: Launch | None = None
    for seq, (actor, event) in enumerate(told, start=1):
        folded = evolve(folded, Entry(LaunchId(launch_id), seq, NOON + timedelta(minutes=seq - 1), actor, event))
    assert folded is not None
    return folded


def by_bot(event: Event) -> tuple[UserId, Event]:
    return BOT, event


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


def journal_on(url: str, clock: Clock | None = None, keys: Keys = NO_KEYS) -> Journal:
    lay_tables(url)
    engine = open_engine(url)
    upgrade(engine)
    return Journal(engine, clock, keys)


def journal_at(path: Path, clock: Clock | None = None, keys: Keys = NO_KEYS) -> Journal:
    return journal_on(f"sqlite:///{path / 'journal.db'}", clock, keys)


def instance(name: str = "ours", *gone: str) -> Instance:
    """A running bot by that name, to which the named others are gone."""
    return Instance(lambda owner: owner in gone, name)


class AtOnce:
    """An executor that does what it is given right away."""

    def submit(self, work, *arguments, **named):
        done = Future()
        done.set_result(work(*arguments, **named))
        return done
