"""Fetches the files that people put into the modal, with the bot's token, bounded in size."""

import re
from contextlib import closing
from http import HTTPStatus

from slack_sdk.errors import SlackApiError, SlackClientError
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from bot.phrase import Phrase
from bot.slack.api.client import KeptConnection
from bot.slack.form import LARGEST_FILE, SlackFile, larger_than_taken
from bot.slack.form_state import file_of

SLACK_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")

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
    """Fetches files from Slack, or from the server that stands in its place. The token goes nowhere else."""

    def __init__(self, client: KeptConnection) -> None:
        self._client = client
        self._api = _place(parse_url(client.base_url))

    def completed(self, file: SlackFile) -> SlackFile:
        """The file with its address: of one that another organisation shared, the form tells little but its id.

        Raises NotFetched.
        """
        if file.url:
            return file
        try:
            told = file_of(self._client.files_info(file=file.id)["file"])
        except SlackApiError as error:
            code = str(error.response.get("error"))
            raise NotFetched(_no_scope(file) if code == "missing_scope" else _withheld(file, code)) from error
        except (SlackClientError, OSError, KeyError) as error:
            raise NotFetched(_try_again(file)) from error
        if not told.url:
            raise NotFetched(_withheld(told, "check_file_info"))
        return told

    def fetch(self, file: SlackFile) -> bytes:
        """The file's bytes. Raises NotFetched."""
        address = _read_as_fetched(file.url)
        if address is None or not self._is_slacks(address):
            raise NotFetched(
                Phrase("{name} does not lie at Slack, so I did not fetch it. Upload it as a file.", name=file.name)
            )
        try:
            with closing(self._client.fetch(address.url)) as answer:
                return _read(file, answer)
        except (OSError, HTTPError) as error:
            raise NotFetched(_try_again(file)) from error

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


def _read(file: SlackFile, answer: BaseHTTPResponse) -> bytes:
    """Raises NotFetched, and HTTPError where the answer breaks off."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NotFetched(_try_again(file))
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotFetched(Phrase("{name} is not at Slack any more. Upload it again.", name=file.name))
    # Without the scope, Slack answers 200 with a page, or sends elsewhere.
    page = answer.headers.get("Content-Type", "").startswith("text/html") and "html" not in file.media_type
    if answer.status != HTTPStatus.OK or page:
        raise NotFetched(_no_scope(file))
    content = bytearray()
    for chunk in answer.stream(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > LARGEST_FILE:
            raise NotFetched(larger_than_taken(file))
    if file.size and len(content) != file.size:
        raise NotFetched(Phrase("{name} did not arrive whole. Try again.", name=file.name))
    return bytes(content)


def _no_scope(file: SlackFile) -> Phrase:
    return Phrase(
        "Slack did not give me {name}. An admin should check that the app has the files:read scope.", name=file.name
    )


def _withheld(file: SlackFile, code: str) -> Phrase:
    return Phrase(
        "Slack does not let me have {name} ({code}): it belongs to another organisation, or was deleted. Save it on "
        "your computer, and upload it from there.",
        name=file.name,
        code=code,
    )


def _try_again(file: SlackFile) -> Phrase:
    return Phrase("{name} could not be fetched from Slack. Try again.", name=file.name)


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
