"""The journal's tables of those who received a launch, beside those of bot.journal.tables."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from bot.journal.tables import Moment, metadata

recipients = Table(
    "recipients",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=False),
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("named", Integer, nullable=False),
    Column("nameless", Integer, nullable=False),
    Column("ambiguous", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Whom the followed runs were sent to, sealed under a key that is not in the database: bot.journal.vault.

A row for each transaction that counted any: how many events named a profile and how many none, and how many of both may
be an earlier run's.
"""

fillings = Table(
    "fillings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("segment_id", BigInteger),
    Column("database_id", BigInteger),
    Column("people", Integer, nullable=False, server_default="0"),
    Column("named", Integer, nullable=False, server_default="0"),
    Column("nameless", Integer, nullable=False, server_default="0"),
    Column("elsewhere", Integer, nullable=False, server_default="0"),
    Column("ambiguous", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("code", Integer, nullable=False, server_default="0"),
    Column("in_a_row", Integer, nullable=False, server_default="0"),
    Column("missed_at", Moment),
    Column("sealed", LargeBinary),
    Column("fill_at", Moment),
    Column("fill_claim", String(36)),
    Column("fill_claim_until", Moment),
    Index("fillings_due", "fill_at"),
    Index("fillings_segment", "segment_id", unique=True),
)
"""Those who received a launch, on their way into a segment: a row for each launch of which somebody has asked that.

`sealed` holds them from when the list is closed until all are in the segment. Of its `people`, the platform was asked
for the first `done`, and refused `refused`, the last `in_a_row` of them; `missed_at` is since when it does not answer.
"""
