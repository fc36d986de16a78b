"""Why an exchange brought no answer, in words, and whether the request can have left. Pure."""

import socket
import ssl
from http import HTTPStatus
from http.client import HTTPException, RemoteDisconnected

from urllib3.exceptions import LocationParseError, ProxyError, ReadTimeoutError

from bot.altcraft.cancellable import Attempt, Limits
from bot.phrase import Phrase
from bot.route import causes, distrust, refused_by_proxy


class Failed(Exception):
    """There is no complete answer. `cause` is a clause for people.

    `may_have_left` is False only when no byte of the request can have been sent; `answered` is True when an answer
    came that is not worth reading; `worth_repeating` when a read may succeed at once on another connection.
    """

    def __init__(self, cause: Phrase, *, may_have_left: bool, answered: bool, worth_repeating: bool) -> None:
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
    chain = tuple(causes(problem))
    slow = attempt.was_cut or _has(chain, TimeoutError, ReadTimeoutError)
    return Failed(
        _cause_after(chain, attempt.limits, slow=slow, answering=answering)
        if attempt.may_have_left
        else _cause_before(chain, attempt, slow=slow),
        may_have_left=attempt.may_have_left,
        answered=_has(chain, TooLarge),
        worth_repeating=not (slow or answering or _has(chain, ssl.SSLError) or refused_by_proxy(problem)),
    )


def _cause_before(chain: tuple[BaseException, ...], attempt: Attempt, *, slow: bool) -> Phrase:
    """Why no connection came about; from the special to the general, for most of these are OSErrors."""
    led_no_further = _proxy_led_no_further(chain) if attempt.by_proxy and not slow else None
    if led_no_further:
        return led_no_further
    if _has(chain, ProxyError):
        return _proxy_out_of_reach(chain, attempt.limits, slow=slow)
    if _has(chain, socket.gaierror, LocationParseError):
        return Phrase("the name of the platform's host could not be resolved")
    untrusted = distrust(chain[0])
    if untrusted:
        return Phrase(
            "the certificate of the platform's host is not trusted ({fault})", fault=str(untrusted.verify_message)
        )
    if slow:
        return Phrase("no connection to the platform came about within {n} seconds", n=attempt.limits.connect)
    if _has(chain, ssl.SSLError):
        return Phrase("the TLS handshake with the platform failed")
    if _has(chain, ConnectionRefusedError):
        return Phrase("the platform's host refused the connection")
    reason = _reason(chain)
    if reason:
        return Phrase("no connection to the platform came about ({fault})", fault=reason)
    return Phrase("the request could not be put together ({fault})", fault=type(chain[0]).__name__)


def _proxy_out_of_reach(chain: tuple[BaseException, ...], limits: Limits, *, slow: bool) -> Phrase:
    if _has(chain, socket.gaierror, LocationParseError):
        return Phrase("the name of the proxy's host could not be resolved")
    if slow:
        return Phrase("no connection to the proxy came about within {n} seconds", n=limits.connect)
    if _has(chain, ConnectionRefusedError):
        return Phrase("the proxy's host refused the connection")
    return Phrase("no connection to the proxy came about ({fault})", fault=_reason(chain) or type(chain[0]).__name__)


def _proxy_led_no_further(chain: tuple[BaseException, ...]) -> Phrase | None:
    status = refused_by_proxy(chain[0])
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return Phrase("the proxy wants a user and a password, and was given none that it takes")
    if status:
        return Phrase("the proxy did not lead on to the platform (HTTP {status})", status=str(status))
    if _has(chain, ssl.SSLError):
        return None
    if _has(chain, ConnectionResetError):
        return Phrase("the proxy broke the connection off")
    if _has(chain, HTTPException):
        return Phrase("what answers at the proxy's address is no HTTP proxy")
    return None


def _reason(chain: tuple[BaseException, ...]) -> str:
    return next((problem.strerror for problem in chain if isinstance(problem, OSError) and problem.strerror), "")


def _cause_after(chain: tuple[BaseException, ...], limits: Limits, *, slow: bool, answering: bool) -> Phrase:
    too_large = next((problem for problem in chain if isinstance(problem, TooLarge)), None)
    if too_large:
        return Phrase("the platform's answer was longer than {most} MiB", most=too_large.most // 2**20)
    if slow and answering:
        return Phrase("the platform's answer was not complete within {n} seconds", n=limits.answer)
    if slow:
        return Phrase("the platform did not answer within {n} seconds", n=limits.answer)
    if answering:
        return Phrase("the connection broke in the middle of the platform's answer")
    if _has(chain, RemoteDisconnected):
        return Phrase("the platform closed the connection before it answered")
    if _has(chain, HTTPException):
        return Phrase("what the platform answered was not HTTP")
    if _has(chain, ConnectionResetError):
        return Phrase("the platform reset the connection before it answered")
    return Phrase("the connection to the platform broke before it answered")


def _has(chain: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(problem, kinds) for problem in chain)
