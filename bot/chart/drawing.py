"""Has a chart drawn, in a process that is gone when the picture is here."""

import importlib.util
import logging
import subprocess
import tempfile

from bot import child_process
from bot.chart.chart import Chart

DEADLINE = 60.0
"""Seconds that drawing may take: a slow machine looks its fonts through first."""

PNG = b"\x89PNG\r\n\x1a\n"

log = logging.getLogger(__name__)


def installed() -> bool:
    """Whether the library that draws is there: the extra `charts`."""
    return importlib.util.find_spec("matplotlib") is not None


def drawn(chart: Chart, deadline: float = DEADLINE) -> bytes | None:
    """The chart as a PNG; None, with a line in the log, where it could not be drawn."""
    with tempfile.TemporaryDirectory(prefix="campaign-bot-chart-") as folder:
        environment = {**child_process.ENVIRONMENT, "MPLCONFIGDIR": folder, "HOME": folder}
        command = child_process.command("bot.chart")
        try:
            done = subprocess.run(  # noqa: S603 -- nothing of the numbers is in it
                command, input=chart.encoded(), capture_output=True, check=False, timeout=deadline, env=environment
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("a chart could not be drawn: %s", type(error).__name__)
            return None
    if done.returncode or not done.stdout.startswith(PNG):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        log.warning("a chart could not be drawn: %s", *(last or ["no picture came"]))
        return None
    return done.stdout
