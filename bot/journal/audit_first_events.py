"""Verifies what holds the streams together: the chain of openings, and what is kept of pruned ones."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from bot.campaign.request import LaunchId
from bot.journal.finding import Finding, Kind
from bot.journal.first_events import ONLY
from bot.journal.keys import Keys, same
from bot.journal.sealing import pruned_seal
from bot.journal.stored import AT_ONCE, as_stored, moment, whole_number
from bot.journal.tables import events, launches, openings, openings_head, pruned

_Row = dict[str, Any]

_NOBODY = LaunchId("")


def check_openings(connection: Connection, keys: Keys) -> Iterator[Finding]:
    """Streams that are gone whole, and openings or remains that were changed."""
    heads = connection.execute(select(openings_head)).mappings().all()
    if [head["id"] for head in heads] != [ONLY]:
        yield _lost(f"The table openings_head has {len(heads)} rows instead of the one that the bot has made.")
        return
    numbers = {name: whole_number(heads[0][name]) for name in ("number", "unchained")}
    head = {**heads[0], **numbers}
    before: _Row | None = None
    oldest = hashlib.sha256()
    for place in _openings(connection):
        expected = before["number"] + 1 if before else 1
        if place["number"] != expected:
            yield _gap(expected, place["number"] - 1, before, place)
        if place["number"] <= head["unchained"]:
            oldest.update(f"{place['digest']}\n".encode())
        yield from _there(place)
        if place["pruned_launch_id"] is not None:
            yield from _remains(place, before, head["unchained"], keys)
        before = place
    yield from _newest(head, before)
    if head["unchained"] < 0 or oldest.hexdigest() != head["unchained_digest"]:
        yield _lost("The openings from before they were chained are not those that were sealed when they were.")


def stray_rows(connection: Connection) -> Iterator[Finding]:
    """Rows that belong to no stream."""
    has_events = exists().where(events.c.launch_id == launches.c.id)
    opened = exists().where(openings.c.launch_id == launches.c.id)
    gone = exists().where(pruned.c.launch_id == launches.c.id)
    for (launch_id,) in connection.execute(select(launches.c.id).where(~has_events, or_(~opened, gone))):
        yield _about(Kind.PROJECTION, launch_id, "It has a row in launches, but no events: the row was put in.")
    opened = exists().where(openings.c.launch_id == pruned.c.launch_id)
    for (launch_id,) in connection.execute(select(pruned.c.launch_id).where(~opened)):
        yield _about(Kind.PRUNED, launch_id, "It is noted as pruned, but was never opened: the row was put in.")


def _openings(connection: Connection) -> Iterator[_Row]:
    moments = {column.name for column in pruned.columns if column.name.endswith("_at")}
    dialect = connection.dialect.name
    kept = [
        (as_stored(dialect, column) if column.name in moments else column).label(f"pruned_{column.name}")
        for column in pruned.columns
    ]
    query = (
        select(openings, exists().where(events.c.launch_id == openings.c.launch_id).label("there"), *kept)
        .select_from(openings.outerjoin(pruned, pruned.c.launch_id == openings.c.launch_id))
        .order_by(openings.c.number)
    )
    names = ("number", "launch_id", "digest", "there", *(f"pruned_{column.name}" for column in pruned.columns))
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield {**dict(zip(names, row, strict=True)), "number": whole_number(row[0])}


def _there(place: _Row) -> Iterator[Finding]:
    is_pruned = place["pruned_launch_id"] is not None
    if not place["there"] and not is_pruned:
        yield _about(Kind.MISSING, place["launch_id"], "All its events are missing: the whole of it was removed.")
    if place["there"] and is_pruned:
        yield _about(Kind.PRUNED, place["launch_id"], "It is noted as pruned, but has events: one of them was put in.")


def _remains(place: _Row, before: _Row | None, unchained: int, keys: Keys) -> Iterator[Finding]:
    """What is kept of a pruned stream: its own digest, and its place among the openings."""
    kept: dict[str, Any] = {column.name: place[f"pruned_{column.name}"] for column in pruned.columns}
    row = {name: moment(value) if name.endswith("_at") else value for name, value in kept.items()}
    text = _unproven(row, keys)
    if text:
        yield _about(Kind.PRUNED, place["launch_id"], text)
        return
    follows = before["digest"] if before and place["number"] > unchained else ""
    if (row["opening"], row["previous"]) != (place["digest"], follows):
        yield _about(Kind.PRUNED, place["launch_id"], "What is kept of it in pruned does not fit where it was opened.")


def _unproven(row: _Row, keys: Keys) -> str:
    """What is wrong with the digest over what is kept of a pruned stream, as a sentence; "" where nothing is."""
    key_id = row["key_id"]
    if keys.writing and not key_id:
        return "What is kept of it in pruned bears no key: it was put in, or is from before campaign-bot audit rekey."
    if not keys.knows(key_id):
        return f"What is kept of it in pruned is under the key {key_id}, which is not at hand."
    if not same(pruned_seal(row, keys, key_id), str(row["digest"])):
        return "What is kept of it in pruned does not give its digest."
    return ""


def _newest(head: _Row, last: _Row | None) -> Iterator[Finding]:
    number, digest = (last["number"], last["digest"]) if last else (0, "")
    if head["number"] > number:
        yield _gap(number + 1, head["number"], last, None)
    elif (head["number"], head["digest"]) != (number, digest):
        where = LaunchId(last["launch_id"]) if last else _NOBODY
        text = "The newest opening is not the one that the journal names (openings_head): one of them was changed."
        yield Finding(kind=Kind.OPENING, launch_id=where, seq=1, text=text)


def _gap(first: int, last: int, before: _Row | None, after: _Row | None) -> Finding:
    what = f"Opening {first} is missing" if first == last else f"The openings {first} to {last} are missing"
    between = [f"after launch {before['launch_id']}" if before else "", f"before {after['launch_id']}" if after else ""]
    return _lost(f"{what} {' and '.join(one for one in between if one)}: what was opened there was removed.".strip())


def _lost(text: str) -> Finding:
    return Finding(kind=Kind.OPENING, launch_id=_NOBODY, seq=None, text=text)


def _about(kind: Kind, launch_id: str, text: str) -> Finding:
    return Finding(kind=kind, launch_id=LaunchId(launch_id), seq=1, text=text)
