"""`campaign-bot audit verify`: whether the record is what the bot has written."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.campaign.encoding import instant
from bot.journal.audit import Counts
from bot.journal.audit_shards import verify_in_processes
from bot.journal.finding import Finding
from bot.journal.journal import Journal
from bot.journal.rekeying import check_keys
from bot.journal.stored import Unreadable
from bot.route import Unusable
from bot.settings import read_audit_channel, read_authority_certificate, read_bot_access
from bot.slack.api.client import KeptConnection
from bot.slack.api.thread_reader import NotRead, ThreadReader
from bot.slack.views.plaintext import one_line
from bot.terminal.against_anchors import hold_anchors
from bot.terminal.against_slack import Looked, hold_against
from bot.terminal.arguments import moment
from bot.terminal.journal_access import CANNOT, FINE, FOUND, CannotBeDone, opened
from bot.terminal.stamped_anchors import check_stamps

MOST_SHOWN = 100
"""Findings that are printed one by one."""

TIMEOUT = 15
"""Seconds for one call to Slack."""

SAID_EVERY = 15.0
"""Seconds between two words about how far it has come."""

KEYLESS = (
    "JOURNAL_KEY is not set: whoever can write to the database can write digests as well, so this does not "
    "prove that nobody else has written one. Hold it --against-slack, and set a key for the time to come."
)

_LATEST = "~"
"""Sorts after every moment."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Exit status 0: the record is whole. 1: something was found. 2: it could not be checked."
    parser.add_argument(
        "--against-slack", action="store_true", help="also hold it against the threads; needs SLACK_BOT_TOKEN"
    )
    parser.add_argument(
        "--since", type=moment, metavar="DAY|MOMENT", help="only threads of launches asked for since then"
    )


def run(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    if chosen.since and not chosen.against_slack:
        raise CannotBeDone("--since is for --against-slack: the journal itself is always verified as a whole.")
    looked: Looked | None = None
    with opened(environment) as journal:
        if chosen.against_slack:
            # Before the long work: a token that is refused is told at once.
            looked, reader = Looked(), _thread_reader(environment)
        report = _Report()
        report.take(_verified(journal))
        report.take(check_stamps(journal, read_authority_certificate(environment)))
        if looked:
            report.take(hold_against(journal, reader, looked, _Progress(looked), chosen.since))
            report.take(hold_anchors(journal, reader, read_audit_channel(environment), looked, chosen.since))
            sys.stdout.write(f"Read {looked.threads:,} threads with {looked.replies:,} replies in Slack.\n")
    return _ended(report, looked)


def _verified(journal: Journal) -> Iterator[Finding]:
    counts, began = Counts(), time.monotonic()
    with journal.reading() as connection:
        check_keys(connection, journal.keys)
    yield from verify_in_processes(journal, counts)
    sys.stdout.write(f"{rate(counts, time.monotonic() - began)}\n")
    others = {"refused attempts at no launch": counts.alone, "pruned": counts.pruned, "kept files": counts.files}
    sys.stdout.write("".join(f"Besides: {count:,} {what}.\n" for what, count in others.items() if count))
    if not journal.keys.writing and counts.events:
        sys.stdout.write(f"{KEYLESS}\n")
    if counts.unfolded:
        sys.stdout.write(
            f"{counts.unfolded:,} launches have events of a newer version: their chain was verified, their state not.\n"
        )


def rate(counts: Counts, seconds: float) -> str:
    a_second = round(counts.launches / max(seconds, 0.001))
    return f"{counts.launches:,} launches, {counts.events:,} events in {seconds:.1f} s: {a_second:,} launches a second."


@dataclass
class _Report:
    """Prints findings as they come, and keeps the first in time."""

    count: int = 0
    first: Finding | None = None

    def take(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.count += 1
            if self.count <= MOST_SHOWN:
                sys.stdout.write(f"- {described(finding)}\n")
            if self.first is None or _time(finding) < _time(self.first):
                self.first = finding


def described(finding: Finding) -> str:
    """`launch 4f…, event 3 (launch:approve by U0BEN, 2026-11-23T12:01:00.000000+00:00): It does not …`."""
    return one_line(f"{_where(finding)}: {finding.text}" if finding.launch_id else finding.text)


def _where(finding: Finding) -> str:
    event = finding.event
    at = f", {_time(finding)}" if event and _time(finding) != _LATEST else ""
    told = f" ({event.kind} by {event.actor or 'the bot'}{at})" if event else ""
    return f"launch {finding.launch_id}, event {finding.seq}{told}"


def _time(finding: Finding) -> str:
    event = finding.event
    return _LATEST if event is None or isinstance(event.at, Unreadable) else instant(event.at)


def _ended(report: _Report, looked: Looked | None) -> int:
    if looked and looked.unread:
        unread = "".join(f"- {one_line(one)}\n" for one in looked.unread[:MOST_SHOWN])
        sys.stdout.write(f"Could not be read in Slack, {len(looked.unread):,} in all:\n{unread}")
    if report.first:
        more = f" {report.count - MOST_SHOWN:,} of them are not shown." if report.count > MOST_SHOWN else ""
        first = _where(report.first) if report.first.launch_id else report.first.text
        findings = "1 finding" if report.count == 1 else f"{report.count:,} findings"
        sys.stdout.write(f"NOT WHOLE: {findings}.{more} First bad event: {one_line(first)}\n")
        return FOUND
    if looked and looked.unread:
        sys.stdout.write("Nothing wrong was found, but not everything could be read.\n")
        return CANNOT
    sys.stdout.write("The record is whole.\n")
    return FINE


def _thread_reader(environment: Mapping[str, str]) -> ThreadReader:
    access = read_bot_access(environment)
    try:
        client = KeptConnection(access.bot_token, base_url=access.api_url, timeout=TIMEOUT, route=access.route)
        return ThreadReader(client, _pause)
    except Unusable as trouble:
        raise CannotBeDone(str(trouble)) from trouble
    except NotRead as trouble:
        raise CannotBeDone(f"{trouble.cause}. Check SLACK_BOT_TOKEN.") from trouble


def _pause(seconds: float) -> None:
    sys.stderr.write(f"Slack asks for a pause of {seconds:.0f} s; going on after it.\n")
    time.sleep(seconds)


class _Progress:
    """Says now and then how far it has come: Slack lets some 50 threads a minute be read."""

    def __init__(self, looked: Looked) -> None:
        self._looked = looked
        self._said_at = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._said_at < SAID_EVERY:
            return
        self._said_at = time.monotonic()
        sys.stderr.write(f"{self._looked.threads:,} threads read so far.\n")
