"""One HTTP exchange with the platform, over requests.

It stands on requests' adapter rather than on a Session: the adapter's pool may be used from many threads, which a
Session does not promise, and it knows no redirects, cookies, netrc or proxy variables that could resend a launch or
replace the token.
"""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import requests
from urllib3.response import BaseHTTPResponse

from bot.altcraft.cancellable import Attempt, Limits, WatchedAdapter
from bot.altcraft.cutoff import Cutoff
from bot.altcraft.failure import Failed, TooLarge, failure
from bot.route import DIRECT, Route

LARGEST_ANSWER = 8 * 2**20
"""Bytes, decoded. A page of a thousand campaigns takes a few hundred kilobytes."""

READ_TRIES = 3
PAUSE_BETWEEN_READS = 0.2
"""Seconds."""

_CHUNK = 2**16


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer, whatever its status; the headers' names are looked up in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """POSTs bodies over a route. Raises Unusable (bot.route) where that cannot be used as it is set up."""

    def __init__(self, limits: Limits, route: Route = DIRECT) -> None:
        self._limits = limits
        self._cutoff = Cutoff(limits.whole)
        self._route = route
        self._trusting = route.trusting()
        self._pool = WatchedAdapter(route, self._trusting)
        self._reads: set[Attempt] = set()
        self._closed = False

    def once(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends a change: one try, on a fresh connection. Raises Failed.

        A pooled connection may have been closed by the other end unnoticed, which would turn a launch that never left
        into one in doubt; one more handshake costs little beside that.
        """
        with closing(WatchedAdapter(self._route, self._trusting)) as adapter:
            return self._exchange(adapter, self._attempt(), url, headers, body)

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends a read over the pool, and again where a connection broke at once. Raises Failed."""
        last_start = time.monotonic() + self._limits.connect
        for _ in range(READ_TRIES - 1):
            try:
                return self._read_once(url, headers, body)
            except Failed as failed:
                if not failed.worth_repeating or self._closed or time.monotonic() > last_start:
                    raise
            time.sleep(PAUSE_BETWEEN_READS)
        return self._read_once(url, headers, body)

    def close(self) -> None:
        """Ends the reads that are under way, never a change."""
        self._closed = True
        for attempt in self._reads.copy():
            attempt.cut()
        self._pool.close()

    def _read_once(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        attempt = self._attempt()
        self._reads.add(attempt)
        try:
            return self._exchange(self._pool, attempt, url, headers, body)
        finally:
            self._reads.discard(attempt)

    def _attempt(self) -> Attempt:
        return Attempt(self._limits, self._cutoff, by_proxy=bool(self._route.proxy))

    def _exchange(
        self, adapter: WatchedAdapter, attempt: Attempt, url: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        answering = False
        with attempt.under_way():
            try:
                request = requests.Request("POST", url, headers=dict(headers), data=body).prepare()
                timeout = (self._limits.connect, self._limits.answer)
                response = adapter.send(request, stream=True, timeout=timeout, proxies=adapter.proxies)
                # http.client takes headers that were cut for all there are.
                answering = not attempt.was_cut
                with closing(response):
                    content = _read_bounded(response.raw)
                # A cut looks like a proper end to an answer that states no length.
                if attempt.was_cut:
                    raise TimeoutError  # noqa: TRY301 -- judged below with every other failure
                return Answer(response.status_code, response.headers, content)
            except Exception as problem:  # noqa: BLE001 -- whatever broke, what counts is whether it can have left
                # The cause is dropped: requests' exceptions carry the request, and with it the token.
                raise failure(problem, attempt, answering=answering) from None


def _read_bounded(raw: BaseHTTPResponse) -> bytes:
    content = bytearray()
    for chunk in raw.stream(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise TooLarge(LARGEST_ANSWER)
    return bytes(content)
