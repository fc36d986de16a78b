"""The browser's process: which one, how it is started, and what keeps it from everything but its work."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.picture.failures import Failed, Failure
from bot.picture.limits import MOST_MESSAGE
from bot.picture.pipe import Pipe

PROGRAMS = (
    # Debian's command is a script that adds flags of its own, so the program behind it comes first.
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "chromium-headless-shell",
    "chrome-headless-shell",
)
"""In the order in which they are looked for: the headless one is quicker and takes less memory."""

NOBODY = 65534
"""The user and group that a browser runs as where the bot runs as root, which Chromium's sandbox does not allow."""

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    # No script, beside the switch in the protocol.
    "--blink-settings=scriptEnabled=false",
    "--js-flags=--jitless",
    # No network, beside the namespace and the answers in the protocol. The port is one that nobody serves; without the
    # bypass list, addresses of this machine would go past it.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-remote-fonts",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-pings",
    # Nothing beside the page.
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-extensions",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    # The same picture on every machine that has the same fonts.
    "--disable-gpu",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
    # Containers give /dev/shm 64 MB, which a long mail exceeds.
    "--disable-dev-shm-usage",
)

_SAYS_NO_SANDBOX = b"No usable sandbox"
_LAST_WORDS = 64 * 1024

_ON_DESCRIPTORS_3_AND_4 = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'
"""The shell's, which then is replaced by what it is given: the browser hears on 3 and answers on 4."""


def find(programs: tuple[str, ...] = PROGRAMS) -> str | None:
    """The path of a browser on this machine, or None."""
    return next((found for program in programs if (found := shutil.which(program))), None)


@contextmanager
def running(program: str, profile: Path, user: int | None) -> Iterator[Pipe]:
    """A browser that serves the pipe, and is killed in the end.

    `profile` is an empty folder that belongs to `user`, None being the one who asks. Raises Failed where it has gone:
    NO_SANDBOX where it refused to start without one.
    """
    with (profile / "stderr").open("w+b") as said:
        browser = _start([*_namespace(user), program, *FLAGS, f"--user-data-dir={profile}"], profile, user, said)
        assert browser.stdin  # noqa: S101 -- they are pipes
        assert browser.stdout  # noqa: S101
        try:
            yield Pipe(browser.stdout.fileno(), browser.stdin.fileno(), MOST_MESSAGE)
        except Failed as failed:
            browser.kill()
            browser.wait()
            if failed.failure is Failure.CRASHED and _SAYS_NO_SANDBOX in _last_words(said):
                raise Failed(Failure.NO_SANDBOX) from failed
            raise
        finally:
            browser.kill()
            browser.wait()


def _start(command: list[str], home: Path, user: int | None, said: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 -- nothing of a mail is in it
        ["/bin/sh", "-c", _ON_DESCRIPTORS_3_AND_4, "sh", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        bufsize=0,
        cwd=home,
        # Nothing of the bot's environment, which holds its secrets.
        env={"HOME": str(home), "TMPDIR": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def _namespace(user: int | None) -> list[str]:
    """The command that gives what follows it a network without any interface, where this machine allows that.

    Where it does not, the flags and the answers in the protocol stand alone.
    """
    unshare = shutil.which("unshare")
    if not unshare:
        return []
    mapped = [f"--map-user={user}", f"--map-group={user}"] if user is not None else ["--map-current-user"]
    command = [unshare, "--user", "--net", *mapped, "--"]
    tried = subprocess.run(  # noqa: S603 -- nothing of a mail is in it
        [*command, "true"],
        check=False,
        capture_output=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    return [] if tried.returncode else command


def _last_words(said: IO[bytes]) -> bytes:
    said.seek(max(0, said.seek(0, 2) - _LAST_WORDS))
    return said.read()
