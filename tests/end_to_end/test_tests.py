"""A test goes to the policy's reviewers and to nobody else, from a copy that does not stay switched on."""

from pathlib import Path

import pytest

from sandbox.altcraft.objects import Source
from sandbox.cast import ANA, BEN, OTTO, attached, chosen, texts, typed

SETUPS = Path(__file__).parents[2] / "sandbox/setups"
POLICY = """
[test]
segment = 21
at_most = 25
a_day = 1000
no_schedule = "never_starts"
"""
DEMANDED = POLICY + "[always]\ntested = true\n"


@pytest.fixture
def scene(formatted):
    """The scene of a format with the templates as they were, and a policy that names reviewers."""
    scene = formatted
    scene.sweep()
    templates = dict(scene.platform.templates)
    scene.policy(POLICY)
    yield scene
    scene.run(lambda: scene.platform.templates.update(templates))


def types_test(scene, text, who=ANA):
    before = {card["ts"] for card in scene.run(scene.cast.cards)}
    scene.do(scene.cast.types(who, text))
    return scene.until(
        lambda: next((card for card in scene.cast.cards() if card["ts"] not in before), None), "a card of the test"
    )


def is_over(scene, card):
    scene.sees_reply(card, "switched off")
    return scene.sees_card(card, "Test · ", "is switched off", "Run finished")


def clones(scene):
    return [one for one in scene.run(lambda: scene.platform.snapshot()["requests"]) if one["method"].endswith("clone")]


def copies(scene, campaign):
    begin = f"[test by campaign-bot] {campaign} "
    return scene.run(lambda: [one for one in scene.platform.campaigns.values() if one.name.startswith(begin)])


def test_a_test_goes_to_the_policys_segment_with_its_limit_and_leaves_nothing_switched_on(scene):
    campaign = scene.adds_campaign(message_id=78)

    card = types_test(scene, f"test {campaign} content.promo=SPRING")
    is_over(scene, card)

    (copy,) = copies(scene, campaign)
    (run,) = scene.runs
    assert (run["campaign_id"], run["source"], run["limit"]) == (copy.id, "segment:21", 25)
    assert not copy.is_active
    assert not scene.run(lambda: scene.platform.campaigns[campaign].is_active)
    assert len(scene.sent) == 1


def test_a_campaign_is_tested_then_edited_and_then_tested_no_more(scene):
    scene.policy(DEMANDED)
    campaign = scene.adds_campaign(message_id=78)
    launch = scene.asks(f"{campaign} run_now")
    scene.sees_card(launch, "*Tested:* not yet", "Send a test…")
    scene.presses(BEN, launch, "launch:approve")
    scene.is_told(BEN, "wants exactly this message tested with reviewers first")
    assert scene.sent == []

    test = types_test(scene, f"test {campaign}")
    is_over(scene, test)
    scene.sees_card(launch, "*Tested:*", "by <@U0ANA>, to 12 reviewers; nothing has changed since.")

    scene.run(lambda: scene.platform.edit_template(78, "email", {"subject": "Another one"}, by="olga"))
    scene.presses(BEN, launch, "launch:approve")
    scene.sees_reply(launch, "Another one")
    launch = scene.sees_card(launch, "*Tested:*", "but before the last change.")
    scene.run(scene.workspace.state.ephemerals.clear)
    scene.presses(BEN, launch, "launch:approve")
    scene.is_told(BEN, "wants exactly this message tested with reviewers first")
    assert len(scene.sent) == 1


def test_a_launch_is_approved_once_its_message_was_tested_from_its_card(scene):
    scene.policy(DEMANDED)
    campaign = scene.adds_campaign(message_id=78)
    launch = scene.asks(f"{campaign} run_now")

    scene.presses(ANA, launch, "launch:test")
    scene.sees_card(launch, "nothing has changed since.")
    scene.presses(BEN, launch, "launch:approve")
    scene.sees_reply(launch, "accepted the launch")

    assert sorted(run["source"] for run in scene.runs) == sorted(["segment:21", f"segment:{campaign}"])


@pytest.mark.parametrize("wider", ["source=segment:5", "limit=1000000000", "source=segment:5 limit=25"])
def test_no_test_is_asked_for_beyond_the_policys_segment_and_limit(scene, wider):
    campaign, before, asked = scene.adds_campaign(message_id=78), scene.refusals(), len(clones(scene))

    scene.do(scene.cast.types(ANA, f"test {campaign} {wider}"))

    scene.is_told(ANA, "The policy does not allow this launch.")
    assert scene.refusals() == before + 1
    assert (len(clones(scene)), scene.sent) == (asked, [])


def test_no_test_goes_to_a_segment_that_has_grown(scene):
    campaign, before, asked = scene.adds_campaign(message_id=78), scene.refusals(), len(clones(scene))
    scene.run(lambda: scene.platform.resize("segment", 21, 26))

    scene.do(scene.cast.types(ANA, f"test {campaign}"))

    scene.is_told(ANA, "Segment 21 has 26 people")
    assert scene.refusals() == before + 1
    assert (len(clones(scene)), scene.sent) == (asked, [])


def test_a_policy_that_lets_tests_go_to_a_thousand_million_people_lets_nothing_through(scene):
    scene.policy(POLICY.replace("at_most = 25", "at_most = 1000000000"))

    scene.do(scene.cast.types(ANA, f"test {scene.adds_campaign()}"))

    scene.is_told(ANA, "the policy cannot be read")
    assert scene.sent == []


def test_nobody_asks_for_more_tests_a_day_than_the_policy_allows(scene):
    scene.policy(POLICY.replace("1000", "1"))
    campaign = scene.adds_campaign(message_id=78)
    is_over(scene, types_test(scene, f"test {campaign}", BEN))

    scene.do(scene.cast.types(BEN, f"test {campaign}"))

    scene.is_told(BEN, "You have asked for 1 test within 24 hours")
    assert len(copies(scene, campaign)) == 1


def test_nobody_tests_where_the_policy_names_no_segment(scene):
    scene.policy("")

    scene.do(scene.cast.types(ANA, f"test {scene.adds_campaign()}"))

    scene.is_told(ANA, "The policy names no segment for tests.")


def test_who_may_not_ask_for_launches_may_not_test(scene):
    before = scene.refusals()

    scene.do(scene.cast.types(OTTO, f"test {scene.adds_campaign()}"))

    scene.is_told(OTTO, "You cannot")
    assert scene.refusals() == before + 1


def test_a_campaign_that_is_made_for_it_is_tested_itself_and_not_stopped(scene):
    scene.policy(POLICY + 'on = "original"\n')
    campaign = scene.adds_campaign(message_id=78, is_active=True)

    card = types_test(scene, f"test {campaign}")

    scene.sees_card(card, "Test · ", "Run finished")
    assert [(run["campaign_id"], run["source"], run["limit"]) for run in scene.runs] == [(campaign, "segment:21", 25)]
    assert (copies(scene, campaign), scene.stops_of(campaign)) == ([], [])


def test_no_campaign_is_left_switched_on_by_a_test_that_could_start_some_day(scene):
    scene.policy(POLICY + 'on = "original"\n')
    campaign = scene.adds_campaign(message_id=78, start_schedule={"start_years": (2035,), "start_mins": (5,)})

    card = types_test(scene, f"test {campaign}")

    scene.sees_card(card, "Held back", "could start later, to everybody")
    assert scene.sent == []


def test_no_campaign_is_tested_that_may_start_by_itself(scene):
    campaign = scene.adds_campaign(message_id=78, start_schedule={"start_mins": tuple(range(60))})

    card = types_test(scene, f"test {campaign}")

    scene.sees_card(card, "Held back", "could start within the next hour, to everybody")
    assert (copies(scene, campaign), scene.sent) == ([], [])


def test_nothing_is_tested_whose_schedule_names_no_times_unless_the_policy_knows_better(scene):
    scene.policy(POLICY.replace("never_starts", "refuse"))

    card = types_test(scene, f"test {scene.adds_campaign(message_id=78)}")

    scene.sees_card(card, "Held back", "names no times")
    assert scene.sent == []


def test_a_copy_whose_answer_is_lost_is_told_and_found_and_nothing_is_sent(scene):
    campaign = scene.adds_campaign(message_id=78)
    scene.switch(cloning="lose_answer", only_next=True)

    card = types_test(scene, f"test {campaign}")

    told = scene.sees_reply(card, "Whether the platform copied the campaign is not known")
    assert "<@U0ANA>" in texts(told)
    scene.sees_reply(card, "The copy was made after all")
    scene.sees_card(card, "Not sent; there may be a copy", "is switched off")
    assert (len(copies(scene, campaign)), scene.sent) == (1, [])


def test_a_copy_that_came_switched_on_is_switched_off_where_its_test_is_not_sent(scene):
    campaign = scene.adds_campaign(message_id=78, is_active=True)
    scene.switch(cloning="lose_answer", clone_is_active=True, only_next=True)

    card = types_test(scene, f"test {campaign}")

    scene.sees_reply(card, ":white_check_mark: The copy, campaign ")
    scene.sees_card(card, "is switched off")
    (copy,) = copies(scene, campaign)
    assert not copy.is_active
    assert scene.run(lambda: scene.platform.campaigns[campaign].is_active)


def test_a_copy_that_stays_on_calls_people_at_once(scene):
    campaign = scene.adds_campaign(message_id=78)
    # Its run does not end, so that nothing else switches it off.
    scene.switch(deactivation="refuse", run_fate="hang")

    card = types_test(scene, f"test {campaign}")

    told = texts(scene.sees_reply(card, "The platform refused the stop"))
    (copy,) = copies(scene, campaign)
    assert f"campaign {copy.id}" in told
    assert "<@U0ANA>" in told
    scene.sees_card(card, "Its copy may be switched on", f"Switch campaign {copy.id} off in the platform now")


def test_a_test_whose_answer_is_lost_is_in_doubt_and_its_copy_is_off(scene):
    campaign = scene.adds_campaign(message_id=78)
    scene.switch(activation="lose_answer", only_next=True)

    card = types_test(scene, f"test {campaign}")

    scene.sees_reply(card, "Whether the launch happened is not known")
    is_over(scene, card)
    assert (len(scene.sent), len(copies(scene, campaign))) == (1, 1)
    assert not copies(scene, campaign)[0].is_active


def test_a_test_does_not_stand_in_the_way_of_its_launch(scene):
    scene.policy(POLICY + '[always]\non_collision = "refuse"\n')
    campaign = scene.adds_campaign(message_id=78, source=Source("segment", 21))
    is_over(scene, types_test(scene, f"test {campaign}"))

    scene.sees_card(scene.asks(f"{campaign} run_now"), "Waiting for approval", "nothing has changed since.")


def presses_in_form(scene, who=ANA, **fields):
    """Presses the form's button while these fields hold that; gives the card of the test."""
    before = {card["ts"] for card in scene.run(scene.cast.cards)}
    top = scene.run(lambda: scene.workspace.snapshot(who)["views"][-1])
    pressed = scene.workspace.press(
        who,
        container={"type": "view", "view_id": top["view_id"]},
        block_id="launch:read_message",
        action_id="launch:test_in_form",
        element={"type": "button", "value": "launch:test_in_form"},
        state={name: {name: value} for name, value in fields.items()},
    )
    assert scene.do(pressed).ok
    return scene.until(
        lambda: next((card for card in scene.cast.cards() if card["ts"] not in before), None), "a card of the test"
    )


def test_a_form_sends_a_test_of_what_it_holds_to_the_policys_segment_and_stays_as_it_is(scene):
    """Where its launch is to go, and how far, is no matter: the test goes where the policy says."""
    campaign = scene.adds_campaign(message_id=78)
    scene.opens(f"{campaign} run_now source=segment:5 limit=900000 content.promo=SPRING")
    scene.sees_modal(ANA, "Send a test…")

    file_id = scene.do(scene.workspace.upload(ANA, "prices.pdf", "application/pdf", b"%PDF-1.7 made up"))
    test = presses_in_form(scene, files=attached(file_id), content=typed('{"promo": "SUMMER"}'))

    form = scene.sees_modal(ANA, "The test is asked for: its card in", "What will happen")
    is_over(scene, test)
    (run,) = scene.runs
    assert (run["source"], run["limit"]) == ("segment:21", 25)
    assert len(scene.sent) == 1
    assert b"SUMMER" in scene.sent[0]
    assert b"prices.pdf" in scene.sent[0]
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert fields["limit"]["initial_value"] == "900000"


def test_what_a_form_has_tested_counts_for_the_launch_that_it_asks_for(scene):
    campaign = scene.adds_campaign(message_id=78)
    scene.opens(f"{campaign} run_now content.promo=SPRING")
    is_over(scene, presses_in_form(scene))

    launch = scene.do(scene.cast.asks_in_form(ANA))

    scene.sees_card(launch, "to 12 reviewers; nothing has changed since.")


def test_a_form_sends_no_test_where_it_may_not_and_says_why(scene):
    campaign, before = scene.adds_campaign(message_id=78), scene.refusals()
    scene.opens(f"{campaign} run_now")
    scene.run(lambda: scene.platform.resize("segment", 21, 26))

    scene.do(scene.cast.presses_in_modal(ANA, "launch:test_in_form"))

    scene.sees_modal(ANA, "Segment 21 has 26 people", "What will happen")
    assert scene.refusals() == before + 1
    assert scene.sent == []


def test_a_form_offers_no_test_where_the_policy_names_no_segment_or_nothing_is_sent(scene):
    campaign = scene.adds_campaign(message_id=78)
    assert "Send a test…" not in texts(scene.opens(f"practice {campaign} run_now"))
    scene.policy("")
    assert "Send a test…" not in texts(scene.opens(f"{campaign} run_now"))


NOW = chosen("now", "radio_buttons")
WITH_AN_APPROVAL = POLICY + "approvals = 1\n"


def test_no_forged_form_makes_a_test_wider(scene):
    """A test's card has no button to edit it; the press, and what is then submitted, are forged."""
    scene.policy(WITH_AN_APPROVAL)
    card, before = types_test(scene, f"test {scene.adds_campaign(message_id=78)}"), scene.refusals()
    scene.sees_card(card, "Waiting for approval")

    wider = {"source": chosen("segment:5"), "limit": typed("1000000", "number_input"), "run_now": NOW}
    scene.edits(card, **wider)

    scene.sees_modal(ANA, "A test is not edited")
    assert scene.refusals() == before + 1
    scene.presses(BEN, card, "launch:approve")
    is_over(scene, card)
    assert [(run["source"], run["limit"]) for run in scene.runs] == [("segment:21", 25)]


@pytest.mark.parametrize(
    ("written", "now"), [("at_most = 25", "at_most = 24"), ("at_most = 25", "at_most = 26"), ("= 21", "= 22")]
)
def test_a_test_goes_nowhere_once_the_policy_says_something_else(scene, written, now):
    scene.policy(WITH_AN_APPROVAL)
    campaign = scene.adds_campaign(message_id=78)
    card = types_test(scene, f"test {campaign}")
    scene.sees_card(card, "Waiting for approval")
    scene.policy(WITH_AN_APPROVAL.replace(written, now))

    scene.presses(BEN, card, "launch:approve")

    scene.is_told(BEN, "The policy does not allow")
    assert (copies(scene, campaign), scene.sent) == ([], [])


def test_no_test_that_waits_goes_to_a_segment_that_has_grown_meanwhile(scene):
    scene.policy(WITH_AN_APPROVAL)
    campaign = scene.adds_campaign(message_id=78)
    card = types_test(scene, f"test {campaign}")
    scene.sees_card(card, "Waiting for approval")
    scene.run(lambda: scene.platform.resize("segment", 21, 100_000))

    scene.presses(BEN, card, "launch:approve")

    scene.is_told(BEN, "the audience's size: “12” → “100,000”")
    card = scene.sees_card(card, "Waiting for approval", "100,000")
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "Segment 21 has 100,000 people")
    assert (copies(scene, campaign), scene.sent) == ([], [])


def test_under_the_banks_set_up_nothing_goes_out_untested_or_on_one_word(scene):
    scene.policy((SETUPS / "7-bank-tested.toml").read_text())
    campaign = scene.adds_campaign()
    launch = scene.asks(f"{campaign} run_now reason=because")
    scene.presses(BEN, launch, "launch:approve")
    scene.is_told(BEN, "wants exactly this message tested with reviewers first")

    test = types_test(scene, f"test {campaign}")
    scene.presses(BEN, scene.sees_card(test, "Waiting for approval"), "launch:approve")
    is_over(scene, test)
    assert [run["source"] for run in scene.runs] == ["segment:21"]

    launch = scene.sees_card(launch, "nothing has changed since.")
    scene.presses(BEN, launch, "launch:approve")
    launch = scene.sees_card(launch, "1 of 2 approvals")
    scene.presses("U0CLEO", launch, "launch:approve")
    scene.sees_reply(launch, "accepted the launch")
    scene.sees_card(launch, "*Brakes:*")
