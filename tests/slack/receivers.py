"""Those who received a launch, as the tests of all views want it: each standing, each event, and each refusal."""

from dataclasses import replace

from bot.launch.outcome import Accepted
from bot.launch.received import FillingDone, FillingFailed, FillingProgressed, FillingStarted, ReceivedAsked
from bot.launch.run import RunEnded
from bot.policy.refusals import NoRecipients
from tests.builders import DAN, NOON, asked, by_bot, launch, started

OVER = (by_bot(started()), by_bot(Accepted()), by_bot(RunEnded(NOON)))
ASKED = (DAN, ReceivedAsked())
STARTED = by_bot(FillingStarted(400, 50, 488, nameless=7, elsewhere=1, ambiguous=3))
FAILED = by_bot(FillingFailed("No <!here>.", 12))
CORRECTION = launch(requested=replace(asked(), belongs_to="L0"))


def made(*happened):
    return launch(*OVER, *happened)


STANDINGS = {
    "who got it asked": made(ASKED),
    "segment being filled": made(ASKED, STARTED),
    "segment filled": made(ASKED, STARTED, by_bot(FillingDone(486, refused=2, code=400, unkept=3))),
    "segment not filled": made(ASKED, FAILED),
    "segment not filled any more": made(ASKED, STARTED, FAILED),
    "who got it asked again": made(ASKED, STARTED, FAILED, ASKED),
    "correction": CORRECTION,
}

EVENTS = {
    "who got it": ASKED,
    "segment begun": STARTED,
    "segment progress": by_bot(FillingProgressed(122)),
    "segment done": by_bot(FillingDone(486, refused=2, code=400, unkept=3)),
    "segment failed": FAILED,
    "segment failed at once": by_bot(FillingFailed("No <!here>.")),
    "correction asked": (DAN, replace(asked(), belongs_to="L0")),
}

REASONS = [NoRecipients("No <!here>.")]
