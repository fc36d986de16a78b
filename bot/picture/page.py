"""One mail in the browser: what is loaded of it, how its requests are answered, and how it is photographed."""

import base64

from bot.picture.document import document
from bot.picture.failures import Failed, Failure
from bot.picture.limits import MOST_HEIGHT, MOST_PNG, MOST_REQUESTS, MOST_WIDTH
from bot.picture.picture import Picture
from bot.picture.pipe import Message, Pipe, Session

_TRANSPARENT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="  # one pixel, a PNG
)
_PNG = [{"name": "Content-Type", "value": "image/png"}]

_LIKE_A_MAIL_READER = [
    {"name": "prefers-color-scheme", "value": "light"},
    {"name": "prefers-reduced-motion", "value": "reduce"},
]

_FLOOR = 100
"""CSS pixels: the height of the window, below which no picture comes out."""

_SETTLED = 0.1
"""Seconds without a word of the browser, after which nothing more is on its way."""


class Page:
    """An empty page that runs no script and reaches nothing. Everything raises Failed where the browser goes."""

    def __init__(self, pipe: Pipe) -> None:
        self._browser = Session(pipe)
        self._browser.hear = self._hear
        self._requests = 0
        self._open()

    def load(self, html: str) -> None:
        """Puts the mail into the page, and waits until it stands still."""
        frame = self._browser.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        # Never by an address: a mail from a file may show other files, and one from a server has a server to ask.
        self._browser.ask("Page.setDocumentContent", frameId=frame, html=document(html))
        self._browser.quiet(_SETTLED)

    def picture(self, screen: int) -> Picture:
        """The page on a screen that is so many pixels wide. Raises Failed where the picture is too large."""
        self._show_on(screen)
        size = self._browser.ask("Page.getLayoutMetrics")["cssContentSize"]
        wide, high = max(screen, round(size["width"])), max(_FLOOR, round(size["height"]))
        width, height = min(wide, max(screen, MOST_WIDTH)), min(high, MOST_HEIGHT)
        taken = self._browser.ask(
            "Page.captureScreenshot",
            format="png",
            captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
        )
        png = base64.b64decode(taken["data"])
        if len(png) > MOST_PNG:
            raise Failed(Failure.TOO_LARGE)
        return Picture(screen, width, height, (width, height) != (wide, high), png)

    def _open(self) -> None:
        ask = self._browser.ask
        ask("Browser.setDownloadBehavior", behavior="deny")
        target = ask("Target.createTarget", url="about:blank")["targetId"]
        self._browser.page = ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        ask("Inspector.enable")
        ask("Page.enable")
        ask("Emulation.setScriptExecutionDisabled", value=True)
        ask("Emulation.setEmulatedMedia", features=_LIKE_A_MAIL_READER)
        ask("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def _show_on(self, screen: int) -> None:
        # Not as a mobile device: a mail without a viewport of its own would be laid out 980 pixels wide.
        metrics = {"width": screen, "height": _FLOOR, "deviceScaleFactor": 1, "mobile": False}
        self._browser.ask("Emulation.setDeviceMetricsOverride", **metrics)
        self._browser.quiet(_SETTLED)

    def _hear(self, method: str, parameters: Message) -> None:
        if method == "Inspector.targetCrashed":
            raise Failed(Failure.CRASHED)
        if method == "Fetch.requestPaused":
            self._answer(parameters)

    def _answer(self, request: Message) -> None:
        """An image gets a transparent one, so that it takes its place. All else gets nothing."""
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            raise Failed(Failure.TOO_MANY_REQUESTS)
        asked = request["requestId"]
        if request["resourceType"] == "Image":
            self._browser.tell(
                "Fetch.fulfillRequest", requestId=asked, responseCode=200, responseHeaders=_PNG, body=_TRANSPARENT
            )
        else:
            # Another reason would put an error page into a frame, and so into the picture.
            self._browser.tell("Fetch.failRequest", requestId=asked, errorReason="Aborted")
