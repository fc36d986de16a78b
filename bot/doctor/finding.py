"""What a check found: what it is, why it matters, and how to mend it, in sentences for whoever runs the bot."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something to mend, or with `may_run` something to know."""

    text: str
    may_run: bool = False
