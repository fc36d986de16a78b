"""`campaign-bot audit rekey`: seals what came before under the key that is in use now."""

import argparse
import sys
from collections.abc import Mapping

from bot.journal.rekeying import NotSealed, rekey
from bot.terminal.journal_access import FINE, CannotBeDone, opened
from bot.terminal.upkeep import who


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Seals, under the first key of JOURNAL_KEY, what was written before under none or another. Verify the record "
        "before, also --against-slack: what is sealed counts as proven from then on. Nothing else is changed."
    )
    parser.add_argument(
        "--lost",
        action="append",
        default=[],
        metavar="ID",
        help="the id of a key that is gone: what is under it is sealed as it stands, and nothing proves it",
    )


def run(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    with opened(environment) as journal:
        if not journal.keys.writing:
            raise CannotBeDone("JOURNAL_KEY is not set. Make a key with openssl rand -hex 32, and set it.")
        streams = pruned = 0
        try:
            for batch in rekey(journal, who(), chosen.lost):
                streams, pruned = streams + batch.streams, pruned + batch.pruned
        except NotSealed as trouble:
            raise CannotBeDone(
                f"Launch {trouble} cannot be proven with the keys that are set, so it was left, and what comes after "
                "it: a seal would hide that. Run campaign-bot audit verify. If it names a key that is not at hand, put "
                "that one behind the new one, with a comma between them, or give it up with --lost and its id."
            ) from trouble
        sys.stdout.write(
            f"Sealed under the key {journal.keys.writing_id}: {streams:,} launches and refused attempts, and what is "
            f"kept of {pruned:,} pruned ones. Keys behind the first are needed no more once no instance writes under "
            "them.\n"
        )
    return FINE
