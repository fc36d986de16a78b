"""The text after /campaign-stop."""

from dataclasses import dataclass

from bot.campaign.request import number_in
from bot.phrase import Phrase
from bot.slash import suggest
from bot.slash.values import check_unspaced
from bot.slash.words import CommandError, Word, from_slack, split
from bot.texts import mark

KEEP_QUEUE = "keep-queue"

WORDS = {
    KEEP_QUEUE: mark("what is queued already may still go out; without it, that is dropped and runs are broken off"),
}
"""Each word after the id, and what it does."""

USAGE = mark(
    "*Stop a campaign*, also one that was not launched from here:\n"
    "`{command} 82` asks whether you mean it, then switches campaign 82 off. It needs no approval.\n"
    "Messages that were sent already cannot be taken back."
)


@dataclass(frozen=True)
class StopWanted:
    """Which campaign to stop, and whether what is queued may still go out."""

    campaign_id: int
    keep_queue: bool = False


def parse_stop(text: str) -> StopWanted | None:
    """What is to be stopped; None for `help`, and for nothing at all. Raises CommandError for all else."""
    first, *rest = [*split(from_slack(text))] or [Word("help")]
    if first.value is None and first.key.lower() == "help" and not rest:
        return None
    check_unspaced(str(first), [str(one) for one in rest])
    campaign_id = number_in(first.key) if first.value is None else None
    if campaign_id is None:
        raise CommandError(
            str(first),
            Phrase(
                "{word} is no campaign id: an id is a whole number, for example /campaign-stop 82", word=first.shown
            ),
            _near(first, ["help"]),
        )
    if len(rest) > 1:
        raise CommandError(
            str(rest[1]), Phrase("{word} is one word too many: stop one campaign at a time.", word=rest[1].shown)
        )
    if rest and not _is_keep_queue(rest[0]):
        raise _unknown(rest[0])
    return StopWanted(campaign_id, keep_queue=bool(rest))


def _is_keep_queue(word: Word) -> bool:
    # Phones make one long dash of what is typed as a hyphen, and people write it with an underscore elsewhere.
    plain = word.key.lower().replace("_", "-").replace("–", "-").replace("—", "-")
    return word.value is None and plain == KEEP_QUEUE


def _unknown(word: Word) -> CommandError:
    near = _near(word, [KEEP_QUEUE, "help"])
    if near == "help":
        return CommandError(str(word), Phrase("help stands alone: /campaign-stop help"), near)
    if near:
        return CommandError(str(word), suggest.unknown(word, near), near)
    known = Phrase(
        "I don't know the word {word}. After the id there can be {known}.", word=word.shown, known=KEEP_QUEUE
    )
    return CommandError(str(word), known)


def _near(word: Word, known: list[str]) -> str | None:
    return suggest.nearest(word.key.strip("-/"), known)
