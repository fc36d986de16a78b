"""An admin gets the record as a file in the direct message, nobody else does, and whatever goes wrong is told."""

import csv
import io
import json

import pytest

from bot.desk import Desk
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, RoleList
from bot.policy.roles import Role
from bot.slack.api.client import KeptConnection
from bot.slack.api.role_members import RoleMembers
from bot.slack.api.users import Users
from bot.slack.listeners.export import Exporting
from bot.slack.profiles import Profiles
from bot.slack.refusals import Refusals
from bot.slack.workspace import Home
from sandbox.slack.records import Limits
from tests.builders import ANA, DAN, PREVIEW, AtOnce
from tests.journal.tampering import STREAMS, filled
from tests.message.builders import unchecked
from tests.sandbox.slack.rig import running

POLICY = Policy(roles={role: RoleList((DAN,) if role is Role.ADMIN else (ANA,)) for role in Role})
DAN_DIRECT = "D0DAN"


@pytest.fixture(scope="module")
def shared():
    yield from running(Limits(post_burst=1000))


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    return filled(f"sqlite:///{tmp_path_factory.mktemp('exporting') / 'journal.db'}")


class Asking:
    """Asks for exports, and keeps what the person alone is told."""

    def __init__(self, rig, journal):
        self.rig = rig.reset()
        profiles = Profiles(rig.client)
        members = RoleMembers(lambda: POLICY, rig.client, profiles, Home(rig.client), AtOnce())
        context = PolicyContext(lambda: POLICY, members, journal.collisions, unchecked())
        desk = Desk(journal, context, lambda launch: PREVIEW, lambda request: None)
        sending = KeptConnection(rig.client.token, base_url=rig.client.base_url, timeout=5)
        self.exporting = Exporting(sending, desk, Users(profiles), Refusals(rig.client, members), AtOnce())
        self.told = []

    def __call__(self, text="", person=DAN):
        self.exporting.take(person, text, lambda **said: self.told.append(said["text"]))
        return self.told[-1]

    @property
    def message(self):
        """The newest one in the admin's direct message."""
        return self.rig.sees(DAN)["messages"][DAN_DIRECT][-1]

    @property
    def file(self):
        (file,) = self.message["files"]
        return self.rig.do(self.rig.workspace.files.find, file["id"])


@pytest.fixture
def asks(shared, journal):
    return Asking(shared, journal)


def test_an_admin_gets_the_record_as_a_table_in_the_direct_message(asks):
    assert "direct message" in asks()
    rows = list(csv.DictReader(io.StringIO(asks.file.content.decode("utf-8-sig"))))
    assert {row["launch"] for row in rows} == set(STREAMS)
    assert asks.message["text"] == f"The record you asked for: {len(rows)} events."
    assert asks.file.name == "campaign-bot-record.csv"
    # Spreadsheets on Windows take a file without the mark for one in a code page.
    assert asks.file.content.startswith(b"\xef\xbb\xbfat,launch,")


def test_json_of_one_campaign_since_a_day(asks):
    asks("jsonl 83 since=2026-11-23")
    records = [json.loads(line) for line in asks.file.content.splitlines()]
    assert [(record["launch_id"], record["kind"]) for record in records] == [
        ("L-cancelled", "launch:request"),
        ("L-cancelled", "launch:cancel"),
    ]


def test_a_day_begins_on_the_clocks_of_whoever_asks(asks):
    """In New York the 23rd begins when it is 5 o'clock in UTC."""
    asks("since=2026-11-23 until=2026-11-24")
    assert asks.file.content
    assert asks("until=2026-11-23T07:00") == "Nothing is on record for that, so there is no file."
    assert "direct message" in asks("until=2026-11-23T07:01")


def test_who_is_no_admin_is_refused_and_that_is_recorded(asks, journal):
    assert "You cannot export the record" in asks("csv", ANA)
    asks("jsonl")
    last = json.loads(asks.file.content.splitlines()[-1])
    assert (last["actor"], last["data"]) == (ANA, {"action": "audit:export", "reason": "MissingRole"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cvs", "I don't know the word “cvs”"),
        ("csv jsonl", "jsonl says a second time"),
        ("since=yesterday", "since=2026-11-01"),
        ("since=2026-11-02 until=2026-11-01", "until= has to be later"),
    ],
)
def test_a_wish_that_cannot_be_read_is_told_and_sends_nothing(asks, text, says):
    assert says in asks(text)
    assert asks.rig.sees(DAN)["messages"][DAN_DIRECT] == []


def test_a_missing_scope_is_named(asks):
    state = asks.rig.workspace.state
    had = state.scopes
    state.scopes = had - {"files:write"}
    try:
        assert "missing_scope" in asks()
        assert "files:write" in asks()
    finally:
        state.scopes = had


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "conversations.open", "files.completeUploadExternal"])
def test_a_slack_that_fails_is_told(asks, method):
    asks.rig.do(asks.rig.workspace.faults.fail, method, "internal_error")
    assert "did not reach Slack: Slack answered “internal_error”" in asks()
