"""Calls to the platform, whatever they are for: a read, a list page by page, and a change that is sent once."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from bot.altcraft import answers
from bot.altcraft.cancellable import Limits
from bot.altcraft.connection import Connection, TokenIn
from bot.altcraft.errors import PlatformError, PlatformRefused, PlatformUnclear, PlatformUnreachable
from bot.altcraft.failure import Failed
from bot.altcraft.outcome import outcome_of_failure, word_for
from bot.altcraft.probe import Probed, probed
from bot.altcraft.transport import Answer, Transport
from bot.altcraft.wire import Envelope, Malformed, WireFormat, decode_envelope, encode
from bot.campaign.campaign import Campaign, Choice
from bot.campaign.request import Json, RequestId
from bot.launch.copying import CopyOutcome
from bot.launch.outcome import NotSent, Outcome, RefusedByPlatform, Unknown
from bot.phrase import Phrase

PAGE = 1000
"""Items of one page: the default of every list (guide)."""
LONGEST_ERROR_TEXT = 500

log = logging.getLogger(__name__)

Observe: TypeAlias = Callable[[str, float, str], None]
"""Is told of each call: its method without slashes around it, the seconds it took, and a word for its outcome."""

_Item = TypeVar("_Item", Campaign, Choice)
_Judged = TypeVar("_Judged", Outcome, CopyOutcome)


class Calls:
    """The way to one platform. May be used from several threads. `observe` is told of every call, in its thread.

    Raises Unusable (bot.route) where the way there cannot be used as it is set up.
    """

    def __init__(self, connection: Connection, observe: Observe) -> None:
        self._connection = connection
        self._observe = observe
        limits = Limits(connect=connection.connect_timeout, answer=connection.timeout)
        self._transport = Transport(limits, connection.route)

    def close(self) -> None:
        """Ends reads that are under way and closes the pool."""
        self._transport.close()

    def change(
        self, path: str, body: bytes, request_id: RequestId, judge: Callable[[Answer], _Judged]
    ) -> _Judged | NotSent | Unknown | RefusedByPlatform:
        """Sends a body once, whatever comes of it, and has its answer judged. Never raises for that."""
        begun = time.monotonic()
        outcome = self._changed(path, body, request_id, judge)
        self._tell(path, begun, word_for(outcome))
        return outcome

    def _changed(
        self, path: str, body: bytes, request_id: RequestId, judge: Callable[[Answer], _Judged]
    ) -> _Judged | NotSent | Unknown | RefusedByPlatform:
        try:
            outcome = judge(self._once(path, body, request_id))
        except Failed as failed:
            return outcome_of_failure(failed)
        if isinstance(outcome, RefusedByPlatform):
            return RefusedByPlatform(outcome.code, self._tellable(outcome.text))
        return outcome

    def pages(self, path: str, read: Callable[[Mapping[str, Json]], _Item | None]) -> Iterator[_Item]:
        """Each item once. Editions differ in whether the next page begins at its predecessor's last id or after it."""
        seen: set[int] = set()
        from_id = 1
        while True:
            page = self.ask(path, {"from_id": from_id, "limit": PAGE})
            known = len(seen)
            for item in filter(None, map(read, answers.objects(page.data))):
                if item.id not in seen:
                    seen.add(item.id)
                    yield item
            following = answers.whole(page.next_from_id)
            if len(seen) == known or following is None or following <= from_id:
                return
            from_id = following

    def ask(self, path: str, fields: Mapping[str, Json], *, quotes_are_marks: bool = True) -> Envelope:
        """Reads what the platform answers, as often as that takes. Raises PlatformError."""
        begun = time.monotonic()
        try:
            envelope = self._asked(path, fields, quotes_are_marks=quotes_are_marks)
        except PlatformError as error:
            self._tell(path, begun, error.word)
            raise
        self._tell(path, begun, "ok")
        return envelope

    def probe(self, path: str, fields: Mapping[str, Json], request_id: RequestId) -> Probed:
        """Sends a read once, as a change would be sent, and says all that its answer shows. Raises Failed."""
        return probed(self._once(path, self._body(fields), request_id), self._tellable)

    def _once(self, path: str, body: bytes, request_id: RequestId) -> Answer:
        ids = {"Request-ID": request_id, "X-Request-ID": request_id}
        return self._transport.once(self._url(path), self._headers() | ids, body)

    def _tell(self, path: str, begun: float, outcome: str) -> None:
        try:
            self._observe(path.strip("/"), time.monotonic() - begun, outcome)
        except Exception:
            # What the platform answered to a launch must not be lost to whoever counts the calls.
            log.exception("a call to the platform could not be told")

    def _asked(self, path: str, fields: Mapping[str, Json], *, quotes_are_marks: bool) -> Envelope:
        try:
            answer = self._transport.read(self._url(path), self._headers(), self._body(fields))
        except Failed as failed:
            raise (PlatformUnclear if failed.answered else PlatformUnreachable)(failed.cause) from None
        try:
            envelope = decode_envelope(answer.body, quotes_are_marks=quotes_are_marks)
        except Malformed as malformed:
            raise PlatformUnclear(
                Phrase("HTTP {status}, and {fault}", status=str(answer.status), fault=malformed.text)
            ) from None
        if envelope.error:
            raise PlatformRefused(envelope.error, self._tellable(envelope.error_text))
        if answer.status // 100 != 2:  # noqa: PLR2004 -- the class of success
            raise PlatformUnclear(Phrase("HTTP {status}, yet with error 0", status=str(answer.status)))
        return envelope

    def _body(self, fields: Mapping[str, Json]) -> bytes:
        return encode(self._connection.format, {**self._connection.token_fields, **fields})

    def _url(self, path: str) -> str:
        # In the URL rather than in the body, so that a body is the guide's own sample; JSON is the default.
        question = "?format=xml" if self._connection.format is WireFormat.XML else ""
        return f"{self._connection.root}{path}{question}"

    def _headers(self) -> dict[str, str]:
        """A fixed set, for it may count when the platform compares requests; no version that an update would change."""
        content_type = self._connection.format.content_type
        headers = {
            "Content-Type": content_type,
            "Accept": content_type,
            "Accept-Encoding": "identity",
            "User-Agent": "campaign-bot",
        }
        if self._connection.token_in is TokenIn.HEADER:
            headers["Authorization"] = f"Bearer {self._connection.token}"
        return headers

    def _tellable(self, error_text: str) -> str:
        """The platform's words, without the token should they quote it."""
        return error_text.replace(self._connection.token, "•••")[:LONGEST_ERROR_TEXT]
