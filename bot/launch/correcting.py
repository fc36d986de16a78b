"""After a run: whether it can be asked who received it, and what a correction to these people is. Pure."""

from bot.campaign.request import ActivationRequest, Invalid, Purpose, Source, SourceKind
from bot.launch.received import UNDER_WAY, ReceivedAsked, ReceivedStep
from bot.launch.state import Launch, State
from bot.phrase import Phrase
from bot.policy.refusals import NoRecipients, Refused

NOTHING_SENT = Phrase("This launch has sent nothing of its own, so nobody received it.")
STILL_SENDING = Phrase("It may still be sending. Stop it first, or wait for its end.")
BEING_FILLED = Phrase("Somebody has asked that already: its thread tells how far it is.")
FILLED = Phrase("They are in a segment already: its card says in which.")

_OVER = frozenset({State.FINISHED, State.STOPPED})


def why_not(launch: Launch) -> Phrase | None:
    """Why nobody can ask now who received the run's messages, as a sentence; None where somebody can."""
    if not (launch.was_sent and launch.has_own_run):
        return NOTHING_SENT
    if launch.state not in _OVER and launch.followed:
        return STILL_SENDING
    if launch.received and launch.received.step in UNDER_WAY:
        return BEING_FILLED
    if launch.received and launch.received.step is ReceivedStep.DONE:
        return FILLED
    return None


def ask_received(launch: Launch) -> tuple[ReceivedAsked] | Refused:
    """The question, or why it cannot be asked now."""
    why = why_not(launch)
    return Refused(NoRecipients(why)) if why else (ReceivedAsked(),)


def receivers(launch: Launch) -> Source | None:
    """The segment of those who received the launch; None while there is none that is complete."""
    received = launch.received
    if received is None or received.step is not ReceivedStep.DONE or received.filling is None:
        return None
    return Source(SourceKind.SEGMENT, received.filling.segment)


def named(segment: Source | None) -> str:
    """The segment as people call it; "-" for none."""
    return Phrase("segment {name}", name=str(segment.id)) if segment else "-"


def check_correction(corrected: Launch | None, request: ActivationRequest) -> None:
    """Raises Invalid where the request is none for a correction of that launch: it goes to whoever received that."""
    wanted = receivers(corrected) if corrected else None
    if wanted is None or request.source != wanted:
        raise Invalid(
            "source",
            Phrase(
                "A correction goes to those who received the launch, {source}, and to nobody else. For others, ask for "
                "a launch of its own.",
                source=named(wanted),
            ),
        )


def is_correction(launch: Launch) -> bool:
    """Whether it is sent to those who received the launch that it belongs to."""
    return launch.belongs_to is not None and launch.request.purpose is Purpose.LAUNCH
