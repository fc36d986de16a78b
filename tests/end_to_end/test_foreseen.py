"""What is known before anybody decides: when it would start, and that the platform does not have what is asked for."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.cast import ANA, BEN, DAN, elements_of, launch_of, texts

BERLIN = ZoneInfo("Europe/Berlin")
HELD = "It does not start before <!date^"


def frozen_until(days: int, more: str = "") -> str:
    today = datetime.now(BERLIN).date()
    freeze = f"{{ first = {today - timedelta(days=1)}, last = {today + timedelta(days=days)} }}"
    return f'time_zone = "Europe/Berlin"\n[always]\nfreezes = [{freeze}]\n{more}'


def end_of_freeze(days: int) -> str:
    last = datetime.now(BERLIN).date() + timedelta(days=days + 1)
    return str(int(datetime(last.year, last.month, last.day, tzinfo=BERLIN).timestamp()))


def dialogs(card) -> str:
    """The questions that the card's buttons ask before they count."""
    return "\n".join(
        one["confirm"]["text"]["text"] for block in card["blocks"] for one in elements_of(block) if one.get("confirm")
    )


def test_nobody_is_told_that_it_starts_at_once_while_the_policy_holds_it(scene):
    scene.policy(frozen_until(9))
    campaign = scene.adds_campaign()
    form = texts(scene.opens(f"{campaign} run_now"))
    card = scene.asks(f"{campaign} run_now")
    home = texts(scene.do(scene.cast.opens_home(BEN, f"campaign {campaign}")))
    for shown in (form, texts(card), home):
        assert f"{HELD}{end_of_freeze(9)}^" in shown
        assert "Sends now" not in shown
    assert "quiet hours are over" in dialogs(card)
    assert "at once, and" not in dialogs(card)
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Approved, but it has to wait", f"It starts <!date^{end_of_freeze(9)}^")
    assert scene.sent == []


@pytest.mark.parametrize(
    ("who", "button", "need"),
    [(BEN, "launch:approve", 'typed = ["campaign"]'), (DAN, "launch:break_glass", "break_glass = true")],
)
def test_no_confirmation_window_says_at_once_of_what_the_policy_holds(scene, who, button, need):
    scene.policy(frozen_until(9, need))
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(who, card, button)
    window = texts(scene.sees_modal(who, HELD))
    assert "at once" not in window
    assert "Sends now" not in window


def test_a_hold_that_ends_in_quiet_hours_is_not_shown_to_start_then(scene):
    scene.policy(frozen_until(9, 'hold = "10m"'))
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Approved; it can still be cancelled", f"It starts <!date^{end_of_freeze(9)}^")


def test_an_approved_launch_on_home_is_not_without_its_start(scene):
    scene.policy(frozen_until(9))
    campaign = scene.adds_campaign()
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Approved, but it has to wait")
    home = texts(scene.do(scene.cast.opens_home(ANA, f"campaign {campaign}")))
    assert f"It starts <!date^{end_of_freeze(9)}^" in home


ABSENT = {
    "campaign": ("424242 run_now", "The platform has no campaign with this id"),
    "source": ("82 run_now source=segment:424242", "The platform has no segment with this id"),
}


@pytest.mark.parametrize("field", ABSENT)
def test_what_the_platform_says_it_does_not_have_cannot_be_asked_for(scene, field):
    command, says = ABSENT[field]
    before = len(scene.run(scene.cast.cards))
    assert says in texts(scene.sees_modal(ANA, says) if scene.opens(command) else None)
    errors = scene.submits(ANA)
    assert list(errors) == [field]
    assert says in errors[field]
    assert len(scene.run(scene.cast.cards)) == before


def test_what_the_platform_says_it_does_not_have_cannot_be_asked_for_after_a_restart_either(scene):
    scene.opens("424242 run_now")
    scene.sees_modal(ANA, "The platform has no campaign with this id")
    scene.kill_bot()
    scene.start_bot()
    assert list(scene.submits(ANA)) == ["campaign"]


@pytest.mark.parametrize("code", [401, 402, 403, 440, 500])
def test_a_platform_that_says_something_else_than_no_hinders_nobody(scene, code):
    scene.switch(code_unknown_id=code)
    scene.opens("424242 run_now")
    scene.sees_modal(ANA, "Campaign 424242 could not be read.", "hoever ", "Details")
    assert scene.submits(ANA) == {}


def test_a_campaign_that_is_gone_by_then_is_never_launched_however_lax_the_policy(scene):
    scene.policy("[always]\ngoes_on_unread = true\n")
    campaign = scene.adds_campaign()
    card = scene.asks(f"{campaign} run_now")
    gone = scene.run(lambda: scene.platform.campaigns.pop(campaign))
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, f"Campaign {campaign} could not be read.")
    scene.sees_card(card, "Needs 1 approval")
    assert scene.sent == []

    scene.run(lambda: scene.platform.campaigns.update({campaign: gone}))
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert launch_of(card)


def test_no_policy_is_so_long_that_the_form_keeps_loading(scene):
    days = ", ".join(
        f"{{ first = 2031-{month:02}-{day:02}, last = 2031-{month:02}-{day:02} }}"
        for month in range(1, 9)
        for day in range(1, 29, 2)
    )
    scene.policy(f"[always]\nfreezes = [{days}]\n")
    form = texts(scene.opens("82 run_now"))
    assert "Nothing starts on these days: Jan 1, 2031, Jan 3, 2031," in form
    assert "and 100 more (" in form
    assert scene.submits(ANA) == {}


def test_no_form_that_slack_refuses_to_show_keeps_loading(scene):
    scene.run(lambda: scene.workspace.faults.fail("views.update", "invalid_arguments"))
    scene.do(scene.cast.types(ANA, "82 run_now"))
    shown = scene.sees_modal(ANA, "could not be shown here")
    assert "loading" not in texts(shown)
    assert scene.submits(ANA) == {}


def test_nobody_is_told_for_ever_to_type_again_what_slack_does_not_take(scene):
    scene.run(lambda: scene.workspace.faults.fail("views.open", "invalid_arguments"))
    scene.do(scene.cast.types(ANA, "82 run_now limit=5"))
    form = scene.sees_modal(ANA, "Slack did not take the form", "Choose a campaign")
    limit = next(block["element"] for block in form["blocks"] if block["block_id"] == "limit")
    assert "initial_value" not in limit
