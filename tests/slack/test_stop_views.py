"""What people read about a run and a stop: what is known beside what was promised, and what is not known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.campaign import Absent, Campaign, Preview
from bot.campaign.request import LaunchId
from bot.campaign.schedule import Schedule, ScheduleRead
from bot.launch.events import Approved, Entry
from bot.launch.run import RunEnded, Trouble
from bot.launch.story import Line
from bot.slack.views.buttons import buttons
from bot.slack.views.card import card
from bot.slack.views.run import duration, ended, troubles_table
from bot.slack.views.schedule import when_it_sends
from bot.slack.views.stop_window import stop_view
from bot.slack.views.text import person
from bot.slack.views.thread import reply
from sandbox.slack.block_kit.surfaces import check_view
from tests.builders import BEN, DAN, NOON, PREVIEW, launch
from tests.slack.stops import ENDED_BADLY, EVENTS, STANDINGS
from tests.slack.test_views import written


def told(name):
    return "\n".join(str(block) for block in card(STANDINGS[name]).blocks)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("stop asked", ":octagonal_sign: Being stopped"),
        ("stop not sent", ":octagonal_sign: Not stopped yet: trying again"),
        ("stop lost", ":warning: It may go on sending: whether the stop worked is not known"),
        ("stop refused", ":warning: Still running: the platform refused the stop"),
        ("stop given up", ":warning: Not stopped; it may go on sending"),
        ("brake refused", ":warning: Still running: the platform refused the stop"),
        ("stop refused, activated alone", ":warning: Not stopped: the platform refused the stop"),
        ("stop refused, lost sight of", ":warning: Not stopped: the platform refused the stop"),
        ("stop refused, then over", ":white_check_mark: Run finished; its campaign could not be switched off"),
        ("stopped", ":octagonal_sign: Stopped"),
        ("halted", ":octagonal_sign: Switched off; no end seen"),
        ("stop asked in a doubt", ":warning: In doubt whether it was launched; being stopped"),
        ("stopped in a doubt", ":warning: In doubt whether it was launched; its campaign was stopped"),
        ("stop refused in a doubt", ":warning: In doubt whether it was launched; its campaign was not stopped"),
        ("both in doubt", ":warning: In doubt whether it was launched, and whether it was stopped"),
        ("switch-off asked", ":white_check_mark: Run finished; its campaign is being switched off"),
        ("switch-off not sent", ":white_check_mark: Run finished; its campaign is not switched off yet: trying again"),
        ("switch-off refused", ":white_check_mark: Run finished; its campaign could not be switched off"),
        ("switch-off lost", ":warning: Run over; whether its campaign is switched off is not known"),
        ("switched off after the run", ":white_check_mark: Run finished; its campaign is switched off"),
        ("brake asked", ":octagonal_sign: Being stopped"),
        ("braked", ":octagonal_sign: Stopped by the policy's brakes"),
        ("brake lost", ":warning: It may go on sending: whether the stop worked is not known"),
        ("brake asked after the run", ":white_check_mark: Run finished; its campaign is being switched off"),
        ("braked after the run", ":white_check_mark: Run finished; stopped after it by the policy's brakes"),
        ("taken on", ":octagonal_sign: Being stopped"),
        ("taken on, refused", ":x: Not stopped: the platform refused"),
        ("taken on, out of reach", ":x: Not stopped: the platform was out of reach"),
        ("completed", ":white_check_mark: Completed, the platform says; its log shows no end"),
    ],
)
def test_the_first_line_says_what_is_so(name, says):
    assert card(STANDINGS[name]).text.startswith(says)


@pytest.mark.parametrize(
    ("name", "stops"),
    [
        ("stop asked", []),
        ("stop called", []),
        ("stop lost", ["Stop again…"]),
        ("stop refused", ["Stop again…"]),
        ("stop given up", ["Stop again…"]),
        ("stopped", []),
        ("stopped in a doubt", ["Stop again…"]),
        ("brake asked", []),
        ("brake refused", ["Stop again…"]),
        ("braked after the run", []),
        ("halted", []),
        ("completed", ["Switch off…"]),
        ("switch-off lost", ["Switch off again…"]),
        ("switched off after the run", []),
        ("taken on and stopped", []),
        ("taken on, in doubt", ["Stop again…"]),
        ("scheduled by the campaign", ["Stop…"]),
    ],
)
def test_a_campaign_can_be_stopped_wherever_it_may_still_send(name, stops):
    assert [one["text"]["text"] for one in buttons(STANDINGS[name]) if one["action_id"] == "launch:stop"] == stops


@pytest.mark.parametrize("name", ["completed", "ended badly", "switch-off refused", "switched off after the run"])
def test_nothing_is_red_on_what_is_over(name):
    assert "danger" not in str(card(STANDINGS[name]).blocks)


def test_what_was_promised_stands_beside_what_is_known_and_what_is_not():
    text = told("ended badly")
    assert "*Promised:* about 50,000 profiles when it was approved, no limit set for this launch" in text
    assert "44 errors and 3 warnings" in text
    assert "How many messages went out is not known" in text


def test_a_log_that_is_read_no_more_is_not_told_as_if_it_were():
    assert "no end so far" in told("stop asked")
    assert "no end when I last looked" in told("stopped")
    assert "no end when I last looked" in told("lost sight of, then stopped")


@pytest.mark.parametrize("name", ["stop asked", "stop asked, queue kept", "switch-off asked", "brake asked"])
def test_the_reply_about_a_stop_promises_nothing_before_the_platform_has_answered(name):
    actor, event = EVENTS[name]
    text = reply(STANDINGS["stop asked"], Line(Entry(LaunchId("L1"), 6, NOON, actor, event), "0" * 64)).text
    assert "The platform's answer follows below." in text
    assert "is dropped" not in text
    assert f"{person(DAN)} stops" not in text


@pytest.mark.parametrize(
    ("name", "next_step"),
    [
        ("stop refused", "Stop again, or switch it off in the platform."),
        ("stop refused, then over", "Switch it off again here, or in the platform."),
        ("switch-off refused", "Switch it off again here, or in the platform."),
    ],
)
def test_what_the_platform_refused_to_stop_says_what_can_be_done(name, next_step):
    assert next_step in told(name)


def test_a_minute_that_stands_there_is_not_told_a_second_time():
    stopped = STANDINGS["stopped"]
    assert "That was " in told("stopped")
    at_once = stopped.but(stop=replace(stopped.stop, done_at=stopped.stop.at + timedelta(seconds=59)))
    shown = str(card(at_once).blocks)
    assert "That was " not in shown
    assert "What is queued and not sent yet is dropped." in shown


@pytest.mark.parametrize("name", ["stopped", "seen stopped", "taken on and stopped", "stopped in a doubt"])
def test_a_stop_says_that_sent_messages_cannot_be_taken_back(name):
    assert "Messages that were sent already cannot be taken back." in told(name)


def test_a_stop_that_was_only_seen_does_not_say_what_became_of_the_queue():
    assert "Whether what was queued was dropped is not known" in told("seen stopped")
    assert "is dropped" not in told("seen stopped")


def test_the_dialog_says_what_happens_to_queued_and_to_sent_messages():
    (button,) = [one for one in buttons(STANDINGS["completed"]) if one["action_id"] == "launch:stop"]
    text = button["confirm"]["text"]["text"]
    assert "queued and not sent yet is dropped" in text
    assert "cannot be taken back" in text


def test_the_first_troubles_stand_in_a_table_and_the_rest_is_counted():
    table = troubles_table(ENDED_BADLY)
    assert len(table["rows"]) == 11
    assert all(len(cell["text"]) <= 240 for row in table["rows"] for cell in row if "text" in cell)
    assert "and 37 more are in the platform" in ended(STANDINGS["ended badly"], ENDED_BADLY)


def test_an_old_record_whose_troubles_have_no_times_is_quoted_without_a_table():
    old = RunEnded(NOON, 0, 1, (Trouble("no sender"),))
    assert troubles_table(old) is None
    assert "• “no sender”" in ended(STANDINGS["ended badly"], old)


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        (
            Schedule(hours=(16,), minutes=(38,), zone="Europe/Berlin"),
            "sends at 16:38. These times are in the time zone",
        ),
        (
            Schedule(hours=(9, 16), minutes=(0,)),
            "at 09:00 and 16:00. The platform does not say in which time zone",
        ),
        (Schedule(hours=(9,), weekdays=(0,)), "on weekdays 0 by the platform's numbers"),
        (Schedule(hours=tuple(range(24)), minutes=(0,)), "at minute 0 of the hours 0, 1, 2"),
        (Schedule(minutes=(5,)), "at minute 5 of hours that it does not name"),
        (Schedule(month_days=(1,), months=(12,), years=(2026,)), "on day 1 of the month, in month 12, in 2026"),
        (Schedule(), "its schedule in the platform names no times"),
        (None, "the platform does not tell a schedule"),
    ],
)
def test_a_schedule_is_told_in_words_without_guessing(schedule, says):
    assert says in when_it_sends(ScheduleRead(schedule))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "less than a second"), (61, "1 min 1 s"), (3600, "1 h"), (3725, "1 h 2 min 5 s")]
)
def test_a_duration_is_told_in_words(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("is_active", "does"),
    [
        (True, "This switches the campaign off in the platform."),
        (None, "This switches the campaign off in the platform."),
        (False, "It is off in the platform already. The stop is sent all the same."),
    ],
)
def test_the_window_says_what_the_stop_does_to_a_campaign_as_it_stands(is_active, does):
    preview = Preview(campaign=Campaign(id=82, name="Black Friday", is_active=is_active))
    shown = str(stop_view(82, preview, None, None, "{}", keep_queue=False))
    assert does in shown
    assert "The campaign is switched off" not in shown


def test_the_window_says_that_an_approved_launch_is_not_cancelled_by_it():
    waits = launch((BEN, Approved()))
    shown = str(stop_view(82, PREVIEW, None, waits, "{}", keep_queue=False))
    assert "is approved and not sent yet. Stopping does not cancel it: instead of going out, it then asks" in shown
    assert "is approved and not sent yet" not in str(stop_view(82, PREVIEW, None, None, "{}", keep_queue=False))


def test_the_window_says_plainly_that_the_platform_has_no_such_campaign():
    technical = "The platform's answer could not be understood."
    shown = str(
        stop_view(999, Preview(problems=(technical,), missing=(Absent.CAMPAIGN,)), None, None, "{}", keep_queue=False)
    )
    assert "The platform has no campaign 999, or none that I may see." in shown
    assert "The stop is sent all the same." in shown
    assert technical not in shown
    assert "switches the campaign off" not in shown


@pytest.mark.parametrize("live", [None, STANDINGS["stop lost"]])
@pytest.mark.parametrize(
    "preview",
    [
        None,
        PREVIEW,
        Preview(problems=("Campaign 82 could not be read.",)),
        Preview(campaign=Campaign(id=82, name="<!here>" * 200, is_active=True, status="<b>")),
    ],
)
@pytest.mark.parametrize("keep_queue", [True, False])
def test_the_window_is_one_that_slack_takes(preview, live, keep_queue):
    view = stop_view(82, preview, live, live, "{}", keep_queue=keep_queue)
    assert written(view) == view
    assert check_view(view, "modal") == []
    assert "<!here>" not in str(view)
