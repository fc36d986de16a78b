"""Another launch, as a card names it: which campaign it launches, and where its own card stands."""

from dataclasses import dataclass

from bot.launch.state import Launch
from bot.results.counts import Counts
from bot.slack.views import sentences
from bot.texts import _

NOTHING_COUNTED = Counts()


@dataclass(frozen=True)
class Linked:
    """Another launch's card, by its address, with what was counted of its run; None where the launch is not known."""

    address: str = ""
    counts: Counts = NOTHING_COUNTED
    launch: Launch | None = None


NOT_LINKED = Linked()


def named(other: Launch, address: str) -> str:
    """`82 “Black Friday” (its card)`, with the launch's id where its card has no address."""
    its_card = _("its card")
    card = f"<{address}|{its_card}>" if address else _("launch {id}").format(id=f"`{other.id}`")
    return f"{sentences.numbered(other.request, other.preview)} ({card})"
