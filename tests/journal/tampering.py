"""A journal with a bit of everything in it, and what a person with the database's password can do to it."""

from sqlalchemy import Connection, text

from bot.campaign.request import LaunchId
from bot.journal.audit import Counts, verify
from bot.journal.chain import message_of_stored
from bot.journal.finding import Finding, Kind
from bot.journal.journal import Journal
from bot.journal.keys import NO_KEYS
from bot.launch.commands import Approve, Cancel, Deny, Observe, Request
from bot.launch.events import Denied
from bot.launch.outcome import Accepted
from bot.launch.run import RunEnded, RunStarted
from bot.policy.roles import Action
from tests.builders import ANA, BEN, NOON, OTTO, Clock, asked, journal_on, started

SENT, CANCELLED, WAITING = (LaunchId(name) for name in ("L-sent", "L-cancelled", "L-waiting"))
LONE, LONE_LAST = LaunchId("D-first"), LaunchId("D-last")

STREAMS = {SENT: 7, LONE: 1, CANCELLED: 2, WAITING: 2, LONE_LAST: 1}
"""How many events each has, in the order in which they were opened."""


def filled(url: str, clock: Clock | None = None) -> Journal:
    clock = clock or Clock()
    journal = journal_on(url, clock)
    journal.execute(SENT, Request(ANA, asked(reason="First wave", content={"promo": "SPRING"})))
    journal.record_alone(LONE, OTTO, Denied(Action.REQUEST, "MissingRole"))
    journal.execute(SENT, Deny(OTTO, Denied(Action.APPROVE, "MissingRole")))
    clock.pass_by(minutes=1)
    journal.execute(SENT, Approve(BEN))
    for event in (started(SENT), Accepted(), RunStarted(NOON), RunEnded(ended_at=NOON)):
        clock.pass_by(seconds=10)
        journal.execute(SENT, Observe(event))
    journal.execute(CANCELLED, Request(ANA, asked(campaign_id=83)))
    journal.execute(CANCELLED, Cancel(ANA))
    clock.pass_by(minutes=1)
    journal.execute(WAITING, Request(ANA, asked(approvals=2, campaign_id=84)))
    journal.execute(WAITING, Approve(BEN))
    journal.record_alone(LONE_LAST, OTTO, Denied(Action.REQUEST, "MissingRole"))
    return journal


def found_in(connection: Connection) -> list[Finding]:
    return list(verify(connection, Counts()))


def named(connection: Connection) -> set[tuple[Kind, LaunchId, int]]:
    """Which events were found, and what is wrong with each."""
    return {(finding.kind, finding.launch_id, finding.seq) for finding in found_in(connection)}


def tamper(connection: Connection, *statements: str, **values: object) -> None:
    for statement in statements:
        connection.execute(text(statement), values)


def digest_of_stored(*stored):
    """The digest without a key of an event as it is stored: what whoever has no key can write."""
    return NO_KEYS.digest(message_of_stored(*stored), "")
