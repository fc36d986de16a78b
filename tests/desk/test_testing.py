"""Asking for a test: how many, and that nothing that comes in between lets one more pass."""

from dataclasses import replace

import pytest

from bot.campaign.campaign import Audience
from bot.campaign.request import LaunchId, Purpose, Source, SourceKind
from bot.desk.asking import Asking
from bot.desk.testing import FormTest, TestDesk
from bot.journal.testing import MadeTests
from bot.launch.commands import Request
from bot.launch.state import Launch
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy
from bot.policy.refusals import TooManyTests
from bot.policy.testing import TestRules
from bot.slash.activate import TypedTest
from tests.builders import ANA, LAUNCHES, PREVIEW, Clock, asked, journal_at
from tests.message.builders import checking
from tests.races.arena import Everybody

REVIEWERS = Source(SourceKind.SEGMENT, 21)


class Asked:
    """A desk that takes so many tests a day; `meanwhile` happens while the platform is read."""

    def __init__(self, path, a_day=1):
        self.journal = journal_at(path, Clock())
        self.meanwhile = lambda: None
        policy = Policy(roles={}, test=TestRules(segment=21, at_most=25, a_day=a_day))
        context = PolicyContext(lambda: policy, Everybody(), self.journal.collisions, checking(self.journal))
        asking = Asking(self.journal, context, lambda _request: None)
        self.desk = TestDesk(self.journal, context, asking, self._preview)

    def _preview(self, _campaign_id, _source):
        self.meanwhile()
        return replace(PREVIEW, audience=Audience(source=REVIEWERS, size=6))

    def in_form(self, content=None):
        typed = TypedTest(82, content=content)
        return self.desk.ask_in_form(FormTest(launch_id=LaunchId("F1"), person=ANA, channel=LAUNCHES, typed=typed))

    def another(self):
        test = asked(purpose=Purpose.TEST, source=REVIEWERS, limit=25, approvals=0)
        self.journal.execute(LaunchId("T-other"), Request(ANA, test))


@pytest.fixture
def ana(tmp_path):
    return Asked(tmp_path)


def test_a_test_that_is_asked_for_while_another_is_put_on_record_does_not_pass_the_bound(ana):
    ana.meanwhile = ana.another

    refused = ana.desk.ask(TypedTest(82), ANA, LAUNCHES)

    assert refused.reason == TooManyTests(1)
    assert MadeTests(ana.journal).asked_by(ANA, Clock().now.replace(year=2000)) == 1


def test_a_form_whose_button_is_pressed_twice_asks_for_one_test_and_for_another_once_it_holds_something_else(tmp_path):
    ana = Asked(tmp_path, a_day=5)
    first = ana.in_form({"promo": "SPRING"})
    assert isinstance(first, Launch)
    ana.in_form({"promo": "SPRING"})
    assert MadeTests(ana.journal).asked_by(ANA, Clock().now.replace(year=2000)) == 1

    assert ana.in_form({"promo": "SUMMER"}).id != first.id
