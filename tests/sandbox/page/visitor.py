"""Somebody before the page, in a real browser."""

from contextlib import suppress

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.sandbox.page.world import card
from tests.waiting import until


class Visitor:
    """A person before the page, who finds things by their test hooks."""

    def __init__(self, browser, world):
        self.browser = browser
        self.world = world

    def find(self, hook):
        return until(lambda: self.all(hook))[0]

    def all(self, hook):
        return self.browser.find_elements(By.CSS_SELECTOR, f'[data-testid="{hook}"]')

    def gone(self, hook):
        until(lambda: not self.all(hook))

    def be(self, person):
        self.find(f"person-{person}").click()
        until(lambda: self.find(f"person-{person}").get_attribute("aria-pressed") == "true")

    def command(self, words):
        self.find("composer").send_keys(words, Keys.ENTER)

    def open_modal(self):
        self.command("/campaign-activate 82 run_now")
        return self.find("modal")

    def sees(self, hook, words):
        """Wait for words in something that may be drawn anew meanwhile."""

        def seen():
            with suppress(StaleElementReferenceException):
                return words in self.find(hook).text

        until(seen)

    def sets(self, field, value):
        """Put a value into a field as a picker would."""
        script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'));"
        self.browser.execute_script(script, field, value)

    def fill_required(self, reason="First wave"):
        self.find("action-reason").send_keys(reason)

    def card(self):
        """Put a card with a button into the channel, as the app would, and return its element."""
        world = self.world
        post = {"channel": "C0LAUNCH", "text": "A launch", "blocks": card("A launch", has_button=True)}
        ts = world.app.app.client.chat_postMessage(**post)["ts"]
        return ts, self.find(f"message-{ts}")
