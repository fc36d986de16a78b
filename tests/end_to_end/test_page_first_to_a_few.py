"""First to a few, before the sandbox's page in a real browser, with the real bot."""

import pytest
from selenium.common.exceptions import TimeoutException

from sandbox.altcraft.objects import Segment
from tests.end_to_end.scene import open_house
from tests.end_to_end.test_who_got_it import DATABASE, KEPT, post, sends

FEW = 8_600
"""A segment of 300 people."""

POLICY = """
[test]
segment = 21
at_most = 25
no_schedule = "never_starts"
[canary]
no_schedule = "never_starts"
[brakes]
hard_bounces = "2%"
after = 200
"""


@pytest.fixture(scope="module")
def house():
    with open_house(settings=KEPT) as house:
        yield house


@pytest.fixture
def begun(house, visitor):
    """A policy for all of it, a small segment, and a platform whose runs are short."""

    def begin(policy=POLICY, **switches):
        few = Segment(FEW, "A few", 300, {"email": 300}, (1,))
        house.run(lambda: house.platform.segments.update({FEW: few}))
        house.policy(policy)
        house.switch(run_seconds=0.2, start_delay_seconds=0.05, run_fate="finish", hooks="healthy", **switches)
        return house.adds_campaign(message_id=78)

    return begin


def approves(visitor, campaign):
    visitor.is_person("U0BEN")
    newest(visitor, f"campaign {campaign}", "Waiting for approval")
    visitor.presses("launch:approve")
    visitor.says_yes()


def newest(visitor, *said):
    """Waits until one of the newest cards says all of it."""
    cards = '[data-testid="messages"] [data-testid^="message-"]'
    found = []

    def shown():
        found[:] = [card.text for card in visitor.all(cards)[-3:]]
        return any(all(one in card for one in said) for card in found)

    try:
        visitor.until(shown)
    except TimeoutException:
        raise AssertionError(f"none of the newest cards says {said}: {found}") from None


def test_the_rest_goes_once_its_canary_has_run_and_somebody_releases_it(house, visitor, begun):
    campaign = begun()
    house.asks(f"{campaign} run_now canary=segment:{FEW} wait=2s")
    visitor.is_person("U0BEN")
    newest(visitor, f"First to segment {FEW} alone", "What is approved here covers both")
    approves(visitor, campaign)
    newest(visitor, "the rest waits to be released", "300 sent")
    visitor.presses("canary:release")
    visitor.says_yes()
    newest(visitor, f"campaign {campaign}", "Run finished", "released the rest")
    assert [run["source"] for run in house.runs if run["source"] in {f"segment:{FEW}", f"segment:{campaign}"}] == [
        f"segment:{FEW}",
        f"segment:{campaign}",
    ]
    assert visitor.errors() == []


def test_a_brake_holds_the_rest_back_and_it_ends_there(house, visitor, begun):
    campaign = begun()
    house.switch(hooks="bounces")
    house.asks(f"{campaign} run_now canary=segment:{FEW} wait=6s")
    approves(visitor, campaign)
    newest(visitor, "A brake is on: the rest is held", "bounced for good 6%, 18 of 300 sent")
    visitor.presses("canary:stop")
    visitor.says_yes()
    newest(visitor, "Ended after its canary; the rest was not sent")
    assert [run for run in house.runs if run["source"] == f"segment:{campaign}"] == []


def test_a_run_that_bounces_is_stopped_by_the_bot(house, visitor, begun):
    campaign = begun(f"{POLICY}stop = true\n")
    house.switch(hooks="bounces")
    house.asks(f"{campaign} run_now")
    approves(visitor, campaign)
    newest(visitor, f"campaign {campaign}", "The policy's brakes asked to stop")
    visitor.opens_thread()
    visitor.sees("thread", "A brake of the policy is on (bounced for good ")
    visitor.sees("thread", "The platform took the stop")


def test_a_message_that_was_tested_is_tested_no_more_once_it_is_edited(house, visitor, begun):
    campaign = begun()
    card = house.asks(f"{campaign} run_now")
    visitor.is_person("U0ANA")
    newest(visitor, f"campaign {campaign}", "Send a test…")
    visitor.presses("launch:test")
    visitor.says_yes()
    house.sees_card(card, "to 12 reviewers; nothing has changed since.")
    newest(visitor, "to 12 reviewers; nothing has changed since.")
    house.run(lambda: house.platform.edit_template(78, "email", {"subject": "Another one"}, by="olga"))
    visitor.is_person("U0BEN")
    house.presses("U0BEN", card, "launch:approve")
    newest(visitor, "but before the last change", "“Another one”")


def test_a_stopped_run_is_corrected_for_those_who_received_it(house, visitor, begun):
    segment = FEW + 1
    empty = Segment(segment, "Received", 0, {}, (DATABASE,), is_dynamic=False)
    house.run(lambda: house.platform.put(empty))
    campaign = begun(f'[received]\nsegments = [{segment}]\ndatabase = {DATABASE}\nsettle = "0s"\n')
    house.switch(run_fate="hang", hooks="off")
    card = house.launches(f"{campaign} run_now")
    house.sees_card(card, "Running")
    visitor.is_person("U0DAN")
    visitor.presses("launch:stop")
    visitor.says_yes()
    newest(visitor, f"campaign {campaign}", "Stopped")
    post(house, sends(campaign, *range(30)))
    newest(visitor, "Who got it…")

    visitor.presses("launch:who_got_it")
    visitor.says_yes()
    newest(visitor, f"Sent to: 30 people, now in segment {segment}", "Ask for a correction…")
    visitor.is_person("U0ANA")
    visitor.presses("launch:correct")
    visitor.sees("modal", "This is a correction")
    visitor.hook("action-campaign").send_keys("last call")
    visitor.clicks_on('[role=option][data-value="83"]')
    visitor.sees("modal", f"Sends now to segment {segment}")
    visitor.clicks("modal-submit")
    newest(visitor, "Correction of:", "Waiting for approval")
    newest(visitor, "Corrected by: campaign 83")
