"""What a mail may cost before there is no picture of it."""

import os
import resource

DEADLINE = 10.0
"""Seconds from the start of the first process to the last picture; all of them are killed then."""

MOST_HTML = 4_000_000
"""Characters."""

MOST_PNG = 8 * 1024 * 1024
"""Bytes of one picture. The caller holds two."""

MOST_REQUESTS = 5_000
"""Images, styles and whatever else a mail asks for, each of which is answered without leaving the process."""

MOST_IMAGES = 60
MOST_AT_ONCE = 6
MOST_IMAGE = 2 * 1024 * 1024
MOST_IMAGES_TOGETHER = 8 * 1024 * 1024
"""Images that are fetched where a setting allows it, those at the same time, and bytes of one and of all."""

IMAGES_TIME = 4.0
"""Seconds from the first of them on; those that are not there by then are left out."""

MOST_WIDTH = 1_200
MOST_HEIGHT = 12_000
"""CSS pixels, of which one is one of the picture's. What lies beyond is cut off, and the picture says so."""

MOST_MESSAGE = MOST_PNG * 4 // 3 + 64 * 1024
"""Bytes of one message from the browser: a picture in base64, and what is around it."""

NICE = 10
"""How far a process stands back behind the bot, for whom Slack waits."""

_GIBIBYTE = 1024**3
_OF_EACH_PROCESS = (
    # A bound on the address space would break the browser, which reserves far more than it uses.
    (resource.RLIMIT_DATA, _GIBIBYTE),
    # Less kills the browser where a mail holds large images.
    (resource.RLIMIT_FSIZE, _GIBIBYTE),
    (resource.RLIMIT_NOFILE, 512),
    (resource.RLIMIT_CORE, 0),
    # Ends what spins, should nobody be left to kill it.
    (resource.RLIMIT_CPU, 60),
)


def confine() -> None:
    """Bounds this process and whatever it starts from now on, and lets it stand back."""
    os.nice(NICE)
    for kind, most in _OF_EACH_PROCESS:
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))
