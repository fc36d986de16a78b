"""Keeps files in the journal's database: attached ones, and messages as they were read."""

import hashlib
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.campaign.request import ActivationRequest
from bot.journal.journal import Journal
from bot.journal.kept_files import FileGone, hold, not_held, store
from bot.journal.tables import files


class FileStore:
    """Each file once, under its SHA-256 in hex."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def keep(self, content: bytes) -> str:
        """Stores a file's bytes, once, holds them as `hold` does, and returns their SHA-256 in hex."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.hold(sha256):
            with (
                suppress(IntegrityError),
                self._journal.writing() as connection,
            ):  # refused where somebody else was first
                store(connection, sha256, content, self._journal.now())
        return sha256

    def hold(self, sha256: str) -> bool:
        """Whether the file is kept; it then stays for a day at least, so that an event may refer to it."""
        now = self._journal.now()
        with self._journal.asking() as connection:
            if not not_held(connection, [sha256], now):
                return True
        try:
            with self._journal.writing() as connection:
                hold(connection, [sha256], now)
        except FileGone:
            return False
        return True

    def read(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises LookupError where there are none, or not those that were kept."""
        with self._journal.asking() as connection:
            content = connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar_one_or_none()
        if content is None:
            raise LookupError(f"no file {sha256} is kept")
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LookupError(f"the file that is kept as {sha256} is not what was kept")
        return bytes(content)

    def attached(self, request: ActivationRequest) -> dict[str, bytes]:
        """The bytes of the request's attachments, by their SHA-256. Raises LookupError as `read` does."""
        return {file.sha256: self.read(file.sha256) for file in request.attachments}
