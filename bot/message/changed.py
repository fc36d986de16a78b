"""What is different between all that was to be sent and all that would be sent now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.campaign.campaign import MessageRef
from bot.message.difference import Difference, difference, last_edit
from bot.message.message import PASSING, Messages
from bot.phrase import Phrase

MOST_TOLD = 15
"""Changes of all messages together; more are counted."""

_Pair = tuple[MessageRef | None, MessageRef | None]


def is_lost(old: Sequence[MessageRef], new: Sequence[MessageRef]) -> bool:
    """Whether a message was known, and cannot be read at the moment: then nobody can say whether it has changed."""
    return any(was and was.digest and now and _may_pass(now) for was, now in _pairs(old, new))


def changed(
    old: Sequence[MessageRef], new: Sequence[MessageRef], messages: Messages, *, unknown_counts: bool = True
) -> Difference:
    """What voids an approval, as people read it; nothing where the same is sent.

    Earlier records tell no messages, and nor does a campaign that was not read: with that, nothing is compared. With
    `unknown_counts`, that a message is known now is a change as well: nobody has approved it.
    """
    if not old or not new:
        return Difference()
    found = [one for one in _found(old, new, messages, unknown_counts=unknown_counts) if one]
    edits = dict.fromkeys(edit for one in found if (edit := last_edit(one)))
    # Who edited last is said once, for all of it.
    changes = tuple(replace(change, by="") for one in found for change in one.changes)
    notes = tuple(note for one in found for note in one.notes)
    left = len(changes) + len(notes) - MOST_TOLD
    more = (Phrase("{n} more changes are not listed here.", n=left),) if left > 0 else ()
    told = changes[:MOST_TOLD]
    return Difference(told, (*notes[: MOST_TOLD - len(told)], *more, *edits))


def _found(
    old: Sequence[MessageRef], new: Sequence[MessageRef], messages: Messages, *, unknown_counts: bool
) -> Iterator[Difference]:
    for was, now in _pairs(old, new):
        if was is None:
            yield Difference(notes=(Phrase("Template {id} is sent as well now.", id=_id(now)),))
        elif now is None:
            yield Difference(notes=(Phrase("Template {id} is not sent any more.", id=_id(was)),))
        elif was.digest != now.digest and (was.digest or unknown_counts) and not (was.digest and _may_pass(now)):
            yield _told(was, now, messages)
        elif not was.digest and not now.digest and was.message_id != now.message_id:
            yield Difference(notes=(Phrase("Another template is sent: {id}, which could not be read.", id=_id(now)),))


def _told(was: MessageRef, now: MessageRef, messages: Messages) -> Difference:
    """Two digests are two messages, whatever can be told of them."""
    found = difference(messages.find(was), messages.find(now))
    return found or Difference(notes=(Phrase("The message is another one."),))


def _pairs(old: Sequence[MessageRef], new: Sequence[MessageRef]) -> Iterator[_Pair]:
    """Each with the one of the same template, in their order; then what is left, in its order."""
    left = list(new)
    without: list[MessageRef] = []
    for was in old:
        same = next((now for now in left if now.message_id == was.message_id), None)
        if same is None:
            without.append(was)
        else:
            left.remove(same)
            yield was, same
    for at in range(max(len(without), len(left))):
        yield (without[at] if at < len(without) else None, left[at] if at < len(left) else None)


def _may_pass(ref: MessageRef) -> bool:
    return not ref.digest and ref.cause in PASSING


def _id(ref: MessageRef | None) -> str:
    return str(ref.message_id) if ref and ref.message_id else "?"
