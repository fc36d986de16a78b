"""Request deduplication as the guide tells it: a repeat is not executed, and gets the first answer again."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

_A = TypeVar("_A")


@dataclass
class First(Generic[_A]):
    """The first request of its key; `answer` is empty while it is being processed."""

    at: datetime
    answer: _A | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def finish(self, answer: _A | None) -> None:
        """Give the waiting repeats their answer; None lets each of them be executed."""
        self.answer = answer
        self.done.set()


class Deduplication(Generic[_A]):
    """The first requests of the last while. The window counts from the first request, not from the latest repeat."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._firsts: dict[str, First[_A]] = {}

    def find(self, key: str, window_seconds: float) -> First[_A] | None:
        oldest = self._clock() - timedelta(seconds=window_seconds)
        self._firsts = {each: first for each, first in self._firsts.items() if first.at >= oldest}
        return self._firsts.get(key)

    def begin(self, key: str) -> First[_A]:
        first = self._firsts[key] = First(self._clock())
        return first

    def forget(self, key: str) -> None:
        first = self._firsts.pop(key, None)
        if first:
            first.finish(None)


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the client's id for a request, in either spelling; `headers` has lower-case names."""
    return headers.get("request-id") or headers.get("x-request-id")


def key_of(mode: str, token: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return what makes two requests the same under a mode of the `dedup` switch.

    In the newer text an id with the token is enough, whatever the URL and body; the earlier text knows only the
    checksum, to which any header adds.
    """
    named = {"Request-ID": headers.get("request-id"), "both": request_id(headers)}.get(mode)
    if named:
        return f"{named}{token}"
    lines = [url, *(f"{name}: {value}" for name, value in sorted(headers.items()))]
    return hashlib.sha256("\n".join(lines).encode() + b"\n\n" + body).hexdigest()


def duplicate_headers(mode: str, key: str) -> dict[str, str]:
    """Return the headers that tell a repeat, in the mode's spelling."""
    plain = {"Duplicate-Request": "true", "Duplicate-Key": key}
    crossed = {f"X-{name}": value for name, value in plain.items()}
    return {"Request-ID": plain, "X-Request-ID": crossed}.get(mode, plain | crossed)
