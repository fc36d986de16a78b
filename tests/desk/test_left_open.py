"""A form or a window that was left open for days is taken as any other, though what it showed was swept meanwhile."""

import pytest

from bot.campaign.request import LaunchId, RequestId
from bot.desk import Asked, Desk
from bot.desk.stopping import StopDesk, StopRequest
from bot.journal.messages import KeptMessages
from bot.journal.pruning import sweep_files
from bot.message.message import Message, Unread, ref_of
from bot.policy.checking import Checking
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, RoleList
from tests.builders import ANA, BEN, LAUNCHES, PREVIEW, Clock, asked, journal_on
from tests.journal.previewed import preview_of
from tests.journal.tampering import found_in
from tests.message.builders import email
from tests.races.arena import Everybody

ONE, MAIL = LaunchId("L1"), email()
POLICY = Policy(
    roles={role: RoleList((ANA, BEN)) for role in ("requester", "approver", "admin")}, may_stop=("requester",)
)


class Instance:
    """One instance of the bot on a journal: what it has read, it has at hand."""

    def __init__(self, url, clock):
        self.journal = journal_on(url, clock)
        self.messages = KeptMessages(self.journal)
        checking = Checking(self.messages, self.messages.sent_to, self.journal.now)
        context = PolicyContext(lambda: POLICY, Everybody(), self.journal.collisions, checking)
        self.desk = Desk(self.journal, context, lambda launch: PREVIEW, lambda request: None)
        self.stops = StopDesk(self.journal, context)

    def asks(self, edits="", **what):
        request = asked(**what).request
        form = Asked(
            launch_id=ONE, person=ANA, request=request, channel=LAUNCHES, preview=preview_of(MAIL), edits=edits
        )
        return self.desk.edit(form) if edits else self.desk.request(form)

    def stops_campaign(self):
        return self.stops.stop_campaign(
            StopRequest(
                campaign_id=82,
                person=ANA,
                request_id=RequestId("S1"),
                channel=LAUNCHES,
                preview=preview_of(MAIL),
            )
        )

    def found(self, launch):
        return self.messages.find(launch.preview.messages[0])

    def findings(self):
        with self.journal.reading() as connection:
            return found_in(connection)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reader(database_url, clock):
    """The instance whose form has read the message; it was swept since."""
    instance = Instance(database_url, clock)
    instance.messages.keep(MAIL)
    clock.pass_by(days=2)
    assert sweep_files(instance.journal) == 1
    return instance


@pytest.fixture
def other(reader, database_url, clock):
    """Another instance, which takes the submission."""
    return Instance(database_url, clock)


@pytest.mark.parametrize("deed", ["asks", "stops_campaign"])
def test_the_instance_that_read_the_message_keeps_it_again(reader, deed):
    launch = getattr(reader, deed)()
    assert launch.preview.messages == (ref_of(MAIL),)
    assert isinstance(reader.found(launch), Message)
    assert reader.findings() == []


@pytest.mark.parametrize("deed", ["asks", "stops_campaign"])
def test_another_instance_takes_it_as_a_message_that_is_not_known(other, deed):
    launch = getattr(other, deed)()
    assert other.found(launch).cause is Unread.NOT_KEPT
    assert other.findings() == []


def test_the_card_then_says_that_an_approval_does_not_cover_it(other):
    assert not other.asks().report.is_known


def test_so_it_is_with_an_edit(reader, other):
    launch = reader.asks()
    with reader.journal.writing() as connection:
        connection.exec_driver_sql("delete from files")
    edited = other.asks(edits=launch.fingerprint, limit=7)
    assert other.found(edited).cause is Unread.NOT_KEPT
