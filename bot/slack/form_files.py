"""The files that were uploaded into a form: fetched from Slack, and kept."""

from collections.abc import Callable

from bot.campaign.request import Attachment
from bot.slack.api.files import Files
from bot.slack.form import SlackFile


class FormFiles:
    """`keep` stores a file's bytes and gives their SHA-256."""

    def __init__(self, files: Files, keep: Callable[[bytes], str]) -> None:
        self._files = files
        self._keep = keep

    def kept(self, uploaded: tuple[SlackFile, ...]) -> tuple[Attachment, ...]:
        """Raises NotFetched. As slow as Slack is: never call it before an ack."""
        return tuple(map(self._kept, uploaded))

    def _kept(self, file: SlackFile) -> Attachment:
        file = self._files.completed(file)
        content = self._files.fetch(file)
        return Attachment(name=file.name, media_type=file.media_type, size=len(content), sha256=self._keep(content))
