"""Why an exchange brought no answer, in words, and whether the request can have left. Pure."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException, RemoteDisconnected

from urllib3.exceptions import LocationParseError, ReadTimeoutError

from bot.altcraft.watched import Attempt, Limits


class Failed(Exception):
    """There is no complete answer. `cause` is a clause for people.

    `may_have_left` is False only when no byte of the request can have been sent; `answered` is True when an answer
    came that is not worth reading; `worth_repeating` when a read may succeed at once on another connection.
    """

    def __init__(self, cause: str, *, may_have_left: bool, answered: bool, worth_repeating: bool) -> None:
        super().__init__(cause)
        self.cause = cause
        self.may_have_left = may_have_left
        self.answered = answered
        self.worth_repeating = worth_repeating


class TooLarge(Exception):
    """An answer longer than anyone should read; `most` is the limit in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


def failure(problem: Exception, attempt: Attempt, *, answering: bool) -> Failed:
    """What the exception means for this attempt; `answering` when the answer's headers had come.

    Exceptions decide about the words alone. One and the same SSLError, timeout or reset can come before the request,
    in the middle of it and after it, so whether it can have left is the connection's own word.
    """
    chain = tuple(_chain(problem))
    slow = attempt.was_cut or _has(chain, TimeoutError, ReadTimeoutError)
    return Failed(
        _cause_after(chain, attempt.limits, slow=slow, answering=answering)
        if attempt.may_have_left
        else _cause_before(chain, attempt.limits, slow=slow),
        may_have_left=attempt.may_have_left,
        answered=_has(chain, TooLarge),
        worth_repeating=not (slow or answering or _has(chain, ssl.SSLError)),
    )


def _cause_before(chain: tuple[BaseException, ...], limits: Limits, *, slow: bool) -> str:
    """Why no connection came about; from the special to the general, for most of these are OSErrors."""
    if _has(chain, socket.gaierror, LocationParseError):
        return "the name of the platform's host could not be resolved"
    untrusted = next((problem for problem in chain if isinstance(problem, ssl.SSLCertVerificationError)), None)
    if untrusted:
        return f"the certificate of the platform's host is not trusted ({untrusted.verify_message})"
    if slow:
        return f"no connection to the platform came about within {limits.connect:g} seconds"
    if _has(chain, ssl.SSLError):
        return "the TLS handshake with the platform failed"
    if _has(chain, ConnectionRefusedError):
        return "the platform's host refused the connection"
    reason = next((problem.strerror for problem in chain if isinstance(problem, OSError) and problem.strerror), None)
    if reason:
        return f"no connection to the platform came about ({reason})"
    return f"the request could not be put together ({type(chain[0]).__name__})"


def _cause_after(chain: tuple[BaseException, ...], limits: Limits, *, slow: bool, answering: bool) -> str:
    too_large = next((problem for problem in chain if isinstance(problem, TooLarge)), None)
    if too_large:
        return f"the platform's answer was longer than {too_large.most // 2**20} MiB"
    if slow and answering:
        return f"the platform's answer was not complete within {limits.answer:g} seconds"
    if slow:
        return f"the platform did not answer within {limits.answer:g} seconds"
    if answering:
        return "the connection broke in the middle of the platform's answer"
    if _has(chain, RemoteDisconnected):
        return "the platform closed the connection before it answered"
    if _has(chain, HTTPException):
        return "what the platform answered was not HTTP"
    if _has(chain, ConnectionResetError):
        return "the platform reset the connection before it answered"
    return "the connection to the platform broke before it answered"


def _has(chain: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(problem, kinds) for problem in chain)


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps: requests and urllib3 keep what happened in args, `reason` or `__cause__`."""
    seen: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or any(one is before for before in seen):
            continue
        seen.append(one)
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    yield from seen
