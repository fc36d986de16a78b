"""What several processes export is what one would, line by line, and each message stands in it once."""

import json

import pytest

from bot.campaign.request import LaunchId
from bot.journal.record import recorded
from bot.launch.commands import Approve, Checked
from bot.launch.record import Format, Wish
from bot.slack.views.record import lines
from bot.terminal.export_shards import exported
from tests.builders import BEN, Clock
from tests.journal.previewed import ask
from tests.journal.tampering import filled
from tests.message.builders import email


@pytest.fixture
def journal(journal_url):
    journal = filled(journal_url, Clock())
    for name in (LaunchId("L-1"), LaunchId("L-2")):
        ask(journal, name, email(subject="Spring"))
        journal.execute(name, Approve(BEN, checked=Checked(shown=journal.load(name).fingerprint)))
    return journal


def by_two(journal, wanted):
    """What two processes export, three launches or refused attempts at a time."""
    return list(exported(journal, Wish(format=wanted), processes=2, worthwhile=1, part=3))


def test_several_processes_export_the_same_as_one_and_each_message_whole_once(journal):
    told = by_two(journal, Format.JSONL)
    assert told == list(lines(recorded(journal, Wish(format=Format.JSONL)), Format.JSONL))
    messages = [message for line in told for message in json.loads(line)["messages"] or ()]
    assert [("message" in one) for one in messages if one["digest"]] == [True, False]


def test_a_table_has_its_head_once(journal):
    if journal.shared:
        pytest.skip("as on the other database")
    assert by_two(journal, Format.CSV) == list(lines(recorded(journal, Wish()), Format.CSV))
