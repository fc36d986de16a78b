"""Somebody before the sandbox's page, in a real browser."""

import itertools
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

VISITS = itertools.count()

PATIENCE = 20
"""Seconds."""


class Visitor:
    """Somebody who reads and clicks; everything is found by its test hook and waited for.

    The page draws itself anew whenever something happens, so whatever is to be clicked is found again until the click
    has arrived.
    """

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self._url = url

    def arrives(self) -> "Visitor":
        self.browser.get(f"{self._url}/?visit={next(VISITS)}")
        return self

    def until(self, seen: Callable[[], Any]) -> Any:
        return WebDriverWait(self.browser, PATIENCE, poll_frequency=0.05, ignored_exceptions=(Exception,)).until(
            lambda _: seen()
        )

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def find(self, selector: str) -> WebElement:
        return self.until(lambda: self.all(selector)[0])

    def hook(self, name: str) -> WebElement:
        return self.find(_hooked(name))

    def clicks_on(self, selector: str, which: int = 0) -> None:
        """Clicks on the first of what is selected, or on another; -1 is the newest."""
        self.until(lambda: self.all(selector)[which].click() or True)

    def clicks(self, name: str, within: str = "") -> None:
        self.clicks_on(_hooked(name, within))

    def is_person(self, user: str) -> None:
        self.clicks(f"person-{user}")
        self.until(lambda: self.hook(f"person-{user}").get_attribute("aria-pressed") == "true")

    def types(self, text: str) -> None:
        self.hook("composer").send_keys(text, Keys.ENTER)

    def presses(self, action_id: str) -> None:
        """Presses the newest card's button."""
        self.clicks_on(_hooked(f"action-{action_id}", "messages"), -1)

    def says_yes(self) -> None:
        self.clicks("confirm-yes")

    def sees(self, hook: str, text: str) -> None:
        try:
            self.until(lambda: text in self.hook(hook).text)
        except TimeoutException:
            raise AssertionError(f"{text!r} did not appear in {hook!r}, which reads:\n{self.reads(hook)}") from None

    def reads(self, hook: str) -> str:
        """What stands there now."""
        while True:
            try:
                return "\n".join(one.text for one in self.all(_hooked(hook)))
            except StaleElementReferenceException:
                continue

    def sees_no(self, hook: str) -> None:
        self.until(lambda: not self.all(_hooked(hook)))

    def fills(self, hook: str, text: str) -> None:
        """Puts the text where another one may stand."""

        def filled() -> bool:
            field = self.hook(hook)
            field.clear()
            field.send_keys(text)
            return True

        self.until(filled)

    def chooses(self, hook: str, value: str) -> None:
        Select(self.hook(hook)).select_by_value(value)

    def opens_thread(self) -> None:
        """Opens the newest card's thread."""
        self.clicks_on('[data-testid^="replies-"]', -1)

    def errors(self) -> list[dict[str, Any]]:
        """What the page's own code complained of."""
        return [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]


def _hooked(name: str, within: str = "") -> str:
    inside = f'[data-testid="{within}"] ' if within else ""
    return f'{inside}[data-testid="{name}"]'
