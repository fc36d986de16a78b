"""The keys of the record, read from the environment or a file. They are secrets, and no problem shows one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.journal.keys import LEAST, NO_KEYS, Keys, keys_of
from bot.variables import Reader

FEWEST_DIFFERENT = 8
"""Different characters in a key: fewer were typed, not made."""

_MAKE_ONE = "Make one with openssl rand -hex 32."


@dataclass(frozen=True)
class JournalKeys:
    """The keys, and the texts that they were written as, which must never be shown."""

    keys: Keys = field(default=NO_KEYS, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


def journal_keys(reader: Reader) -> JournalKeys:
    """The first is for writing; the others are understood. What is wrong is added to the reader's problems."""
    named, file = reader.listed("JOURNAL_KEY"), reader.text("JOURNAL_KEY_FILE")
    if named and file:
        reader.problems.append("JOURNAL_KEY and JOURNAL_KEY_FILE are both set. Take one of them out.")
        return JournalKeys()
    where = "JOURNAL_KEY_FILE" if file else "JOURNAL_KEY"
    secrets = _lines(Path(file), reader) if file else named
    problems = list(dict.fromkeys(_problems(where, secrets)))
    reader.problems += problems
    return JournalKeys() if problems else JournalKeys(keys_of([one.encode() for one in secrets]), tuple(secrets))


def _lines(file: Path, reader: Reader) -> tuple[str, ...]:
    """The file's lines but empty ones: the first key is for writing."""
    cause = "it is not in UTF-8"
    try:
        found = tuple(line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    except OSError as error:
        cause = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        pass  # told below: the error itself holds what was read
    else:
        if not found:
            reader.problems.append(f"JOURNAL_KEY_FILE names {file}, which is empty. {_MAKE_ONE}")
        return found
    reader.problems.append(f"JOURNAL_KEY_FILE names {file}, which cannot be read: {cause}.")
    return ()


def _problems(where: str, secrets: tuple[str, ...]) -> Iterator[str]:
    if any(len(secret.encode()) < LEAST for secret in secrets):
        yield f"{where} holds a key of less than {LEAST} bytes. {_MAKE_ONE}"
    elif any(len(set(secret)) < FEWEST_DIFFERENT for secret in secrets):
        yield f"{where} holds a key that can be guessed: it consists of a few characters. {_MAKE_ONE}"
    if len(set(secrets)) < len(secrets):
        yield f"{where} holds the same key twice."
