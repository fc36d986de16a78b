"""Connections, clients and envelopes for the tests of the platform's API."""

import json
import time

from bot.altcraft.client import AltcraftClient, Connection, WireFormat
from bot.altcraft.messages import MessagesReading
from bot.campaign.request import ActivationRequest, RequestId

TOKEN = "TKN-very-secret"
LAUNCH = RequestId("L-0001")
DONE = "Successful operation"


def connection(url, **changes):
    return Connection(url=url, **{"token": TOKEN, "timeout": 5.0, "connect_timeout": 2.0, **changes})


def client(url, **changes):
    return AltcraftClient(connection(url, **changes))


def activate(platform, **fields):
    """Sends an activation of campaign 82."""
    request = ActivationRequest(**{"campaign_id": 82, "run_now": True, **fields})
    return platform.activate(platform.prepare_activation(request, {}), LAUNCH)


def read_messages(campaign, read, readers, seconds):
    """The campaign's messages, with `read` as the client's way to get a template."""
    deadline = time.monotonic() + seconds
    reading = MessagesReading(campaign, lambda template: readers.submit(read, template))
    return reading.messages(lambda: max(0.0, deadline - time.monotonic()))


def keeps_all(message):
    """Stores a message nowhere."""


def envelope(wire, error=0, text=DONE, data=None, **more):
    """A JSON answer, or the XML one with the same meaning for a `data` that is already XML."""
    if wire is WireFormat.JSON:
        return json.dumps({"data": data, "error": error, "error_text": text, **more}).encode()
    extra = "".join(f"<{key}>{value}</{key}>" for key, value in more.items())
    return f"<xml>{data or '<data/>'}<error>{error}</error><error_text>{text}</error_text>{extra}</xml>".encode()


def success(data, **more):
    return envelope(WireFormat.JSON, data=data, **more)
