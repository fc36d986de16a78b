"""Focus is never lost: whatever the page draws anew or takes away, one goes on by keyboard where one was."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser import window
from tests.sandbox.page.world import modal
from tests.waiting import until

FOCUS = """
const { activeElement: at } = document;
return at === document.body ? null : (at.dataset.testid ?? at.className);
"""
ON_SCREEN = """
const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
"""
FARTHEST = 80
"""Presses of Tab that no way through the page takes."""


def focus(visitor):
    """The hook of what has the focus, or None."""
    return visitor.browser.execute_script(FOCUS)


def press(visitor, *keys):
    ActionChains(visitor.browser).send_keys(*keys).perform()


def walks_to(visitor, hook, key=Keys.TAB):
    """Press Tab until that has the focus, which may be nowhere and out of sight on no step of the way."""
    for _ in range(FARTHEST):
        press(visitor, key)
        assert visitor.browser.execute_script(ON_SCREEN), f"out of sight at {focus(visitor)}"
        if focus(visitor) == hook:
            return
    raise AssertionError(f"{hook} is not reached by keyboard")


def changes_form(visitor, change):
    """Let the app update the open form, as `change` makes it of the first one."""
    app = visitor.world.app
    view = modal("Changed by the app")
    change(view)
    app.app.client.views_update(view_id=app.opened[-1], view=view)
    visitor.sees("modal-body", "Changed by the app")


def block(view, block_id):
    return next(each for each in view["blocks"] if each["block_id"] == block_id)


def test_a_field_that_the_app_draws_under_another_name_keeps_the_focus_and_what_is_typed_goes_there(visitor):
    visitor.open_modal()
    visitor.find("action-limit").send_keys("1")
    changes_form(visitor, lambda view: block(view, "limit").update(block_id="limit-2"))

    assert focus(visitor) == "action-limit"
    press(visitor, "23")
    assert visitor.find("field-limit-2").find_element(By.CSS_SELECTOR, "input").get_attribute("value") == "23"


def test_a_field_that_changes_its_place_keeps_the_caret(visitor):
    visitor.open_modal()
    visitor.find("action-limit").send_keys("13", Keys.ARROW_LEFT)
    changes_form(visitor, lambda view: view["blocks"].insert(1, view["blocks"].pop(3)))
    press(visitor, "2")

    assert visitor.find("action-limit").get_attribute("value") == "123"


def test_where_the_app_takes_a_field_away_the_form_has_the_focus(visitor):
    visitor.open_modal()
    visitor.find("action-limit").send_keys("1")
    changes_form(visitor, lambda view: view["blocks"].remove(block(view, "limit")))

    assert focus(visitor) == "modal"


def test_where_the_app_takes_the_forms_button_away_the_form_has_the_focus(visitor):
    def ends(view):
        del view["submit"]
        view["blocks"] = view["blocks"][:1]

    visitor.open_modal()
    visitor.browser.execute_script("arguments[0].focus()", visitor.find("modal-submit"))
    changes_form(visitor, ends)

    until(lambda: focus(visitor) == "modal")


def test_a_form_that_closes_gives_the_focus_back(visitor):
    visitor.open_modal()
    press(visitor, Keys.ESCAPE)
    visitor.gone("modal")

    assert focus(visitor) == "composer"


def test_a_card_whose_button_is_gone_has_the_focus_itself(visitor):
    ts, shown = visitor.card()
    shown.find_element(By.CSS_SELECTOR, "[data-testid=action-approve]").send_keys(Keys.ENTER)
    visitor.find("confirm-yes").send_keys(Keys.ENTER)
    visitor.sees(f"message-{ts}", "Approved")

    assert focus(visitor) == f"message-{ts}"


def test_the_skip_link_leads_to_the_message_line_and_changes_nobody(visitor):
    visitor.be("U0BEN")
    visitor.browser.execute_script("document.activeElement.blur()")
    skip = visitor.find("skip")
    skip.send_keys(Keys.ENTER)

    assert focus(visitor) == "composer"
    visitor.card()
    assert visitor.find("person-U0BEN").get_attribute("aria-pressed") == "true"


def test_the_skip_link_leads_into_a_form_that_is_open(visitor):
    visitor.open_modal()
    visitor.find("skip").send_keys(Keys.ENTER)

    assert focus(visitor) == "modal"


def test_what_is_sent_with_the_button_leaves_the_line_ready_for_more(visitor):
    visitor.find("composer").send_keys("Good morning")
    visitor.find("composer-send").click()
    visitor.sees("messages", "Good morning")

    until(lambda: focus(visitor) == "composer")


def test_a_thread_that_is_closed_gives_the_focus_back_to_its_card(visitor):
    ts, _ = visitor.card()
    visitor.world.app.app.client.chat_postMessage(channel="C0LAUNCH", text="A step", thread_ts=ts)
    visitor.find(f"replies-{ts}").click()
    visitor.sees("thread", "A step")
    visitor.find("thread-close").send_keys(Keys.ENTER)

    assert focus(visitor) == f"replies-{ts}"


def test_the_bots_two_buttons_hand_the_focus_to_each_other(visitor):
    visitor.find("tab-bot").click()
    visitor.find("bot-kill").send_keys(Keys.ENTER)
    until(lambda: focus(visitor) == "bot-start")
    press(visitor, Keys.ENTER)
    until(lambda: focus(visitor) == "bot-kill")


def test_whoever_clicks_beside_everything_is_not_brought_back(visitor):
    ts, _ = visitor.card()
    visitor.find("composer").send_keys("Half a sen")
    visitor.browser.find_element(By.CSS_SELECTOR, ".topbar-note").click()
    visitor.find(f"message-{ts}")
    visitor.card()

    assert focus(visitor) is None


def test_a_tab_of_the_direct_messages_keeps_the_focus_whatever_happens(visitor):
    visitor.find("channel-D0ANA").click()
    visitor.find("dm-home").click()
    until(lambda: visitor.find("dm-home").get_attribute("aria-pressed") == "true")
    client = visitor.world.app.app.client
    before = visitor.find("dm-home")
    channel = client.conversations_open(users="U0ANA")["channel"]["id"]
    client.chat_postMessage(channel=channel, text="A word to you")
    client.chat_postMessage(channel="C0LAUNCH", text="News")
    until(lambda: visitor.find("channel-C0LAUNCH").find_elements(By.CSS_SELECTOR, ".dot"))

    assert focus(visitor) == "dm-home"
    assert visitor.find("dm-home") == before


@pytest.fixture(params=[390, 760, 1400])
def narrow_or_wide(request, browser):
    with window(browser, request.param, 800):
        yield


def test_a_launch_is_asked_for_and_approved_by_keyboard_alone(narrow_or_wide, visitor):
    known = len(visitor.all("action-approve"))
    walks_to(visitor, "skip")
    press(visitor, Keys.ENTER, "/campaign-activate 82 run_now", Keys.ENTER)
    until(lambda: focus(visitor) == "action-campaign")
    walks_to(visitor, "action-reason")
    press(visitor, "First wave")
    visitor.sees("modal-body", "10 characters")
    walks_to(visitor, "modal-submit")
    press(visitor, Keys.ENTER)
    visitor.gone("modal")
    until(lambda: len(visitor.all("action-approve")) > known)
    assert focus(visitor) == "composer"

    walks_to(visitor, "action-approve", Keys.SHIFT + Keys.TAB + Keys.NULL)
    press(visitor, Keys.ENTER)
    until(lambda: focus(visitor) == "confirm-yes")
    press(visitor, Keys.ENTER)
    until(lambda: visitor.world.app.pressed)
    # Where the thread is open, the nearest card is the one in it.
    until(lambda: "message-" in (focus(visitor) or ""))
