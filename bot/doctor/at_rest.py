"""Who else may read what the bot keeps and sends: the modes of its files, and addresses without TLS."""

import stat
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from bot.doctor.finding import Finding
from bot.journal.engine import parse
from bot.settings import Settings

ENV = Path(".env")

_BESIDE = ("", "-wal", "-shm", ".lock")
"""What stands behind the name of the journal's file, and of those that SQLite and the bot put beside it."""


def findings(environment: Mapping[str, str], settings: Settings | None) -> Iterator[Finding]:
    """Nothing of it keeps the bot from running."""
    yield from modes([ENV, *_key_file(environment)], "holds secrets")
    if settings is None:
        return
    database = parse(settings.database_url)
    if database.get_backend_name() == "sqlite" and database.database:
        yield from modes([Path(f"{database.database}{end}") for end in _BESIDE], "is the record, or a part of it")
    for name, url in (("SLACK_API_URL", settings.slack.api_url), ("ALTCRAFT_URL", settings.altcraft.url)):
        yield from plain_address(name, url)


def modes(files: list[Path], what: str) -> Iterator[Finding]:
    """Those of the files that somebody else on this machine may read or write."""
    for file in files:
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
        except OSError:
            continue  # not there, which is somebody else's finding where it has to be
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                f"{file} {what}, and others on this machine may use it (its mode is {mode:04o}): chmod 600 {file}, and "
                "have it owned by the user that the bot runs as.",
                may_run=True,
            )


def plain_address(name: str, url: str) -> Iterator[Finding]:
    """An address of another machine to which tokens go without TLS."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        yield Finding(
            f"{name} begins with http:// and leads to another machine, so whoever stands between reads the token and "
            "can change what is sent. Use https://.",
            may_run=True,
        )


def _key_file(environment: Mapping[str, str]) -> list[Path]:
    named = environment.get("JOURNAL_KEY_FILE", "").strip()
    return [Path(named)] if named else []


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
