"""`campaign-bot audit export`: the record as a file."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.launch.record import Format, Wish
from bot.terminal.arguments import campaign, moment
from bot.terminal.export_shards import exported
from bot.terminal.journal_access import FINE, CannotBeDone, opened, standard_output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=list(Format), default=Format.CSV, type=Format, help="default csv")
    parser.add_argument("--since", type=moment, metavar="DAY|MOMENT", help="events from then on")
    parser.add_argument("--until", type=moment, metavar="DAY|MOMENT", help="events before then")
    parser.add_argument("--campaign", type=campaign, metavar="ID", help="only of launches of this campaign")
    parser.add_argument("--output", metavar="FILE", help="a new file; by default to standard output")


def run(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    if chosen.since and chosen.until and chosen.since >= chosen.until:
        raise CannotBeDone("--until has to be later than --since: there is nothing in between.")
    wish = Wish(format=chosen.format, campaign_id=chosen.campaign, since=chosen.since, until=chosen.until)
    with opened(environment) as journal, _output(chosen.output) as output:
        for line in exported(journal, wish):
            output.write(line)
    return FINE


@contextmanager
def _output(name: str | None) -> Iterator[TextIO]:
    if name is None:
        yield standard_output()
        return
    try:
        with Path(name).open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file
    except FileExistsError as error:
        raise CannotBeDone(f"{name} is there already. Name a new file, or take it away first.") from error
