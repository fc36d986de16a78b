"""Runs the sandbox with its page until somebody stops it."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.stage import Stage, staged

OF_ITS_OWN = frozenset({"PORT", "POLICY_FILE", "DATABASE_URL", "JOURNAL_KEY", "ALTCRAFT_EVENTS_SECRET"})
"""Settings that two bots must not share."""


def show(port: int) -> int:
    """Serves the page on that port of this machine; Ctrl-C ends it. Returns the exit status."""
    try:
        return asyncio.run(_show(port))
    except OSError as error:
        sys.stderr.write(f"Port {port} cannot be used ({error.strerror}). Try: python -m sandbox --port 8585\n")
        return 1
    except TimeoutError as error:
        sys.stderr.write(f"The sandbox could not start: {error}\n")
        return 1


def _rehearsal(stage: Stage) -> Path:
    """Writes the settings of an own bot beside the sandbox's files, where they go away with it."""
    file = Path(stage.environment["POLICY_FILE"]).with_name("rehearsal.env")
    # As an `.env` is to be: whoever copies it gets it so.
    file.touch(mode=0o600)
    file.write_text(rehearsal(stage.environment))
    return file


def rehearsal(environment: Mapping[str, str]) -> str:
    """What `.env` takes for another bot between the same stand-ins: who is who, and nothing of the first bot's."""
    return "".join(f"{name}={value}\n" for name, value in environment.items() if name not in OF_ITS_OWN)


async def _show(port: int) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    sys.stdout.write("Starting the bot between its stand-ins; the page's address follows.\n")
    sys.stdout.flush()
    async with staged(page_port=port) as stage:
        stage.platform.switch(hooks="healthy")
        sys.stdout.write(
            f"\n  The sandbox is at {stage.urls['page']}\n"
            "  Slack and Altcraft are stand-ins on this machine: nothing you do here reaches anybody.\n"
            f"  Settings for a bot of your own between them, to rehearse with: {_rehearsal(stage)}\n"
            "  Ctrl-C ends it.\n\n"
        )
        sys.stdout.flush()
        await stopping.wait()
    return 0
