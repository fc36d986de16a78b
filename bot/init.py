"""`campaign-bot init`: asks for what the bot cannot do without, checks each answer at once, and writes `.env`."""

import getpass
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from bot.doctor import answers as checked
from bot.doctor.finding import Finding
from bot.env_file import write
from bot.environment import environment_with, text_of
from bot.journal.engine import JournalUnusable, parse
from bot.settings import SettingsError, read_database_url
from bot.texts import listed

Check: TypeAlias = Callable[[str, Mapping[str, str]], list[Finding]]
"""What is wrong with a setting, given the answers so far that have nothing to mend, and its own."""

BACK, NONE = "back", "none"
"""What people type in place of an answer. No setting takes these words."""


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

NOBODY = {
    "REQUESTERS": "nobody may ask for a launch",
    "APPROVERS": "nobody may approve a launch",
    "ADMINS": "nobody may cancel what somebody else asked for",
}
"""What it means that a role has nobody."""


@dataclass(frozen=True)
class Terminal:
    """How people are asked and told."""

    ask: Callable[[str], str]
    ask_secretly: Callable[[str], str]
    tell: Callable[[str], object]


@dataclass(frozen=True)
class Before:
    """What the file says already: its text, and the settings in it."""

    text: str = field(default="", repr=False)
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """What was answered; not `sound` where it was kept although there is something to mend."""

    text: str = field(repr=False)
    sound: bool = True


def terminal() -> Terminal:
    """This process's own. What is piped in is read line by line."""
    secretly = getpass.getpass if sys.stdin.isatty() else input
    return Terminal(input, secretly, lambda line: sys.stdout.write(f"{line}\n"))


def init(file: Path, *, offline: bool, at: Terminal) -> int:
    """Asks, and writes `file`; the exit status is 0 if it was written."""
    try:
        before = _before(file, at)
        if before is None:
            at.tell("Nothing was written.")
            return 1
        # As whoever reads the file does: what the process was given stands before what the file says.
        settings = {**before.settings, **os.environ}
        given = ask_all(
            at, lambda name, answers: checked.about(name, answers, settings, offline=offline), before.settings
        )
        values = {name: answer.text for name, answer in given.items()}
        key = _new_key(file, settings, at)
        write(file, {**values, **key}, before.text)
    except (EOFError, KeyboardInterrupt):
        at.tell("\nNothing was written.")
        return 1
    except OSError as error:
        at.tell(f"{file} cannot be written: {error.strerror}.")
        return 1
    at.tell(f"\n{file} is written; only you may read it. .env.example explains what else can be set.")
    for line in _left_open(file, given, key, has_policy="POLICY_FILE" in settings):
        at.tell(line)
    at.tell("Now type /invite @campaign-bot in your channel, then here: campaign-bot doctor, and campaign-bot run.")
    return 0


def ask_all(at: Terminal, check: Check, before: Mapping[str, str]) -> dict[str, Answer]:
    """The answers by setting; those of `before` are offered. What was left out because of another is not among them."""
    at.tell(f"In place of an answer, type {BACK} to return to the one before, or {NONE} to leave a setting empty.")
    given: dict[str, Answer] = {}
    asked: list[int] = []
    place = 0
    while place < len(QUESTIONS):
        question = QUESTIONS[place]
        if question.instead_of and given[question.instead_of].text:
            given.pop(question.name, None)
            place += 1
            continue
        known = given.pop(question.name, Answer(before.get(question.name, ""))).text
        sound = {name: answer.text for name, answer in given.items() if answer.sound}
        answer = _asked(at, question, known, partial(_checked, check, sound))
        if answer is not None:
            given[question.name] = answer
            asked.append(place)
            place += 1
            continue
        if known:
            given[question.name] = Answer(known)
        if asked:
            place = asked.pop()
        else:
            at.tell("This is the first question.")
    return given


def _checked(check: Check, sound: Mapping[str, str], name: str, text: str) -> list[Finding]:
    return check(name, {**sound, name: text})


def _asked(at: Terminal, question: Question, known: str, check: Callable[[str, str], list[Finding]]) -> Answer | None:
    """The answer; None to return to the question before. One with something to mend is kept when it is given twice."""
    at.tell(f"\n{question.name}: {question.where}.")
    if known:
        shown = "It is set" if question.secret or "@" in known else f"It is {known}"
        at.tell(f"{shown}. Press Enter to keep that.")
    refused: str | None = None
    while True:
        typed = (at.ask_secretly if question.secret else at.ask)("> ").strip()
        if typed.lower() == BACK:
            return None
        answer = "" if typed.lower() == NONE else typed or known
        if not answer and question.optional:
            return Answer("")
        if not answer:
            at.tell("It is needed.")
            continue
        found = check(question.name, answer)
        sound = all(finding.may_run for finding in found)
        if not sound and answer == refused:
            at.tell("It is kept as it is.")
            return Answer(answer, sound=False)
        for finding in found:
            at.tell(f"{'note:' if finding.may_run else 'MEND:'} {finding.text}")
        if sound:
            return Answer(answer)
        refused = answer
        at.tell(
            "Type it as it should be. If you want to keep it as it is all the same, type it once more; if an earlier "
            f"answer is wrong, type {BACK}."
        )


def _before(file: Path, at: Terminal) -> Before | None:
    """What is there already; None where it is to stay as it is."""
    if not file.exists():
        return Before()
    try:
        before = Before(text_of(file), environment_with(file, {}))
    except SettingsError as error:
        for problem in error.problems:
            at.tell(f"MEND: {problem}")
        anew = _yes(at, f"{file} cannot be read as it is. Write it anew? What it says now is lost. [y/N] ")
        return Before() if anew else None
    through = _yes(at, f"{file} is there already. Go through it? What you do not change stays as it is. [y/N] ")
    return before if through else None


def _new_key(file: Path, settings: Mapping[str, str], at: Terminal) -> dict[str, str]:
    """A key of the record, where there is none, no record yet, and one is wanted."""
    if settings.get("JOURNAL_KEY", "").strip() or settings.get("JOURNAL_KEY_FILE", "").strip():
        return {}
    at.tell(
        "\nJOURNAL_KEY: the key of the record. Without one, whoever can write to the database can forge an approval."
    )
    if _may_have_record(settings):
        at.tell("There may be a record already: “Beginning with a key” in docs/audit.md tells how it gets one.")
        return {}
    if at.ask(f"Make one now, and write it into {file}? [Y/n] ").strip().lower() in {"n", "no"}:
        return {}
    return {"JOURNAL_KEY": secrets.token_hex(32)}


def _may_have_record(settings: Mapping[str, str]) -> bool:
    try:
        url = parse(read_database_url({"DATABASE_URL": settings.get("DATABASE_URL", "")}))
    except (SettingsError, JournalUnusable):
        return True
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def _left_open(file: Path, given: Mapping[str, Answer], key: Mapping[str, str], *, has_policy: bool) -> Iterator[str]:
    """What is to be known, and done, of what was answered."""
    kept = [name for name, answer in given.items() if not answer.sound]
    if kept:
        yield f"MEND: Kept with something to mend: {listed(kept)}. campaign-bot doctor says what is wrong."
    for name, meaning in NOBODY.items():
        if not given[name].text:
            unless = ", unless your policy file names somebody" if has_policy else ""
            yield f"note: {name} is empty: {meaning}{unless}."
    if key:
        yield f"note: JOURNAL_KEY was made. Copy it from {file} to a place where the database's backups are not."


def _yes(at: Terminal, question: str) -> bool:
    return at.ask(question).strip().lower() in {"y", "yes"}
