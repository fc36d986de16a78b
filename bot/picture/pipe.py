"""Chromium's DevTools protocol over two pipes: a message is JSON, and ends with NUL."""

import json
import os
import select
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bot.picture.failures import Failed, Failure

Message: TypeAlias = dict[str, Any]

_END = b"\0"
_CHUNK = 1 << 16


class Pipe:
    """Sends and receives whole messages; one that is longer than `most` bytes is not taken."""

    def __init__(self, reading: int, writing: int, most: int) -> None:
        self._reading = reading
        self._writing = writing
        self._most = most
        self._begun = bytearray()
        self._whole: deque[bytes] = deque()

    def send(self, message: Mapping[str, object]) -> None:
        """Raises Failed where the browser has gone."""
        left = memoryview(json.dumps(message).encode() + _END)
        try:
            while left:
                left = left[os.write(self._writing, left) :]
        except BrokenPipeError as error:
            raise Failed(Failure.CRASHED) from error

    def receive(self, patience: float | None = None) -> Message | None:
        """The next message, or None where none comes for so many seconds.

        Raises Failed where the browser has gone, or says too much at once.
        """
        while not self._whole:
            if not select.select([self._reading], [], [], patience)[0]:
                return None
            self._take()
        message: Message = json.loads(self._whole.popleft())
        return message

    def _take(self) -> None:
        chunk = os.read(self._reading, _CHUNK)
        if not chunk:
            raise Failed(Failure.CRASHED)
        *ends, rest = chunk.split(_END)
        for end in ends:
            self._whole.append(bytes(self._begun) + end)
            self._begun.clear()
        self._begun += rest
        if len(self._begun) > self._most:
            raise Failed(Failure.TOO_LARGE)


class Session:
    """Asks the browser, or one page of it. What it tells meanwhile goes to `hear`."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._last = 0
        self.page: str | None = None
        self.hear: Callable[[str, Message], None] = lambda _method, _parameters: None

    def tell(self, method: str, **parameters: object) -> int:
        """Asks without waiting for the answer. Gives the number that the answer will have."""
        self._last += 1
        message: Message = {"id": self._last, "method": method, "params": parameters}
        if self.page:
            message["sessionId"] = self.page
        self._pipe.send(message)
        return self._last

    def ask(self, method: str, **parameters: object) -> Message:
        """The answer. Raises Failed where the browser refuses, or goes before it has answered."""
        asked = self.tell(method, **parameters)
        while True:
            message = self._pipe.receive()
            if message and message.get("id") == asked:
                return _result(message)
            self._heard(message)

    def quiet(self, patience: float) -> None:
        """Hears the browser out, until it has told nothing for so many seconds."""
        while message := self._pipe.receive(patience):
            self._heard(message)

    def _heard(self, message: Message | None) -> None:
        if message and "method" in message:
            self.hear(message["method"], message.get("params", {}))


def _result(message: Message) -> Message:
    if "error" in message:
        raise Failed(Failure.CRASHED)
    result: Message = message.get("result", {})
    return result
