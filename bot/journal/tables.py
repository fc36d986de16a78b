"""The journal's tables, in SQLAlchemy Core."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on every engine. SQLite keeps no zone, so it is taken off and put on again there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("launch_id", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("key_id", String(16), nullable=False, server_default=""),
)
"""Only ever inserted. `key_id` names the key of the digest, "" for none."""

# Stops are few: so they are found without going through all launches of their campaign.
_stops = text("kind = 'stop:ask'")
Index("events_stops", events.c.at, sqlite_where=_stops, postgresql_where=_stops)

launches = Table(
    "launches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("campaign_id", BigInteger, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("due_at", Moment),
    Column("claim", String(36)),
    Column("claim_until", Moment),
    Column("publish_at", Moment),
    Column("publish_claim", String(36)),
    Column("publish_claim_until", Moment),
    Column("message_ts", String(40)),
    Column("posting_seq", Integer, nullable=False, server_default="-1"),
    Column("published_seq", Integer, nullable=False, server_default="0"),
    Column("elsewhere_seq", Integer, nullable=False, server_default="0"),
    Column("audience", String(40), nullable=False, server_default=""),
    Column("reaches_at", Moment),
    Column("requester", String(40), nullable=False, server_default=""),
    Column("asked_at", Moment),
    Column("expires_at", Moment),
    Column("shelf", String(10), nullable=False, server_default="over"),
    Column("stop_at", Moment),
    Column("stop_claim", String(36)),
    Column("stop_claim_until", Moment),
    Column("picture_at", Moment),
    Column("picture_claim", String(36)),
    Column("picture_claim_until", Moment),
    Column("report_at", Moment),
    Column("report_claim", String(36)),
    Column("report_claim_until", Moment),
    Column("test_of", BigInteger),
    Column("canary_of", BigInteger),
    Column("belongs_to", String(36)),
    Column("corrects", String(36)),
    Index("launches_due", "due_at"),
    Index("launches_publish", "publish_at"),
    Index("launches_stop", "stop_at"),
    Index("launches_picture", "picture_at"),
    Index("launches_report", "report_at"),
    Index("launches_campaign", "campaign_id", "state"),
    Index("launches_campaign_reach", "campaign_id", "reaches_at"),
    Index("launches_audience_reach", "audience", "reaches_at"),
    Index("launches_asked", "asked_at", "id"),
    Index("launches_campaign_asked", "campaign_id", "asked_at", "id"),
    Index("launches_requester_asked", "requester", "asked_at", "id"),
    Index("launches_requester_shelf", "requester", "shelf", "asked_at", "id"),
    Index("launches_shelf_asked", "shelf", "asked_at", "id"),
    Index("launches_state_asked", "state", "asked_at", "id"),
    Index("launches_shelf_expiry", "shelf", "expires_at", "id"),
)
# What is claimed at one moment is a handful of rows, however long the record is.
for _name, _claim in (
    ("launches_claimed", "claim"),
    ("launches_publish_claimed", "publish_claim"),
    ("launches_stop_claimed", "stop_claim"),
    ("launches_picture_claimed", "picture_claim"),
    ("launches_report_claimed", "report_claim"),
):
    _held = launches.c[_claim].is_not(None)
    Index(_name, launches.c[_claim], sqlite_where=_held, postgresql_where=_held)

_tests = launches.c.test_of.is_not(None)
Index("launches_tests", launches.c.test_of, launches.c.asked_at, sqlite_where=_tests, postgresql_where=_tests)
_canaries = launches.c.canary_of.is_not(None)
Index("launches_canaries", launches.c.canary_of, sqlite_where=_canaries, postgresql_where=_canaries)

_corrections = launches.c.corrects.is_not(None)
Index(
    "launches_corrections",
    launches.c.corrects,
    launches.c.asked_at,
    sqlite_where=_corrections,
    postgresql_where=_corrections,
)

"""The projection that queries need; each row follows from the launch's events, but for what Slack was told so far."""

MOMENTS = frozenset(column.name for column in launches.columns if isinstance(column.type, Moment))
"""The columns of `launches` that are moments."""

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", Moment),
)
"""What was approved, whatever becomes of it where it came from: attachments, and messages as they were read.

Whoever wants a file kept says so in its `kept_at`, before an event refers to it.
"""

openings = Table(
    "openings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("launch_id", String(36), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("openings_launch", "launch_id", unique=True),
)
"""The first event of every stream, in the order in which they were opened, so that none can be taken out whole."""

openings_head = Table(
    "openings_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("unchained", Integer, nullable=False),
    Column("unchained_digest", String(64), nullable=False),
)
"""One row: the newest opening; and how many streams are older than this chain, with a digest over their openings."""

pruned = Table(
    "pruned",
    metadata,
    Column("launch_id", String(36), primary_key=True),
    Column("campaign_id", BigInteger),
    Column("state", String(20), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("opening", String(64), nullable=False),
    Column("head", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("pruned_at", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("key_id", String(16), nullable=False, server_default=""),
)
"""What is kept of a stream whose events were pruned. No campaign and no state for a refused attempt at none."""

digests = Table(
    "digests",
    metadata,
    Column("week", String(10), primary_key=True),
    Column("begun_at", Moment, nullable=False),
)
"""The weeks of which the digest's channel was told, by their Mondays: written before the message is sent."""

seals = Table(
    "seals",
    metadata,
    Column("launch_id", String(36), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Of streams from before a key: up to which event they were sealed under it, and a digest over all that is before."""

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("launch_id", String(36), nullable=False),
    Column("campaign_id", BigInteger, nullable=False),
    Column("since", Moment, nullable=False),
    Column("followed", Boolean, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("counted_at", Moment),
    Column("proved_at", Moment),
    Column("first_day", LargeBinary),
    Column("list_closed", Boolean, nullable=False, server_default=false()),
    Index("runs_launch", "launch_id", unique=True),
    Index("runs_campaign", "campaign_id", "followed"),
    sqlite_autoincrement=True,
)
"""A row for each launch whose call began: what became of it, as the platform's hooks tell. No id comes twice.

With `list_closed`, the list of those who received it is closed: nobody's profile is kept any more.
"""

seen = Table(
    "seen",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What was counted of the followed runs, so that a repeat is known: keyed hashes of eight bytes, one after the other.

Each transaction adds one segment to a run, divided by the parts of days in which its events happened.
"""

anchors = Table(
    "anchors",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", String(10), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("chains", Integer, nullable=False),
    Column("heads", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("token", LargeBinary),
    Index("anchors_day", "day", unique=True),
)
"""The anchors, written before they are told. `channel` is where one stands, "" while nobody knows whether it does.

`token` is what a time-stamping authority gave for the digest, None for none.
"""

anchored = Table(
    "anchored",
    metadata,
    Column("launch_id", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Index("anchored_number", "number", "launch_id"),
)
"""The heads that each anchor covers anew, so that a verification can name the chain that differs."""

refusals = Table(
    "refusals",
    metadata,
    Column("launch_id", String(36), primary_key=True),
    Column("actor", String(40), primary_key=True),
    Column("action", String(40), primary_key=True),
    Column("reason", String(40), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("times", Integer, nullable=False),
)
"""What was refused within the hour, and how often since it was put on record. No launch for what belongs to none."""

position = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts by itself only in a column that it calls INTEGER."""

order_of_events = Table(
    "order_of_events",
    metadata,
    Column("position", position, primary_key=True, autoincrement=True),
    Column("launch_id", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Index("order_of_events_launch", "launch_id"),
    sqlite_autoincrement=True,
)
"""All events in the order in which they were put on record, for whoever follows them. No position is given twice."""

workflow_steps = Table(
    "workflow_steps",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("execution", String(255), nullable=False),
    Column("person", String(40), nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("failure", Text),
    Column("asked_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("version", Integer, nullable=False),
    Column("answer_at", Moment),
    Column("answer_claim", String(36)),
    Column("answer_claim_until", Moment),
    Index("workflow_steps_answer", "answer_at"),
    Index("workflow_steps_told", "told_at"),
)
"""Steps of Workflow Builder, each under the id of the launch that it asks for.

`failure` is why there is no such launch, `told_at` when Slack was told how it ended.
"""
