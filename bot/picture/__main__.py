"""The painting process: reads a mail from its input, has a browser show it, and writes the pictures to its output.

Started by `bot.picture.rendering` alone, which kills it and all that it started when its time is up.
"""

import math
import signal
import sys
from pathlib import Path

from bot.picture import chromium
from bot.picture.failures import Failed
from bot.picture.images import Images
from bot.picture.limits import confine
from bot.picture.page import Page
from bot.picture.picture import Picture
from bot.picture.protocol import Order, decoded, write_answer


def painted(order: Order, html: str, images: Images) -> tuple[Picture, ...]:
    """Raises Failed."""
    with chromium.running(order.program, Path(order.profile), order.user) as pipe:
        page = Page(pipe, images)
        page.load(html, order.hosts)
        return tuple(page.picture(screen) for screen in order.screens)


def main() -> None:
    order = decoded(sys.argv[1])
    # Should nobody be left to kill this process: the browser ends when nobody holds its pipes.
    signal.alarm(math.ceil(order.seconds) + 1)
    confine()
    try:
        pictures = painted(order, sys.stdin.buffer.read().decode(), Images(order.hosts))
    except Failed as failed:
        write_answer(sys.stdout.buffer, (), failed.failure)
    else:
        write_answer(sys.stdout.buffer, pictures)


if __name__ == "__main__":
    main()
