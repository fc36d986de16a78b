"""Whether the platform's hooks would be counted, and whether any has ever come."""

import sqlite3
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import requests
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.chart import drawing
from bot.doctor.finding import Finding
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.tables import runs
from bot.receiver import OK, PATH
from bot.settings import Settings
from bot.web import LOOPBACK

PATIENCE = 5.0
"""Seconds."""


def findings(settings: Settings) -> Iterator[Finding]:
    """Posts an empty batch to this machine's own port, and looks whether launches ran of which nothing came."""
    if settings.events is None:
        return
    port = settings.port if settings.events.port is None else settings.events.port
    try:
        answer = requests.post(
            f"http://{_host(settings.bind)}:{port}{PATH}{settings.events.secret}",
            b"[]",
            timeout=PATIENCE,
            allow_redirects=False,
        )
    except requests.RequestException:
        yield Finding(
            f"Nobody takes the platform's hooks on port {port} of this machine. That is fine while the bot does not "
            "run here; run the doctor again beside it.",
            may_run=True,
        )
    else:
        if OK not in answer.text:
            yield Finding(
                f"An empty hook was answered with HTTP {answer.status_code}, not with OK. If this machine's own "
                "address is in none of ALTCRAFT_EVENTS_NETWORKS, that is why; otherwise another secret or another "
                f"program is at work on port {port}.",
                may_run=True,
            )
    if not drawing.installed():
        yield Finding(
            "The library that draws pictures of a run's first day is not installed, so threads have none. To have "
            "them, install the extra: pip install '.[charts]' in a checkout.",
            may_run=True,
        )
    if _ran_unseen(settings.database_url):
        yield Finding(
            "Launches ran, and no event of the platform's hooks ever came. Look at the hook's address, its filters and "
            "its switch in the platform (Integrations > Action hooks), and whether a firewall lets it through: "
            "docs/numbers.md.",
            may_run=True,
        )


def _host(bind: str) -> str:
    """Where the port is on this machine, as addresses write it."""
    if not bind or ip_address(bind).is_unspecified:
        return LOOPBACK
    return f"[{bind}]" if ":" in bind else bind


def _ran_unseen(url: str) -> bool:
    """Whether there are runs, and none of them was ever counted; False where the database does not tell."""
    try:
        engine = _reading(open_engine(url))
    except JournalUnusable:
        return False
    try:
        with engine.connect() as connection:
            seen = connection.execute(select(runs.c.counted_at)).scalars().all()
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
    return bool(seen) and not any(seen)


def _reading(engine: Engine) -> Engine:
    """An engine that makes no file where there is none, and changes none."""
    if engine.dialect.name != "sqlite":
        return engine
    engine.dispose()
    address = f"file:{quote(str(Path(engine.url.database or '').absolute()))}?mode=ro"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
