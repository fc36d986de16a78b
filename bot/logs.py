"""Logs for a person (text) or a machine (JSON), with the launch's id where there is one.

Beside the message, a line can bear these fields: `launch_id`; `event`, `actor`, `state` and `waited_ms` for what was
appended to the journal; `call`, `outcome` and `duration_ms` for a call to Slack or the platform.
"""

import json
import logging
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from bot.campaign.request import LaunchId
from bot.journal.commit_observers import Appended
from bot.launch.codec import kind_of
from bot.redaction import hiding
from bot.slack.views.plaintext import CONTROL

FIELDS = ("launch_id", "event", "actor", "state", "waited_ms", "call", "outcome", "duration_ms")

SLOW = 2.0
"""Seconds from which a call that went well gets a line all the same; a person's click waits no longer than that."""

FINE = frozenset({"ok", "accepted"})
"""The outcomes of which there is nothing to say."""

CHANGES = frozenset({"campaigns/activate", "campaigns/deactivate"})
"""The platform's methods that change something: each call of theirs gets a line."""

_UNSAFE = re.compile(f"[\n\t]|{CONTROL.pattern}")

_SELF_WILLED = ("slack_sdk.web.base_client", "slack_sdk.web.slack_response")

_concerned: ContextVar[LaunchId | None] = ContextVar("concerned", default=None)

log = logging.getLogger(__name__)


def set_up(log_format: str, secrets: tuple[str, ...] = ()) -> None:
    """Logs to standard error from INFO up. Bolt and the SDK speak up from WARNING only: below it they log payloads.

    The SDK's client looks at no level but its own, and would write out each payload to log it nowhere.

    Nothing of ours logs one of the secrets; should a library do so, in an exception perhaps, it is made unreadable.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Hiding(_Json() if log_format == "json" else _Text(), secrets))
    handler.addFilter(_worth_a_line)
    handler.addFilter(_with_launch)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("slack_bolt", "slack_sdk", *_SELF_WILLED, "urllib3", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It writes a traceback for a connection that died. Whoever held the connection says so.
    logging.getLogger("websockets").setLevel(logging.CRITICAL)


def concerning(work: Callable[[LaunchId], None]) -> Callable[[LaunchId], None]:
    """The same work; what its thread logs meanwhile bears the launch's id."""

    def named(launch_id: LaunchId) -> None:
        before = _concerned.set(launch_id)
        try:
            work(launch_id)
        finally:
            _concerned.reset(before)

    return named


def appended(appended: Appended) -> None:
    """One line for each event that was appended to the journal: who did what, and how the launch stands after it."""
    before, after = appended.before, appended.after
    for entry in appended.entries:
        fields: dict[str, object] = {
            "launch_id": entry.launch_id,
            "event": kind_of(entry.event),
            "actor": entry.actor or "bot",
        }
        if after is not None:
            fields["state"] = after.state.value
        if before is not None:
            fields["waited_ms"] = round((entry.at - before.moved_at).total_seconds() * 1000)
        log.info("%s by %s", fields["event"], fields["actor"], extra=fields)


def slack_called(call: str, seconds: float, outcome: str) -> None:
    """A line for a call to Slack that went wrong, or took long."""
    _called("Slack", call, seconds, outcome)


def platform_called(call: str, seconds: float, outcome: str) -> None:
    """A line for a call to the platform that changes something, went wrong, or took long."""
    _called("the platform", call, seconds, outcome)


def _called(whom: str, call: str, seconds: float, outcome: str) -> None:
    if outcome in FINE and call not in CHANGES and seconds < SLOW:
        return
    fields = {"call": call, "outcome": outcome, "duration_ms": round(seconds * 1000)}
    log.info("%s of %s took %d ms: %s", call, whom, fields["duration_ms"], outcome, extra=fields)


def _worth_a_line(record: logging.LogRecord) -> bool:
    # Bolt sees SLACK_BOT_TOKEN in the environment and warns that it takes the client it was given: as it should.
    return "`token` will be unused" not in record.getMessage()


def _with_launch(record: logging.LogRecord) -> bool:
    concerned = _concerned.get()
    if concerned is not None and not hasattr(record, "launch_id"):
        record.launch_id = concerned
    return True


class _Hiding(logging.Formatter):
    """Another formatter's lines without the secrets."""

    def __init__(self, lines: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._lines = lines
        self._hide = hiding(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._hide(self._lines.format(record))


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's own name
        launch_id = getattr(record, "launch_id", None)
        text = super().formatMessage(record)
        return _escaped(f"{text} [launch {launch_id}]" if launch_id else text)

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 -- logging's own names and types
        # What others wrote may stand in an exception too: none of its lines begins as a line of the log does.
        return "\n".join(f"  | {_escaped(line)}" for line in super().formatException(ei).splitlines())


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return _escaped(json.dumps(fields, ensure_ascii=False))


def _escaped(text: str) -> str:
    """The text on one line: what would end it, move a cursor or turn it around is written as an escape of JSON's."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
