"""What the platform tells about campaigns for people who look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.altcraft.answers import LogEntry, Status, schedule
from bot.altcraft.client import PlatformUnreachable
from bot.altcraft.overview import PlatformOverview
from bot.campaign.campaign import Campaign, Choice, Preview
from bot.campaign.overview import LIST_PAGE, Listing
from bot.campaign.schedule import Schedule
from tests.builders import NOON


def entry(minutes, state="", level="INFO"):
    return LogEntry(level, state, NOON + timedelta(minutes=minutes), "", "")


class Platform:
    """Answers as it is told to; an exception is raised."""

    def __init__(self, log=(), status=None, schedule=()):
        self._log, self._status, self._schedule = log, status, schedule

    def log(self, campaign_id, from_time):
        return self._given(self._log)

    def status(self, campaign_id):
        return self._given(self._status)

    def schedule(self, campaign_id, kind):
        return self._given(self._schedule)

    def _given(self, answer):
        if isinstance(answer, Exception):
            raise answer
        return answer


class Directory:
    def __init__(self, choices=(), campaign=None):
        self._choices, self._campaign = choices, campaign

    def preview(self, campaign_id, source):
        return Preview(campaign=self._campaign)

    def all_campaigns(self, text):
        return None if self._choices is None else (self._choices, 7.0)


@pytest.fixture(scope="module")
def executor():
    with ThreadPoolExecutor(4) as pool:
        yield pool


def overview(executor, platform=None, directory=None):
    return PlatformOverview(platform or Platform(), directory or Directory(), executor, lambda: NOON)


TOLD = Campaign(id=82, name="A", kind="broadcast", status="Inactive", is_active=False, is_completed=False)


def test_the_last_run_is_the_last_start_with_what_followed_it(executor):
    log = [entry(0, "start"), entry(1, level="ERROR"), entry(2, "end"), entry(5, "start"), entry(6, level="WARNING")]
    run = overview(executor, Platform(log=log)).standing(82).run
    assert (run.started_at, run.ended_at) == (NOON + timedelta(minutes=5), None)
    assert (run.warnings, run.errors) == (1, 0)


def test_a_log_without_a_start_tells_of_no_run_and_one_that_is_not_read_of_nothing(executor):
    read = overview(executor, Platform(log=[entry(1)])).standing(82)
    assert (read.run, read.log_read) == (None, True)
    unread = overview(executor, Platform(log=PlatformUnreachable("no route"))).standing(82)
    assert (unread.run, unread.log_read) == (None, False)
    assert "The campaign's log could not be read. The platform could not be asked: no route." in unread.problems


def test_a_status_that_comes_with_the_campaign_is_not_asked_for_again(executor):
    platform = Platform(status=AssertionError("asked"))
    assert overview(executor, platform, Directory(campaign=TOLD)).standing(82).preview.campaign == TOLD


def test_where_an_edition_tells_no_status_with_the_campaign_it_is_asked_for(executor):
    bare = Campaign(id=82, name="A", kind="trigger", is_active=True)
    told = overview(executor, Platform(status=Status(True, False, "Running")), Directory(campaign=bare)).standing(82)
    assert (told.preview.campaign.status, told.preview.campaign.is_completed) == ("Running", False)


def test_only_campaigns_that_have_a_schedule_are_asked_for_it(executor):
    platform = Platform(schedule=Schedule(hours=(16,)))
    assert overview(executor, platform, Directory(campaign=TOLD)).standing(82).schedule == Schedule(hours=(16,))
    trigger = Campaign(id=82, name="A", kind="trigger", status="Active", is_completed=False)
    assert overview(executor, platform, Directory(campaign=trigger)).standing(82).schedule is None


def test_what_fails_unexpectedly_is_said_to_be_unknown(executor):
    told = overview(executor, Platform(log=RuntimeError("a bug")), Directory(campaign=TOLD)).standing(82)
    assert told.problems == ("The campaign's log could not be read. Something unexpected went wrong, and was logged.",)


def test_a_schedule_is_read_without_what_restricts_nothing():
    data = {
        "id": 82,
        "start_schedule": {"start_mins": [38], "start_hours": [], "start_wdays": ["0", 6], "tz": "", "losers": False},
    }
    assert schedule(data, 82) == Schedule(minutes=(38,), weekdays=(0, 6))
    assert schedule({"id": 82, "start_schedule": {"start_hours": []}}, 82).is_empty
    assert schedule({"id": 82}, 82) is None


CHOICES = [Choice(number, f"Campaign {number}", "broadcast", number % 2 == 0) for number in range(1, 41)]


def pages(found):
    return [one.id for one in found.choices]


def test_the_list_is_turned_page_by_page_the_newest_ids_first(executor):
    look = overview(executor, directory=Directory(CHOICES))
    first = look.campaigns(Listing())
    second = look.campaigns(Listing(), below=first.after)
    third = look.campaigns(Listing(), below=second.after)
    assert (first.first, second.first, third.first) == (1, 16, 31)
    assert pages(first) + pages(second) + pages(third) == list(range(40, 0, -1))
    assert (first.before, third.after, first.age, first.matching) == (None, None, 7.0, 40)
    assert pages(look.campaigns(Listing(), above=third.before)) == pages(second)
    assert pages(look.campaigns(Listing(), above=second.before)) == pages(first)


def test_a_campaign_that_is_gone_meanwhile_still_marks_its_place(executor):
    gone = [one for one in CHOICES if one.id != 26]
    look = overview(executor, directory=Directory(gone))
    assert pages(look.campaigns(Listing(), below=26))[0] == 25


def test_only_what_the_platform_says_is_active_is_listed_as_active(executor):
    unclear = [*CHOICES, Choice(99, "not told")]
    found = overview(executor, directory=Directory(unclear)).campaigns(Listing(only_active=True))
    assert (found.matching, len(found.choices)) == (20, LIST_PAGE)
    assert all(one.is_active for one in found.choices)


def test_a_list_that_is_not_read_is_none_and_not_empty(executor):
    assert overview(executor, directory=Directory(None)).campaigns(Listing()) is None
