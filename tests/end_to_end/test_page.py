"""A person before the sandbox's page, in a real browser, with the real bot: from the command to the thread."""

import itertools
import re
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from bot.sandbox.server import InThread
from bot.sandbox.stage import staged
from tests.browser import open_browser
from tests.end_to_end.scene import UNHURRIED, Scene

VISITS = itertools.count()
BOT = Path(__file__).parents[2] / "bot"


class Visitor:
    """Somebody who reads and clicks; everything is found by its test hook and waited for."""

    def __init__(self, browser, url):
        self.browser = browser
        self._url = url

    def arrives(self):
        self.browser.get(f"{self._url}/?visit={next(VISITS)}")
        return self

    def until(self, seen, seconds=20):
        return WebDriverWait(self.browser, seconds, poll_frequency=0.05, ignored_exceptions=(Exception,)).until(
            lambda _: seen()
        )

    def find(self, selector):
        return self.until(lambda: next(one for one in self.browser.find_elements(By.CSS_SELECTOR, selector)))

    def hook(self, name):
        return self.find(f'[data-testid="{name}"]')

    def is_person(self, user):
        self.hook(f"person-{user}").click()
        self.until(lambda: self.hook(f"person-{user}").get_attribute("aria-pressed") == "true")

    def types(self, text):
        self.hook("composer").send_keys(text, Keys.ENTER)

    def presses(self, action_id):
        """Presses the newest card's button, and says yes where it asks again."""
        self.until(
            lambda: (
                self.browser.find_elements(
                    By.CSS_SELECTOR, f'[data-testid="messages"] [data-testid="action-{action_id}"]'
                )[-1].click()
                or True
            )
        )

    def says_yes(self):
        self.hook("confirm-yes").click()

    def sees(self, hook, text):
        self.until(lambda: text in self.hook(hook).text)

    def sees_no(self, hook):
        self.until(lambda: not self.browser.find_elements(By.CSS_SELECTOR, f'[data-testid="{hook}"]'))

    def fills(self, hook, text):
        """Puts the text where another one may stand."""
        field = self.hook(hook)
        field.clear()
        field.send_keys(text)

    def chooses(self, hook, value):
        Select(self.hook(hook)).select_by_value(value)

    def opens_thread(self):
        """Opens the newest card's thread."""
        self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, '[data-testid^="replies-"]')[-1].click() or True)


@pytest.fixture(scope="module")
def house():
    thread = InThread(lambda: staged(page_port=0, limits=UNHURRIED))
    try:
        yield Scene(thread)
    finally:
        thread.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with open_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def visitor(house, browser):
    house.sweep()
    return Visitor(browser, house.stage.urls["page"]).arrives()


def test_a_launch_from_the_command_to_the_thread(house, visitor):
    visitor.is_person("U0ANA")
    visitor.types('/campaign-activate 82 run_now source=segment:5 reason="First wave"')
    visitor.sees("modal", "about 47,100 sendable profiles")
    visitor.hook("modal-submit").click()
    visitor.sees("messages", "Waiting for approval")

    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("ephemeral", "somebody else has to approve it")

    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("messages", "Run finished")
    visitor.find('[data-testid^="replies-"]').click()
    visitor.sees("thread", "The platform accepted the launch")
    visitor.sees("thread", "The run ended")

    assert len(house.sent) == 1
    errors = [entry for entry in visitor.browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert errors == []


def test_the_form_filled_in_by_hand(house, visitor):
    visitor.is_person("U0ANA")
    visitor.types("/campaign-activate")
    visitor.sees("modal", "Choose a campaign")
    visitor.hook("action-campaign").send_keys("last call")
    visitor.find('[role=option][data-value="83"]').click()
    visitor.sees("modal", "Black Friday: last call")
    visitor.find('[data-testid="field-run_now"] input[value="now"]').click()
    visitor.sees("modal", "Sends now to the campaign's own audience: segment 5")
    visitor.hook("action-limit").send_keys("500")
    visitor.sees("modal", "at most 500 messages")
    visitor.hook("modal-submit").click()
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
    said = {code for file in (BOT / "slack").rglob("*.py") for code in codes.findall(file.read_text())}
    known = re.findall(r"\b([a-z_0-9]+): ", (BOT / "sandbox/page/emoji.js").read_text())
    assert said - set(known) == set()


def test_a_set_up_that_wants_typing_and_an_edit_that_makes_the_launch_small(house, visitor):
    visitor.hook("tab-rails").click()
    visitor.chooses("setup", "5-canary")
    visitor.sees("setup-text", 'typed = ["campaign"]')
    visitor.is_person("U0ANA")
    visitor.types("/campaign-activate 82 run_now source=segment:5 limit=1000")
    visitor.sees("modal", "2 teammates have to approve before anything is sent (1 from the role lead)")
    visitor.hook("modal-submit").click()
    visitor.sees("messages", "Whoever approves types the campaign's id.")

    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.fills("action-campaign", "83")
    visitor.hook("modal-submit").click()
    visitor.sees("field-campaign", "This is not the campaign's id")
    visitor.fills("action-campaign", "82")
    visitor.hook("modal-submit").click()
    visitor.sees("modal", "Done")
    visitor.hook("modal-close").click()
    visitor.sees("messages", "1 of 2 approvals; a lead is still needed.")

    visitor.is_person("U0ANA")
    visitor.presses("launch:edit")
    visitor.sees("modal", "approvals given so far are void")
    visitor.fills("action-limit", "400")
    visitor.sees("modal", "at most 400 messages")
    visitor.hook("modal-submit").click()
    visitor.sees("messages", "sendable profiles, at most 400 messages")
    visitor.opens_thread()
    visitor.sees("thread", "edited the request, so no approval given before counts any more")
    visitor.sees("thread", "the limit: “1,000” → “400”")

    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.sees("thread", "The platform accepted the launch")
    assert len(house.sent) == 1


def test_what_changes_in_the_platform_meanwhile_is_shown_on_the_card_and_approved_afresh(house, visitor):
    house.asks("82 run_now source=segment:5")
    visitor.is_person("U0BEN")
    visitor.sees("messages", "Waiting for approval · campaign 82 “Black Friday: early access”")
    visitor.hook("tab-platform").click()
    visitor.chooses("edit-campaign", "campaign 82")
    visitor.fills("edit-name", "Cyber Monday")
    visitor.hook("edit-campaign-do").click()
    visitor.sees("campaign-82", "Cyber Monday")
    visitor.chooses("edit-audience", "segment:5")
    visitor.fills("edit-size", "60000")
    visitor.hook("edit-audience-do").click()
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


def test_what_waits_is_approved_on_home_and_the_history_is_shared(house, visitor):
    campaign = house.adds_campaign(name="Home sweet home")
    house.asks(f"{campaign} run_now")
    visitor.is_person("U0BEN")
    visitor.hook("channel-D0BEN").click()
    visitor.hook("dm-home").click()
    visitor.sees("home", f"campaign {campaign} “Home sweet home”")
    visitor.find('[data-testid="home"] [data-testid="action-launch:approve"]').click()
    visitor.says_yes()
    visitor.until(lambda: len(house.sent) == 1)

    visitor.hook("channel-C0LAUNCH").click()
    visitor.types(f"/campaign-history {campaign}")
    visitor.sees("ephemeral", f"Launches of campaign {campaign}")
    visitor.find('[data-testid="ephemeral"] [data-testid="action-look:share"]').click()
    visitor.sees("ephemeral", "Shared.")
    visitor.sees("messages", "Shared by @Ben")

    visitor.hook("shortcut-campaign-launch").click()
    visitor.sees("modal", "Where the card goes")
    visitor.until(lambda: visitor.hook("action-channel").get_attribute("value") == "launches")
