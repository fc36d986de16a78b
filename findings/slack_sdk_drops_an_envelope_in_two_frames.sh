#!/usr/bin/env bash
# slack_sdk 3.48.0 (2026): its built-in Socket Mode client drops an envelope that comes in two WebSocket frames.
#
# Guess:     a message is read whole, however many frames it comes in, as RFC 6455 says.
# Behaviour: each frame is taken for a message: neither half is an envelope, no listener is called, nothing is acked, and
#            the person sees an error. The client over websocket-client reads it.
# So:        bot/slack/socket_mode.py holds the connections itself.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check slack_sdk==3.48.0 websockets==17.4 websocket-client==1.9.2
"$there/venv/bin/python" - <<'PY'
import json
import logging
import queue
import sys
import threading
import time

from slack_sdk.socket_mode.builtin import SocketModeClient as BuiltIn
from slack_sdk.socket_mode.websocket_client import SocketModeClient as OverWebsocketClient
from slack_sdk.version import __version__
from websockets.sync.server import serve

logging.disable()


def envelope(number):
    return json.dumps({"envelope_id": f"E{number}", "type": "slash_commands", "payload": {"text": "82"}})


def slack(connection):
    time.sleep(1)
    connection.send([envelope(1)[:20], envelope(1)[20:]])
    connection.send(envelope(2))
    for _ in connection:
        pass


server = serve(slack, "127.0.0.1", 0)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"


def heard(kind):
    came = queue.Queue()
    client = kind(app_token="xapp-1", auto_reconnect_enabled=False)
    client.wss_uri = url
    client.socket_mode_request_listeners.append(lambda _client, request: came.put(request.envelope_id))
    client.connect()
    found = [came.get(timeout=10)]
    while found[-1] != "E2":
        found.append(came.get(timeout=10))
    return sorted(found)


seen = {kind.__module__.split(".")[2]: heard(kind) for kind in (BuiltIn, OverWebsocketClient)}
print(f"slack_sdk {__version__}: {seen}")
sys.stdout.flush()
import os
os._exit(0 if seen == {"builtin": ["E2"], "websocket_client": ["E1", "E2"]} else 1)
PY
