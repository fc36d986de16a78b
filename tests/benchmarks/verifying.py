"""How fast a long record is verified: `python -m tests.benchmarks.verifying [LAUNCHES] [DATABASE_URL]`.

The launches are written by hand, many in a transaction, as the journal would write them one by one.
"""

import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, update

from bot.campaign.campaign import audience_of
from bot.campaign.request import LaunchId
from bot.journal.appending import chained
from bot.journal.audit import Counts, verify
from bot.journal.journal import Journal
from bot.journal.tables import events, launches, openings, openings_head
from bot.launch.events import BOT, Approved, Entry
from bot.launch.evolve import fold
from bot.launch.outcome import Accepted
from bot.launch.run import RunEnded, RunStarted
from bot.launch.search import phase_of
from bot.terminal.verifying import rate
from tests.builders import ANA, BEN, NOON, asked, journal_on, started

TOGETHER = 2_000


def entries_of(number: int) -> tuple[Entry, ...]:
    """A launch that ran: six events."""
    launch_id, at = LaunchId(str(uuid.uuid4())), NOON + timedelta(seconds=number)
    told = [
        (ANA, asked(campaign_id=1 + number % 500, reason="First wave")),
        (BEN, Approved(("approver",))),
        (BOT, started(launch_id)),
        (BOT, Accepted()),
        (BOT, RunStarted(at)),
        (BOT, RunEnded(ended_at=at)),
    ]
    return tuple(Entry(launch_id, seq, at, actor, event) for seq, (actor, event) in enumerate(told, start=1))


def fill(journal: Journal, count: int) -> None:
    last = ""
    for first in range(0, count, TOGETHER):
        with journal.writing() as connection:
            last = write(connection, range(first, min(first + TOGETHER, count)), last)


def write(connection: Connection, numbers: range, last: str) -> str:
    """Gives the digest of the newest opening."""
    written, rows, places = [], [], []
    for number in numbers:
        entries = entries_of(number)
        stored = list(chained(entries, last))
        written += stored
        rows.append(row_of(entries, stored[-1]["digest"]))
        last = stored[0]["digest"]
        places.append({"number": number + 1, "launch_id": entries[0].launch_id, "digest": last})
    for table, values in ((events, written), (launches, rows), (openings, places)):
        connection.execute(insert(table), values)
    connection.execute(update(openings_head).values(number=numbers[-1] + 1, digest=last))
    return last


def row_of(entries: tuple[Entry, ...], head: str) -> dict:
    launch = fold(entries)
    return {
        "id": launch.id,
        "state": launch.state.value,
        "campaign_id": launch.request.campaign_id,
        "channel": launch.channel,
        "version": launch.version,
        "head": head,
        "audience": str(audience_of(launch.request, launch.preview) or ""),
        "reaches_at": launch.reaches_at,
        "requester": launch.requester,
        "asked_at": launch.requested_at,
        "expires_at": launch.expires_at,
        "shelf": phase_of(launch).value,
        "published_seq": launch.version,
        "message_ts": f"{launch.requested_at.timestamp():.6f}",
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        journal = journal_on(sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'journal.db'}")
        fill(journal, count)
        counts, began = Counts(), time.monotonic()
        with journal.reading() as connection:
            findings = list(verify(connection, counts))
        sys.stdout.write(f"{rate(counts, time.monotonic() - began)} {len(findings)} findings.\n")


if __name__ == "__main__":
    main()
