"""Writes settings into `.env`, and leaves whatever else stands there as it is."""

import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv.parser import parse_stream

_PLAIN = re.compile(r"[\w.,:;/@%+=?&~\[\]{}-]*")
"""A value that everybody who reads such a file takes as it is."""

_HEAD = "# Written by campaign-bot init. .env.example explains each setting, and what else there is.\n"


def write(file: Path, given: Mapping[str, str], before: str = "") -> None:
    """Writes the settings into the text `before`, readable by this user alone, all or nothing. Raises OSError.

    A setting that is "" is taken out.
    """
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write("".join(_lines(before or _HEAD, given)))
    draft.replace(file)


def _lines(before: str, given: Mapping[str, str]) -> Iterator[str]:
    """The old text piece by piece, each given setting in the place where it stood; those that are new come last."""
    left = dict(given)
    for binding in parse_stream(io.StringIO(before)):
        piece = binding.original.string
        if binding.key is not None and binding.key in given:
            blank = piece[: len(piece) - len(piece.lstrip())]
            yield f"{blank}{_line(binding.key, left.pop(binding.key, ''))}"
        else:
            yield piece if piece.endswith("\n") else f"{piece}\n"
    for name, value in left.items():
        yield _line(name, value)


def _line(name: str, value: str) -> str:
    return f"{name}={_written(value)}\n" if value else ""


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
