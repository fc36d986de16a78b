"""Brings what a person did to the app: by signed HTTP to its request URL, or through Socket Mode where it has none."""

import asyncio
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import requests

from sandbox.slack.ack import DISPATCH_FAILED, OPERATION_TIMEOUT, Ack, DeliveryFailed
from sandbox.slack.records import Json
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.state import State

COMMANDS = "slash_commands"
INTERACTIVE = "interactive"
EVENTS = "events_api"

_FORM = "application/x-www-form-urlencoded"
_WAITING_AT_ONCE = 64


class Delivery:
    """Delivers payloads. `request_url` set means HTTP; None means Socket Mode."""

    def __init__(self, state: State, sockets: SocketMode) -> None:
        self._state = state
        self._sockets = sockets
        self._threads = ThreadPoolExecutor(_WAITING_AT_ONCE, thread_name_prefix="slack-delivery")
        self._last: tuple[str, Json] | None = None
        self.request_url: str | None = None
        self.seconds_on_the_way = 0.0
        """How long ago requests over HTTP were signed when they leave, as if they had stood before a closed door."""

    async def send(self, kind: str, payload: Json) -> Ack:
        """Deliver once and wait for the ack as long as Slack waits; raises DeliveryFailed."""
        self._last = (kind, payload)
        if self.request_url is None:
            return await self._sockets.deliver(kind, payload)
        body, content_type = _encoded(kind, payload)
        waiting = asyncio.get_running_loop().run_in_executor(self._threads, self._post, body, content_type)
        try:
            return await asyncio.wait_for(waiting, self._state.limits.ack_seconds)
        except TimeoutError as error:
            raise DeliveryFailed(OPERATION_TIMEOUT) from error

    async def again(self) -> Ack:
        """Deliver the last payload once more, as a repeated request would."""
        if self._last is None:
            raise DeliveryFailed(DISPATCH_FAILED)
        return await self.send(*self._last)

    def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _post(self, body: str, content_type: str) -> Ack:
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **signature_headers(
                self._state.identity.signing_secret, body, int(self._state.clock() - self.seconds_on_the_way)
            ),
        }
        try:
            answer = self._answer_to(body, headers)
        except requests.Timeout as error:
            raise DeliveryFailed(OPERATION_TIMEOUT) from error
        except requests.RequestException as error:
            raise DeliveryFailed(DISPATCH_FAILED) from error
        if answer.status_code != requests.codes.ok:
            raise DeliveryFailed(DISPATCH_FAILED)
        return _ack_of(answer)

    def _answer_to(self, body: str, headers: dict[str, str]) -> requests.Response:
        """Post on a connection of its own, past any proxy of the environment: the app runs on this machine."""
        with requests.Session() as session:
            session.trust_env = False
            return session.post(
                self.request_url or "",
                body.encode(),
                headers=headers,
                timeout=self._state.limits.ack_seconds,
                allow_redirects=False,
            )


def signature_headers(signing_secret: str, body: str, timestamp: int) -> dict[str, str]:
    """Return the two headers by which the app knows that a request is Slack's (version v0 of the scheme)."""
    signed = f"v0:{timestamp}:{body}".encode()
    digest = hmac.new(signing_secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def _encoded(kind: str, payload: Json) -> tuple[str, str]:
    if kind == EVENTS:
        return json.dumps(payload), "application/json"
    if kind == COMMANDS:
        return urlencode(payload), _FORM
    return urlencode({"payload": json.dumps(payload)}), _FORM


def _ack_of(answer: requests.Response) -> Ack:
    text = answer.content.decode("utf-8", "replace")
    if not text.strip():
        return Ack()
    try:
        body = json.loads(text)
    except ValueError:
        return Ack(text=text)
    return Ack(json=body) if isinstance(body, dict) else Ack(text=text)
