"""What is due, and who works on it: rows claimed with a lease, in lanes that never wait for each other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, bindparam, or_, select, update

from bot.campaign.request import LaunchId
from bot.journal.instance import Instance
from bot.journal.journal import Journal
from bot.journal.recipient_tables import fillings
from bot.journal.tables import Moment, launches, workflow_steps

LEASE = timedelta(minutes=15)
"""Far longer than any call: a lease that ends during a call would raise a false doubt. An instance that is seen to be
gone is not waited for."""


@dataclass(frozen=True)
class Lane:
    """The columns that say when a launch is due for one kind of work, and who has taken it.

    Their table has a row a launch, with its id and a version that grows with whatever makes it due.
    """

    due: Column[Any]
    claim: Column[Any]
    claim_until: Column[Any]


STEPS = Lane(launches.c.due_at, launches.c.claim, launches.c.claim_until)
"""The launch's own next step: expire, activate, look, follow."""

PUBLISHING = Lane(launches.c.publish_at, launches.c.publish_claim, launches.c.publish_claim_until)
"""Bringing Slack up to date."""


STOPS = Lane(launches.c.stop_at, launches.c.stop_claim, launches.c.stop_claim_until)
"""Stopping a campaign: beside its launch's own steps, for a log that hangs must not hold up a stop."""


PICTURES = Lane(launches.c.picture_at, launches.c.picture_claim, launches.c.picture_claim_until)
"""Showing in the thread what an e-mail looks like: beside the publishing, for neither card nor reply waits for it."""


REPORTS = Lane(launches.c.report_at, launches.c.report_claim, launches.c.report_claim_until)
"""Telling the numbers of a run when it is time: hours and days after everything else."""

WORKFLOWS = Lane(workflow_steps.c.answer_at, workflow_steps.c.answer_claim, workflow_steps.c.answer_claim_until)
"""Asking for what a workflow's step wants, and telling the workflow how it ended."""

FILLINGS = Lane(fillings.c.fill_at, fillings.c.fill_claim, fillings.c.fill_claim_until)
"""Putting those who received a launch into a segment: slowly, and in nobody's way."""

LANES = {
    "steps": STEPS,
    "stops": STOPS,
    "publishing": PUBLISHING,
    "pictures": PICTURES,
    "reports": REPORTS,
    "workflows": WORKFLOWS,
    "fillings": FILLINGS,
}
"""All of them, as metrics call them."""


NOBODY = "nobody"
"""Stands in the claim of what is left alone until the claim ends. No instance has this id, so to all it is gone."""


class Queue:
    """One lane's due launches, as one instance sees them. `due` is the column that says when.

    `settling` is how long what somebody sent for a launch may take to show; nobody else works on the launch meanwhile.
    """

    def __init__(self, journal: Journal, lane: Lane, instance: Instance, settling: timedelta = timedelta()) -> None:
        self._journal = journal
        self._lane = lane
        self._settling = settling
        self.due = lane.due.name
        self._instance = instance
        self._statements = _Statements(lane)

    def claim(self, limit: int) -> tuple[LaunchId, ...]:
        """Takes up to `limit` launches that are due; nobody else gets them until they are given back."""
        now = self._journal.now()
        # Undone by a power cut, a claim is made anew; and what follows it is durable, and the claim with it.
        with self._journal.writing(durable=False) as connection:
            due = connection.execute(self._statements.due, {"now": now, "most": limit})
            taken = tuple(LaunchId(found) for found in due.scalars())
            if taken:
                claim = {"launches": taken, "by": self._instance.id, "until": now + LEASE}
                connection.execute(self._statements.claim, claim)
        return taken

    def claim_one(self, launch_id: LaunchId) -> bool:
        """Takes the launch, as `claim` does, if it is due and nobody has taken it."""
        now = self._journal.now()
        claim = {"launch": launch_id, "now": now, "by": self._instance.id, "until": now + LEASE}
        with self._journal.writing(durable=False) as connection:
            return connection.execute(self._statements.claim_one, claim).rowcount == 1

    def give_back(self, launch_id: LaunchId) -> datetime | None:
        """Ends the claim, and says when the launch is due next: as the last append, `postpone` or `let_settle` said."""
        given_back = {"launch": launch_id, "owner": self._instance.id}
        # Undone, it leaves a claim: of a process that has gone with its file, or of one that lives on beside a server.
        with self._journal.writing(durable=self._journal.shared) as connection:
            given = connection.execute(self._statements.give_back, given_back).one_or_none()
            if given is None:
                given = connection.execute(self._statements.settled, {"launch": launch_id}).one_or_none()
        due: datetime | None = given[0] if given else None
        return due

    def let_settle(self, launch_id: LaunchId) -> None:
        """Keeps the launch from everybody, whatever is appended to it, until what was sent for it shows or never will.

        The last thing done under a claim.
        """
        resting = {"launch": launch_id, "owner": self._instance.id, "until": self._journal.now() + self._settling}
        with self._journal.writing() as connection:
            connection.execute(self._statements.rest, resting)

    def postpone(self, launch_id: LaunchId, version: int, until: datetime | None) -> None:
        """Sets when the launch is due next, None for never, unless it has moved on from that version meanwhile.

        Undone by a power cut, it is due as before, and looked at once more.
        """
        wanted = {"launch": launch_id, "owner": self._instance.id, "at_version": version, "until": until}
        with self._journal.writing(durable=False) as connection:
            connection.execute(self._statements.postpone, wanted)

    def postpone_from(self, launch_id: LaunchId, version: int, due: datetime | None, until: datetime | None) -> None:
        """As `postpone`, unless something else than an append has made it due since: it is no more due at `due`."""
        wanted = {"launch": launch_id, "owner": self._instance.id, "at_version": version, "was": due, "until": until}
        with self._journal.writing(durable=False) as connection:
            connection.execute(self._statements.postpone_from, wanted)

    def due_of(self, launch_id: LaunchId) -> datetime | None:
        """When the launch is due, or was when it was claimed."""
        with self._journal.asking() as connection:
            found: datetime | None = connection.execute(
                self._statements.due_of, {"launch": launch_id}
            ).scalar_one_or_none()
        return found

    def put_off(self, launch_id: LaunchId, until: datetime) -> None:
        """Keeps the launch from being due before then, whatever has been appended to it; never brings it forward.

        Undone by a power cut, it is tried again at once.
        """
        wanted = {"launch": launch_id, "owner": self._instance.id, "until": until}
        with self._journal.writing(durable=False) as connection:
            connection.execute(self._statements.put_off, wanted)

    def make_due(self, launch_id: LaunchId) -> None:
        """Makes the launch due now, whenever it was due before.

        Undone by a power cut, so is whatever was noted after it.
        """
        with self._journal.writing(durable=False) as connection:
            connection.execute(self._statements.make_due, {"launch": launch_id, "now": self._journal.now()})

    def next_due(self) -> datetime | None:
        """When the next launch that nobody works on is due."""
        with self._journal.asking() as connection:
            found: datetime | None = connection.execute(
                self._statements.next_due, {"now": self._journal.now()}
            ).scalar_one_or_none()
        return found

    def take_over(self) -> None:
        """Frees what instances hold that are gone, long before their leases end: at once, or as it has settled."""
        claim = self._lane.claim
        with self._journal.asking() as connection:
            owners = connection.execute(
                select(claim).where(claim.is_not(None), claim != self._instance.id).distinct()
            ).scalars()
            others = tuple(owners)
        for owner in filter(self._instance.gone, others):
            with self._journal.writing() as connection:
                self._free(connection, owner)

    def _free(self, connection: Connection, owner: str) -> None:
        held = update(self._lane.due.table).where(self._lane.claim == owner)
        if not self._settling:
            connection.execute(held.values({self._lane.claim: None, self._lane.claim_until: None}))
            return
        # What an append changes is when it is due, so it is the claim that has to hold until then.
        until = self._journal.now() + self._settling
        connection.execute(held.where(self._lane.claim_until > until).values({self._lane.claim_until: until}))


class _Statements:
    """A lane's statements, built once: building one takes longer than sending it."""

    def __init__(self, lane: Lane) -> None:
        table = lane.due.table
        free = or_(lane.claim.is_(None), lane.claim_until < bindparam("now"))
        mine = (table.c.id == bindparam("launch"), lane.claim == bindparam("owner"))
        self.due = (
            select(table.c.id)
            .where(lane.due <= bindparam("now"), free)
            .order_by(lane.due)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
        )
        claimed = {lane.claim: bindparam("by"), lane.claim_until: bindparam("until", type_=Moment)}
        self.claim = update(table).where(table.c.id.in_(bindparam("launches", expanding=True))).values(claimed)
        self.claim_one = (
            update(table).where(table.c.id == bindparam("launch"), lane.due <= bindparam("now"), free).values(claimed)
        )
        self.give_back = (
            update(table).where(*mine).values({lane.claim: None, lane.claim_until: None}).returning(lane.due)
        )
        self.postpone = (
            update(table)
            .where(*mine, table.c.version == bindparam("at_version"))
            .values({lane.due: bindparam("until", type_=Moment)})
        )
        self.postpone_from = self.postpone.where(lane.due.is_not_distinct_from(bindparam("was", type_=Moment)))
        self.put_off = (
            update(table)
            .where(*mine, lane.due < bindparam("until", type_=Moment))
            .values({lane.due: bindparam("until", type_=Moment)})
        )
        self.make_due = (
            update(table).where(table.c.id == bindparam("launch")).values({lane.due: bindparam("now", type_=Moment)})
        )
        self.due_of = select(lane.due).where(table.c.id == bindparam("launch"))
        self.rest = (
            update(table).where(*mine).values({lane.claim: NOBODY, lane.claim_until: bindparam("until", type_=Moment)})
        )
        self.settled = select(lane.claim_until).where(table.c.id == bindparam("launch"), lane.claim == NOBODY)
        self.next_due = select(lane.due).where(lane.due.is_not(None), free).order_by(lane.due).limit(1)
