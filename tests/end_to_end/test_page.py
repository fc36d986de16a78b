"""A person before the sandbox's page, in a real browser, with the real bot: from the command to the thread."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser import window
from tests.end_to_end.scene import open_house

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house():
    with open_house() as house:
        yield house


def test_a_launch_from_the_command_to_the_thread(house, visitor):
    visitor.is_person("U0ANA")
    visitor.types('/campaign-activate 82 run_now source=segment:5 reason="First wave"')
    visitor.sees("modal", "about 47,100 sendable profiles")
    visitor.clicks("modal-submit")
    visitor.sees("messages", "Waiting for approval")

    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("ephemeral", "somebody else has to approve it")

    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("messages", "Run finished")
    visitor.opens_thread()
    visitor.sees("thread", "The platform accepted the launch")
    visitor.sees("thread", "The run ended")

    assert len(house.sent) == 1
    assert visitor.errors() == []


HAS_FOCUS = "return document.activeElement.matches(arguments[0])"
FARTHEST = 120
"""Presses of Tab that no way through the page takes."""


def walks_to(visitor, selector, *, backwards=False):
    """Presses Tab until that has the focus."""
    keys = [Keys.SHIFT, Keys.TAB, Keys.NULL] if backwards else [Keys.TAB]
    for _ in range(FARTHEST):
        if visitor.browser.execute_script(HAS_FOCUS, selector):
            return
        ActionChains(visitor.browser).send_keys(*keys).perform()
    pytest.fail(f"{selector} is not reached by keyboard")


def test_a_launch_from_the_form_to_its_outcome_by_keyboard_alone(house, visitor):
    def press(*keys):
        ActionChains(visitor.browser).send_keys(*keys).perform()

    walks_to(visitor, '[data-testid="person-U0ANA"]')
    press(Keys.ENTER)
    walks_to(visitor, '[data-testid="composer"]')
    press("/campaign-activate", Keys.ENTER)
    visitor.sees("modal", "Choose a campaign")
    walks_to(visitor, '[data-testid="action-campaign"]')
    press("last call")
    visitor.until(lambda: len(visitor.all("[role=option]")) == 1)
    press(Keys.ARROW_DOWN, Keys.ENTER)
    visitor.sees("modal", "Choose “Send now” or “Activate only”")
    walks_to(visitor, '[data-testid="field-run_now"] input')
    press(Keys.SPACE)
    visitor.sees("modal", "Sends now to the campaign's own audience: segment 5")
    walks_to(visitor, '[data-testid="action-reason"]')
    press("By keyboard")
    walks_to(visitor, '[data-testid="modal-submit"]')
    press(Keys.ENTER)
    visitor.sees_no("modal")
    visitor.sees("messages", "“By keyboard”")

    walks_to(visitor, '[data-testid="person-U0BEN"]')
    press(Keys.ENTER)
    visitor.until(lambda: visitor.hook("person-U0BEN").get_attribute("aria-pressed") == "true")
    walks_to(visitor, '[data-testid="composer"]')
    walks_to(visitor, '[data-testid="messages"] [data-testid="action-launch:approve"]', backwards=True)
    press(Keys.ENTER)
    visitor.until(lambda: visitor.browser.execute_script(HAS_FOCUS, '[data-testid="confirm-yes"]'))
    press(Keys.ENTER)
    visitor.until(lambda: "Run finished" in visitor.all('[data-testid^="message-"]')[-1].text)


@pytest.mark.parametrize("width", [760, 1400])
def test_the_answer_to_a_command_is_seen_beside_a_thread_and_cut_nowhere(house, visitor, width):
    card = house.launches("82 run_now source=segment:5")
    house.sees_card(card, "Run finished")
    with window(visitor.browser, width, 900):
        visitor.arrives()
        visitor.is_person("U0CLEO")
        if width == 1400:
            # Where there is less room, a thread covers its channel.
            visitor.opens_thread()
        visitor.types("/campaign-history")
        visitor.until(lambda: "Ben" in visitor.all('td[data-heading="Decided by"]')[0].text)
        visitor.until(lambda: visitor.browser.execute_script(CUT) == [])
        visitor.types("/campaign-whoami")
        visitor.until(lambda: "you are in the user group" in visitor.all('[data-testid="ephemeral"]')[-1].text)
        visitor.until(lambda: visitor.browser.execute_script(CUT) == [])
        assert visitor.all('.mention[title="Cleo"]')[-1].text == "@marketing-leads"


CUT = """
const frame = document.querySelector(".channel .scroller").getBoundingClientRect();
const answer = [...document.querySelectorAll('[data-testid="ephemeral"]')].at(-1);
const { top } = answer.getBoundingClientRect();
const cut = [...answer.querySelectorAll("td, .mention, button")].filter((each) => {
  const { left, right } = each.getBoundingClientRect();
  return left < frame.left || right > frame.right;
});
const isAway = top < frame.top - 1 || top > frame.bottom;
return [...cut.map((each) => each.textContent), ...(isAway ? ["its first line"] : [])];
"""
"""What of the newest answer does not lie in what is seen of the channel."""


LIST_AND_FIELD = """
const field = document.querySelector('[data-testid="action-campaign"]').getBoundingClientRect();
const list = document.querySelector(".listbox:not([hidden])").getBoundingClientRect();
const below = Math.abs(list.top - field.bottom) < 8, above = Math.abs(field.top - list.bottom) < 8;
return {
  beside: below || above, aligned: Math.abs(list.left - field.left) < 2 && Math.abs(list.width - field.width) < 2,
  seen: list.left >= 0 && list.right <= window.innerWidth && list.top >= 0 && list.bottom <= window.innerHeight,
};
"""
SCROLL_THE_FORM = """
let box = document.querySelector('[data-testid="action-campaign"]');
while (box.scrollHeight <= box.clientHeight || getComputedStyle(box).overflowY === "visible") box = box.parentElement;
box.scrollTop += 40;
return box.scrollTop;
"""


def test_an_open_list_stays_at_its_field_when_the_window_turns_and_the_form_scrolls(house, visitor):
    def stays():
        placed = visitor.browser.execute_script(LIST_AND_FIELD)
        return all(placed.values())

    visitor.is_person("U0ANA")
    visitor.types("/campaign-activate")
    visitor.sees("modal", "Choose a campaign")
    visitor.hook("action-campaign").send_keys("last call")
    visitor.until(lambda: len(visitor.all("[role=option]")) == 1)
    for width, height in ((760, 900), (390, 760), (760, 390)):
        with window(visitor.browser, width, height):
            visitor.until(stays)
            assert visitor.browser.execute_script(SCROLL_THE_FORM) > 0
            visitor.until(stays)


def test_the_form_filled_in_by_hand(house, visitor):
    visitor.is_person("U0ANA")
    visitor.types("/campaign-activate")
    visitor.sees("modal", "Choose a campaign")
    visitor.hook("action-campaign").send_keys("last call")
    visitor.clicks_on('[role=option][data-value="83"]')
    visitor.sees("modal", "Black Friday: last call")
    visitor.clicks_on('[data-testid="field-run_now"] input[value="now"]')
    visitor.sees("modal", "Sends now to the campaign's own audience: segment 5")
    visitor.hook("action-limit").send_keys("500")
    visitor.sees("modal", "at most 500 messages")
    visitor.clicks("modal-submit")
    visitor.sees("messages", "at most 500 messages")


def test_a_doubt_is_settled_by_a_person(house, visitor):
    house.switch(activation="reset", only_next=True)
    card = house.asks("82 run_now")
    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("messages", "In doubt: it may have been launched, or not")
    visitor.is_person("U0DAN")
    visitor.presses("launch:vouch_not_run")
    visitor.says_yes()
    house.sees_reply(card, "<@U0DAN> says that it did not run")
    visitor.sees("messages", "Not launched")


def test_the_page_knows_every_emoji_that_the_bot_says():
    # A time of day has colons, too.
    codes = re.compile(r":([a-z_0-9]*[a-z_][a-z_0-9]*):")
    said = {code for file in (ROOT / "bot/slack").rglob("*.py") for code in codes.findall(file.read_text())}
    known = re.findall(r"\b([a-z_0-9]+): ", (ROOT / "sandbox/page/static/emoji.js").read_text())
    assert said - set(known) == set()


def test_a_set_up_that_wants_typing_and_an_edit_that_drops_nothing_of_it(house, visitor):
    visitor.clicks("tab-rails")
    visitor.chooses("setup", "5-canary")
    visitor.sees("setup-text", 'typed = ["campaign"]')
    visitor.is_person("U0ANA")
    visitor.types("/campaign-activate 82 run_now source=segment:5 limit=1000")
    visitor.sees("modal", "2 teammates have to approve before anything is sent (1 from the role lead)")
    visitor.clicks("modal-submit")
    visitor.sees("messages", "Whoever approves types the campaign's id.")

    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.fills("action-campaign", "83")
    visitor.clicks("modal-submit")
    visitor.sees("field-campaign", "This is not the campaign's id")
    visitor.fills("action-campaign", "82")
    visitor.clicks("modal-submit")
    visitor.sees("modal", "Done")
    visitor.clicks("modal-close")
    visitor.sees("messages", "1 of 2 approvals; needs 1 more")

    visitor.is_person("U0ANA")
    visitor.presses("launch:edit")
    visitor.sees("modal", "approvals given so far are void")
    visitor.fills("action-limit", "400")
    visitor.sees("modal", "at most 400 messages")
    visitor.clicks("modal-submit")
    visitor.sees("messages", "sendable profiles, at most 400 messages")
    visitor.opens_thread()
    visitor.sees("thread", "edited the request, so no approval given before counts any more")
    visitor.sees("thread", "the limit: “1,000” → “400”")

    # What was asked of it before is asked of it still.
    for person in ("U0BEN", "U0CLEO"):
        assert house.sent == []
        visitor.is_person(person)
        visitor.presses("launch:approve")
        visitor.fills("action-campaign", "82")
        visitor.clicks("modal-submit")
        visitor.sees("modal", "Done")
        visitor.clicks("modal-close")
    visitor.sees("thread", "The platform accepted the launch")
    assert len(house.sent) == 1


def test_what_changes_in_the_platform_meanwhile_is_shown_on_the_card_and_approved_afresh(house, visitor):
    house.asks("82 run_now source=segment:5")
    visitor.is_person("U0BEN")
    visitor.sees("messages", "Waiting for approval · campaign 82 “Black Friday: early access”")
    visitor.clicks("tab-platform")
    visitor.chooses("edit-campaign", "campaign 82")
    visitor.fills("edit-name", "Cyber Monday")
    visitor.clicks("edit-campaign-do")
    visitor.sees("campaign-82", "Cyber Monday")
    visitor.chooses("edit-audience", "segment:5")
    visitor.fills("edit-size", "60000")
    visitor.clicks("edit-audience-do")
    visitor.until(lambda: house.platform.segments[5].count == 60_000)

    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("ephemeral", "Your click did not count.")
    for change in ("“Black Friday: early access” → “Cyber Monday” (last edited by olga)", "“47,100” → “58,619”"):
        visitor.sees("ephemeral", change)
        visitor.sees("messages", change)
    visitor.sees("messages", "Waiting for approval · campaign 82 “Cyber Monday”")
    assert house.sent == []

    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("messages", "Run finished · campaign 82 “Cyber Monday”")
    assert len(house.sent) == 1


def test_what_waits_is_never_approved_on_home_which_leads_to_its_card_and_the_history_is_shared(house, visitor):
    campaign = house.adds_campaign(name="Home sweet home")
    house.asks(f"{campaign} run_now")
    visitor.is_person("U0BEN")
    visitor.clicks("channel-D0BEN")
    visitor.clicks("dm-home")
    visitor.sees("home", f"campaign {campaign} “Home sweet home”")
    visitor.until(lambda: visitor.all('[data-testid="home"] [data-testid="action-home:card"]'))
    assert visitor.all('[data-testid="home"] [data-testid="action-launch:approve"]') == []

    visitor.clicks("channel-C0LAUNCH")
    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.until(lambda: len(house.sent) == 1)
    visitor.types(f"/campaign-history {campaign}")
    visitor.sees("ephemeral", f"Launches of campaign {campaign}")
    visitor.clicks("action-look:share", within="ephemeral")
    visitor.sees("ephemeral", "Shared.")
    visitor.sees("messages", "Shared by @Ben")

    visitor.clicks("shortcut-campaign-launch")
    visitor.sees("modal", "Where the card goes")
    visitor.until(lambda: visitor.hook("action-channel").get_attribute("value") == "launches")


def test_a_run_is_stopped_from_its_card_after_one_question(house, visitor):
    campaign = house.adds_campaign(name="Hangs about")
    house.switch(run_fate="hang")
    house.launches(f"{campaign} run_now")
    visitor.is_person("U0DAN")
    visitor.sees("messages", f"Running · campaign {campaign} “Hangs about”")
    visitor.presses("launch:stop")
    visitor.sees("confirm", "Stop this campaign?")
    visitor.sees("confirm", "Messages that were sent already cannot be taken back.")
    visitor.clicks("confirm-no")
    visitor.sees_no("confirm")
    assert house.stops_of(campaign) == []
    visitor.presses("launch:stop")
    visitor.says_yes()
    visitor.sees("messages", f"Stopped · campaign {campaign} “Hangs about”")
    visitor.opens_thread()
    visitor.sees("thread", "The platform took the stop")
    assert len(house.stops_of(campaign)) == 1


def test_a_campaign_that_was_not_launched_here_is_stopped_by_the_command(house, visitor):
    campaign = house.adds_campaign(name="From elsewhere", is_active=True)
    house.switch(run_fate="hang")
    house.run(lambda: house.platform.start_elsewhere(campaign))
    visitor.is_person("U0DAN")
    visitor.types(f"/campaign-stop {campaign}")
    visitor.sees("modal", "I know of no launch of it that is running")
    visitor.clicks("modal-submit")
    visitor.sees("modal", "The stop is on its way")
    visitor.clicks("modal-close")
    visitor.sees("messages", f"Stopped · campaign {campaign} “From elsewhere”")
    assert len(house.stops_of(campaign)) == 1
