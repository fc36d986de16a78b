"""Logs for a person (text) or a machine (JSON), with the launch's id where there is one."""

import json
import logging
import sys
from datetime import UTC, datetime


def set_up(log_format: str) -> None:
    """Logs to standard error from INFO up. Bolt and the SDK speak up from WARNING only: below it they log payloads."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    handler.addFilter(_worth_a_line)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("slack_bolt", "slack_sdk", "urllib3", "alembic", "waitress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _worth_a_line(record: logging.LogRecord) -> bool:
    # Bolt sees SLACK_BOT_TOKEN in the environment and warns that it takes the client it was given: as it should.
    return "`token` will be unused" not in record.getMessage()


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        launch_id = getattr(record, "launch_id", None)
        text = super().format(record)
        return f"{text} [launch {launch_id}]" if launch_id else text


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        launch_id = getattr(record, "launch_id", None)
        if launch_id:
            fields["launch_id"] = str(launch_id)
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)
