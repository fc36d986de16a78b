from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import LaunchId
from bot.results.hooks import read_batch
from bot.results.runs import Belongs, Run, belongs, proves_start, read_launch_id
from tests.results.hooks import NOON, after, body, event, launch_id


def run(name: str, **since: float) -> Run:
    return Run(LaunchId(name), 82, after(**since))


def read(**what):
    (found,) = read_batch(body(event(**what))).events
    return found


FIRST, SECOND = run("first"), run("second", hours=5)


def test_a_launch_id_reads_as_account_campaign_and_moment():
    start = read_launch_id("00000017000003cd5a9bf01a")

    assert start is not None
    assert (start.account_id, start.campaign_id) == (23, 973)
    assert start.at.isoformat() == "2018-03-04T13:09:46+00:00"


@pytest.mark.parametrize("text", ["", "17", "00000017000003cd5a9bf01", "00000017000003cd5a9bf01g", "0" * 25, "٣" * 24])
def test_what_does_not_read_so_is_no_launch_id(text):
    assert read_launch_id(text) is None


def test_an_event_is_its_campaigns_run_by_its_moment():
    assert belongs(read(at=after(hours=1)), [FIRST]) == Belongs(FIRST)
    assert belongs(read(at=after(hours=-1)), [FIRST]) is None
    assert belongs(read(), []) is None


def test_a_platform_whose_clock_is_a_little_behind_is_understood():
    assert belongs(read(at=after(seconds=-30)), [FIRST]) == Belongs(FIRST)


def test_two_runs_that_overlap_cannot_be_told_apart_by_time():
    assert belongs(read(at=after(hours=6)), [FIRST, SECOND]) == Belongs(SECOND, ambiguous=True)
    assert belongs(read(at=after(hours=4)), [FIRST, SECOND]) == Belongs(FIRST)


def test_a_launch_id_tells_overlapping_runs_apart():
    of_first = read(kind="uopen", at=after(hours=6), data={"launch_id": launch_id(after(seconds=4))})
    of_second = read(kind="uopen", at=after(hours=6), data={"launch_id": launch_id(after(hours=5, seconds=4))})

    assert belongs(of_first, [FIRST, SECOND]) == Belongs(FIRST)
    assert belongs(of_second, [FIRST, SECOND]) == Belongs(SECOND)


def test_a_launch_id_that_names_another_start_counts_for_no_run():
    yesterday = read(kind="uopen", at=after(hours=1), data={"launch_id": launch_id(after(days=-1))})
    scheduled = read(kind="uopen", at=after(hours=4), data={"launch_id": launch_id(after(hours=3))})

    assert belongs(yesterday, [FIRST]) == Belongs(FIRST, elsewhere=True)
    assert belongs(scheduled, [FIRST]) == Belongs(FIRST, elsewhere=True)


@pytest.mark.parametrize(
    "odd",
    [launch_id(NOON, account=7), launch_id(NOON, campaign=7), "no id", 7, None, {"a": 1}],
)
def test_a_launch_id_that_does_not_agree_is_not_gone_by(odd):
    assert belongs(read(at=after(hours=6), data={"launch_id": odd}), [FIRST, SECOND]) == Belongs(SECOND, ambiguous=True)


@given(st.integers(-30, 300), st.lists(st.integers(1, 300), max_size=3), st.none() | st.integers(-300, 300))
def test_a_run_that_begins_later_changes_nothing(at, later, named):
    data = {} if named is None else {"launch_id": launch_id(after(minutes=named))}
    happened = read(kind="uopen", at=after(minutes=at), data=data)
    runs = [FIRST, *(run(f"later {n}", minutes=max(at, 0) + more) for n, more in enumerate(sorted(later)))]

    assert belongs(happened, runs) == belongs(happened, [FIRST])


def test_only_what_was_sent_after_the_call_proves_that_it_started():
    assert proves_start(read(kind="send", at=after(seconds=1)), NOON)
    assert proves_start(read(kind="send_sms", at=after(seconds=1)), NOON)
    assert not proves_start(read(kind="send", at=after(seconds=-1)), NOON)
    assert not proves_start(read(kind="send", at=after(seconds=1), is_test=True), NOON)
    assert not proves_start(read(kind="uopen", at=after(seconds=1)), NOON)
    assert not proves_start(read(kind="deliv", at=after(seconds=1)), NOON)


def test_a_launch_id_proves_a_start_by_its_own_moment():
    opened = {"kind": "uopen", "at": after(hours=1)}

    assert proves_start(read(**opened, data={"launch_id": launch_id(after(seconds=5))}), NOON)
    assert not proves_start(read(**opened, data={"launch_id": launch_id(NOON - timedelta(days=1))}), NOON)
