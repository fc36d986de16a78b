"""What `events` is measured beside: a row an event with a unique key, a transaction a batch. It counts nothing yet."""

import hashlib
import json
import sys
import threading
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, DateTime, LargeBinary, MetaData, String, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.journal.engine import open_engine
from bot.web import HOOK_THREADS, LOOPBACK, served

metadata = MetaData()
received = Table(
    "received",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("event_type", String(40), nullable=False),
    Column("campaign_id", BigInteger),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("is_test", Boolean, nullable=False),
)


def row(event: dict) -> dict:
    return {
        "key": hashlib.sha256(json.dumps(event, sort_keys=True).encode()).digest(),
        "event_type": event["event_type"],
        "campaign_id": event["event_data"].get("campaign_id"),
        "at": datetime.fromisoformat(event["event_date"]),
        "is_test": event["is_test"],
    }


def main(url: str, port: int) -> None:
    engine = open_engine(url)
    metadata.create_all(engine)
    dialect = sqlite if engine.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(received).on_conflict_do_nothing()

    def take(environ, start_response):
        batch = json.loads(environ["wsgi.input"].read())
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(statement, [row(event) for event in batch])
        start_response("200 OK", [("Content-Length", "2")])
        return [b"OK"]

    with served(take, port, LOOPBACK, threads=HOOK_THREADS):
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
