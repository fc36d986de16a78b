"""The modal: opens at once, learns the rest later, and never makes anybody wait for the platform."""

import time

import pytest

from sandbox.cast import ANA, BEN, chosen, texts, typed


def options(scene, field, value):
    modal = scene.do(scene.cast.sees_modal(ANA, "Campaign"))
    container = {"type": "view", "view_id": modal["view_id"]}
    return scene.do(scene.workspace.options(ANA, container, field, field, value))


def test_it_brings_what_the_platform_knows_of_the_campaign(scene):
    scene.do(scene.cast.types(ANA, "82 run_now source=segment:5"))
    modal = scene.do(scene.cast.sees_modal(ANA, "Black Friday", without="loading"))
    shown = texts(modal["view"])
    for known in ("broadcast", "E-mail", "Inactive", "Last edited by", "segment 5", "about 47,100 sendable profiles"):
        assert known in shown


def test_it_opens_filled_from_the_command_while_the_platform_is_slow(scene):
    scene.switch(reads="slow", slow_seconds=30)
    scene.do(scene.cast.types(ANA, '4107 run_now source=segment:9 limit=7 content.a=b reason="why"'))
    modal = scene.do(scene.cast.sees_modal(ANA, "loading from the platform"))
    fields = {block["block_id"]: block["element"] for block in modal["view"]["blocks"] if block["type"] == "input"}
    assert fields["campaign"]["initial_option"]["value"] == "4107"
    assert fields["run_now"]["initial_option"]["value"] == "now"
    assert fields["source"]["initial_option"]["value"] == "segment:9"
    assert fields["limit"]["initial_value"] == "7"
    assert fields["content"]["initial_value"] == "a=b"
    assert fields["reason"]["initial_value"] == "why"


def test_it_works_by_id_while_the_platform_does_not_answer_reads_where_the_policy_lets_it(scene):
    scene.policy("[always]\ngoes_on_unread = true\n")
    scene.switch(reads="fail")
    scene.do(scene.cast.types(ANA, "82 run_now source=segment:5"))
    scene.do(scene.cast.sees_modal(ANA, ":warning:"))
    assert scene.do(scene.cast.submits(ANA)) == {}
    card = scene.until(lambda: scene.cast.cards()[-1:], "the card appears")[0]
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert "size unknown" in texts(card)


def test_the_sentence_follows_the_fields(scene):
    scene.do(scene.cast.types(ANA, "82"))
    scene.do(scene.cast.sees_modal(ANA, "sends nothing by itself"))
    scene.do(scene.cast.changes(ANA, "run_now", chosen("now", "radio_buttons")))
    scene.do(scene.cast.sees_modal(ANA, "Sends now to the campaign's own audience: database 1", "198,350"))
    now = {"run_now": chosen("now", "radio_buttons")}
    scene.do(scene.cast.changes(ANA, "source", chosen("segment:5"), **now))
    scene.do(scene.cast.sees_modal(ANA, "Sends now to segment 5", "about 47,100"))
    scene.do(scene.cast.changes(ANA, "limit", typed("12", "number_input"), **now))
    scene.do(scene.cast.sees_modal(ANA, "at most 12 messages"))


def test_choosing_another_campaign_reads_that_one(scene):
    scene.do(scene.cast.types(ANA, "82 run_now"))
    scene.do(scene.cast.sees_modal(ANA, "Black Friday", without="loading"))
    scene.do(scene.cast.changes(ANA, "campaign", chosen("4107")))
    modal = scene.do(scene.cast.sees_modal(ANA, "Last edited by", without="Black Friday"))
    assert "loading" not in texts(modal["view"])


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("content", typed("{nonsense}"), "“Content” is no JSON"),
        ("content", typed("[1]"), "JSON object"),
        ("content", typed("promo=SPRING\nnonsense"), "Line 2 is “nonsense”"),
        ("source", chosen("segment:5"), "Choose “Send now”"),
    ],
)
def test_errors_stand_at_their_field(scene, field, value, says):
    scene.do(scene.cast.types(ANA, "82"))
    scene.do(scene.cast.sees_modal(ANA, "What will happen"))
    errors = scene.do(scene.cast.submits(ANA, **{field: value}))
    assert list(errors) == [field]
    assert says in errors[field]


def test_nothing_is_chosen_for_whoever_did_not_say_when(scene):
    scene.do(scene.cast.types(ANA, ""))
    scene.sees_modal(ANA, "Choose a campaign")
    scene.do(scene.cast.changes(ANA, "campaign", chosen("82"), source=chosen("segment:5")))
    form = scene.sees_modal(ANA, "*What will happen:* Choose “Send now” or “Activate only”.", without="loading")
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert "initial_option" not in fields["run_now"]
    assert list(scene.submits(ANA)) == ["run_now"]
    now = chosen("now", "radio_buttons")
    scene.do(scene.cast.changes(ANA, "run_now", now, campaign=chosen("82"), source=chosen("segment:5")))
    scene.sees_modal(ANA, "Sends now to segment 5")


def test_the_campaigns_own_audience_is_taken_as_such_where_it_sends_on_its_schedule(scene):
    scene.opens("82")
    scene.sees_form(ANA, "sends nothing by itself", "Black Friday")
    scene.do(scene.cast.changes(ANA, "source", chosen("list:1")))
    scene.sees_form(ANA, "sends nothing by itself", "Black Friday")
    card = scene.do(scene.cast.asks_in_form(ANA, source=chosen("list:1")))
    scene.sees_card(card, "sends nothing by itself", "Black Friday")


def test_a_campaign_is_found_by_name_and_by_id(scene):
    scene.do(scene.cast.types(ANA, ""))
    assert "82" in [one["value"] for one in options(scene, "campaign", "black fri")]
    assert options(scene, "campaign", "82")[0]["value"] == "82"


def test_an_id_can_be_picked_though_the_platform_knows_it_not_or_does_not_answer(scene):
    scene.do(scene.cast.types(ANA, ""))
    assert options(scene, "campaign", "987654")[0]["value"] == "987654"


def test_an_audience_is_found_among_segments_and_databases(scene):
    scene.do(scene.cast.types(ANA, "82 run_now"))
    found = [one["value"] for one in options(scene, "source", "5")]
    assert "segment:5" in found
    assert "own" not in found
    assert options(scene, "source", "list:1")[0]["value"] == "list:1"
    assert options(scene, "source", "")[0]["value"] == "own"


def test_options_come_well_within_three_seconds_with_5000_campaigns(scene):
    scene.run(lambda: scene.platform.add_many(5000))
    scene.kill_bot()
    scene.start_bot()
    scene.do(scene.cast.types(ANA, ""))
    found = options(scene, "campaign", "mailing 4999")
    deadline = time.monotonic() + 10
    while len(found) != 1 and time.monotonic() < deadline:
        found = options(scene, "campaign", "mailing 4999")
    assert len(found) == 1


def test_a_trigger_that_slack_no_longer_takes_is_told_and_nothing_is_lost(scene):
    scene.run(lambda: scene.workspace.faults.fail("views.open", "expired_trigger_id"))
    scene.do(scene.cast.types(ANA, "82 run_now"))
    told = scene.is_told(ANA, "did not let me open the form")
    assert "/campaign-activate 82 run_now" in told["text"]
