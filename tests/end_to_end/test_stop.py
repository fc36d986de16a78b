"""Somebody stops a campaign, from the card or by the command: once, in sight, and with what is not known said."""

import pytest

from sandbox.cast import BEN, DAN, LAUNCHES, OTTO, STOP_COMMAND, chosen, texts
from sandbox.server import InThread, serve
from sandbox.stage import free_port
from tests.end_to_end.scene import open_scene, stops_in

STOP = "launch:stop"


def hanging(scene, text="run_now", **fields):
    """A launch of a campaign of its own, whose run does not end by itself."""
    campaign = scene.adds_campaign(**fields)
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} {text}")
    return campaign, card


def types_stop(scene, who, text):
    scene.do(scene.cast.types(who, text, command=STOP_COMMAND))


def run_states(scene, campaign):
    return [run["state"] for run in scene.runs if run["campaign_id"] == campaign]


def test_a_run_that_hangs_is_shown_as_running_and_stopped_half_way_from_its_card(scene):
    campaign, card = hanging(scene)
    scene.sees_card(card, "Running", "shows a start", "no end so far", "Stop…")
    scene.presses(DAN, card, STOP)
    scene.sees_reply(card, "The platform took the stop")
    shown = scene.sees_card(card, ":octagonal_sign: Stopped", "<@U0DAN> asked to stop", "cannot be taken back")
    assert "Stop…" not in texts(shown)
    assert run_states(scene, campaign) == ["aborted"]
    assert [abort for _, abort in scene.stops_of(campaign)] == [True]


def test_a_run_is_stopped_by_the_command_and_its_queue_kept(scene):
    campaign, card = hanging(scene)
    types_stop(scene, BEN, f"{campaign} keep-queue")
    scene.sees_modal(BEN, "switched on", "My launch of it, asked for by <@U0ANA>")
    assert scene.submits(BEN) == {}
    scene.sees_modal(BEN, "The stop is on its way")
    scene.sees_card(card, ":octagonal_sign: Stopped", "What is queued already may still go out")
    assert [abort for _, abort in scene.stops_of(campaign)] == [False]
    assert run_states(scene, campaign) == ["running"]


def test_two_who_stop_at_once_stop_it_once(scene):
    campaign, card = hanging(scene)
    scene.switch(deactivation="slow", slow_seconds=1)
    press = scene.cast.presses
    scene.at_once(press(BEN, card, STOP), press(DAN, card, STOP), press(DAN, card, STOP))
    scene.sees_card(card, ":octagonal_sign: Stopped")
    assert len(scene.stops_of(campaign)) == 1


def test_whoever_may_not_stop_is_told_and_recorded(scene):
    campaign, card = hanging(scene)
    scene.presses(OTTO, card, STOP)
    scene.is_told(OTTO, "You cannot stop a campaign: you are not in the approver or admin list.")
    assert scene.audit(card)[-1] == "launch:deny"
    scene.run(scene.workspace.state.ephemerals.clear)
    types_stop(scene, OTTO, f"{campaign}")
    scene.is_told(OTTO, "You cannot stop a campaign")
    assert scene.stops_of(campaign) == []


def test_the_policy_names_who_may_stop(scene):
    scene.policy('may_stop = ["lead"]\n[roles.lead]\nmembers = ["U0CLEO"]\n')
    _, card = hanging(scene)
    scene.presses(DAN, card, STOP)
    scene.is_told(DAN, "you are not in the lead list. <@U0CLEO> can do it.")
    scene.presses("U0CLEO", card, STOP)
    scene.sees_card(card, ":octagonal_sign: Stopped")


def test_a_campaign_that_was_not_launched_here_is_stopped_under_a_card_of_its_own(scene):
    campaign = scene.adds_campaign(is_active=True)
    scene.switch(run_fate="hang")
    scene.run(lambda: scene.platform.start_elsewhere(campaign))
    before = {card["ts"] for card in scene.run(scene.cast.cards)}
    types_stop(scene, DAN, f"{campaign}")
    scene.sees_modal(DAN, "Campaign of a test", "I know of no launch of it that is running")
    scene.submits(DAN)
    card = scene.until(
        lambda: next((one for one in scene.cast.cards() if one["ts"] not in before), None), "a card appears"
    )
    scene.sees_card(card, ":octagonal_sign: Stopped", "that I did not launch")
    scene.sees_reply(card, "takes on campaign")
    assert run_states(scene, campaign) == ["aborted"]
    assert scene.audit(card) == ["campaign:adopt", "stop:ask", "stop:start", "stop:done"]


@pytest.mark.parametrize("fault", ["lose_answer", "error_500"])
def test_a_lost_answer_is_settled_by_a_campaign_that_is_switched_off(scene, fault):
    campaign, card = hanging(scene)
    scene.switch(deactivation=fault, taken_despite_fault=True)
    scene.presses(DAN, card, STOP)
    scene.sees_reply(card, "Whether the platform took the stop is not known")
    scene.sees_reply(card, "Whether what was queued was dropped is not known")
    scene.sees_card(card, ":octagonal_sign: Stopped")
    assert len(scene.stops_of(campaign)) == 1


def test_a_lost_answer_of_a_stop_that_was_not_taken_is_asked_about_and_stopped_again_by_a_person(scene):
    campaign, card = hanging(scene)
    scene.switch(deactivation="reset", only_next=True)
    scene.presses(DAN, card, STOP)
    scene.sees_reply(card, "still switched on (status “Active”)")
    shown = scene.sees_card(card, "whether the stop worked is not known", "Stop again…")
    assert run_states(scene, campaign) == ["running"]
    scene.presses(DAN, shown, STOP)
    scene.sees_card(card, ":octagonal_sign: Stopped")
    (first, _), (second, _) = scene.stops_of(campaign)
    assert first != second


def test_a_stop_that_the_platform_refuses_says_that_it_may_go_on_sending(scene):
    campaign, card = hanging(scene)
    scene.switch(deactivation="refuse", refuse_code=403, refuse_text="No rights")
    scene.presses(DAN, card, STOP)
    scene.sees_reply(
        card, "refused the stop. The campaign may go on sending. Most likely the bot's API token lacks a right"
    )
    scene.sees_card(card, "Stop again…")
    assert run_states(scene, campaign) == ["running"]


def test_a_stop_in_a_doubt_settles_only_the_stop(scene):
    campaign = scene.adds_campaign()
    scene.switch(activation="reset")
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "In doubt", "Stop…")
    scene.presses(DAN, card, STOP)
    scene.sees_card(card, "In doubt whether it was launched; its campaign was stopped", "It did not run")
    scene.presses(BEN, card, "launch:vouch_not_run")
    scene.sees_card(card, "Not launched")


def test_a_run_that_somebody_stops_in_the_platform_is_told_without_guessing(scene):
    campaign, card = hanging(scene)
    scene.switch(aborted_run_logs_end=False)
    scene.run(lambda: scene.platform.deactivate(campaign, abort_if_running=True))
    scene.sees_reply(card, "switched off (status “Inactive”), and its log shows no end: somebody may have stopped it")
    scene.sees_card(card, "Switched off; no end seen")


def test_a_run_that_errors_shows_the_first_ones_in_a_table_and_counts_the_rest(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="fail", run_errors=47)
    card = scene.launches(f"{campaign} run_now limit=500")
    reply = scene.sees_reply(card, "and 37 more are in the platform")
    (table,) = [block for block in reply["blocks"] if block["type"] == "table"]
    assert len(table["rows"]) == 11
    scene.sees_card(card, "Run over, with 47 errors", "at most 500 messages", "How many messages went out is not known")


def test_a_campaign_that_was_only_activated_tells_its_schedule(scene):
    schedule = {"start_hours": (16,), "start_mins": (38,), "start_wdays": (1,)}
    campaign = scene.adds_campaign(type="regular", start_schedule=schedule)
    card = scene.launches(f"{campaign}")
    scene.sees_reply(card, "This launch has sent nothing. By its schedule in the platform it sends at 16:38")
    scene.sees_card(card, "Activated; nothing sent by this launch", "on weekdays 1 by the platform's numbers")
    assert run_states(scene, campaign) == []


def test_a_log_that_hangs_holds_up_no_stop(scene):
    campaign, card = hanging(scene)
    scene.switch(reads="hang")
    scene.presses(DAN, card, STOP)
    scene.sees_reply(card, "The platform took the stop")
    assert run_states(scene, campaign) == ["aborted"]


def presses_elsewhere(scene, who, value):
    """Presses a button that names a campaign, as other messages have it."""
    scene.do(
        scene.workspace.press(
            who,
            container={"type": "message", "channel": LAUNCHES, "ts": scene.run(scene.cast.cards)[-1]["ts"]},
            block_id="actions",
            action_id="campaign:stop",
            element={"type": "button", "value": value},
        )
    )


def test_a_button_that_names_a_campaign_opens_the_same_window(scene):
    campaign, card = hanging(scene)
    presses_elsewhere(scene, OTTO, f"{campaign}")
    scene.sees_modal(OTTO, "You cannot stop a campaign")
    presses_elsewhere(scene, DAN, f"{campaign}")
    scene.sees_modal(DAN, "My launch of it")
    scene.submits(DAN, queue=chosen("keep", "radio_buttons"))
    scene.sees_card(card, ":octagonal_sign: Stopped", "What is queued already may still go out")


def test_from_a_direct_message_a_campaign_without_a_card_is_sent_to_a_channel(scene):
    campaign = scene.adds_campaign(is_active=True)
    scene.do(scene.cast.types(DAN, f"{campaign}", "D0DAN", STOP_COMMAND))
    scene.sees_modal(DAN, "I know of no launch of it that is running")
    scene.submits(DAN)
    scene.sees_modal(DAN, f"Type `/campaign-stop {campaign}` in the channel")
    assert scene.stops_of(campaign) == []


def test_help_and_what_cannot_be_read_are_answered_to_the_person_alone(scene):
    types_stop(scene, DAN, "help")
    scene.is_told(DAN, "keep-queue")
    types_stop(scene, DAN, "82 keepqueue")
    scene.is_told(DAN, "Did you mean keep-queue?")


def test_a_stop_that_the_bot_is_killed_in_is_looked_into_and_not_made_again(scene):
    campaign, card = hanging(scene)
    scene.switch(deactivation="slow", slow_seconds=60)
    scene.presses(DAN, card, STOP)
    scene.until(lambda: stops_in(scene.platform, campaign), "the platform has the stop")
    scene.kill_bot()
    scene.start_bot()
    scene.sees_reply(card, "the bot ended between sending the stop and noting the answer")
    scene.sees_card(card, ":octagonal_sign: Stopped", "Whether what was queued was dropped is not known")
    assert len(scene.stops_of(campaign)) == 1


def test_a_stop_that_never_left_is_sent_when_the_platform_is_back_with_the_same_id():
    port = free_port()
    with open_scene(settings={"ALTCRAFT_URL": f"http://127.0.0.1:{port}"}) as scene:
        campaign = scene.adds_campaign(is_active=True)
        types_stop(scene, DAN, f"{campaign}")
        scene.sees_modal(DAN, "could not be read")
        before = {card["ts"] for card in scene.run(scene.cast.cards)}
        scene.submits(DAN)
        card = scene.until(
            lambda: next((one for one in scene.cast.cards() if one["ts"] not in before), None), "a card appears"
        )
        scene.sees_card(card, "Not stopped yet: trying again")
        back = InThread(lambda: serve({"altcraft": scene.stage.sent}, {"altcraft": port}))
        try:
            scene.sees_reply(card, "try 2, the same request with the same id")
            scene.sees_card(card, ":octagonal_sign: Stopped")
        finally:
            back.close()
        assert len(scene.stops_of(campaign)) == 1


def test_an_approved_launch_that_waits_is_named_by_the_stop_and_asks_once_more(scene):
    scene.policy('[always]\nhold = "12s"\n')
    campaign = scene.adds_campaign()
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Approved")
    types_stop(scene, DAN, f"{campaign}")
    scene.sees_modal(DAN, "is approved and not sent yet. Stopping does not cancel it")
    scene.submits(DAN)

    scene.sees_reply(card, "Somebody asked to stop this campaign")
    scene.sees_card(card, "Waiting for approval")
    assert run_states(scene, campaign) == []
