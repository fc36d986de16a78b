"""Values typed one a line: what is understood is what stands there, and what is not understood is named by its line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.form import Form, content_in
from bot.slash.activate import parse
from bot.slash.content_lines import as_lines, is_lines, values_in
from bot.slash.words import CommandError
from tests.builders import asked

NAMES = st.from_regex(r"[a-z][\w.-]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("promo=SPRING", {"promo": "SPRING"}),
        ("promo=SPRING\n\n  city = Berlin Mitte  \n", {"promo": "SPRING", "city": "Berlin Mitte"}),
        (
            'greeting="Hello, \\"you\\" "\nlink=https://a.test/?b=c',
            {"greeting": 'Hello, "you" ', "link": "https://a.test/?b=c"},
        ),
        ("greeting=“Hello” ", {"greeting": "Hello"}),
        ('empty=""', {"empty": ""}),
        ("\u200bpromo=SPRING\u200b", {"promo": "SPRING"}),
        ("имя=Анна", {"имя": "Анна"}),
    ],
)
def test_each_line_is_one_value(text, values):
    assert is_lines(text)
    assert values_in(text) == values


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("promo=SPRING\nhello", 2, "Write a name, an equals sign and the value, such as promo=SPRING"),
        ("promo SPRING", 1, "Write a name"),
        ("first name=Ann", 1, "Write a name"),
        ("content.promo=SPRING content.b=2", 1, "each value on a line of its own"),
        ("=SPRING", 1, "Write a name"),
        ("a=1\n\npromo=", 3, 'has no value. Write one behind the equals sign; promo="" sends an empty one.'),
        ("a=1\na=2", 2, "“a” stands above already"),
        ('a="b', 1, "have to stand around the whole value"),
        ('a="b" c', 1, "have to stand around the whole value"),
    ],
)
def test_a_line_that_is_not_understood_is_named(text, line, says):
    with pytest.raises(CommandError) as caught:
        values_in(text)
    assert f"Line {line}" in caught.value.text
    assert says in caught.value.text


@pytest.mark.parametrize("text", ['{"promo": "SPRING"}', "[1]", '"{}"', " `{}`", "“{”"])
def test_an_object_is_not_taken_for_lines(text):
    assert not is_lines(text)


@given(st.dictionaries(NAMES, st.text(max_size=20) | st.integers() | st.none(), max_size=4))
def test_what_the_form_shows_of_values_is_read_as_those_values(content):
    form = Form.of(asked(content=content).request)
    assert content_in(form) == content


@given(NAMES, st.text(alphabet='ab "\\=“”\u200b', max_size=12))
def test_a_value_in_quotes_means_in_the_form_what_it_means_in_a_command(name, value):
    line = as_lines({name: value})
    if line and line.startswith(f'{name}="'):
        assert dict(parse(f"82 content.{line}").content or {}) == {name: value}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused_in_a_sentence(text):
    if is_lines(text):
        with suppress(CommandError):
            assert all(isinstance(value, str) for value in values_in(text).values())
