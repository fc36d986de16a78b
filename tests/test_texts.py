import pytest
from babel.numbers import format_decimal

from bot.texts import ENGLISH, language_of, listed, number, plural, speaking, spoken


def test_the_language_is_spoken_within_the_block_only():
    with speaking("ru"):
        assert listed(["a", "b"]) == "a и b"
    assert listed(["a", "b"]) == "a and b"
    assert spoken() == ENGLISH


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ru-RU", "ru"), ("ru", "ru"), ("en-GB", "en"), ("en_US", "en"), ("de-DE", "en"), ("", "en")],
)
def test_a_locale_without_a_catalogue_reads_english(locale, language):
    assert language_of(locale) == language


def test_a_count_takes_its_form_and_its_thousands_are_set_apart():
    assert plural("{n} launch of {what}", "{n} launches of {what}", 1, what="x") == "1 launch of x"
    assert plural("{n} launch of {what}", "{n} launches of {what}", 48210, what="x") == "48,210 launches of x"
    with speaking("ru"):
        assert number(48210) == "48\xa0210"


@pytest.mark.parametrize("value", [0, 999, 1000, 48210, -1234567, 0.5, 30.0, 2.3])
def test_numbers_are_written_as_the_language_does(value):
    assert number(value) == format_decimal(value, locale="en")
    with speaking("ru"):
        assert number(value) == format_decimal(value, locale="ru")


def test_a_number_of_thirty_digits_is_written_too():
    assert len(number(10**30)) == 41
