"""The command for the history: a look at it, or the record as a file."""

from collections.abc import Iterator

from slack_bolt import Ack

from bot.slack.api.respond import Respond
from bot.slack.listeners.export import Exporting
from bot.slack.listeners.lookups import Lookups
from bot.slack.payloads import Payload, typed_command
from bot.slack.views import help as helping
from bot.slash.history import export_text
from bot.slash.queries import asks_for_help


class HistoryListener:
    def __init__(self, lookups: Lookups, exporting: Exporting) -> None:
        self._lookups = lookups
        self._exporting = exporting

    def command(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        typed = typed_command(body)
        wished = export_text(typed.text)
        if wished is None:
            self._lookups.history(ack, body, respond)
        elif asks_for_help(wished):
            ack(text=helping.export_usage())
        else:
            ack()
            yield
            self._exporting.take(typed.person, wished, respond)
