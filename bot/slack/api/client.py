"""A client for Slack's Web API that keeps its connections open.

The SDK opens one for each call: two further round trips, for TCP and TLS, before the call itself can leave.
"""

import copy
import json
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Self, TypeAlias
from urllib.request import Request

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

KEPT_OPEN = 16
"""Connections; further ones are opened for a rush, and closed after it."""

Observe: TypeAlias = Callable[[str, float, str], None]
"""Is told of each call: its method, the seconds it took, and a word for its outcome."""

ANSWERING = "response_url"
"""What stands for a call's method where a person is answered."""

READING = frozenset({"auth.test", "bots.info", "conversations.info", "usergroups.users.list", "users.info"})
"""Methods that change nothing. A kept connection may be closed by Slack in the moment in which it is used again: nobody
shall be refused for that, whose role could not be looked up."""

log = logging.getLogger(__name__)


class Broken(ConnectionError):
    """The connection ended before the answer. Slack may have taken the call."""


def _unobserved(_call: str, _seconds: float, _outcome: str) -> None:
    """For whoever does not want to know."""


class NeverLeft(ConnectionError):
    """No connection came about, so that Slack has nothing of it."""


class KeptConnection(WebClient):
    """The SDK's client over urllib3's pool. It repeats nothing by itself: Slack may have taken what broke on the way.

    A call raises OSError where Slack cannot be reached, as the SDK's own client does. `observe` is told of every call,
    in the thread that made it.
    """

    def __init__(self, token: str, *, base_url: str, timeout: int, observe: Observe = _unobserved) -> None:
        super().__init__(token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self._observe = observe
        # Read once: reading the machine's certificates takes some 40 ms.
        kept: dict[str, Any] = {"maxsize": KEPT_OPEN, "ssl_context": ssl.create_default_context()}
        # The SDK has looked up the environment's proxy.
        self._pool = urllib3.ProxyManager(self.proxy, **kept) if self.proxy else urllib3.PoolManager(**kept)

    def __deepcopy__(self, _known: dict[int, object]) -> Self:
        """Bolt makes a copy for each request; all of them share the connections."""
        return copy.copy(self)

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:  # noqa: ANN401 -- the SDK's own, passed on
        """As the SDK's own. What only reads is asked once more where the connection breaks."""
        try:
            return self._called(api_method, **arguments)
        except Broken:
            if api_method not in READING:
                raise
            return self._called(api_method, **arguments)

    def _called(self, api_method: str, **arguments: Any) -> SlackResponse:  # noqa: ANN401 -- likewise
        begun = time.monotonic()
        try:
            answer = super().api_call(api_method, **arguments)
        except SlackApiError as error:
            self._tell(api_method, begun, _word_for(error.response.status_code))
            raise
        except (SlackClientError, OSError):
            self._tell(api_method, begun, "unreachable")
            raise
        self._tell(api_method, begun, "ok")
        return answer

    def _tell(self, api_method: str, begun: float, outcome: str) -> None:
        try:
            self._observe(api_method, time.monotonic() - begun, outcome)
        except Exception:
            # A message that Slack has taken must not be sent again for whoever counts the calls.
            log.exception("a call to Slack could not be told")

    def answer(self, response_url: str, message: Mapping[str, object]) -> tuple[int, str]:
        """Posts a message to where Slack takes answers to what a person did; gives the status and Slack's word.

        Raises OSError where Slack cannot be reached.
        """
        begun = time.monotonic()
        body = json.dumps(message).encode()
        try:
            answer = self._post(response_url, body, {"Content-Type": "application/json;charset=utf-8"})
        except OSError:
            self._tell(ANSWERING, begun, "unreachable")
            raise
        self._tell(ANSWERING, begun, "ok" if answer.status == HTTPStatus.OK else _word_for(answer.status))
        return answer.status, answer.data.decode()

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """What the SDK does with urllib, and only there; it reads the answer and its status itself."""
        body = req.data if isinstance(req.data, bytes) else None
        answer = self._post(url, body, dict(req.header_items()))
        return {"status": answer.status, "headers": dict(answer.headers), "body": answer.data.decode()}

    def _post(self, url: str, body: bytes | None, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.urlopen(
                "POST", url, body=body, headers=headers, timeout=self.timeout, retries=False, redirect=False
            )
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            raise NeverLeft(type(error).__name__) from error
        except urllib3.exceptions.TimeoutError as error:
            raise TimeoutError(type(error).__name__) from error
        except urllib3.exceptions.ProtocolError as error:
            raise Broken(type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError(type(error).__name__) from error


def _word_for(status: int) -> str:
    """One word for what kind of refusal it was; Slack says most of them with HTTP 200."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    return "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused"
