"""Lets in over HTTP only what Slack has signed, whole, readable and for the first time; nothing is parsed before."""

import heapq
import json
import logging
import re
import threading
from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock, SignatureVerifier

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's own payloads stay far below: files come by reference, and a view takes 250 KB."""

MOST_FIELDS = 1000
"""Fields of a form; a command has some fifteen."""

GOOD_FOR = 300
"""Seconds that a signature may be older or newer than this clock; the SDK's own bound."""

MOST_REMEMBERED = 200_000
"""Signatures: those of ten minutes, at more than three hundred a second."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_BROKEN_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_OBJECTS = ("event", "user", "team", "enterprise", "channel", "view", "message", "container", "state")
"""What Slack's payloads hold as objects, or not at all; Bolt looks into them without asking."""
_NEVER_EMPTY = ("event", "view")
"""Others of them are null where there is none, such as an enterprise."""


_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"

log = logging.getLogger(__name__)


class NotTaken(Exception):
    """A request that is not let in; `cause` is a clause for the log, and never holds what was sent."""

    def __init__(self, status: HTTPStatus, cause: str) -> None:
        super().__init__(cause)
        self.status = status
        self.cause = cause


class Signed:
    """Hands to `taking` what Slack has signed with the secret. All else is refused, with a line in the log."""

    def __init__(self, taking: "WSGIApplication", signing_secret: str, clock: Clock | None = None) -> None:
        self._taking = taking
        self._clock = clock or Clock()
        self._verifier = SignatureVerifier(signing_secret, self._clock)
        self._seen = Seen()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            body = self._let_in(environ)
            # Read already; what takes it from here reads it anew.
            return self._taking({**environ, "wsgi.input": BytesIO(body)}, start_response)
        except NotTaken as refusal:
            status, cause = refusal.status, refusal.cause
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            # A shape that the library does not expect, and in which it looks for the team or the person.
            status, cause = HTTPStatus.BAD_REQUEST, f"its payload has no shape of Slack's ({type(error).__name__})"
        log.warning("a request was answered with %s and not carried out: %s", status.value, cause)
        return _answer(start_response, status)

    def _let_in(self, environ: "WSGIEnvironment") -> bytes:
        """The body of a request to be taken. Raises NotTaken."""
        timestamp, signature = _signature(environ)
        if abs(self._clock.now() - int(timestamp)) > GOOD_FOR:
            raise NotTaken(HTTPStatus.UNAUTHORIZED, "it was signed more than five minutes ago, or its clock is wrong")
        body = _body(environ)
        try:
            genuine = self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError as error:
            raise NotTaken(HTTPStatus.BAD_REQUEST, "its body is no UTF-8") from error
        if not genuine:
            raise NotTaken(HTTPStatus.UNAUTHORIZED, "its signature is not Slack's")
        kind = str(environ.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
        _check_readable(body.decode(), kind)
        if not self._seen.first(signature, until=int(timestamp) + GOOD_FOR, now=self._clock.now()):
            # An event that Slack takes for undelivered comes again; a form has a person who waits for its answer.
            status = HTTPStatus.OK if kind == _JSON else HTTPStatus.UNAUTHORIZED
            raise NotTaken(status, "the very same request was taken already")
        return body


class Seen:
    """The signatures that were taken, each remembered as long as it is good."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._signatures: set[str] = set()
        self._by_end: list[tuple[float, str]] = []
        self._lock = threading.Lock()

    def first(self, signature: str, *, until: float, now: float) -> bool:
        """Whether it was not taken before. Raises NotTaken where no more can be remembered."""
        with self._lock:
            while self._by_end and self._by_end[0][0] < now:
                self._signatures.discard(heapq.heappop(self._by_end)[1])
            if signature in self._signatures:
                return False
            if len(self._signatures) >= self._most:
                raise NotTaken(HTTPStatus.SERVICE_UNAVAILABLE, "more requests came than can be told apart")
            self._signatures.add(signature)
            heapq.heappush(self._by_end, (until, signature))
            return True


def _signature(environ: "WSGIEnvironment") -> tuple[str, str]:
    """The time and the signature, as the SDK takes them: it raises what it likes for others. Raises NotTaken."""
    timestamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP") or "")
    signature = str(environ.get("HTTP_X_SLACK_SIGNATURE") or "")
    if not timestamp or not signature:
        raise NotTaken(HTTPStatus.UNAUTHORIZED, "it is not signed")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        raise NotTaken(HTTPStatus.UNAUTHORIZED, "its signature or the time of it is none")
    return timestamp, signature


def _body(environ: "WSGIEnvironment") -> bytes:
    """The raw body, of which no more is read than is taken. Raises NotTaken."""
    told = str(environ.get("CONTENT_LENGTH") or "")
    if not told.isascii() or not told.isdigit():
        raise NotTaken(HTTPStatus.BAD_REQUEST, "it does not tell the length of its body")
    # Before it is a number: Python takes long to read long ones.
    if len(told.lstrip("0")) > len(str(LARGEST_BODY)) or int(told) > LARGEST_BODY:
        raise NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"its body is larger than {LARGEST_BODY} bytes")
    body: bytes = environ["wsgi.input"].read(int(told))
    if len(body) != int(told):
        raise NotTaken(HTTPStatus.BAD_REQUEST, "its body did not arrive whole")
    return body


def _check_readable(text: str, kind: str) -> None:
    """Raises NotTaken for what is neither a form nor JSON, or is broken."""
    try:
        # By how it begins as well: Bolt goes by that, and has to read the same.
        if kind == _JSON and text.startswith("{"):
            _check_object(text)
        elif kind == _FORM and text and not text.startswith("{") and not _BROKEN_PERCENT.search(text):
            _check_form(text)
        else:
            raise NotTaken(HTTPStatus.BAD_REQUEST, "its body is neither a form nor JSON")
    except (ValueError, RecursionError) as error:
        raise NotTaken(HTTPStatus.BAD_REQUEST, f"its body cannot be read ({type(error).__name__})") from error


def _check_form(text: str) -> None:
    found = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)
    fields = dict(found)
    if "payload" in fields:
        _check_object(fields["payload"])


def _check_object(text: str) -> None:
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(found.get(name), dict | None) for name in _OBJECTS):
        raise NotTaken(HTTPStatus.BAD_REQUEST, "its payload has no shape of Slack's")
    actions = found.get("actions", [])
    if not isinstance(actions, list) or not all(isinstance(one, dict) for one in actions):
        raise NotTaken(HTTPStatus.BAD_REQUEST, "its payload has no shape of Slack's")
    if any(found.get(name, {}) is None for name in _NEVER_EMPTY):
        raise NotTaken(HTTPStatus.BAD_REQUEST, "its payload holds nothing of what it is about")


def _answer(start_response: "StartResponse", status: HTTPStatus) -> Iterable[bytes]:
    # Slack shows the body of a 200 to people.
    body = b"" if status is HTTPStatus.OK else f"{status.phrase}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
