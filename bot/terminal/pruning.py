"""`campaign-bot audit prune`: removes what ended long ago, and keeps what the rest is verified with."""

import argparse
import sys
import uuid
from collections.abc import Mapping
from datetime import datetime

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.pruning import NotWhole, Prunable, Removed, prunable, prune, prune_runs, sweep_files, sweepable
from bot.launch.events import BOT
from bot.launch.upkeep import Pruned
from bot.slack.views.plaintext import on_clocks
from bot.terminal.arguments import moment
from bot.terminal.journal_access import FINE, CannotBeDone, opened
from bot.terminal.upkeep import who


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Removes the events of launches that have ended, and of refused attempts, whose last event is older. What "
        "has not ended, or is in doubt, stays. Then removes the kept files that nothing refers to, and that nobody "
        "has wanted for a day. Make a backup before: this cannot be undone."
    )
    parser.add_argument("--before", type=moment, required=True, metavar="DAY|MOMENT", help="what ended before then")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    with opened(environment) as journal:
        before: datetime = chosen.before
        if before > journal.now():
            raise CannotBeDone(f"{on_clocks(before, None)} lies in the future. Name a day that is over.")
        with journal.reading() as connection:
            there_is = prunable(connection, before)
        unneeded = sweepable(journal)
        sys.stdout.write(f"{_told(there_is, before, unneeded)}\n")
        if not there_is.launches + there_is.attempts + unneeded:
            return FINE
        if not chosen.yes and not _agreed():
            sys.stdout.write("Nothing was removed.\n")
            return FINE
        return _pruned(journal, before)


def _told(what: Prunable, before: datetime, unneeded: int) -> str:
    files = f" Besides, kept files that nothing refers to: {unneeded:,}." if unneeded else ""
    return (
        f"To be removed: {what.launches:,} launches that have ended and {what.attempts:,} refused attempts, with "
        f"{what.events:,} events. Last event before {on_clocks(before, None)}.{files}"
    )


def _agreed() -> bool:
    sys.stdout.write("This cannot be undone; is there a backup? Type yes to go on: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def _pruned(journal: Journal, before: datetime) -> int:
    done, broken = Removed(), ""
    try:
        for batch in prune(journal, before):
            done = done.and_(batch)
    except NotWhole as trouble:
        broken = str(trouble)
    files = sweep_files(journal)
    prune_runs(journal)
    told = Pruned(who(), before, done.launches, done.attempts, done.events, files)
    journal.record_alone(LaunchId(str(uuid.uuid4())), BOT, told)
    removed = done.streams
    sys.stdout.write(
        f"Removed {removed:,} of them, and {files:,} kept files (attached ones, and messages) that nothing else needs. "
        "Their heads are kept, so that campaign-bot audit verify still works.\n"
    )
    if broken:
        raise CannotBeDone(
            f"Launch {broken} is not as the bot has written it, so it was left, and what comes after it: removing it "
            "would hide that. Run campaign-bot audit verify."
        )
    return FINE
