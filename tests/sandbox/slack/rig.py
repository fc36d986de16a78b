"""What the stand-in Slack's tests stand on: the workspace on a real socket, and a real Bolt app that talks to it."""

import threading
from contextlib import asynccontextmanager, contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import InThread, serve
from sandbox.slack.api import slack_app
from sandbox.slack.records import Limits
from sandbox.team import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, seeded_workspace
from tests.waiting import until

COMMAND = "/campaign-activate"
LAUNCHES = "C0LAUNCH"
RANDOM = "C0RANDOM"


def plain(words):
    return {"type": "plain_text", "text": words}


def section(words="words"):
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def button(action_id="go", value="7", **more):
    return {"type": "button", "action_id": action_id, "value": value, "text": plain("Go"), **more}


def actions(*elements, block_id="buttons"):
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def reason_input(**more):
    element = {"type": "plain_text_input", "action_id": "text"}
    return {"type": "input", "block_id": "reason", "label": plain("Reason"), "element": element, **more}


def modal(*blocks, **more):
    whole = {"type": "modal", "callback_id": "launch", "title": plain("Launch"), "submit": plain("Request")}
    return {**whole, "blocks": list(blocks) or [reason_input()], **more}


def typed(words):
    return {"reason": {"text": {"type": "plain_text_input", "value": words}}}


class SlackRig:
    """A seeded workspace, served on its own thread."""

    def __init__(self, limits=None):
        self.workspace = seeded_workspace(limits=limits or Limits())
        self.thread = InThread(self._served)
        self.url = self.workspace.state.base_url
        self.client = self.client_with(BOT_TOKEN)

    @asynccontextmanager
    async def _served(self):
        async with serve({"slack": slack_app(self.workspace)}) as urls:
            self.workspace.state.base_url = urls["slack"]
            yield
            await self.workspace.stop()

    def client_with(self, token):
        return WebClient(token, base_url=f"{self.url}/api/", retry_handlers=[])

    def call(self, coroutine):
        return self.thread.call(coroutine)

    def do(self, function, *arguments, **named):
        """Call a plain function on the workspace's own thread."""

        async def called():
            return function(*arguments, **named)

        return self.call(called())

    def command(self, user="U0ANA", text="82 run_now", channel=LAUNCHES):
        return self.call(self.workspace.command(user, channel, COMMAND, text))

    def press(self, user, container, element=None, **more):
        where = {"container": container, "block_id": "buttons", "action_id": "go"} | more
        return self.call(self.workspace.press(user, **where, element=element or {"type": "button"}))

    def submit(self, user, view_id, state=None):
        return self.call(self.workspace.submit(user, view_id, state))

    def sees(self, user="U0ANA"):
        return self.do(self.workspace.snapshot, user)

    def views(self, user="U0ANA"):
        return self.sees(user)["views"]

    def ephemerals(self, user="U0ANA"):
        return [shown["text"] for shown in self.sees(user)["ephemerals"]]

    def reset(self):
        """Empty channels and screens, and switch every fault off."""
        workspace = self.workspace
        for channel in workspace.state.channels.values():
            self.do(channel.messages.clear)
        for user in workspace.state.people:
            self.do(workspace.views.clear, user)
        self.do(workspace.state.ephemerals.clear)
        self.do(workspace.faults.clear)
        return self

    def stop(self):
        self.thread.close()


def running(limits):
    """Yield a running rig, for a fixture of one module."""
    rig = SlackRig(limits)
    yield rig
    rig.stop()


def opens(app, view=None):
    """Let the command open a modal; returns the list that gets each body sent."""
    bodies = []

    @app.command(COMMAND)
    def command(ack, body, client):
        bodies.append(body)
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view or modal())

    return bodies


def opened(rig, app, view=None):
    """Let Ana open a modal by the command; returns its id."""
    opens(app, view)
    rig.command()
    return until(rig.views)[0]["view_id"]


def refusal(method, **arguments):
    """Call a method that has to be refused; returns the answer."""
    with pytest.raises(SlackApiError) as caught:
        method(**arguments)
    return caught.value.response


def bolt_app(rig, signing_secret=SIGNING_SECRET):
    """Return a Bolt app without listeners."""
    return App(client=rig.client, signing_secret=signing_secret, token_verification_enabled=False)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Keep the access log out of the tests' output."""


@contextmanager
def over_http(rig, app):
    """Serve the app by WSGI, as a production server would, and point the workspace at it."""
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    rig.workspace.delivery.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    try:
        yield
    finally:
        rig.workspace.delivery.request_url = None
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def over_socket_mode(rig, app, connections=1):
    """Connect the app by so many WebSockets."""
    handlers = [SocketModeHandler(app, APP_TOKEN) for _ in range(connections)]
    for handler in handlers:
        handler.connect()
    until(lambda: rig.workspace.sockets.connected == connections)
    try:
        yield handlers[0]
    finally:
        for handler in handlers:
            handler.client.auto_reconnect_enabled = False
        rig.call(rig.workspace.sockets.cut())  # a socket that ends wakes the SDK's reader, which close() waits for
        for handler in handlers:
            until(lambda handler=handler: not handler.client.is_connected())
            handler.close()
