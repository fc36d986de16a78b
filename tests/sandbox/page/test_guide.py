"""The guide says what comes next, and knows after a reload what was done."""

import pytest

from tests.sandbox.page.world import PageWorld
from tests.waiting import until

TITLES = ["Ask for a launch", "Look, then send", "Approve as somebody else"]


@pytest.fixture
def world():
    """A sandbox where nothing has happened yet."""
    world = PageWorld()
    yield world
    world.close()


def is_done(visitor, step):
    return "done" in visitor.find(f"step-{step}").get_attribute("class").split()


def asks_and_closes(visitor):
    visitor.open_modal()
    visitor.sees("guide-where", f"1 of 6 done. Next: {TITLES[1]}.")
    visitor.find("modal-close").click()
    visitor.gone("modal")


def test_what_comes_next_stands_in_the_guide_and_in_the_top_bar(visitor):
    visitor.sees("guide-where", f"0 of 6 done. Next: {TITLES[0]}.")
    visitor.sees("show-guide", f"Next: {TITLES[0]}")
    asks_and_closes(visitor)
    visitor.sees("show-guide", f"Next: {TITLES[1]}")
    visitor.card()
    visitor.sees("show-guide", f"Next: {TITLES[2]}")


def test_what_was_done_is_still_done_after_a_reload(visitor):
    asks_and_closes(visitor)
    visitor.browser.refresh()

    visitor.sees("guide-where", f"1 of 6 done. Next: {TITLES[1]}.")
    assert is_done(visitor, "ask")


def test_another_sandbox_on_the_same_port_begins_at_the_beginning(visitor):
    asks_and_closes(visitor)
    known = visitor.browser.execute_script("return localStorage.getItem('campaign-bot-sandbox-guide')")
    sandbox = visitor.browser.execute_script("return JSON.parse(arguments[0]).sandbox", known)
    of_another = known.replace(sandbox, "another")
    visitor.browser.execute_script("localStorage.setItem('campaign-bot-sandbox-guide', arguments[0])", of_another)
    visitor.browser.refresh()

    visitor.sees("guide-where", f"0 of 6 done. Next: {TITLES[0]}.")
    assert not is_done(visitor, "ask")


def test_the_bot_is_started_again_only_after_it_was_killed_and_then_nothing_is_left_of_the_guide(visitor):
    platform = visitor.world.platform
    visitor.find("person-U0ANA")
    visitor.card()
    visitor.world.run(lambda: platform.start_elsewhere(82))
    until(lambda: is_done(visitor, "approve"))
    assert not is_done(visitor, "start")
    visitor.find("tab-bot").click()
    visitor.find("bot-kill").click()
    visitor.find("bot-start").click()
    visitor.find("tab-guide").click()

    until(lambda: is_done(visitor, "start"))


def test_whoever_hides_the_guide_hears_no_more_of_it_until_it_is_asked_for(visitor):
    visitor.find("guide-dismiss").click()
    assert visitor.find("show-guide").text == "Guide"
    assert visitor.browser.switch_to.active_element == visitor.find("tab-rails")
    visitor.browser.refresh()
    until(lambda: not visitor.find("tab-guide").is_displayed())
    visitor.find("show-guide").click()

    visitor.sees("show-guide", f"Next: {TITLES[0]}")
    assert visitor.find("guide").is_displayed()
