"""`campaign-bot history`: the launches, and each of them as a story."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.campaign.request import LaunchId
from bot.journal.audit import verify_launch
from bot.journal.messages import KeptMessages
from bot.journal.record import find_ids, overview, remains_of, story_of
from bot.launch.record import Recorded
from bot.launch.state import State
from bot.slack.views.given import everything
from bot.slack.views.plaintext import as_plain, on_clocks, one_line
from bot.slack.views.record import summary
from bot.slack.views.sentences import campaign_title, happens, parameters
from bot.terminal.approved_content import DIGEST_SHOWN, CoveredTelling
from bot.terminal.arguments import campaign, moment
from bot.terminal.journal_access import FINE, FOUND, CannotBeDone, opened
from bot.terminal.verifying import described

MOST_NAMED = 5
"""Launches that are named where a beginning of an id fits several."""

_INDENT = " " * 4


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--campaign", type=campaign, metavar="ID", help="only launches and tests of this campaign")
    parser.add_argument("--state", choices=list(State), type=State, metavar="STATE", help=f"one of {', '.join(State)}")
    parser.add_argument("--since", type=moment, metavar="DAY|MOMENT", help="only those asked for since then")


def add_show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="the launch's id, or enough of its beginning")


def listed(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    """One line a launch, oldest first."""
    state = str(chosen.state or "")
    with opened(environment) as journal, journal.reading() as connection:
        found = overview(connection, campaign_id=chosen.campaign, state=state, since=chosen.since)
        none = True
        for one in found:
            none = False
            asked = f"{on_clocks(one.opened_at, None)}  {one.requester:<12}"
            stands = f"{one.state}, a test" if one.is_test else one.state
            sys.stdout.write(one_line(f"{one.launch_id}  {asked}  campaign {one.campaign_id:<8}  {stands}") + "\n")
    if none:
        sys.stdout.write("No launches.\n")
    return FINE


def shown(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    """One launch as a story. Exit status 1 where its record was tampered with."""
    with opened(environment) as journal, journal.reading() as connection:
        launch_id = _the_one(connection, chosen.id)
        remains = remains_of(connection, launch_id)
        records = story_of(connection, launch_id, KeptMessages(journal).find)
        findings = verify_launch(connection, launch_id, journal.keys, journal.now())
    if not records:
        sys.stdout.write(_pruned(remains or {}))
        return FINE
    sys.stdout.write("\n".join(told(records)) + "\n\n")
    if findings:
        sys.stdout.write("\n".join(["NOT WHOLE:", *(f"- {described(one)}" for one in findings)]) + "\n")
        return FOUND
    sys.stdout.write("Its record is whole, by its own chain; campaign-bot audit verify looks at all of them.\n")
    return FINE


def told(records: tuple[Recorded, ...]) -> Iterator[str]:
    """The story's lines, on this machine's clocks."""
    yield from _header(records[-1])
    covered = CoveredTelling()
    for one in records:
        at = on_clocks(datetime.fromisoformat(one.at), None) if one.at else "at no time that can be read"
        yield ""
        yield one_line(f"{one.seq:>3} {at}  {one.actor or 'the bot'}  {one.kind}  {one.digest[:DIGEST_SHOWN]}")
        yield from (f"{_INDENT}{line}" for line in summary(one, None).splitlines())
        yield from (f"{_INDENT}{line}" for line in (covered.told(one.covered) if one.covered else ()))


def _header(last: Recorded) -> Iterator[str]:
    launch = last.launch
    if launch is None:
        yield one_line(f"{last.launch_id}: a refused attempt, or what is left of a launch")
        return
    yield one_line(f"Launch {launch.id}: {launch.state}")
    lines = [campaign_title(launch.request, launch.preview), happens(launch)]
    yield from (
        f"{_INDENT}{line}"
        for told in [*lines, *parameters(launch.request), *everything(launch.request)]
        for line in as_plain(told, None).splitlines()
    )
    yield _INDENT + one_line(f"asked for by {launch.requester} in {launch.channel}")


def _the_one(connection: Connection, beginning: str) -> LaunchId:
    found = find_ids(connection, beginning, MOST_NAMED + 1)
    if beginning in found:
        return LaunchId(beginning)
    if not found:
        raise CannotBeDone(f"No launch has an id that begins with “{beginning}”. campaign-bot history lists them.")
    if len(found) > 1:
        more = " and others" if len(found) > MOST_NAMED else ""
        names = ", ".join(found[:MOST_NAMED])
        raise CannotBeDone(f"Several ids begin with “{beginning}”: {names}{more}. Type more of the one you mean.")
    return found[0]


def _pruned(remains: Mapping[str, object]) -> str:
    at = {name: on_clocks(value, None) for name, value in remains.items() if isinstance(value, datetime)}
    campaign_id = remains["campaign_id"]
    what = "A refused attempt" if campaign_id is None else f"A launch of campaign {campaign_id}, {remains['state']}"
    return (
        f"{what}, opened {at['opened_at']}, last event {at['ended_at']}. Its {remains['version']} events were pruned "
        f"{at['pruned_at']}; its head was {remains['head']}.\n"
    )
