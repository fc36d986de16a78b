"""Whom the followed runs were sent to, sealed: from when it is counted until its list is closed or a bound is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.campaign.request import LaunchId
from bot.journal.gathered import Sending
from bot.journal.recipient_tables import recipients
from bot.journal.tables import runs
from bot.journal.vault import Vault
from bot.results.recipients import Recipient, packed, unpacked

_KEEP = insert(recipients)
_RUN = select(runs.c.id).where(runs.c.launch_id == bindparam("launch"))
_KEPT = select(recipients).where(recipients.c.run_id == bindparam("run")).order_by(recipients.c.segment)
_ANY = select(recipients.c.run_id).where(recipients.c.run_id == bindparam("run")).limit(1)
_FORGET = delete(recipients).where(recipients.c.run_id == bindparam("run"))
_CLOSE = update(runs).where(runs.c.id == bindparam("run")).values(list_closed=True)


@dataclass(frozen=True)
class Kept:
    """All that is kept of a run: how many events named a profile and how many none, and how many may be another's."""

    recipients: tuple[Recipient, ...]
    named: int
    nameless: int
    ambiguous: int


def keep(
    connection: Connection, vault: Vault, launch_id: LaunchId, place: tuple[int, int], sendings: Sequence[Sending]
) -> None:
    """Keeps whom these events name, and nothing where there are none; `place` is the run's row and its segment."""
    if not sendings:
        return
    named = [one.recipient for one in sendings if one.recipient]
    run, segment = place
    connection.execute(
        _KEEP,
        {
            "run_id": run,
            "segment": segment,
            "named": len(named),
            "nameless": len(sendings) - len(named),
            "ambiguous": sum(one.ambiguous for one in sendings),
            "sealed": vault.seal(packed(sorted(set(named), key=str)), launch_id),
        },
    )


def any_kept(connection: Connection, launch_id: LaunchId) -> bool:
    """Whether anybody is kept of the launch's run."""
    run = connection.execute(_RUN, {"launch": launch_id}).scalar_one_or_none()
    return run is not None and connection.execute(_ANY, {"run": run}).one_or_none() is not None


def take(connection: Connection, vault: Vault, launch_id: LaunchId) -> Kept:
    """Opens what is kept of the launch's run, and closes its list: nothing is left, and nothing is kept any more.

    Its row is locked, so that whoever counts comes before or after. Raises Locked.
    """
    run = connection.execute(_RUN.with_for_update(), {"launch": launch_id}).scalar_one_or_none()
    rows = connection.execute(_KEPT, {"run": run}).mappings().all() if run is not None else []
    found = [one for row in rows for one in unpacked(vault.opened(row["sealed"], launch_id))]
    counted = (sum(row[name] for row in rows) for name in ("named", "nameless", "ambiguous"))
    if run is not None:
        connection.execute(_CLOSE, {"run": run})
        connection.execute(_FORGET, {"run": run})
    return Kept(tuple(found), *counted)


def forget_recipients(connection: Connection, run: int) -> None:
    """Removes whom the run was sent to."""
    connection.execute(_FORGET, {"run": run})


def sweep_recipients(connection: Connection, begun_before: datetime | None) -> int:
    """Removes those of runs that began before that moment, None for all; says how many rows those were."""
    gone = delete(recipients)
    if begun_before is not None:
        gone = gone.where(recipients.c.run_id.not_in(select(runs.c.id).where(runs.c.since >= begun_before)))
    return connection.execute(gone).rowcount
