"""Why there is no picture, as people read it."""

from dataclasses import dataclass

from bot.phrase import Phrase
from bot.picture.failures import Failure
from bot.picture.limits import MOST_REQUESTS


@dataclass(frozen=True)
class NoPicture:
    """There is no picture of a mail; `why` is one sentence for people."""

    failure: Failure
    why: Phrase


def no_picture(failure: Failure) -> NoPicture:
    return NoPicture(failure, _why(failure))


def _why(failure: Failure) -> Phrase:
    match failure:
        case Failure.NOT_INSTALLED:
            return Phrase("There is no picture of the e-mail: no browser that could make one is installed.")
        case Failure.NO_SANDBOX:
            return Phrase(
                "There is no picture of the e-mail: this machine gives the browser no sandbox, and without one it is "
                "not started."
            )
        case Failure.CRASHED:
            return Phrase("There is no picture of the e-mail: the browser ended before it was made.")
        case Failure.TIMED_OUT:
            return Phrase("There is no picture of the e-mail: it took too long to make.")
        case Failure.TOO_LARGE:
            return Phrase("There is no picture of the e-mail: it is too large for one.")
        case Failure.TOO_MANY_REQUESTS:
            return Phrase(
                "There is no picture of the e-mail: it refers to more than {most} images and files.", most=MOST_REQUESTS
            )
        case Failure.BUSY:
            return Phrase("There is no picture of the e-mail: too many were asked for at once.")
