"""The environment, with `.env` behind it: taken as it is written, and what cannot be taken so is named."""

import codecs
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from dotenv.parser import Binding, parse_stream

from bot.settings import SettingsError

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


_Read = TypeVar("_Read")


def settings_or_exit(reading: Callable[[Mapping[str, str]], _Read], cannot: str = "start") -> _Read:
    """What `reading` makes of this process's environment. Exits with every problem named, and what cannot be done."""
    try:
        return reading(own_environment())
    except SettingsError as error:
        sys.exit("\n".join([f"campaign-bot cannot {cannot}:", *(f"- {problem}" for problem in error.problems)]))


def own_environment() -> dict[str, str]:
    """This process's environment, with `.env` behind it. Raises SettingsError."""
    return environment_with(Path(".env"), os.environ)


def environment_with(file: Path, process: Mapping[str, str]) -> dict[str, str]:
    """What the process was given, and for the rest what `file` says, where there is one.

    Raises SettingsError that names the lines which do not say plainly what is meant, and shows nothing of them: they
    may be pieces of a secret.
    """
    bindings = list(parse_stream(io.StringIO(text_of(file)))) if file.exists() else []
    told = [(_line(one), problem) for one in bindings for problem in _problems(one)]
    problems = [f"{file.name}, line {line}: {problem}" for line, problem in sorted([*told, *_repeated(bindings)])]
    if problems:
        raise SettingsError(tuple(problems))
    return {**{one.key: one.value for one in bindings if one.key and one.value is not None}, **process}


def text_of(file: Path) -> str:
    """What the file holds. Raises SettingsError where that is no UTF-8, or cannot be read."""
    try:
        written = file.read_bytes()
    except OSError as error:
        raise SettingsError((f"{file.name} cannot be read: {error.strerror}.",)) from error
    if written.startswith(_UTF_16) or b"\0" in written:
        raise SettingsError((f"{file.name} is written in UTF-16, as Windows does. Save it as UTF-8.",))
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written[: error.start].count(b"\n") + 1
    # Outside the handler: the error holds the whole file.
    what = "this is not in UTF-8 but, it seems, in a code page of Windows. Save the file as UTF-8."
    raise SettingsError((f"{file.name}, line {line}: {what}",))


def _line(binding: Binding) -> int:
    """Where its words begin: the parser counts the empty lines above as a part of it."""
    written = binding.original.string
    return binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")


def _problems(binding: Binding) -> Iterator[str]:
    if binding.key is None and not binding.error:
        return  # a comment, or nothing
    if binding.key is None or binding.value is None or not _NAME.fullmatch(binding.key):
        yield (
            "this is no setting. Write NAME=value, put # in front of a comment, and end a value in quotes with the "
            "same quote, with nothing behind it."
        )
    elif _CONTROL.search(binding.value):
        yield (
            "the value goes on over the next line, or holds a tab or another character that cannot be seen. Write it "
            "on one line; if it holds a backslash, in single quotes."
        )
    elif _cut_short(binding.value, binding.original.string):
        yield (
            "it is not clear whether what follows the space and the # belongs to the value. If it does, put the value "
            "in single quotes; if it is a comment, give it a line of its own."
        )


def _repeated(bindings: Iterable[Binding]) -> Iterator[tuple[int, str]]:
    """Settings that stand there before: who reads the file from above believes the one that does not count."""
    first: dict[str, int] = {}
    for one in bindings:
        if one.key is None:
            continue
        line = first.setdefault(one.key, _line(one))
        if line != _line(one):
            yield _line(one), f"this setting stands in line {line} already. Keep one of the two."


def _cut_short(value: str, written: str) -> bool:
    """Whether the parser took a part of a value without quotes for a comment."""
    meant = written.partition("=")[2].strip()
    return not meant.startswith(("'", '"')) and meant != value
