"""What Slack sends to an app, as signed HTTP requests."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

COMMAND = "/campaign-activate"
SECRET = "bench-signing-secret"
REQUESTER, APPROVER = "U0ANA", "U0BEN"
CHANNEL = "C0LAUNCH"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Payload:
    """A body with its trigger, by which what follows from it is recognised."""

    fields: Mapping[str, str]
    trigger: str

    def signed(self) -> tuple[dict[str, str], bytes]:
        """The headers and the body of the request, signed now."""
        body = urlencode(self.fields)
        moment = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": f"v0={digest}",
        }
        return headers, body.encode()


@dataclass(frozen=True)
class Modal:
    """An open modal as the stand-in saw it: its id and what it carries unseen."""

    view: str
    carried: str


def command(text: str, respond_at: str) -> Payload:
    trigger = f"T{next(_numbers)}"
    fields = {
        "command": COMMAND,
        "text": text,
        "user_id": REQUESTER,
        "user_name": "ana",
        "channel_id": CHANNEL,
        "channel_name": "launches",
        "team_id": "T0BENCH",
        "team_domain": "bench",
        "api_app_id": "A0BENCH",
        "trigger_id": trigger,
        "response_url": respond_at,
    }
    return Payload(fields, trigger)


def submission(modal: Modal, campaign: int) -> Payload:
    chosen = {"campaign": str(campaign), "run_now": "now", "source": f"segment:{campaign}"}
    values = {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
    view = {
        "id": modal.view,
        "type": "modal",
        "callback_id": "launch:request",
        "private_metadata": modal.carried,
        "state": {"values": values},
    }
    return _interaction("view_submission", REQUESTER, view=view, response_urls=[])


def approval(value: str, card: str, respond_at: str) -> Payload:
    """A click on Approve; `value` is what the button carries, `card` the message's ts."""
    action = {"type": "button", "action_id": "launch:approve", "block_id": "actions", "value": value}
    message = {"message_ts": card, "channel_id": CHANNEL, "type": "message"}
    return _interaction(
        "block_actions",
        APPROVER,
        actions=[action],
        container=message,
        channel={"id": CHANNEL, "name": "launches"},
        message={"ts": card, "text": "card"},
        response_url=respond_at,
    )


def options(field_name: str, typed: str) -> Payload:
    """Somebody types in a searchable select."""
    asked = {"action_id": field_name, "block_id": field_name, "value": typed}
    view = {
        "id": "V0",
        "type": "modal",
        "callback_id": "launch:request",
        "private_metadata": "{}",
        "state": {"values": {}},
    }
    return _interaction("block_suggestion", REQUESTER, view=view, **asked)


def _interaction(kind: str, person: str, **more: Any) -> Payload:
    trigger = f"T{next(_numbers)}"
    whole = {
        "type": kind,
        "api_app_id": "A0BENCH",
        "token": "none",
        "trigger_id": trigger,
        "user": {"id": person, "username": person},
        "team": {"id": "T0BENCH", "domain": "bench"},
        **more,
    }
    return Payload({"payload": json.dumps(whole)}, trigger)
