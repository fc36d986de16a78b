"""A client for Slack's Web API that keeps its connections open.

The SDK opens one for each call: two further round trips, for TCP and TLS, before the call itself can leave.
"""

import copy
import json
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import IO, Any, Self, TypeAlias
from urllib.request import Request

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.route import DIRECT, Route, distrust, refused_by_proxy
from bot.slack.api.scopes import MEND_SCOPES, lacking

KEPT_OPEN = 16
"""Connections; further ones are opened for a rush, and closed after it."""

Observe: TypeAlias = Callable[[str, float, str], None]
"""Is told of each call: its method, the seconds it took, and a word for its outcome."""

ANSWERING = "response_url"
"""What stands for a call's method where a person is answered."""

READING = frozenset(
    {"auth.teams.list", "auth.test", "bots.info", "conversations.info", "usergroups.users.list", "users.info"}
)
"""Methods that change nothing. A kept connection may be closed by Slack in the moment in which it is used again: nobody
shall be refused for that, whose role could not be looked up."""

ASKS_WHO = "the proxy wants a user and a password, and was given none that it takes"

log = logging.getLogger(__name__)


class Broken(ConnectionError):
    """The connection ended before the answer. Slack may have taken the call."""


def _unobserved(*_told: object) -> None:
    """For whoever does not want to know."""


class NeverLeft(ConnectionError):
    """No connection came about, so that Slack has nothing of it."""


class KeptConnection(WebClient):
    """The SDK's client over urllib3's pool. It repeats nothing by itself: Slack may have taken what broke on the way.

    A call raises OSError where Slack cannot be reached, as the SDK's own client does. `observe` is told of every call,
    in the thread that made it, and `dated` the date of each answer to one. Raises Unusable (bot.route) where the way to
    Slack cannot be used as it is set up.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str,
        timeout: int,
        route: Route = DIRECT,
        observe: Observe = _unobserved,
        dated: Callable[[str], None] = _unobserved,
    ) -> None:
        trusting = route.trusting()
        super().__init__(token, base_url=base_url, timeout=timeout, ssl=trusting, retry_handlers=[])
        # The SDK takes the environment's where it is given none. Socket Mode asks here.
        self.proxy = route.proxy or None
        self._observe = observe
        self._dated = dated
        kept: dict[str, Any] = {"maxsize": KEPT_OPEN, "ssl_context": trusting}
        self._pool = (
            urllib3.ProxyManager(route.proxy_address, proxy_headers=route.proxy_headers, **kept)
            if route.proxy
            else urllib3.PoolManager(**kept)
        )

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
            if scope := lacking(error):
                log.warning("Slack refuses %s, for the app lacks the scope %s: %s", api_method, scope, MEND_SCOPES)
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

    def fetch(self, url: str) -> urllib3.BaseHTTPResponse:
        """The answer to a GET with the bot's token, its body still to be read, and to be closed by the caller.

        The caller has seen that the address is Slack's. Raises OSError where it cannot be reached.
        """
        return self._sent("GET", url, None, {"Authorization": f"Bearer {self.token}"}, preload_content=False)

    def hand_over(self, url: str, content: bytes | IO[bytes], length: int, timeout: float) -> int:
        """Posts a file of that many bytes to where Slack takes it, without the token; gives the status.

        `timeout` is how many seconds may pass without any progress. Raises OSError where Slack cannot be reached.
        """
        headers = {"Content-Length": str(length), "Content-Type": "application/octet-stream"}
        return self._sent("POST", url, content, headers, timeout=timeout).status

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """What the SDK does with urllib, and only there; it reads the answer and its status itself."""
        body = req.data if isinstance(req.data, bytes) else None
        answer = self._post(url, body, dict(req.header_items()))
        if answer.status == HTTPStatus.OK:
            # Others may be a proxy's on the way, with its own clock.
            self._dated(answer.headers.get("Date", ""))
        return {"status": answer.status, "headers": dict(answer.headers), "body": answer.data.decode()}

    def _post(self, url: str, body: bytes | None, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        return self._sent("POST", url, body, headers)

    def _sent(
        self,
        method: str,
        url: str,
        body: bytes | IO[bytes] | None,
        headers: dict[str, str],
        *,
        timeout: float | None = None,
        preload_content: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        try:
            answer = self._pool.urlopen(
                method,
                url,
                body=body,
                headers=headers,
                timeout=timeout or self.timeout,
                retries=False,
                redirect=False,
                preload_content=preload_content,
            )
        except urllib3.exceptions.HTTPError as error:
            raise _on_the_way(error) from error
        if answer.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            # To an address without TLS, the proxy's own answer comes in the place of Slack's.
            raise NeverLeft(ASKS_WHO)
        return answer


def _on_the_way(error: urllib3.exceptions.HTTPError) -> OSError:
    """What broke, as the SDK's own client would raise it, and whether Slack can have anything of it."""
    kind = type(error).__name__
    status, distrusted = refused_by_proxy(error), distrust(error)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return NeverLeft(ASKS_WHO)
    if status:
        return NeverLeft(f"the proxy did not lead on to Slack: HTTP {status}")
    if isinstance(error, urllib3.exceptions.ProxyError):
        return NeverLeft("the proxy cannot be reached")
    if distrusted:
        return NeverLeft(f"the certificate is not trusted: {distrusted.verify_message}")
    if isinstance(error, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)):
        return NeverLeft(kind)
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return TimeoutError(kind)
    return Broken(kind) if isinstance(error, urllib3.exceptions.ProtocolError) else ConnectionError(kind)


def _word_for(status: int) -> str:
    """One word for what kind of refusal it was; Slack says most of them with HTTP 200."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    return "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused"
