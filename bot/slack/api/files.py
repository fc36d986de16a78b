"""Fetches the files that people put into the modal, with the bot's token, bounded in size."""

import re

import requests
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from bot.phrase import Phrase
from bot.slack.form import LARGEST_FILE, SlackFile, larger_than_taken

SLACK_HOSTS = ("slack.com", "slack-files.com")

HTTPS_PORT = 443

_CHUNK = 64 * 1024
_PLAIN = re.compile(r"[!-\[\]-~]+")
"""What an address is written with: no space, no backslash, nothing outside ASCII."""


class NotFetched(Exception):
    """A file that could not be fetched; `text` is a sentence for the person."""

    def __init__(self, text: Phrase) -> None:
        super().__init__(text)
        self.text = text


class Files:
    """Fetches files from Slack, or from the server that stands at `api_url`. The token goes nowhere else."""

    def __init__(self, token: str, api_url: str, timeout: float = 20.0) -> None:
        self._token = token
        self._api = _place(parse_url(api_url))
        self._timeout = timeout

    def fetch(self, file: SlackFile) -> bytes:
        """The file's bytes. Raises NotFetched."""
        address = _read_as_fetched(file.url)
        if address is None or not self._is_slacks(address):
            raise NotFetched(
                Phrase("{name} does not lie at Slack, so I did not fetch it. Upload it as a file.", name=file.name)
            )
        try:
            with requests.get(
                address.url,
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return self._read(file, answer)
        except requests.RequestException as error:
            raise NotFetched(Phrase("{name} could not be fetched from Slack. Try again.", name=file.name)) from error

    def _is_slacks(self, address: Url) -> bool:
        if address.auth is not None:
            return False
        if _place(address) == self._api:
            return True
        host = address.host or ""
        return (
            address.scheme == "https"
            and address.port in (None, HTTPS_PORT)
            and any(host == one or host.endswith(f".{one}") for one in SLACK_HOSTS)
        )

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


def _read_as_fetched(url: str) -> Url | None:
    """The address as urllib3 reads it, which also makes the connection; None for what is no plain address."""
    if not _PLAIN.fullmatch(url):
        return None
    try:
        return parse_url(url)
    except LocationParseError:
        return None


def _place(address: Url) -> tuple[str | None, str | None, int | None]:
    return address.scheme, address.host, address.port
