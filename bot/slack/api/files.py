"""Fetches the files that people put into the modal, with the bot's token, bounded in size."""

from urllib.parse import urlsplit

import requests

from bot.phrase import Phrase
from bot.slack.form import LARGEST_FILE, SlackFile, larger_than_taken

SLACK_HOSTS = ("slack.com", "slack-files.com")

_CHUNK = 64 * 1024


class NotFetched(Exception):
    """A file that could not be fetched; `text` is a sentence for the person."""

    def __init__(self, text: Phrase) -> None:
        super().__init__(text)
        self.text = text


class Files:
    """Fetches files from Slack, or from the server that stands at `api_url`. The token goes nowhere else."""

    def __init__(self, token: str, api_url: str, timeout: float = 20.0) -> None:
        self._token = token
        self._api = urlsplit(api_url).netloc
        self._timeout = timeout

    def fetch(self, file: SlackFile) -> bytes:
        """The file's bytes. Raises NotFetched."""
        if not self._is_slacks(file.url):
            raise NotFetched(
                Phrase("{name} does not lie at Slack, so I did not fetch it. Upload it as a file.", name=file.name)
            )
        try:
            with requests.get(
                file.url,
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return self._read(file, answer)
        except requests.RequestException as error:
            raise NotFetched(Phrase("{name} could not be fetched from Slack. Try again.", name=file.name)) from error

    def _is_slacks(self, url: str) -> bool:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.netloc == self._api:
            return True
        return parts.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in SLACK_HOSTS)

    def _read(self, file: SlackFile, answer: requests.Response) -> bytes:
        # Without the scope, Slack answers 200 with a page, or sends elsewhere.
        page = answer.headers.get("Content-Type", "").startswith("text/html") and "html" not in file.media_type
        if answer.status_code != requests.codes.ok or page:
            raise NotFetched(
                Phrase(
                    "Slack did not give me {name}. An admin should check that the app has the files:read scope.",
                    name=file.name,
                )
            )
        content = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            content += chunk
            if len(content) > LARGEST_FILE:
                raise NotFetched(larger_than_taken(file))
        if file.size and len(content) != file.size:
            raise NotFetched(Phrase("{name} did not arrive whole. Try again.", name=file.name))
        return bytes(content)
