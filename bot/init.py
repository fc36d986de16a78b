"""`campaign-bot init`: asks for what the bot cannot do without, checks each answer at once, and writes `.env`."""

import getpass
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.doctor import answers as checked
from bot.doctor.finding import Finding

Check: TypeAlias = Callable[[str, Mapping[str, str]], list[Finding]]
"""What is wrong with a setting, given the answers so far."""

_PLAIN = re.compile(r"[\w.,:;/@%+=?&~\[\]{}-]*")
"""A value that everybody who reads such a file takes as it is."""


@dataclass(frozen=True)
class Question:
    """One setting. `where` says where the answer is found; a `secret` is not shown while it is typed or pasted."""

    name: str
    where: str
    secret: bool = False
    optional: bool = False
    instead_of: str = ""
    """Asked only where that setting was left empty."""


QUESTIONS = (
    Question(
        "SLACK_BOT_TOKEN", "api.slack.com/apps > your app > OAuth & Permissions > Bot User OAuth Token (xoxb-…)", True
    ),
    Question(
        "SLACK_APP_TOKEN",
        "Basic Information > App-Level Tokens > Generate, with the scope connections:write (xapp-…). Empty: HTTP "
        "instead of Socket Mode",
        secret=True,
        optional=True,
    ),
    Question("SLACK_SIGNING_SECRET", "Basic Information > Signing Secret", True, instead_of="SLACK_APP_TOKEN"),
    Question("ALTCRAFT_URL", "the address of your Altcraft Platform, without /api"),
    Question("ALTCRAFT_TOKEN", "Altcraft > Settings > Tokens: a token that may view and run", secret=True),
    Question(
        "LAUNCH_CHANNEL",
        "the channel for all cards: its details in Slack, at the bottom (C…). Empty: where the command is typed",
        optional=True,
    ),
    Question(
        "REQUESTERS", "who may ask: ids (U…, S…) with commas. A person's: profile > ⋮ > Copy member ID", optional=True
    ),
    Question("APPROVERS", "who may approve, but never their own request: likewise", optional=True),
    Question("ADMINS", "who may cancel anybody's request, and settles doubts: likewise", optional=True),
)


@dataclass(frozen=True)
class Terminal:
    """How people are asked and told."""

    ask: Callable[[str], str]
    ask_secretly: Callable[[str], str]
    tell: Callable[[str], object]


def terminal() -> Terminal:
    """This process's own. What is piped in is read line by line."""
    secretly = getpass.getpass if sys.stdin.isatty() else input
    return Terminal(input, secretly, lambda line: sys.stdout.write(f"{line}\n"))


def init(file: Path, *, offline: bool, at: Terminal) -> int:
    """Asks, and writes `file`; the exit status is 0 if it was written."""
    try:
        if file.exists() and not _yes(at, f"{file} is there already. Write it anew? What it says now is lost. [y/N] "):
            at.tell("Nothing was written.")
            return 1
        given = ask_all(at, lambda name, answers: checked.about(name, answers, os.environ, offline=offline))
        write(file, given)
    except (EOFError, KeyboardInterrupt):
        at.tell("\nNothing was written.")
        return 1
    except OSError as error:
        at.tell(f"{file} cannot be written: {error.strerror}.")
        return 1
    at.tell(f"{file} is written; only you may read it. .env.example explains what else can be set.")
    at.tell("Now type /invite @campaign-bot in your channel, then here: campaign-bot doctor, and campaign-bot run.")
    return 0


def ask_all(at: Terminal, check: Check) -> dict[str, str]:
    """The answers by setting. An answer with something to mend is asked for again; given twice alike, it is kept."""
    given: dict[str, str] = {}
    for question in QUESTIONS:
        if question.instead_of and given.get(question.instead_of):
            continue
        given[question.name] = _asked(at, question, given, check)
    return given


def _asked(at: Terminal, question: Question, given: Mapping[str, str], check: Check) -> str:
    at.tell(f"\n{question.name}: {question.where}.")
    before: str | None = None
    while True:
        answer = (at.ask_secretly if question.secret else at.ask)("> ").strip()
        if not answer:
            if question.optional:
                return ""
            at.tell("It is needed.")
            continue
        found = check(question.name, {**given, question.name: answer})
        for finding in found:
            at.tell(f"{'note:' if finding.may_run else 'MEND:'} {finding.text}")
        if answer == before or all(finding.may_run for finding in found):
            return answer
        before = answer
        at.tell("Give another answer, or the same once more to keep it.")


def write(file: Path, given: Mapping[str, str]) -> None:
    """Writes the settings that have a value, readable by this user alone, all or nothing. Raises OSError."""
    text = "".join(f"{name}={_written(value)}\n" for name, value in given.items() if value)
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(
            f"# Written by campaign-bot init. .env.example explains each setting, and what else there is.\n{text}"
        )
    draft.replace(file)


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _yes(at: Terminal, question: str) -> bool:
    return at.ask(question).strip().lower() in {"y", "yes"}
