"""Has a mail painted, in a session of processes of its own that is gone when the answer is here."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot import child_process
from bot.picture import chromium
from bot.picture.failures import Failed, Failure
from bot.picture.limits import DEADLINE, MOST_HTML
from bot.picture.picture import NARROW, WIDE, Pictures
from bot.picture.protocol import Order, encoded, read_answer
from bot.picture.reasons import NoPicture, no_picture

_GONE_WITHIN = 0.3
_LOOK_EVERY = 0.01
"""Seconds that killed processes are waited for, and between two looks; the machine's init may bury them later."""

_TRIES = 50


def render(
    html: str,
    deadline: float = DEADLINE,
    programs: tuple[str, ...] = chromium.PROGRAMS,
    hosts: tuple[str, ...] = (),
) -> Pictures | NoPicture:
    """The mail as a wide and a narrow screen show it, or why there is no picture; takes `deadline` seconds at most.

    Nothing of the mail is parsed in this process. Nothing that it refers to is fetched but images from these hosts, and
    those by the painting process.
    """
    if len(html) > MOST_HTML:
        return no_picture(Failure.TOO_LARGE)
    program = chromium.find(programs) if sys.platform == "linux" else None
    if not program:
        return no_picture(Failure.NOT_INSTALLED)
    try:
        return _rendered(html, program, deadline, hosts)
    except Failed as failed:
        return no_picture(failed.failure)


def _rendered(html: str, program: str, deadline: float, hosts: tuple[str, ...]) -> Pictures:
    user = chromium.NOBODY if os.geteuid() == 0 else None
    with _profile(user) as profile, tempfile.TemporaryFile() as mail, tempfile.TemporaryFile() as answer:
        mail.write(html.encode(errors="replace"))
        mail.seek(0)
        _paint(Order(program, str(profile), user, (WIDE, NARROW), deadline, hosts), mail, answer)
        answer.seek(0)
        return Pictures(*read_answer(answer))


def _paint(order: Order, mail: IO[bytes], answer: IO[bytes]) -> None:
    """Raises Failed where it takes too long."""
    painter = subprocess.Popen(  # noqa: S603 -- nothing of a mail is in it
        child_process.command("bot.picture", encoded(order)),
        stdin=mail,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=child_process.ENVIRONMENT,
        start_new_session=True,
    )
    try:
        ended = os.pidfd_open(painter.pid)
        try:
            if not select.select([ended], [], [], order.seconds)[0]:
                raise Failed(Failure.TIMED_OUT)
        finally:
            os.close(ended)
    finally:
        _kill(painter)


def _kill(leader: "subprocess.Popen[bytes]") -> None:
    """Ends the leader's whole group. The leader is waited for last, so that its number cannot be another's by then."""
    os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()
    end = time.monotonic() + _GONE_WITHIN
    while _is_there(leader.pid) and time.monotonic() < end:
        time.sleep(_LOOK_EVERY)


def _is_there(group: int) -> bool:
    try:
        # Orphans are this process's to bury where it is the first of a container.
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _profile(user: int | None) -> Iterator[Path]:
    """An empty folder that belongs to the user, and is removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="campaign-bot-picture-"))
    try:
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        # A process that is just being killed may still write there.
        for _ in range(_TRIES):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(_LOOK_EVERY)
