"""The record as people take it away: each event in words, as rows of a table, or as JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, tzinfo

from bot.campaign.campaign import MessageRef
from bot.campaign.encoding import instant, sorted_json
from bot.campaign.request import Json
from bot.launch.events import Denied
from bot.launch.record import Covered, Format, Recorded
from bot.launch.run import ResultsReported
from bot.launch.upkeep import Pruned, Rekeyed
from bot.message.message import EMAIL, Channel, MaybeMessage, Message, MessageUnread, encode
from bot.message.report import LONGEST_SENDER, LONGEST_SUBJECT, sender, subject
from bot.results.rates import Rate, rates
from bot.slack.views.ocsf import ocsf
from bot.slack.views.plaintext import as_plain, harmless
from bot.slack.views.text import escape, person, when
from bot.slack.views.thread import whole
from bot.texts import _, number, plural

_COVERED = ("messages", "subjects", "senders")
_COUNTED = ("sent", "delivered", "bounced", "opened", "clicked", "unsubscribed", "complained", "as_of")
_NO_MESSAGES = ("",) * len(_COVERED)
_NO_COUNTS = ("",) * len(_COUNTED)
COLUMNS = ("at", "launch", "seq", "event", "actor", "campaign", "summary", "digest", *_COVERED, *_COUNTED)

_BETWEEN = "; "
"""Between a launch's messages in one cell."""

_BYTE_ORDER_MARK = "\ufeff"

_FORMULA = frozenset("=+-@\t\r")
"""With what a formula begins, as spreadsheets take it."""


def summary(one: Recorded, zone: tzinfo | None) -> str:
    """What happened, in the thread's own words."""
    return as_plain(_sentence(one), zone)


def lines(records: Iterable[Recorded], wanted: Format) -> Iterator[str]:
    """The file's lines, each with its end."""
    match wanted:
        case Format.CSV:
            return _csv(records)
        case Format.JSONL:
            return _jsonl(records)
        case Format.OCSF:
            return _ocsf(records)


def _csv(records: Iterable[Recorded]) -> Iterator[str]:
    """RFC 4180, in UTF-8 and UTC, with the mark without which spreadsheets on Windows read a code page."""
    rows = _Rows()
    yield f"{_BYTE_ORDER_MARK}{rows.row(COLUMNS)}"
    for one in records:
        campaign = str(one.launch.request.campaign_id) if one.launch else ""
        words = " ".join(summary(one, UTC).split())
        own = (one.at, one.launch_id, str(one.seq), one.kind, one.actor, campaign, words, one.digest)
        covered = _covered(one.covered) if one.covered else _NO_MESSAGES
        event = one.entry.event if one.entry else None
        counted = _counted(event) if isinstance(event, ResultsReported) else _NO_COUNTS
        yield rows.row((*own, *covered, *counted))


def _counted(event: ResultsReported) -> Iterator[str]:
    """Cells: a report's numbers, "" for what is not known."""
    found, newest = rates(event.counts, None), event.counts.newest
    for name in _COUNTED[:-1]:
        rate: Rate = getattr(found, name)
        yield "" if rate.count is None else str(rate.count)
    yield instant(newest) if newest else ""


class _Rows:
    """Writes rows of the table, one by one; a writer for each would take as long as the row."""

    def __init__(self) -> None:
        self._writer = csv.writer(_Handed())

    def row(self, cells: Iterable[str]) -> str:
        # What a spreadsheet would carry out gets an apostrophe before it.
        safe = [f"'{cell}" if cell and cell[0] in _FORMULA else cell for cell in cells]
        joined = ",".join(safe)
        # In most rows nothing has to be quoted. The writer looks for that letter by letter, in most of a row's time.
        if joined.count(",") >= len(safe) or '"' in joined or "\r" in joined or "\n" in joined:
            line: str = self._writer.writerow(safe)
            return line
        return f"{joined}\r\n"


class _Handed:
    """A file that keeps nothing: a writer gives back what its file says of what was written."""

    def write(self, line: str) -> str:
        return line


def _covered(covered: Covered) -> Iterator[str]:
    """Cells, each with one part a message: what names it, what it is about, and who it is from."""
    yield _BETWEEN.join(ref.digest or _("not known") for ref, _message in covered.messages)
    yield _BETWEEN.join(_in_short(one, _about, LONGEST_SUBJECT) for _ref, one in covered.messages)
    yield _BETWEEN.join(_in_short(one, _from, LONGEST_SENDER) for _ref, one in covered.messages)


def _in_short(message: MaybeMessage, what: Callable[[Channel], str], most: int) -> str:
    channels = message.channels if isinstance(message, Message) else ()
    whole = ", ".join(filter(None, (harmless(" ".join(what(one).split())) for one in channels)))
    if len(whole) <= most:
        return whole
    return _("{beginning}… (shortened, {n} characters in all)").format(beginning=whole[:most], n=number(len(whole)))


def _about(channel: Channel) -> str:
    """An SMS has no subject; its text says what it is about."""
    return subject(channel) or channel.text("sms")


def _from(channel: Channel) -> str:
    return sender(channel) if channel.sid == EMAIL else ""


def _jsonl(records: Iterable[Recorded]) -> Iterator[str]:
    told: set[str] = set()
    for one in records:
        fields: dict[str, Json] = {
            "launch_id": one.launch_id,
            "seq": one.seq,
            "at": one.at,
            "kind": one.kind,
            "actor": one.actor,
            "data": one.data(),
            "campaign_id": one.launch.request.campaign_id if one.launch else None,
            "previous": one.previous,
            "digest": one.digest,
            "key_id": one.key_id,
            "messages": [_kept(*each, told) for each in one.covered.messages] if one.covered else None,
        }
        yield f"{sorted_json(fields)}\n"


def _ocsf(records: Iterable[Recorded]) -> Iterator[str]:
    for one in records:
        yield f"{sorted_json(ocsf(one, summary(one, UTC)))}\n"


def _kept(ref: MessageRef, message: MaybeMessage, told: set[str]) -> Json:
    """The message as it is kept, once in the whole file; `told` are the digests of those that stand in it already."""
    fields: dict[str, Json] = {"digest": ref.digest, "message_id": ref.message_id}
    if isinstance(message, MessageUnread):
        return {**fields, "unread": message.cause}
    if ref.digest in told:
        return fields
    told.add(ref.digest)
    return {**fields, "message": json.loads(encode(message).decode(errors="surrogatepass"))}


def _sentence(one: Recorded) -> str:
    if one.entry and isinstance(one.entry.event, Denied):
        denied = one.entry.event
        told = {"who": person(one.actor), "action": escape(denied.action), "reason": escape(denied.reason)}
        if denied.times == 1:
            return _("{who} was refused {action} ({reason}).").format(**told)
        return plural(
            "{who} was refused {action} ({reason}), {n} time.",
            "{who} was refused {action} ({reason}), {n} times.",
            denied.times,
            **told,
        )
    if one.entry and isinstance(one.entry.event, Rekeyed | Pruned):
        return _upkeep(one.entry.event)
    if one.entry is None or one.launch is None:
        return _("This version of the bot cannot tell what {kind} means.").format(kind=escape(one.kind))
    return whole(one.launch, one.entry)


def _upkeep(event: Rekeyed | Pruned) -> str:
    if isinstance(event, Rekeyed):
        rekeyed = _(
            "{by} sealed what came before under the key {key}: launches and refused attempts: {n}, pruned: {p}."
        )
        told = rekeyed.format(by=escape(event.by), key=event.key_id, n=number(event.streams), p=number(event.pruned))
        lost = _("Given up, so that nothing proves what is under them: {keys}.")
        return f"{told} {lost.format(keys=', '.join(map(escape, event.lost)))}" if event.lost else told
    pruned = _(
        "{by} removed what had ended before {day}: launches: {n}, refused attempts: {a}, events: {e}, files: {f}."
    )
    return pruned.format(
        by=escape(event.by),
        day=when(event.before),
        n=number(event.launches),
        a=number(event.attempts),
        e=number(event.events),
        f=number(event.files),
    )
