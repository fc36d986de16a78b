"""A difference between what was asked for or approved and what there is now."""

from dataclasses import dataclass

from bot.phrase import Phrase


@dataclass(frozen=True)
class Change:
    """Something that is no longer as it was. `by` is who did it, if told."""

    what: Phrase
    old: Phrase
    new: Phrase
    by: str = ""
