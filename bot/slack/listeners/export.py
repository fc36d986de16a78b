"""Sends the record to an admin, as a file in the direct message."""

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.request import UserId
from bot.desk import Desk
from bot.launch.record import Recorded, Wish
from bot.policy.refusals import Refused
from bot.slack.api.client import KeptConnection
from bot.slack.api.respond import Respond
from bot.slack.api.scopes import lacking
from bot.slack.api.uploads import UploadRefused, share, upload
from bot.slack.api.users import ClockUnknown, Users
from bot.slack.private_replies import reference, tell
from bot.slack.refusals import Refusals
from bot.slack.views import export
from bot.slack.views.record import lines
from bot.slash.export import NoWish, export_wish

log = logging.getLogger(__name__)


class NotSent(Exception):
    """Slack did not take the file. `cause` is a clause for people."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, eq=False)
class Exporting:
    """Takes wishes for an export. The file is written and sent in `executor`; `client` needs an unhurried timeout."""

    _client: KeptConnection
    _desk: Desk
    _people: Users
    _refusals: Refusals
    _executor: Executor

    def take(self, person: UserId, text: str, respond: Respond) -> None:
        """Sends what the text wishes for, or says to the person alone why not. To be called after the ack.

        The text is what stands behind the word `export`: `[csv|jsonl] [82] [since=2026-11-01] [until=…]`.
        """
        try:
            wish = export_wish(text, lambda: self._people.zone(person))
        except NoWish as wrong:
            tell(respond, export.wrong(str(wrong)))
            return
        except ClockUnknown:
            tell(respond, export.clock_unknown())
            return
        records = self._desk.export(person, wish)
        if isinstance(records, Refused):
            tell(respond, self._refusals.why(records))
            return
        tell(respond, export.writing())
        # In the language of whoever asks, which other threads do not know.
        self._executor.submit(copy_context().run, self._carry_out, person, wish, records, respond)

    def _carry_out(self, person: UserId, wish: Wish, records: Iterator[Recorded], respond: Respond) -> None:
        try:
            with TemporaryFile() as file:
                count = _write(file, records, wish)
                if not count:
                    tell(respond, export.nothing())
                    return
                self._send(person, file, f"campaign-bot-record.{wish.format}", export.comment(count))
        except NotSent as trouble:
            log.warning("an export did not reach Slack: %s", trouble.cause)
            tell(respond, export.not_sent(trouble.cause))
        except Exception:
            word = reference()
            log.exception("an export failed, reference %s", word)
            tell(respond, export.went_wrong(word))

    def _send(self, person: UserId, file: IO[bytes], name: str, comment: str) -> None:
        """Raises NotSent."""
        length = file.tell()
        file.seek(0)
        try:
            file_id = upload(self._client, name, file, length)
            channel = self._client.conversations_open(users=person)["channel"]["id"]
            share(self._client, {file_id: name}, comment, channel)
        except UploadRefused as error:
            raise NotSent(str(error)) from error
        except SlackApiError as error:
            scope = lacking(error)
            lacks = f", for the app lacks the scope {scope}" if scope else ""
            raise NotSent(f"Slack answered “{error.response.get('error')}”{lacks}") from error
        except (SlackClientError, OSError) as error:
            raise NotSent(f"Slack could not be reached ({type(error).__name__})") from error


def _write(file: IO[bytes], records: Iterable[Recorded], wish: Wish) -> int:
    """Writes the record into the file and says how many events it holds."""
    count = 0

    def counted() -> Iterator[Recorded]:
        nonlocal count
        for record in records:
            count += 1
            yield record

    for line in lines(counted(), wish.format):
        file.write(line.encode(errors="backslashreplace"))
    return count
