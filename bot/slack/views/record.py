"""The record as people take it away: each event in words, as rows of a table, or as JSON."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo

from bot.campaign.encoding import canonical
from bot.campaign.request import Json
from bot.launch.events import Denied
from bot.launch.record import Format, Recorded
from bot.slack.views.plaintext import as_plain
from bot.slack.views.text import escape, person
from bot.slack.views.thread import whole
from bot.texts import _

COLUMNS = ("at", "launch", "seq", "event", "actor", "campaign", "summary", "digest")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def summary(one: Recorded, zone: tzinfo | None) -> str:
    """What happened, in the thread's own words."""
    return as_plain(_sentence(one), zone)


def lines(records: Iterable[Recorded], wanted: Format) -> Iterator[str]:
    """The file's lines, each with its end."""
    return _csv(records) if wanted is Format.CSV else _jsonl(records)


def _csv(records: Iterable[Recorded]) -> Iterator[str]:
    """RFC 4180, in UTF-8 and UTC."""
    yield _row(COLUMNS)
    for one in records:
        campaign = str(one.launch.request.campaign_id) if one.launch else ""
        words = " ".join(summary(one, UTC).split())
        yield _row((one.at, one.launch_id, str(one.seq), one.kind, one.actor, campaign, words, one.digest))


def _row(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([_inert(cell) for cell in cells])
    return written.getvalue()


def _inert(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would carry out."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _jsonl(records: Iterable[Recorded]) -> Iterator[str]:
    for one in records:
        fields: dict[str, Json] = {
            "launch_id": one.launch_id,
            "seq": one.seq,
            "at": one.at,
            "kind": one.kind,
            "actor": one.actor,
            "data": one.data,
            "campaign_id": one.launch.request.campaign_id if one.launch else None,
            "previous": one.previous,
            "digest": one.digest,
        }
        yield f"{canonical(fields)}\n"


def _sentence(one: Recorded) -> str:
    if one.entry and isinstance(one.entry.event, Denied):
        denied = one.entry.event
        refused = _("{who} was refused {action} ({reason}).")
        return refused.format(who=person(one.actor), action=escape(denied.action), reason=escape(denied.reason))
    if one.entry is None or one.launch is None:
        return _("This version of the bot cannot tell what {kind} means.").format(kind=escape(one.kind))
    return whole(one.launch, one.entry)
