"""One mail in the browser: what is loaded of it, how its requests are answered, and how it is photographed."""

import base64
from collections import deque
from concurrent.futures import Future

from bot.picture.document import document
from bot.picture.failures import Failed, Failure
from bot.picture.images import Image, Images
from bot.picture.limits import MOST_HEIGHT, MOST_PNG, MOST_REQUESTS, MOST_WIDTH
from bot.picture.picture import Picture
from bot.picture.pipe import Message, Pipe, Session

_TRANSPARENT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="  # one pixel, a PNG
)

_LIKE_A_MAIL_READER = [
    {"name": "prefers-color-scheme", "value": "light"},
    {"name": "prefers-reduced-motion", "value": "reduce"},
]

_FLOOR = 100
"""CSS pixels: the height of the window, below which no picture comes out."""

_SETTLED = 0.1
"""Seconds without a word of the browser, after which nothing more is on its way."""


class Page:
    """An empty page that runs no script and reaches nothing. Everything raises Failed where the browser goes.

    What `images` has of the images is handed to the browser, which asks nobody for them.
    """

    def __init__(self, pipe: Pipe, images: Images) -> None:
        self._browser = Session(pipe)
        self._browser.hear = self._hear
        self._images = images
        self._requests = 0
        self._awaited: deque[tuple[str, Future[Image | None]]] = deque()
        self._open()

    def load(self, html: str, hosts: tuple[str, ...] = ()) -> None:
        """Puts the mail into the page, and waits until it stands still. `hosts` are those whose images may be there."""
        frame = self._browser.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        # Never by an address: a mail from a file may show other files, and one from a server has a server to ask.
        self._browser.ask("Page.setDocumentContent", frameId=frame, html=document(html, hosts))
        self._settle()

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
        self._settle()

    def _settle(self) -> None:
        """Waits until nothing more is on its way, images that are fetched among it."""
        self._browser.quiet(_SETTLED)
        while self._awaited:
            while self._awaited:
                asked, future = self._awaited.popleft()
                self._give(asked, self._images.result(future))
            self._browser.quiet(_SETTLED)

    def _hear(self, method: str, parameters: Message) -> None:
        if method == "Inspector.targetCrashed":
            raise Failed(Failure.CRASHED)
        if method == "Fetch.requestPaused":
            self._answer(parameters)

    def _answer(self, request: Message) -> None:
        """An image gets what was fetched, or a transparent one that takes its place. All else gets nothing."""
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            raise Failed(Failure.TOO_MANY_REQUESTS)
        asked = request["requestId"]
        if request["resourceType"] == "Image":
            future = self._images.begin(request["request"]["url"])
            if future is None:
                self._give(asked, None)
            else:
                self._awaited.append((asked, future))
        else:
            # Another reason would put an error page into a frame, and so into the picture.
            self._browser.tell("Fetch.failRequest", requestId=asked, errorReason="Aborted")

    def _give(self, asked: str, image: Image | None) -> None:
        kind = image.media_type if image else "image/png"
        self._browser.tell(
            "Fetch.fulfillRequest",
            requestId=asked,
            responseCode=200,
            responseHeaders=[{"name": "Content-Type", "value": kind}],
            body=base64.b64encode(image.content).decode() if image else _TRANSPARENT,
        )
