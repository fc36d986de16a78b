"""Fetches the images of a mail from hosts that a setting names; for the painting process alone, which may die of it."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.picture.addresses import HTTPS_PORT, Resolve, is_public, resolve
from bot.picture.limits import IMAGES_TIME, MOST_AT_ONCE, MOST_IMAGE, MOST_IMAGES, MOST_IMAGES_TOGETHER

KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What mail readers show, and what refers to nothing further."""

_CHUNK = 64 * 1024
_HEADERS = {
    "Accept": ", ".join(sorted(KINDS)),
    # What is compressed may be of any size when it is unpacked.
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "campaign-bot",
}


@dataclass(frozen=True)
class Image:
    content: bytes
    media_type: str


class _Refused(Exception):
    """Nothing is to be had from there; what stands in the image's place says no more."""


class Images:
    """Fetches images of one mail, each once, some at a time, within bounds of number, size and time.

    `hosts` are names; one that begins with a dot stands for all names that end so. `resolve`, `is_allowed`, `port` and
    `trust` are for tests, which have servers on this machine.
    """

    def __init__(
        self,
        hosts: tuple[str, ...],
        *,
        resolve: Resolve = resolve,
        is_allowed: Callable[[str], bool] = is_public,
        port: int = HTTPS_PORT,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._hosts = hosts
        self._resolve = resolve
        self._is_allowed = is_allowed
        self._port = port
        self._trust = trust or ssl.create_default_context()
        self._begun: dict[str, Future[Image | None]] = {}
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._left = MOST_IMAGES_TOGETHER
        self._lock = threading.Lock()
        self._deadline: float | None = None

    def begin(self, url: str) -> "Future[Image | None] | None":
        """Begins to fetch it; None where nothing is fetched from there, or enough was."""
        if url in self._begun:
            return self._begun[url]
        if len(self._begun) >= MOST_IMAGES or not is_named(url, self._hosts):
            return None
        if self._deadline is None:
            self._deadline = time.monotonic() + IMAGES_TIME
        future: Future[Image | None] = Future()
        self._begun[url] = future
        # Nobody waits for a thread that hangs, and the process ends with it.
        threading.Thread(target=self._fetch, args=(url, future), daemon=True).start()
        return future

    def result(self, future: "Future[Image | None]") -> Image | None:
        """The image, once it is there; None where there is none, or the time for all of them is up."""
        try:
            return future.result(timeout=self._time_left())
        except NotDone:
            return None

    def _time_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic()) if self._deadline is not None else 0.0

    def _fetch(self, url: str, future: "Future[Image | None]") -> None:
        image: Image | None = None
        try:
            with self._places:
                image = self._fetched(urlsplit(url))
        except (_Refused, OSError, http.client.HTTPException, ValueError):
            image = None
        finally:
            future.set_result(image)

    def _fetched(self, url: SplitResult) -> Image:
        host = url.hostname or ""
        connection = _Pinned(host, self._address_of(host), self._port, self._time_left(), self._trust)
        try:
            connection.request("GET", f"{url.path or '/'}{f'?{url.query}' if url.query else ''}", headers=_HEADERS)
            answer = connection.getresponse()
            kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
            # A redirect is an answer like any other that is no image.
            is_image = answer.status == http.client.OK and kind in KINDS
            if not is_image or (answer.getheader("Content-Encoding") or "identity") != "identity":
                raise _Refused
            return Image(self._read(answer), kind)
        finally:
            connection.close()

    def _address_of(self, host: str) -> str:
        """The one address that is connected to: it is looked up once, so that it cannot be another one by then."""
        addresses = self._resolve(host)
        # Where one is a network's own, whoever names the host's addresses is not to be trusted with the others.
        if not addresses or not all(map(self._is_allowed, addresses)):
            raise _Refused
        return addresses[0]

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        content = bytearray()
        while chunk := answer.read1(_CHUNK):
            content += chunk
            if len(content) > MOST_IMAGE or not self._takes(len(chunk)) or not self._time_left():
                raise _Refused
        if answer.length:
            # It broke off.
            raise _Refused
        return bytes(content)

    def _takes(self, size: int) -> bool:
        with self._lock:
            self._left -= size
            return self._left >= 0


class _Pinned(http.client.HTTPSConnection):
    """A connection to this address alone, which has to prove that it is the host's."""

    def __init__(self, host: str, address: str, port: int, seconds: float, trust: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=max(seconds, 0.001), context=trust)
        self._address = address
        self._trust = trust

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def is_named(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether it is a plain address over HTTPS of a host that is named."""
    try:
        read = urlsplit(url)
        host, port = read.hostname or "", read.port
    except ValueError:
        return False
    if read.scheme != "https" or "@" in read.netloc or port not in {None, HTTPS_PORT}:
        return False
    return any(host.endswith(one) if one.startswith(".") else host == one for one in hosts)
