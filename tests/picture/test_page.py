"""What the page answers to a browser, with no browser there."""

from collections import deque

import pytest

from bot.picture.failures import Failed, Failure
from bot.picture.images import Images
from bot.picture.limits import MOST_REQUESTS
from bot.picture.page import Page

RESULT = {"targetId": "T", "sessionId": "S", "frameTree": {"frame": {"id": "F"}}}


class Asking:
    """A browser that asks for so many images before it has taken the mail."""

    def __init__(self, images):
        self.images = images
        self.said = deque()
        self.answered = 0

    def send(self, message):
        method = message["method"]
        if method.startswith("Fetch.") and method != "Fetch.enable":
            self.answered += 1
            return
        if method == "Page.setDocumentContent":
            asked = {"requestId": "R", "resourceType": "Image", "request": {"url": "https://a.example/a.png"}}
            self.said.extend({"method": "Fetch.requestPaused", "params": asked} for _ in range(self.images))
        self.said.append({"id": message["id"], "result": RESULT})

    def receive(self, patience=None):
        return self.said.popleft() if self.said else None


def test_as_many_requests_as_there_may_be_are_answered():
    browser = Asking(MOST_REQUESTS)
    Page(browser, Images(())).load("<p>tea")
    assert browser.answered == MOST_REQUESTS


def test_one_request_more_than_there_may_be_ends_the_picture():
    browser = Asking(MOST_REQUESTS + 1)
    with pytest.raises(Failed) as ended:
        Page(browser, Images(())).load("<p>tea")
    assert ended.value.failure is Failure.TOO_MANY_REQUESTS
    assert browser.answered == MOST_REQUESTS
