"""Policies to choose from, and the file in which the bot reads the one that holds now."""

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.altcraft.platform import Changes

Json = dict[str, object]

SETUP_FILES = Path(__file__).parent / "setups"
OWN = ""
"""What `PolicyDesk.current` is while the file holds something that is no set-up."""


@dataclass(frozen=True)
class Setup:
    """A policy to choose. `title` is the text of its first comment line."""

    name: str
    title: str
    content: str


DEFAULTS = Setup("0-none", "No policy: the lists in the bot's environment and the defaults hold.", "")


def setups() -> tuple[Setup, ...]:
    """The empty policy, then those in setups/*.toml in the order of their names."""
    files = sorted(SETUP_FILES.glob("*.toml"))
    return (DEFAULTS, *(_setup(file.stem, file.read_text(encoding="utf-8")) for file in files))


class PolicyDesk:
    """Writes the bot's policy file, which is made empty unless it is there already. Lives on the hub's event loop."""

    def __init__(self, file: Path, hub: Changes) -> None:
        self.file = file
        self.setups = setups()
        self._hub = hub
        if file.exists():
            self._content = file.read_text(encoding="utf-8")
        else:
            self.write("")

    @property
    def content(self) -> str:
        """What was last written."""
        return self._content

    @property
    def current(self) -> str:
        """The name of the set-up that holds, or OWN."""
        return next((each.name for each in self.setups if each.content == self._content), OWN)

    def choose(self, name: str) -> None:
        """Let a set-up hold from now on. Raises ValueError, with a sentence, for an unknown name."""
        chosen = next((each for each in self.setups if each.name == name), None)
        if chosen is None:
            raise ValueError(f"There is no set-up called “{name}”.")
        self.write(chosen.content)

    def write(self, text: str) -> None:
        """Replace the file as a whole, so that the bot never reads half a policy."""
        number, unfinished = tempfile.mkstemp(dir=self.file.parent, prefix=f".{self.file.name}-")
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as writing:
            writing.write(text)
        Path(unfinished).replace(self.file)
        self._content = text
        self._hub.changed()

    def snapshot(self) -> Json:
        """Return what the page shows."""
        return {"current": self.current, "content": self._content, "setups": [asdict(each) for each in self.setups]}


def _setup(name: str, content: str) -> Setup:
    first_comment = next((line for line in content.splitlines() if line.startswith("#")), name)
    return Setup(name, first_comment.lstrip("# ").strip(), content)
