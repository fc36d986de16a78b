"""What is different between two messages, as people read them. Bounded, and what is cut is said."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from bot.campaign.change import Change
from bot.message.markup import MOST_READ, writable
from bot.message.message import (
    EMAIL,
    FROM_EMAIL,
    FROM_NAME,
    REPLYTO_EMAIL,
    REPLYTO_NAME,
    SMS,
    SUBJECT,
    Channel,
    MaybeMessage,
    Message,
    as_covered,
    written_address,
)
from bot.message.text import from_html, from_text
from bot.phrase import Phrase

MOST_LINES = 10
"""Changed lines of the text that are shown."""
LONGEST_LINE = 200
MOST_FIELDS = 20
"""Other fields of a channel, or of the template, that are shown."""
MOST_COMPARED = 1000
"""Lines, or pieces of HTML, that are held against each other after what both begin and end with."""

_MARKUP = {"html": "HTML", "amp": "AMP"}
_TEXTS = {EMAIL: "text", SMS: "sms"}
"""The field that is told line by line."""
_SENDER = {FROM_EMAIL, FROM_NAME}
_REPLY_TO = {REPLYTO_EMAIL, REPLYTO_NAME}
# Tags, and the texts between them.
_PIECES = re.compile(r"<[^<>]{0,4000}>?|[^<]+")


@dataclass(frozen=True)
class Difference:
    """`changes` have an old and a new text, `notes` are sentences. `by` and `at` tell who edited the template last."""

    changes: tuple[Change, ...] = ()
    notes: tuple[Phrase, ...] = ()
    by: str = ""
    at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.changes or self.notes)


def difference(old: MaybeMessage, new: MaybeMessage) -> Difference:
    """What people would receive now instead of what they would have received; nothing where that is the same.

    A message that could not be read before, or cannot now, is a difference that nobody can tell more about.
    """
    if not isinstance(old, Message) or not isinstance(new, Message):
        return _of_unread(old, new)
    by, at = new.template.updated_by, new.template.updated_at
    if as_covered(old) == as_covered(new):
        return Difference(by=by, at=at)
    changes: list[Change] = [change for change in _of_templates(old, new, by) if change.old != change.new]
    notes: list[Phrase] = []
    for was, now in _paired(old, new):
        changes += _changes(was, now, by)
        notes += _notes(was, now)
    if not changes and not notes:
        notes.append(Phrase("Something changed that is not shown here."))
    return Difference(tuple(changes), tuple(notes), by, at)


def _of_unread(old: MaybeMessage, new: MaybeMessage) -> Difference:
    if isinstance(new, Message):
        by, at = new.template.updated_by, new.template.updated_at
        return Difference(notes=(Phrase("The message can be read now, and nobody has approved it."),), by=by, at=at)
    if isinstance(old, Message):
        return Difference(notes=(Phrase("The message cannot be read any more."), new.sentence))
    return Difference()


def _of_templates(old: Message, new: Message, by: str) -> Iterator[Change]:
    was, now = old.template, new.template
    yield _change(Phrase("the template"), str(was.id), str(now.id), by)
    yield _change(Phrase("the template's name"), was.name, now.name, by)
    yield _change(Phrase("the template's description"), was.description, now.description, by)
    yield Change(Phrase("the template is a draft"), _told(was.is_draft), _told(now.is_draft), by)
    yield from _fields(dict(was.more), dict(now.more), by, lambda name: Phrase("{field} (template)", field=name))
    yield _change(Phrase("the channel"), old.sent_by, new.sent_by, by)


def _told(flag: bool | None) -> Phrase:
    if flag is None:
        return Phrase("not known")
    return Phrase("yes") if flag else Phrase("no")


def _paired(old: Message, new: Message) -> Iterator[tuple[Channel, Channel]]:
    """Each channel of either, with an empty one where the other message has none."""
    was = {one.sid: one for one in old.channels}
    now = {one.sid: one for one in new.channels}
    for sid in {**was, **now}:
        yield was.get(sid, Channel(sid)), now.get(sid, Channel(sid))


def _changes(was: Channel, now: Channel, by: str) -> Iterator[Change]:
    """What has one old and one new value: subject, sender, and fields by their names."""
    if was.sid == EMAIL:
        found = [
            _change(Phrase("the subject"), was.text(SUBJECT), now.text(SUBJECT), by),
            _change(
                Phrase("the sender"), _address(was, FROM_NAME, FROM_EMAIL), _address(now, FROM_NAME, FROM_EMAIL), by
            ),
            _change(
                Phrase("the address for replies"),
                _address(was, REPLYTO_NAME, REPLYTO_EMAIL),
                _address(now, REPLYTO_NAME, REPLYTO_EMAIL),
                by,
            ),
        ]
        yield from (change for change in found if change.old != change.new)
    told = {SUBJECT, *_SENDER, *_REPLY_TO} if was.sid == EMAIL else set()
    apart = {*told, *_MARKUP, _TEXTS.get(was.sid, "")}
    old = {name: value for name, value in was.fields if name not in apart}
    new = {name: value for name, value in now.fields if name not in apart}
    yield from _fields(old, new, by, lambda name: Phrase("{field} ({channel})", field=name, channel=was.sid))


def _fields(
    old: Mapping[str, str], new: Mapping[str, str], by: str, called: Callable[[str], Phrase]
) -> Iterator[Change]:
    changed = [name for name in {**old, **new} if old.get(name, "") != new.get(name, "")]
    for name in changed[:MOST_FIELDS]:
        yield _change(called(name), old.get(name, ""), new.get(name, ""), by)
    if len(changed) > MOST_FIELDS:
        yield Change(
            Phrase("other fields"), Phrase("as before"), Phrase("{n} more changed", n=len(changed) - MOST_FIELDS), by
        )


def _change(what: Phrase, old: str, new: str, by: str) -> Change:
    """The change with long values cut around where they begin to differ."""
    before, after = _shown_apart(old, new)
    return Change(what, before, after, by)


def _shown_apart(old: str, new: str) -> tuple[Phrase, Phrase]:
    if max(len(old), len(new)) <= LONGEST_LINE:
        return _shown(old), _shown(new)
    begin = max(0, _first_difference(old, new) - LONGEST_LINE // 4)
    return _shown(_cut(old, begin)), _shown(_cut(new, begin))


def _first_difference(old: str, new: str) -> int:
    """By halves, for slices are compared much faster than characters."""
    same, other = 0, min(len(old), len(new)) + 1
    while other - same > 1:
        middle = (same + other) // 2
        if old[same:middle] == new[same:middle]:
            same = middle
        else:
            other = middle
    return same


def _cut(text: str, begin: int) -> str:
    end = begin + LONGEST_LINE
    return f"{'…' if begin and text[begin:] else ''}{writable(text[begin:end])}{'…' if end < len(text) else ''}"


def _shown(text: str) -> Phrase:
    return Phrase.as_it_is(writable(text)) if text else Phrase("nothing")


def _address(channel: Channel, name: str, email: str) -> str:
    return written_address(channel.text(name), channel.text(email))


def _notes(was: Channel, now: Channel) -> Iterator[Phrase]:
    yield from _changed_lines(was, now)
    for name, called in _MARKUP.items():
        yield from _changed_places(called, was.text(name), now.text(name))


def _changed_lines(was: Channel, now: Channel) -> Iterator[Phrase]:
    """Lines of the text version, or of what the HTML says where that alone is another one."""
    versions = ((_TEXTS.get(was.sid, ""), from_text), ("html", from_html), ("amp", from_html))
    for name, read in versions:
        old, new = was.text(name), now.text(name)
        if name and old != new:
            before, after = read(old), read(new)
            was_read, is_read = (f"{one.text}\n{one.hidden}\n{one.outlook}".splitlines() for one in (before, after))
            if was_read != is_read:
                yield from _told_by_lines(was_read, is_read)
                yield from dict.fromkeys((*before.cut, *after.cut))
                return


def _told_by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Phrase]:
    blocks = _blocks(old, new)
    if blocks is None:
        yield Phrase("The text changed in too many places to be told line by line.")
        return
    lines = [line for block in blocks for line in _lines(old, new, block)]
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield Phrase("{n} more changed lines are not shown.", n=len(lines) - MOST_LINES)


def _lines(old: Sequence[str], new: Sequence[str], block: tuple[int, int, int, int]) -> Iterator[Phrase]:
    from_old, to_old, from_new, to_new = block
    gone = [line for line in old[from_old:to_old] if line.strip()]
    come = [line for line in new[from_new:to_new] if line.strip()]
    for before, after in zip(gone, come, strict=False):
        was, now = _shown_apart(before, after)
        yield Phrase("“{old}” became “{new}”.", old=was, new=now)
    for line in gone[len(come) :]:
        yield Phrase("“{line}” is gone.", line=_cut(line, 0))
    for line in come[len(gone) :]:
        yield Phrase("“{line}” is new.", line=_cut(line, 0))


def _changed_places(called: str, old: str, new: str) -> Iterator[Phrase]:
    if old == new:
        return
    if not new.strip():
        yield Phrase("The {markup} is gone.", markup=called)
        return
    if not old.strip():
        yield Phrase("The {markup} is new.", markup=called)
        return
    too_long = max(len(old), len(new)) > MOST_READ
    blocks = None if too_long else _blocks(_PIECES.findall(old), _PIECES.findall(new))
    if blocks is None:
        yield Phrase("The {markup} changed in very many places.", markup=called)
    elif len(blocks) == 1:
        yield Phrase("The {markup} changed in one place.", markup=called)
    else:
        yield Phrase("The {markup} changed in {n} places.", markup=called, n=len(blocks))


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]] | None:
    """Where the two differ, each as from and to in both; None where that would take too long to find out."""
    begin = _same(old, new)
    end = _same(old[begin:][::-1], new[begin:][::-1])
    was, now = old[begin : len(old) - end], new[begin : len(new) - end]
    if len(was) > MOST_COMPARED or len(now) > MOST_COMPARED:
        return None
    found = SequenceMatcher(None, was, now).get_opcodes()
    return [(a + begin, b + begin, c + begin, d + begin) for tag, a, b, c, d in found if tag != "equal"]


def _same(old: Iterable[str], new: Iterable[str]) -> int:
    """How many both begin with."""
    count = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        count += 1
    return count


def last_edit(found: Difference) -> Phrase:
    """Who edited the template last, and when; an empty text where neither is told."""
    if found.by and found.at:
        return Phrase("Last edited by {user}, {moment}.", user=found.by, moment=found.at)
    if found.by:
        return Phrase("Last edited by {user}.", user=found.by)
    return Phrase("Last edited: {moment}.", moment=found.at) if found.at else Phrase()
