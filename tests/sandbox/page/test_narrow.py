"""The page on a phone, beside another window, and on a wide screen: everything is in reach, and nothing is cut."""

import pytest
from selenium.webdriver.common.by import By

from tests.browser import window
from tests.waiting import until

SIZES = {"phone": (390, 780), "half": (760, 800), "wide": (1400, 900)}
TABS = ("guide", "rails", "platform", "slack", "bot")

OUT_OF_REACH = """
const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]");
const parts = "html, .topbar, .rail, .channel, .thread, .inspector, .tabs, .composer, .modal";
const cut = [...document.querySelectorAll(parts)]
  .filter((part) => seen(part) && part.scrollWidth > part.clientWidth)
  .map((part) => `${part.tagName}.${part.className}: ${part.scrollWidth} > ${part.clientWidth}`);
const gone = [...document.querySelectorAll("button, input, textarea, select, summary")]
  .filter((control) => seen(control) && !control.matches(".toggle, .file-chooser"))
  .filter((control) => {
    const box = control.getBoundingClientRect();
    return box.width && (box.left < 0 || box.right > innerWidth);
  })
  .map((control) => control.dataset.testid ?? control.outerHTML);
return [...cut, ...gone];
"""


@pytest.fixture(params=SIZES)
def width(request, browser):
    width, height = SIZES[request.param]
    with window(browser, width, height):
        yield width


@pytest.fixture
def sized(width, visitor):
    """The visitor, who arrived in a window of that many pixels."""
    visitor.width = width
    return visitor


def out_of_reach(visitor):
    return visitor.browser.execute_script(OUT_OF_REACH)


def is_shown(visitor, hook):
    return any(each.is_displayed() for each in visitor.all(hook))


def opens_side_panel(visitor):
    if not is_shown(visitor, "inspector"):
        visitor.find("toggle-inspector").click()
    until(lambda: is_shown(visitor, "inspector"))


def test_the_channel_its_card_and_the_thread_have_their_room(sized):
    ts, shown = sized.card()
    long = "A step with a_word_that_is_longer_than_any_telephone_is_wide_and_goes_on_and_on_and_on"
    sized.world.app.app.client.chat_postMessage(channel="C0LAUNCH", text=long, thread_ts=ts)
    replies = sized.find(f"replies-{ts}")
    assert out_of_reach(sized) == []
    assert shown.find_element(By.CSS_SELECTOR, "[data-testid=action-approve]").is_displayed()
    replies.click()

    until(lambda: is_shown(sized, "thread"))
    assert out_of_reach(sized) == []


def test_the_form_has_its_room_and_is_sent(sized):
    sized.open_modal()
    assert out_of_reach(sized) == []
    sized.fill_required()
    sized.find("modal-submit").click()
    sized.gone("modal")


def test_every_panel_has_its_room(sized):
    opens_side_panel(sized)
    for name in TABS:
        sized.find(f"tab-{name}").click()
        for fold in sized.browser.find_elements(By.CSS_SELECTOR, "[role=tabpanel]:not([hidden]) details"):
            sized.browser.execute_script("arguments[0].open = true", fold)
        assert out_of_reach(sized) == [], name


def test_a_narrow_window_begins_with_the_channel_and_shows_one_thing_at_a_time(sized):
    is_narrow = sized.width < 860
    assert is_shown(sized, "inspector") is not is_narrow
    opens_side_panel(sized)
    assert is_shown(sized, "composer") is not is_narrow
    sized.find("tab-guide").click()
    sized.find("guide-ben").click()

    until(lambda: is_shown(sized, "composer"))
    assert sized.find("person-U0BEN").get_attribute("aria-pressed") == "true"
    assert sized.browser.switch_to.active_element == sized.find("composer" if is_narrow else "guide-ben")
    assert is_shown(sized, "inspector") is not is_narrow
