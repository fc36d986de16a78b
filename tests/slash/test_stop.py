"""What can be typed after /campaign-stop, and what is said of the rest."""

import re

import pytest
from hypothesis import given

from bot.slash.stop import StopWanted, parse_stop
from bot.slash.words import CommandError
from tests.campaign.strategies import TYPED


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("82", StopWanted(82)),
        ("  82  keep-queue ", StopWanted(82, keep_queue=True)),
        ("82 KEEP_QUEUE", StopWanted(82, keep_queue=True)),
        ("82 keep–queue", StopWanted(82, keep_queue=True)),
        ("82\u200b", StopWanted(82)),
        ("help", None),
        ("", None),
    ],
)
def test_what_is_typed_is_understood(text, wanted):
    assert parse_stop(text) == wanted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("black friday", "“black” is no campaign id"),
        ("82 keepqueue", "Did you mean keep-queue?"),
        ("82 help", "help stands alone"),
        ("82 now", "After the id there can be keep-queue"),
        ("82 keep-queue=yes", "Did you mean keep-queue?"),
        ("82 keep-queue 83", "stop one campaign at a time"),
        ("0", "no campaign id"),
        ("82 83", "I don't know the word “83”"),
    ],
)
def test_what_is_not_understood_is_told(text, says):
    with pytest.raises(CommandError, match=re.escape(says)):
        parse_stop(text)


@given(TYPED)
def test_whatever_is_typed_is_understood_or_refused_with_a_sentence(text):
    try:
        wanted = parse_stop(text)
    except CommandError:
        return
    assert wanted is None or wanted.campaign_id > 0
