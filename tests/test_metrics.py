"""Metrics: what happened is counted once, and a database that is away neither fails nor holds up a scrape."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from bot.campaign.request import LaunchId
from bot.journal.backlog import Backlog, LaneBacklog
from bot.launch.commands import Approve, BreakGlass, Cancel, Checked, Observe, Request
from bot.launch.events import BrokeGlass, Denied
from bot.launch.outcome import Accepted
from bot.metrics import Metrics
from bot.policy.demands import Demands, Typed
from bot.policy.roles import Action
from tests.builders import ANA, BEN, DAN, OTTO, Clock, asked, journal_at, started

L1 = LaunchId("L1")
STANDING = Backlog({"steps": LaneBacklog(3, 12.5), "pictures": LaneBacklog(4, 1.5)}, 2)


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(tmp_path, clock, metrics):
    journal = journal_at(tmp_path, clock)
    journal.observers.join(metrics.appended)
    return journal


def scraped(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """The samples of a scrape by name and label values."""
    families = text_string_to_metric_families(metrics.page().decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_launches_are_counted_by_the_states_they_come_into(metrics, journal):
    journal.execute(L1, Request(ANA, asked()))
    journal.execute(L1, Approve(BEN))
    journal.execute(L1, Observe(started()))
    journal.execute(L1, Observe(Accepted()))
    journal.execute(LaunchId("L2"), Request(ANA, asked(practice=True)))
    journal.execute(LaunchId("L2"), Cancel(ANA))
    counted = scraped(metrics)
    assert {
        (state, practice): counted["campaign_bot_launches_total", practice, state]
        for state in ("requested", "launched", "cancelled", "in_doubt")
        for practice in ("no", "yes")
    } == {
        ("requested", "no"): 1,
        ("requested", "yes"): 1,
        ("launched", "no"): 1,
        ("launched", "yes"): 0,
        ("cancelled", "no"): 0,
        ("cancelled", "yes"): 1,
        ("in_doubt", "no"): 0,
        ("in_doubt", "yes"): 0,
    }
    assert counted["campaign_bot_events_total", "launch:accept"] == 1


def test_a_refused_attempt_is_counted_and_is_no_launch(metrics, journal):
    journal.record_alone(LaunchId("D1"), OTTO, Denied(Action.REQUEST, "NotInRole"))
    counted = scraped(metrics)
    assert counted["campaign_bot_events_total", "launch:deny"] == 1
    assert counted["campaign_bot_launches_total", "no", "requested"] == 0


def test_the_wait_for_approval_ends_with_the_last_approval_that_was_missing(metrics, journal, clock):
    journal.execute(L1, Request(ANA, asked(approvals=2)))
    clock.pass_by(seconds=40)
    journal.execute(L1, Approve(BEN))
    assert scraped(metrics)["campaign_bot_approval_wait_seconds_count",] == 0
    clock.pass_by(seconds=50)
    journal.execute(L1, Approve(DAN))
    counted = scraped(metrics)
    assert counted["campaign_bot_approval_wait_seconds_count",] == 1
    assert counted["campaign_bot_approval_wait_seconds_sum",] == 90


def test_a_launch_without_approval_tells_nothing_about_how_long_approvals_take(metrics, journal):
    journal.execute(L1, Request(ANA, asked(demands=Demands(break_glass=True))))
    typed = Checked(typed={Typed.CAMPAIGN: "82"})
    assert journal.execute(L1, BreakGlass(DAN, BrokeGlass("The site is down.", ()), typed)).glass
    assert scraped(metrics)["campaign_bot_approval_wait_seconds_count",] == 0


def test_calls_are_timed_by_method_and_outcome(metrics):
    metrics.platform_called("campaigns/activate", 1.5, "accepted")
    metrics.slack_called("chat.update", 0.2, "ratelimited")
    counted = scraped(metrics)
    assert counted["campaign_bot_platform_call_seconds_sum", "campaigns/activate", "accepted"] == 1.5
    assert counted["campaign_bot_slack_call_seconds_count", "chat.update", "ratelimited"] == 1


def test_what_stands_in_the_journal_is_read_at_each_scrape(metrics):
    looks = iter([STANDING, Backlog({"steps": LaneBacklog(0, 0.0), "publishing": LaneBacklog(1, 2.0)}, 0)])
    metrics.watch(lambda: next(looks))
    first, second = scraped(metrics), scraped(metrics)
    assert (first["campaign_bot_due_launches", "steps"], second["campaign_bot_due_launches", "steps"]) == (3, 0)
    assert first["campaign_bot_due_launches", "pictures"] == 4
    assert first["campaign_bot_oldest_due_seconds", "steps"] == 12.5
    assert second["campaign_bot_due_launches", "publishing"] == 1
    assert first["campaign_bot_in_doubt_launches",] == 2
    assert first["campaign_bot_database_up",] == 1


def test_a_database_that_is_away_leaves_its_numbers_out(metrics):
    def away():
        raise OperationalError("select", {}, Exception("gone"))

    metrics.watch(away)
    counted = scraped(metrics)
    assert counted["campaign_bot_database_up",] == 0
    assert not [name for name in counted if name[0] in {"campaign_bot_due_launches", "campaign_bot_in_doubt_launches"}]
    assert counted["campaign_bot_launches_total", "no", "requested"] == 0


def test_a_witness_that_fails_does_not_make_the_append_fail(journal):
    def broken(_):
        raise RuntimeError

    journal.observers.join(broken)
    assert journal.execute(L1, Request(ANA, asked())) == journal.load(L1)
