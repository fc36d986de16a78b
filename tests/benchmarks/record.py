"""How fast the record is verified and exported, beside another build on the same launches, in turns in one run.

`python -m tests.benchmarks.record CHECKOUT [LAUNCHES] [ROUNDS]`. Each build writes the launches in SQLite as it would
have recorded them: what a row of another build lacks would be a finding. Beside the time that passes stands the
processors' own: on a machine with other work, only that can be compared. What the other build needs besides is found by
PYTHONPATH.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[2]

WHAT = {
    "verify": ("audit", "verify"),
    "export csv": ("audit", "export", "--format", "csv"),
    "export jsonl": ("audit", "export", "--format", "jsonl"),
}

FILL = (
    "import sys; from tests.benchmarks.verifying import fill; from tests.builders import journal_on; "
    "fill(journal_on(sys.argv[1]), int(sys.argv[2]))"
)


@dataclass(frozen=True)
class Taken:
    """Seconds that passed, seconds of processors, and the most memory of one process, in MiB."""

    passed: float
    worked: float
    memory: float


@dataclass(frozen=True)
class Build:
    checkout: Path
    url: str

    def run(self, *words: str) -> Taken:
        """One command as a person types it, with all its processes."""
        path = os.pathsep.join([str(self.checkout), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "DATABASE_URL": self.url, "PYTHONPATH": path}
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *words], cwd=self.checkout, env=environment, stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
        return Taken(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def both(folder: Path, other: Path, launches: int) -> tuple[Build, Build]:
    """The other build and this one, each with a record of the same launches as it would have written them itself."""
    before = Build(other, f"sqlite:///{folder / 'other.db'}")
    own = Build(HERE, f"sqlite:///{folder / 'own.db'}")
    for build in (before, own):
        build.run("-c", FILL, build.url, str(launches))
    return before, own


def main() -> None:
    other, launches = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    sys.stdout.write(
        "| what | before, s (CPU) | now, s (CPU) | ratio, time | ratio, CPU | memory before / now, MiB |\n"
    )
    sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
    with tempfile.TemporaryDirectory() as folder:
        builds = both(Path(folder), other, launches)
        for what, words in WHAT.items():
            taken: tuple[list[Taken], list[Taken]] = [], []
            for _ in range(rounds):
                for build, found in zip(builds, taken, strict=True):
                    found.append(build.run("-m", "bot", *words))
            sys.stdout.write(_line(what, *taken))
            sys.stdout.flush()


def _line(what: str, before: list[Taken], now: list[Taken]) -> str:
    passed, worked = ([median(getattr(one, name) for one in side) for side in (before, now)] for name in NAMES[:2])
    memory = [max(one.memory for one in side) for side in (before, now)]
    return (
        f"| {what} | {passed[0]:.1f} ({worked[0]:.1f}) | {passed[1]:.1f} ({worked[1]:.1f}) "
        f"| {passed[0] / passed[1]:.1f} | {worked[0] / worked[1]:.1f} | {memory[0]:.0f} / {memory[1]:.0f} |\n"
    )


NAMES = ("passed", "worked", "memory")


if __name__ == "__main__":
    main()
