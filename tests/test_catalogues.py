"""Every text has its translation, and every translation its text."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

from bot.texts import CATALOGUES, ENGLISH, LANGUAGES, plural, speaking

ROOT = Path(__file__).parent.parent
KEYWORDS = parse_keywords(re.search(r'-k "([^"]+)"', (ROOT / "Makefile").read_text())[1].split())
"""Those by which `make texts` finds texts."""

EXTRACTED = {found for _, _, found, _, _ in extract_from_dir(ROOT / "bot", keywords=KEYWORDS)}
MAKERS = ("bot/phrase.py", "bot/campaign/encoding.py", "bot/mail_reading.py")
"""Where phrases are made of templates that were made before."""

TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]


def catalogue(language):
    with (CATALOGUES / language / "LC_MESSAGES" / "campaign-bot.po").open("rb") as file:
        return read_po(file, locale=language)


def entries(language) -> dict[str | tuple[str, str], Message]:
    return {message.id: message for message in catalogue(language) if message.id}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def calls(path: Path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS and node.args:
            yield node


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_no_translation_has_lost_its_text(language):
    assert set(entries(language)) == EXTRACTED


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_whole_and_puts_in_the_same_values(language):
    forms = catalogue(language).num_plurals
    for key, message in entries(language).items():
        strings = message.string if isinstance(key, tuple) else (message.string,)
        assert len(strings) == (forms if isinstance(key, tuple) else 1), key
        assert not message.fuzzy, key
        values = placeholders(key[1] if isinstance(key, tuple) else key)
        assert all(string and placeholders(string) == values for string in strings), key


@pytest.mark.parametrize("language", TRANSLATED)
def test_spaces_and_line_breaks_at_a_texts_ends_are_kept(language):
    for key, message in entries(language).items():
        if isinstance(key, str):
            ends = [
                (text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]) for text in (key, message.string)
            ]
            assert ends[0] == ends[1], key


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_in_the_code_is_one_that_is_found_for_the_catalogues(path):
    # In an f-string, or put together, it would be looked up and never be there.
    texts = {text for found in EXTRACTED for text in ([found] if isinstance(found, str) else found)}
    for call in calls(path):
        if isinstance(call.args[0], ast.Constant):
            assert call.args[0].value in texts, call.args[0].value
        elif call.func.id == "Phrase" and str(path.relative_to(ROOT)) not in MAKERS:
            pytest.fail(f"line {call.lineno}: a phrase's text has to stand where it is made")


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "1 ошибка"), (2, "2 ошибки"), (5, "5 ошибок"), (11, "11 ошибок"), (21, "21 ошибка"), (104, "104 ошибки")],
)
def test_russian_counts_as_russian_does(count, told):
    with speaking("ru"):
        assert plural("{n} error", "{n} errors", count) == told


SPOKEN_TO = {"*Your roles*, {who}:", "Hello {who}, this is what I can do."}
"""Where the person who is named is the one who reads."""


def test_a_russian_text_names_who_did_something_without_speaking_to_them():
    # Behind a comma, a name is an address: «Запуск отменён, Анна» tells Anna of it, not who did it.
    address = re.compile(r"[а-яё}]\*?, \{(?:who|people|person)\}")
    told = {key: message.string for key, message in entries("ru").items() if isinstance(key, str)}
    assert {key for key, text in told.items() if address.search(text)} <= SPOKEN_TO


@pytest.mark.parametrize("otherwise", ["на платформе", "с платформы"])
def test_russian_is_in_the_platform_by_one_preposition(otherwise):
    told = [one for message in entries("ru").values() for one in _strings(message)]
    assert [one for one in told if re.search(rf"\b{otherwise}\b", one)] == []


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)
