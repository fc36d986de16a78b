"""What people read about brakes: the figures and the rule, and that nothing is known where nothing is."""

import re
from dataclasses import replace

import pytest

from bot.launch.events import Entry
from bot.launch.state import Launch
from bot.launch.story import Line
from bot.results.brakes import PERCENT, Brakes
from bot.results.counts import Counts
from bot.slack.views.brakes import limits
from bot.slack.views.card import card
from bot.slack.views.results import in_short
from bot.slack.views.thread import reply
from bot.texts import speaking
from tests.builders import NOON, launch
from tests.results.test_rates import counted
from tests.slack.stops import BRAKE, BRAKE_AFTER, OVER, RUNNING, STANDINGS

BRAKES = Brakes(hard_bounces=2 * PERCENT, complaints=PERCENT // 10)


def line(counts: Counts, brakes: Brakes | None = BRAKES, of: Launch | None = None) -> str:
    """What the card says of brakes; "" for nothing."""
    shown = card(of or launch(*RUNNING), counts=counts, brakes=brakes)
    text = "\n".join(block["text"]["text"] for block in shown.blocks if block.get("type") == "section")
    return next((one for one in text.split("\n") if one.startswith("*Brakes:*")), "")


def told(event: tuple) -> str:
    actor, happened = event
    return reply(launch(*RUNNING, event), Line(Entry("L1", 7, NOON, actor, happened), "0" * 64)).text


def test_a_brake_that_is_on_is_told_with_its_figures_and_left_to_people_where_the_policy_does():
    assert line(counted(sent=1000, delivered=920, hard_bounce=60)) == (
        "*Brakes:* :rotating_light: on: bounced for good 6%, 60 of 1,000 sent, with at most 2% allowed. Stop it if "
        "that is not meant: the policy leaves it to people."
    )
    assert "leaves it to people" not in line(counted(sent=1000, hard_bounce=60), replace(BRAKES, stop=True))


def test_brakes_that_are_off_are_told_with_their_figures():
    assert line(counted(sent=1000, delivered=990, hard_bounce=15)) == (
        "*Brakes:* none is on (bounced for good 1.5%, 15 of 1,000 sent, with at most 2% allowed; complained 0%, 0 of "
        "990 delivered, with at most 0.1% allowed)."
    )


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (Counts(), "not judged yet: 0 sent so far, as far as was told, and 200 are needed."),
        (counted(sent=199, hard_bounce=199), "not judged yet: 199 sent so far"),
        (replace(counted(sent=1000, hard_bounce=21), ambiguous=5), "not judged: 5 events may be of an earlier run"),
        (counted(sent=300, hard_bounce=301), "not judged yet: a part of the events is still on its way."),
        (replace(counted(sent=1000, hard_bounce=60), overtaken=NOON), "not judged any more"),
    ],
)
def test_where_too_little_is_known_the_card_says_so_and_not_that_all_is_well(counts, says):
    assert line(counts).startswith(f"*Brakes:* {says}")


def test_no_brakes_are_spoken_of_where_there_are_none_or_where_they_cannot_act():
    bad = counted(sent=1000, hard_bounce=60)

    assert line(bad, None) == ""
    for name in ("braked", "stop asked", "stopped", "scheduled by the campaign"):
        assert line(bad, of=STANDINGS[name]) == ""
    assert line(bad, of=launch(*OVER)).startswith("*Brakes:* :rotating_light: on")


def test_the_thread_tells_which_brake_has_the_run_stopped_and_calls_whom_it_concerns():
    assert told(BRAKE) == (
        "Campaign 82 “Black Friday”: :octagonal_sign: A brake of the policy is on (bounced for good 6%, 60 of 1,000 "
        "sent, with at most 2% allowed; complained 0.217%, 2 of 920 delivered, with at most 0.1% allowed), and the "
        "policy has me stop the campaign for it. What is queued and not sent yet is to be dropped. The "
        "platform's answer follows below.\nWho should know: <@U0ANA> <@U0BEN> <!subteam^S0LEADS>"
    )
    assert "By its log the run is over" in told(BRAKE_AFTER)


def test_the_card_of_a_stopped_run_says_by_which_figures_and_what_became_of_it():
    text = str(card(STANDINGS["brake refused"]).blocks)

    assert "The policy's brakes asked to stop the campaign" in text
    assert "bounced for good 6%, 60 of 1,000 sent" in text
    assert "The platform refused the stop. The campaign may go on sending." in text


@pytest.mark.parametrize(("language", "share"), [("en", "6%"), ("ru", "6\xa0%")])
def test_a_share_is_written_in_one_way_beside_results_and_brakes(language, share):
    bad = replace(counted(sent=1000, delivered=920, hard_bounce=60), newest=NOON)
    with speaking(language):
        text = str(card(launch(*RUNNING), counts=bad, brakes=BRAKES).blocks)
    assert len(re.findall(re.escape(repr(share)[1:-1]), text)) == 2
    assert not re.search(r"6[.,]0", text)


def test_bounces_have_one_name_and_what_else_was_not_delivered_another():
    bad = counted(sent=1000, delivered=920, hard_bounce=60)
    assert "bounced for good" in in_short(launch(*RUNNING), bad)
    limits_told = limits(Brakes(hard_bounces=20_000, complaints=1_000, undelivered=50_000))
    names = [one.partition(" at most")[0] for one in limits_told]
    assert names == [
        "bounced for good",
        "complained",
        "not delivered otherwise",
    ]
