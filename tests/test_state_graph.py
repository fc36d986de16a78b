"""The states of a launch stand in the docs as the code moves through them."""

import pytest

from bot.launch import decide, stop
from bot.launch.state import State
from bot.launch.upkeep import UPKEEP
from tests.state_graph import DRAWN, NAMES, PAGE, graphs, steps


@pytest.fixture(scope="module")
def taken():
    return steps()


def test_the_docs_draw_no_other_life_than_the_code_leads():
    assert tuple(DRAWN.findall(PAGE.read_text())) == graphs()


def test_no_event_and_no_state_is_forgotten_by_the_graphs(taken):
    assert {step.kind for step in taken} == set(NAMES.values()) - {NAMES[kind] for kind in UPKEEP}
    assert {step.after.state for step in taken} == set(State)
    assert {step.after.stop.step for step in taken if step.after.stop} == set(stop.StopStep)


def test_everything_that_may_follow_on_a_state_was_seen_to_follow(taken):
    followed = {(type(step.event), step.before.state) for step in taken if step.before}
    may = {(event, state) for event, states in decide._MAY_FOLLOW.items() for state in states}
    assert may <= followed


def test_everything_that_may_follow_on_a_step_of_a_stop_was_seen_to_follow(taken):
    followed = {(type(step.event), step.before.stop.step) for step in taken if step.before and step.before.stop}
    may = {(news, step) for news, steps_before in stop._MAY_FOLLOW.items() for step in steps_before}
    assert may <= followed
