"""What can go wrong is one press away in plain words, and every single switch stands behind a fold, under its topic."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from slack_sdk.errors import SlackApiError

from tests.waiting import until

WAYS = {
    "answer-lost": {"activation": "lose_answer", "deactivation": "lose_answer", "reads": "normal"},
    "down": {"activation": "error_500", "deactivation": "error_500", "reads": "fail"},
    "slow": {"activation": "slow", "deactivation": "slow", "reads": "slow"},
    "refused": {"activation": "refuse", "deactivation": "refuse", "reads": "normal"},
    "works": {"activation": "normal", "deactivation": "normal", "reads": "normal"},
}


@pytest.fixture
def platform(visitor):
    visitor.find("tab-platform").click()
    until(lambda: visitor.all("platform-works"))
    return visitor.world.platform


def is_at(platform, wanted):
    return {name: getattr(platform.switches, name) for name in wanted} == wanted


def test_four_plain_ways_to_misbehave_come_first_and_each_replaces_the_one_before(visitor, platform):
    offered = visitor.find("platform-ways").find_elements(By.CSS_SELECTOR, "input")
    assert [each.get_attribute("value") for each in offered] == ["works", "answer-lost", "down", "slow", "refused"]
    for way, wanted in WAYS.items():
        visitor.find(f"platform-{way}").click()
        until(lambda wanted=wanted: is_at(platform, wanted))
        until(lambda way=way: visitor.find(f"platform-{way}").is_selected())


def test_every_switch_stands_behind_the_fold_under_a_topic_of_its_own(visitor, platform):
    fold = visitor.find("every-switch")
    assert fold.get_attribute("open") is None
    assert not visitor.find("switch-activation").is_displayed()
    fold.find_element(By.CSS_SELECTOR, "summary").click()
    until(lambda: visitor.find("switch-activation").is_displayed())

    shown = [each.text for each in fold.find_elements(By.CSS_SELECTOR, "h4") if each.is_displayed()]

    assert "Others" not in shown
    assert len(shown) == 9
    assert len(fold.find_elements(By.CSS_SELECTOR, ".switch")) == len(vars(platform.switches))


def test_a_switch_set_by_hand_is_none_of_the_plain_ways_and_works_puts_it_right(visitor, platform):
    visitor.find("every-switch").find_element(By.CSS_SELECTOR, "summary").click()
    Select(visitor.find("switch-activation")).select_by_visible_text("garbage")
    until(lambda: platform.switches.activation == "garbage")
    until(lambda: not any(visitor.find(f"platform-{way}").is_selected() for way in WAYS))
    visitor.find("platform-works").click()

    until(lambda: platform.switches.activation == "normal")
    until(lambda: visitor.find("switch-activation").get_attribute("value") == '"normal"')


def test_what_can_go_wrong_at_slack_is_offered_in_the_same_order_and_the_rest_is_folded(visitor):
    visitor.find("tab-slack").click()
    buttons = visitor.browser.find_elements(By.CSS_SELECTOR, "[data-testid^=fault-]")
    shown = [each.get_attribute("data-testid") for each in buttons if each.is_displayed()]
    assert shown == ["fault-drop-post", "fault-down", "fault-slow-views", "fault-rate-limit", "fault-clear"]
    visitor.find("more-faults").find_element(By.CSS_SELECTOR, "summary").click()
    until(lambda: visitor.find("fault-no-groups").is_displayed())


def test_slack_stays_down_until_everything_is_put_right(visitor):
    client = visitor.world.app.app.client
    visitor.find("tab-slack").click()
    visitor.find("fault-down").click()
    visitor.sees("inspector", "Done: take slack down.")
    for _ in range(3):
        with pytest.raises(SlackApiError):
            client.auth_test()
    visitor.find("fault-clear").click()
    visitor.sees("inspector", "Slack works as it should again.")

    assert client.auth_test()["ok"]
