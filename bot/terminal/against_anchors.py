"""Holds the anchors that stand in Slack against those that the journal keeps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.journal.finding import Finding, of_anchors
from bot.journal.journal import Journal
from bot.journal.tables import anchors
from bot.slack.anchors import EVENT_TYPE
from bot.slack.api.thread_reader import Noted, NotRead, ThreadReader
from bot.terminal.against_slack import Looked

_SHOWN = 12


@dataclass(frozen=True)
class _Told:
    """An anchor as a channel has it."""

    channel: str
    noted: Noted

    @property
    def payload(self) -> Mapping[str, Any]:
        return self.noted.payload


def hold_anchors(
    journal: Journal, reader: ThreadReader, audit_channel: str, looked: Looked, since: datetime | None = None
) -> Iterator[Finding]:
    """Where the anchors in Slack, all or those told since then, are not the journal's.

    `audit_channel` is where they go now, "" for nowhere. Slack is read before the journal, as everywhere.
    """
    with journal.reading() as connection:
        named = connection.execute(select(anchors.c.channel).distinct()).scalars()
        channels = sorted({audit_channel, *named} - {""})
    told, unread = list[_Told](), set[str]()
    for channel in channels:
        try:
            told += [_Told(channel, noted) for noted in reader.noted(channel, EVENT_TYPE, since)]
        except NotRead as trouble:
            unread.add(channel)
            looked.unread.append(f"The anchors in {channel}: {trouble.cause}.")
    with journal.reading() as connection:
        kept = {row["number"]: row for row in connection.execute(select(anchors)).mappings()}
    yield from _compared(told, kept)
    there = {one.payload.get("number") for one in told}
    for number, row in sorted(kept.items()):
        is_asked = since is None or row["begun_at"] >= since
        if row["channel"] and row["channel"] not in unread and is_asked and number not in there:
            yield of_anchors(f"The anchor of {row['day']} is not in {row['channel']} any more: somebody deleted it.")


def _compared(told: list[_Told], kept: Mapping[int, Any]) -> Iterator[Finding]:
    for one in sorted(told, key=lambda each: str(each.payload.get("day"))):
        number, day, digest = (one.payload.get(name) for name in ("number", "day", "digest"))
        row = kept.get(number) if isinstance(number, int) else None
        if one.noted.edited:
            yield of_anchors(f"The anchor of {day} in {one.channel} was edited; the bot never edits one.")
        elif row is None:
            yield of_anchors(
                f"{one.channel} has an anchor of {day}, and the journal does not have it: it was removed, or an older "
                "copy of the whole journal was put in its place."
            )
        elif (row["day"], row["digest"]) != (day, digest):
            yield of_anchors(
                f"The anchor of {day} in {one.channel} bears the digest {str(digest)[:_SHOWN]}, the journal has "
                f"{row['digest'][:_SHOWN]} of {row['day']}: what was on record by then was changed, and the list of "
                "heads with it, so that only a backup or an export tells where."
            )
            # Each anchor goes by way of the one before, so all that follow differ too.
            return
