"""`campaign-bot history message`: a message that was approved, exactly as it is kept."""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping

from sqlalchemy import Connection

from bot.journal.file_store import FileStore
from bot.journal.messages import verified
from bot.journal.record import find_files
from bot.slack.views.plaintext import CONTROL
from bot.terminal.journal_access import FINE, FOUND, CannotBeDone, opened

MOST_NAMED = 5
"""Digests that are named where a beginning fits several."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Prints a message that was approved, as it is kept, in JSON. Exit status 1 where it is not what was kept."
    )
    parser.add_argument("digest", help="its digest, or enough of its beginning: history show tells it")


def run(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    with opened(environment) as journal:
        with journal.reading() as connection:
            digest = _the_one(connection, chosen.digest.lower())
        try:
            content = FileStore(journal).read(digest)
        except (LookupError, TypeError):
            content = b""
    if hashlib.sha256(content).hexdigest() != digest:
        sys.stdout.write(f"NOT WHOLE: what is kept as {digest} does not give that digest; it was changed.\n")
        return FOUND
    try:
        verified(content, digest)
    except (LookupError, TypeError, ValueError) as error:
        raise CannotBeDone(f"{digest} is an attached file, or a message of a newer version.") from error
    sys.stdout.write(f"{_visible(content)}\n")
    return FINE


def _visible(content: bytes) -> str:
    """The JSON, indented. What nobody sees, or what would move a terminal's cursor, is written as an escape of JSON's.

    It reads back as the very same value, and only the JSON itself begins a line.
    """
    value = json.loads(content.decode(errors="surrogatepass"))
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, indent=2, ensure_ascii=False))


def _the_one(connection: Connection, beginning: str) -> str:
    found = find_files(connection, beginning, MOST_NAMED + 1)
    if not found:
        raise CannotBeDone(
            f"No message is kept whose digest begins with “{beginning}”. campaign-bot history show ID names those that "
            "were approved."
        )
    if len(found) > 1:
        more = " and others" if len(found) > MOST_NAMED else ""
        names = ", ".join(found[:MOST_NAMED])
        raise CannotBeDone(f"Several digests begin with “{beginning}”: {names}{more}. Type more of the one you mean.")
    return found[0]
