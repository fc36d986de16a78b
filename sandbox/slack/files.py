"""Files people upload: kept in memory, described as Slack does, and downloadable with the bot's token."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from sandbox.slack.records import Json, SlackError, StoredFile
from sandbox.slack.state import State

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes of one file in a modal's file_input."""
PICTURE = "image/png"
"""The one kind of file that the page shows; a browser runs nothing of it."""
_FILETYPES = {"txt": "text", "htm": "html", "jpeg": "jpg", "md": "markdown"}


@dataclass
class Awaited:
    """An upload that files.getUploadURLExternal announced."""

    name: str
    length: int
    alternative: str = ""
    content: bytes | None = None


class Files:
    """The workspace's files; every refusal is a SlackError."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._awaited: dict[str, Awaited] = {}

    def store(self, user: str, name: str, media_type: str, content: bytes) -> StoredFile:
        """Keep a file a person chose; raises file_too_large (SlackError) above FILE_LIMIT."""
        if len(content) > FILE_LIMIT:
            raise SlackError("file_too_large")
        return self._keep(self._state.ids.new("F"), user, name, media_type, content)

    def find(self, file_id: str) -> StoredFile:
        """Return the file; raises file_not_found."""
        if file_id not in self._state.files:
            raise SlackError("file_not_found")
        return self._state.files[file_id]

    def announce(self, name: str, length: int, alternative: str = "") -> str:
        """Return the id of a file that the app is about to upload."""
        file_id = self._state.ids.new("F")
        self._awaited[file_id] = Awaited(name, length, alternative)
        return file_id

    def receive(self, file_id: str, content: bytes) -> bool:
        """Take an announced file's bytes; whether they were awaited and are as many as announced."""
        awaited = self._awaited.get(file_id)
        if awaited is None or len(content) != awaited.length:
            return False
        awaited.content = content
        return True

    def complete(self, file_id: str, title: str | None) -> StoredFile:
        """Make an uploaded file the bot's own; raises file_not_found."""
        awaited = self._awaited.pop(file_id, None)
        if awaited is None or awaited.content is None:
            raise SlackError("file_not_found")
        media_type = mimetypes.guess_type(awaited.name)[0] or "application/octet-stream"
        bot = self._state.identity.bot_user_id
        stored = self._keep(file_id, bot, awaited.name, media_type, awaited.content)
        stored.title, stored.alternative = title or stored.name, awaited.alternative
        return stored

    def as_json(self, stored: StoredFile) -> Json:
        """Return the file object; its private addresses need the bearer token."""
        suffix = PurePosixPath(stored.name).suffix.lstrip(".").lower()
        address = f"{self._state.base_url}/files/{stored.id}"
        name = quote(stored.name)
        return {
            "id": stored.id,
            "created": stored.created,
            "timestamp": stored.created,
            "name": stored.name,
            "title": stored.title,
            **({"alt_txt": stored.alternative} if stored.alternative else {}),
            "mimetype": stored.media_type,
            "filetype": _FILETYPES.get(suffix, suffix or "binary"),
            "pretty_type": (suffix or "Binary").upper(),
            "user": stored.user,
            "user_team": self._state.identity.team_id,
            "editable": False,
            "size": len(stored.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{address}/{name}",
            "url_private_download": f"{address}/download/{name}",
            "permalink": f"{address}/permalink/{name}",
            "channels": stored.channels,
            "groups": [],
            "ims": [],
            "comments_count": 0,
            "file_access": "visible",
        }

    def _keep(self, file_id: str, user: str, name: str, media_type: str, content: bytes) -> StoredFile:
        stored = StoredFile(file_id, name, media_type, content, user, int(self._state.clock()), title=name)
        self._state.files[file_id] = stored
        self._state.hub.changed()
        return stored
