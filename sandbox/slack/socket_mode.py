"""Socket Mode: tickets, the app's WebSocket connections, and payloads that each go to exactly one of them."""

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.slack.ack import DISPATCH_FAILED, OPERATION_TIMEOUT, Ack, DeliveryFailed
from sandbox.slack.records import Json
from sandbox.slack.state import State

CLOSE_AFTER_DISCONNECT = 1.0
"""Seconds between the `disconnect` message and the end of a connection that the app did not close itself."""


@dataclass
class Connection:
    socket: WebSocket
    id: str = field(default_factory=lambda: secrets.token_hex(4))

    async def send(self, message: Json) -> None:
        await self.socket.send_text(json.dumps(message))

    async def close(self) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            if self.socket.application_state is WebSocketState.CONNECTED:
                await self.socket.close()


class SocketMode:
    """The connections of the app. While `silent`, payloads are taken from people but reach no connection."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._next = 0
        self.silent = False

    @property
    def connected(self) -> int:
        return len(self._connections)

    def open_url(self) -> str:
        """Return the WebSocket address of a new connection; its ticket is good once, for a short time."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = self._state.clock() + self._state.limits.ticket_seconds
        address = self._state.base_url.replace("http", "ws", 1)
        return f"{address}/link/?ticket={ticket}&app_id={self._state.identity.app_id}"

    @property
    def ids(self) -> list[str]:
        """The connections that payloads go to, by names that are never used again."""
        return [connection.id for connection in self._connections]

    async def serve(self, socket: WebSocket) -> None:
        """Keep one connection of the app until either side ends it."""
        expires = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if self._state.clock() > expires or self.connected >= self._state.limits.socket_connections:
            await socket.close()
            return
        await socket.accept()
        connection = Connection(socket)
        self._connections.append(connection)
        self._state.hub.changed()
        try:
            await connection.send(self._hello())
            while True:
                self._take(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):  # starlette raises RuntimeError when we have closed it ourselves
            pass
        finally:
            self._forget(connection)

    async def deliver(self, kind: str, payload: Json) -> Ack:
        """Send the payload to one connection and wait for its ack; raises DeliveryFailed."""
        if not self._connections:
            raise DeliveryFailed(DISPATCH_FAILED)
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": 0, "retry_reason": ""}
        try:
            await self._send_to_one(envelope)
            return Ack(json=await asyncio.wait_for(answer, self._state.limits.ack_seconds))
        except TimeoutError as error:
            raise DeliveryFailed(OPERATION_TIMEOUT) from error
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be made anew, as Slack does every few hours; payloads go to new ones only."""
        leaving, self._connections = self._connections, []
        for connection in leaving:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            task = asyncio.create_task(self._close_later(connection))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self._state.hub.changed()

    async def cut(self) -> None:
        """End every connection without a word."""
        leaving, self._connections = self._connections, []
        for connection in leaving:
            await connection.close()
        self._state.hub.changed()

    async def stop(self) -> None:
        """End what still runs in the background, before the event loop ends."""
        for task in list(self._closing):
            task.cancel()
        await self.cut()

    async def _send_to_one(self, envelope: Json) -> None:
        """Send to the next connection in turn; one that turns out to be dead is forgotten, and another tried."""
        if self.silent:
            return
        while self._connections:
            self._next += 1
            connection = self._connections[self._next % len(self._connections)]
            try:
                await connection.send(envelope)
            except (RuntimeError, WebSocketDisconnect):
                self._forget(connection)
            else:
                return
        raise DeliveryFailed(DISPATCH_FAILED)

    async def _close_later(self, connection: Connection) -> None:
        await asyncio.sleep(CLOSE_AFTER_DISCONNECT)
        await connection.close()

    def _take(self, text: str) -> None:
        """Take what the app sent: the ack of an envelope, or something that means nothing."""
        try:
            message = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        waiting = self._waiting.get(str(message.get("envelope_id")))
        if waiting is not None and not waiting.done():
            payload = message.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        self._state.hub.changed()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected,
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._state.identity.app_id},
        }
