"""An SMS is counted as the network counts it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message.sms import MOST_COUNTED, Alphabet, parts_of

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "\f^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", Alphabet.GSM, 0, 0),
        ("a" * 160, Alphabet.GSM, 160, 1),
        ("a" * 161, Alphabet.GSM, 161, 2),
        ("a" * 306, Alphabet.GSM, 306, 2),
        ("a" * 307, Alphabet.GSM, 307, 3),
        ("€" * 80, Alphabet.GSM, 160, 1),
        ("€" * 81, Alphabet.GSM, 162, 2),
        ("a" * 152 + "{" + "a" * 152, Alphabet.GSM, 306, 3),
        ("ж" * 70, Alphabet.UCS2, 70, 1),
        ("ж" * 71, Alphabet.UCS2, 71, 2),
        ("ж" * 134, Alphabet.UCS2, 134, 2),
        ("ж" * 135, Alphabet.UCS2, 135, 3),
        ("😀" * 35, Alphabet.UCS2, 70, 1),
        ("😀" * 36, Alphabet.UCS2, 72, 2),
        ("ж" * 66 + "😀" + "ж" * 66, Alphabet.UCS2, 134, 3),
        ("`", Alphabet.UCS2, 1, 1),
        ("Hello, “you”", Alphabet.UCS2, 12, 1),
    ],
)
def test_a_text_is_counted_at_every_border(text, alphabet, units, parts):
    counted = parts_of(text)

    assert (counted.alphabet, counted.units, counted.parts, counted.length) == (alphabet, units, parts, len(text))


@given(st.text(GSM + EXTENDED, min_size=1, max_size=700))
def test_what_the_gsm_alphabet_has_is_sent_in_it(text):
    counted = parts_of(text)
    units = sum(2 if character in EXTENDED else 1 for character in text)

    assert (counted.alphabet, counted.units) == (Alphabet.GSM, units)
    assert counted.parts == 1 if units <= 160 else units / 153 <= counted.parts <= units / 152 + 1


@given(st.text(st.characters(), min_size=1, max_size=300).filter(lambda text: set(text) - set(GSM + EXTENDED + "\x1b")))
def test_one_character_outside_it_makes_all_of_them_wide(text):
    counted = parts_of(text)
    units = sum(2 if ord(character) > 0xFFFF else 1 for character in text)

    assert (counted.alphabet, counted.units) == (Alphabet.UCS2, units)
    assert counted.parts == 1 if units <= 70 else units / 67 <= counted.parts <= units / 66 + 1


def test_a_text_too_long_to_be_counted_says_so():
    begun = time.process_time()
    counted = parts_of("ж" * 2_000_000)

    assert (counted.is_whole, counted.length, counted.parts) == (False, 2_000_000, 150)
    assert time.process_time() - begun < 1
    assert parts_of("a" * MOST_COUNTED).is_whole
