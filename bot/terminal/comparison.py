"""One launch as Slack shows it, beside what the journal has of it."""

from collections.abc import Iterator, Mapping

from bot.journal.finding import Finding, Kind
from bot.journal.published import Published, Remains
from bot.slack.api.thread_reader import Card, Thread, Told


def compare(stored: Published, card: Card, thread: Thread) -> Iterator[Finding]:
    """Where a launch's events differ from its card and from the replies under it."""
    replies = [reply for reply in thread.told if reply.launch_id == stored.launch_id]
    for reply in sorted(replies, key=lambda one: (one.seq, one.part)):
        text = _wrong(stored.digests, reply)
        if text:
            kind = Kind.THREAD if reply.seq in stored.digests else Kind.MISSING
            yield Finding(kind=kind, launch_id=stored.launch_id, seq=reply.seq, text=text)
    there = {reply.seq for reply in replies}
    yield from _counted(stored, card, there)
    if stored.message_ts not in (None, card.message_ts):
        return  # another card carries on the thread
    for seq in sorted(set(stored.digests) - stored.untold - there):
        text = _absent(stored.digests[seq], thread)
        yield Finding(kind=Kind.THREAD, launch_id=stored.launch_id, seq=seq, text=text)
    for seq in sorted(there & set(stored.digests) - stored.untold):
        parts = [reply for reply in replies if reply.seq == seq]
        if not set(range(max(one.parts for one in parts))) <= {one.part for one in parts}:
            text = "A part of its reply is not in the thread any more: somebody deleted it."
            yield Finding(kind=Kind.THREAD, launch_id=stored.launch_id, seq=seq, text=text)


def compare_remains(remains: Remains, card: Card, thread: Thread) -> Iterator[Finding]:
    """Where what is kept of a pruned launch differs from its card and from the replies under it."""
    kept = {1: remains.opening, remains.version: remains.head}
    told = {reply.seq: reply.digests for reply in thread.told if reply.launch_id == remains.launch_id}
    counted = {card.version: (card.head,)} if card.version else {}
    for seq, digests in sorted({**counted, **told}.items()):
        text = ""
        if seq > remains.version:
            text = f"Slack tells of it, and by what is kept in pruned the launch ended with event {remains.version}."
        elif seq in kept:
            text = _differs(kept[seq], digests, "what is kept in pruned")
        if text:
            yield Finding(kind=Kind.PRUNED, launch_id=remains.launch_id, seq=seq, text=text)


def _counted(stored: Published, card: Card, told: set[int]) -> Iterator[Finding]:
    """The newest event that the card counts, where no reply says more of it: a refused attempt has none."""
    if not card.version or card.version in told:
        return
    digest = stored.digests.get(card.version)
    if digest is None:
        text = f"Its card counts {card.version} events, and the journal does not have this one: it was removed."
        yield Finding(kind=Kind.MISSING, launch_id=stored.launch_id, seq=card.version, text=text)
        return
    text = _differs(digest, (card.head,), "the journal")
    if text:
        yield Finding(kind=Kind.THREAD, launch_id=stored.launch_id, seq=card.version, text=text)


def _wrong(digests: Mapping[int, str], reply: Told) -> str:
    digest = digests.get(reply.seq)
    if digest is None:
        return "The thread tells of it, and the journal does not have it: it was removed from the journal."
    if reply.edited:
        return "Its reply was edited in Slack; the bot never edits one."
    if not reply.digests:
        return "Its reply bears no digest any more: it was changed."
    return _differs(digest, reply.digests, "the journal")


def _differs(digest: str, others: tuple[str, ...], where: str) -> str:
    other = next((one for one in others if not digest.startswith(one)), None)
    if other is None:
        return ""
    return f"Slack bears the digest {other[:12]} for it, {where} {digest[:12]}: one of them was changed."


def _absent(digest: str, thread: Thread) -> str:
    """A reply that is not among those that bear metadata."""
    if any(digest.startswith(shown) for shown in thread.unmarked):
        return "Its reply stands in the thread, and bears no metadata: only the digest that it shows fits."
    if thread.unmarked:
        return f"Its reply is not in the thread, or it is one of {len(thread.unmarked):,} there that bear no metadata."
    return "Its reply is not in the thread any more: somebody deleted it."
