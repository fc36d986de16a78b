"""A difference between what was asked for or approved and what there is now."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Something that is no longer as it was. `old` and `new` are texts for people; `by` is who did it, if told."""

    what: str
    old: str
    new: str
    by: str = ""
