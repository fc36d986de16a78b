"""The Home tab and the shortcut: what waits for a person, and the ways into the form that need no command."""

import pytest

from sandbox.cast import ANA, BEN, DAN, LAUNCHES, OTTO, NotSeen, chosen, conversation, launch_of, texts


@pytest.fixture
def asked(scene):
    """A launch of a campaign of its own that waits for approval, with what its title is."""
    campaign = scene.adds_campaign()
    card = scene.asks(f"{campaign} run_now")
    return card, f"campaign {campaign}"


def offered(home):
    return [one for block in home["blocks"] for one in block.get("elements", ()) if "action_id" in one]


def opened_with_a_link(scene, title, launch):
    """The Home tab, and where it leads for that launch. A Slack that is slow to tell the address leaves links out."""
    for _ in range(10):
        home = scene.do(scene.cast.opens_home(BEN, title))
        addresses = [one["url"] for one in offered(home) if one.get("value") == launch]
        if addresses:
            return home, addresses[0]
    raise AssertionError(home)


def part(home, title, end):
    """The texts of the Home tab between two headings."""
    return texts(home).split(f"\n{title}\n", 1)[1].split(f"\n{end}\n", 1)[0]


def test_what_waits_on_home_leads_to_its_card_where_it_is_approved_and_home_follows(scene, asked):
    card, title = asked
    home, address = opened_with_a_link(scene, title, launch_of(card))
    assert title in part(home, "Waits for you", "Your requests")
    assert "launch:approve" not in [one["action_id"] for one in offered(home)]
    assert card["ts"].replace(".", "") in address
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1

    def moved_on():
        home = scene.workspace.snapshot(BEN)["home"]
        return title not in part(home, "Waits for you", "Your requests") and title in texts(home)

    scene.until(moved_on, "the launch is no longer among those that wait")


def test_no_doubt_stands_behind_what_waits_for_approval(scene, asked):
    _, waiting = asked
    campaign = scene.adds_campaign()
    scene.switch(activation="reset", only_next=True)
    doubtful = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, doubtful, "launch:approve")
    scene.sees_card(doubtful, "In doubt")
    listed = part(scene.do(scene.cast.opens_home(BEN, "In doubt", waiting)), "Waits for you", "Your requests")
    assert -1 < listed.find(f"campaign {campaign}") < listed.find(waiting)
    asker = scene.do(scene.cast.opens_home(ANA, f"campaign {campaign}"))
    assert f"campaign {campaign}" in part(asker, "Waits for you", "Your requests")
    with pytest.raises(NotSeen):
        scene.do(scene.cast.presses_home(ANA, "launch:vouch_not_run", launch_of(doubtful)))
    scene.do(scene.cast.presses_home(BEN, "launch:vouch_not_run", launch_of(doubtful)))
    scene.sees_card(doubtful, "Not launched")


def test_the_requester_sees_it_among_their_own_and_cancels_it_there(scene, asked):
    card, title = asked
    home = scene.do(scene.cast.opens_home(ANA, title))
    assert title not in part(home, "Waits for you", "Your requests")
    assert title in part(home, "Your requests", "Scheduled or running")
    scene.do(scene.cast.presses_home(ANA, "launch:cancel", launch_of(card)))
    scene.sees_card(card, "Cancelled")
    scene.do(scene.cast.sees_home(ANA, f"Cancelled* · <https://sandbox.slack.com/archives/{LAUNCHES}/p"))


def test_an_admin_sees_what_waits_for_others_and_cancels_it_there(scene, asked):
    card, title = asked
    home = scene.do(scene.cast.opens_home(DAN, title))
    assert title in part(home, "Waits for others", "Scheduled or running")
    assert "Waits for others" not in texts(scene.do(scene.cast.opens_home(BEN, title)))
    scene.do(scene.cast.presses_home(DAN, "launch:cancel", launch_of(card)))
    scene.sees_card(card, "Cancelled")


def test_what_runs_and_what_is_over_stand_in_lists_of_their_own(scene):
    scene.switch(run_seconds=60)
    running, over = scene.adds_campaign(), scene.adds_campaign()
    scene.launches(f"{running} run_now")
    cancelled = scene.asks(f"{over} run_now")
    scene.presses(ANA, cancelled, "launch:cancel")
    scene.sees_card(cancelled, "Cancelled")
    home = scene.do(scene.cast.opens_home(DAN, f"campaign {running}", f"campaign {over}"))
    assert f"campaign {running}" in part(home, "Scheduled or running", "Last launches")
    assert f"campaign {over}" in texts(home).split("\nLast launches\n")[1]


def test_a_refusal_on_home_is_told_in_a_window(scene, asked):
    card, title = asked
    scene.do(scene.cast.opens_home(BEN, title))
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    scene.do(scene.cast.presses_home(BEN, "launch:reject", launch_of(card)))
    scene.sees_modal(BEN, "cancelled it")


def test_a_refusal_that_comes_too_late_for_a_window_is_told_in_a_direct_message(scene, asked):
    card, title = asked
    scene.do(scene.cast.opens_home(BEN, title))
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    scene.run(lambda: scene.workspace.faults.fail("views.open", "expired_trigger_id", 1))
    scene.do(scene.cast.presses_home(BEN, "launch:reject", launch_of(card)))
    direct = scene.workspace.state.channels["D0BEN"].messages
    scene.until(lambda: any("cancelled it" in one.text for one in direct.values()), "Ben is written to")


def test_home_shows_nothing_of_the_team_to_an_outsider(scene):
    scene.asks("82 run_now")
    home = scene.do(scene.cast.opens_home(OTTO, "You cannot look at campaigns and launches"))
    assert "Waits for you" not in texts(home)
    assert "Black Friday" not in texts(home)


def test_the_tab_of_messages_publishes_nothing(scene):
    scene.run(lambda: scene.workspace.views._homes.pop(DAN, None))
    scene.do(scene.workspace.open_home(DAN, "messages"))
    scene.do(scene.cast.opens_home(BEN, "Refresh"))
    assert scene.workspace.snapshot(DAN)["home"] is None


def test_the_shortcut_opens_the_form_and_asks_for_the_channel(scene):
    scene.do(scene.workspace.shortcut(ANA, "C0RANDOM", "campaign-launch"))
    view = scene.sees_modal(ANA, "Channel", "Choose a campaign")
    (channel,) = [block["element"] for block in view["blocks"] if block["block_id"] == "channel"]
    assert channel["initial_conversation"] == "C0RANDOM"
    fields = {"campaign": chosen("82"), "run_now": chosen("now", "radio_buttons")}
    errors = scene.submits(ANA, **fields)
    assert "I am not in that channel" in errors["channel"]
    assert scene.submits(ANA, **fields, channel=conversation(LAUNCHES)) == {}


def test_the_shortcut_is_refused_to_whoever_may_not_ask(scene):
    scene.do(scene.workspace.shortcut(OTTO, LAUNCHES, "campaign-launch"))
    scene.sees_modal(OTTO, "You cannot ask for a launch")


def test_the_form_opens_from_home_and_asks_for_the_channel(scene):
    scene.do(scene.cast.opens_home(ANA, "Launch a campaign"))
    scene.do(scene.cast.presses_home(ANA, "campaign:launch"))
    scene.sees_modal(ANA, "Channel", "Choose a campaign")
