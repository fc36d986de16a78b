"""Takes the platform's action hooks over HTTP. They are not signed: whoever knows the address may bring events.

`OK` is answered only once what counts is committed, so that nothing is lost where the platform repeats what was not
answered so.
"""

import hmac
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.events_settings import Network
from bot.journal.sorting import Sorted
from bot.results.hooks import NoBatch
from bot.web import Bound

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIEnvironment

PATH = "/altcraft/events/"
"""What an address begins with; the secret ends it."""

LARGEST_BATCH = 4 * 1024 * 1024
"""Bytes of one body: some thousand events with everything that the platform puts into them."""

PIECE = 64 * 1024

OK = "OK"
"""What the hook's success pattern looks for."""

TOO_LARGE = "too_large"

log = logging.getLogger(__name__)


class NotTaken(Exception):
    """A request that is not counted; `outcome` is a word for the metrics, `cause` a clause for the log."""

    def __init__(self, status: HTTPStatus, outcome: str, cause: str) -> None:
        super().__init__(cause)
        self.status = status
        self.outcome = outcome
        self.cause = cause


def key_of(secret: str) -> bytes:
    """What the hashes of repeats are made with. It stands nowhere, and follows from the secret."""
    return blake2b(secret.encode(), digest_size=32, person=b"hook repeats").digest()


class Receiver:
    """The door for hooks, as a WSGI application for what is posted to the paths that begin with PATH.

    `count` counts a batch and returns once that is committed; it raises NoBatch or SQLAlchemyError. `networks` are
    those from which hooks are taken, none for any. `tell` is told each request's outcome, and how many events it had
    that could be read and that could not. `at_once` is how many bodies are held in memory and read at the same time;
    others wait for their turn.
    """

    def __init__(
        self,
        secret: str,
        networks: Sequence[Network],
        count: Callable[[bytes], Sorted],
        tell: Callable[[str, int, int], None],
        at_once: int,
    ) -> None:
        self._address = f"{PATH}{secret}".encode()
        self._networks = networks
        self._count = count
        self._tell = tell
        self._turns = threading.BoundedSemaphore(at_once)

    @property
    def bound(self) -> Bound:
        """What the server takes of a body for it, and tells of what is larger."""
        return Bound(LARGEST_BATCH, lambda: self._tell(TOO_LARGE, 0, 0))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            self._check(environ)
            with self._turns:
                self._take(environ)
        except NotTaken as refusal:
            log.warning("a hook was answered with %s and not counted: %s", refusal.status.value, refusal.cause)
            self._tell(refusal.outcome, 0, 0)
            return _answer(start_response, refusal.status, refusal.status.phrase)
        return _answer(start_response, HTTPStatus.OK, OK)

    def _check(self, environ: "WSGIEnvironment") -> None:
        """Raises NotTaken. A wrong address gets the answer of one that there is not."""
        path = str(environ.get("PATH_INFO") or "").encode("latin-1", errors="replace")
        if not hmac.compare_digest(path, self._address):
            raise NotTaken(HTTPStatus.NOT_FOUND, "wrong_secret", "the secret in its address is wrong")
        remote = str(environ.get("REMOTE_ADDR") or "")
        if self._networks and not _is_within(remote, self._networks):
            cause = f"{remote or 'its address'} is in none of ALTCRAFT_EVENTS_NETWORKS"
            raise NotTaken(HTTPStatus.FORBIDDEN, "wrong_network", cause)

    def _take(self, environ: "WSGIEnvironment") -> None:
        """Raises NotTaken."""
        body = _body(environ)
        try:
            batch = self._count(body)
        except NoBatch as error:
            raise NotTaken(HTTPStatus.BAD_REQUEST, "no_batch", "its body is no JSON array") from error
        except SQLAlchemyError as error:
            cause = f"the journal's database does not answer, or takes nothing ({type(error).__name__})"
            raise NotTaken(HTTPStatus.SERVICE_UNAVAILABLE, "away", cause) from error
        except Exception as error:
            # The server would log its path, and with it the secret; and an error's text may hold what was sent.
            cause = f"it broke something of mine ({type(error).__name__})"
            raise NotTaken(HTTPStatus.SERVICE_UNAVAILABLE, "failed", cause) from error
        if batch.unreadable:
            log.warning("%s of a hook's %s events cannot be read", batch.unreadable, batch.unreadable + batch.readable)
        self._tell("ok", batch.readable, batch.unreadable)


def _is_within(remote: str, networks: Sequence[Network]) -> bool:
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)


def _body(environ: "WSGIEnvironment") -> bytes:
    """The body, of which no more is read than is taken. Raises NotTaken."""
    told = str(environ.get("CONTENT_LENGTH") or "")
    length = int(told) if told.isascii() and told.isdigit() and len(told) < len(str(2**63)) else None
    if told and (length is None or length > LARGEST_BATCH):
        raise _too_large()
    body = bytearray()
    stream: InputStream = environ["wsgi.input"]
    while piece := stream.read(PIECE if length is None else min(PIECE, length - len(body))):
        body += piece
        if len(body) > LARGEST_BATCH:
            raise _too_large()
    if length is not None and len(body) != length:
        raise NotTaken(HTTPStatus.BAD_REQUEST, "no_batch", "its body did not arrive whole")
    return bytes(body)


def _too_large() -> NotTaken:
    cause = f"its body is larger than {LARGEST_BATCH} bytes; lower the hook's maximum batch size"
    return NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, cause)


def _answer(start_response: "StartResponse", status: HTTPStatus, text: str) -> Iterable[bytes]:
    body = f"{text}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
