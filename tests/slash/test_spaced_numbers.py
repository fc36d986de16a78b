"""A number with spaces in it, as it is copied from a page, is never cut or guessed at."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slash.activate import parse
from bot.slash.queries import parse_status
from bot.slash.stop import parse_stop
from bot.slash.words import CommandError

SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])
GROUPS = st.tuples(
    st.integers(1, 999).map(str), st.lists(st.integers(0, 999).map("{:03}".format), min_size=1, max_size=4)
)


@given(SPACES, GROUPS, st.sampled_from(["82 run_now limit={}", "82 run_now source=segment:{}", "{} run_now"]))
def test_no_number_is_suggested_that_was_not_typed(space, groups, command):
    first, further = groups
    spaced = space.join([first, *further])
    with pytest.raises(CommandError) as wrong:
        parse(command.format(spaced))
    assert "".join(re.findall("[0-9]", wrong.value.suggestion)) == first + "".join(further)
    assert "has a space in it" in wrong.value.text


@pytest.mark.parametrize("read", [parse_status, parse_stop])
def test_an_id_with_a_space_in_it_is_never_taken_for_its_beginning(read):
    with pytest.raises(CommandError) as wrong:
        read("47\u00a0100")
    assert wrong.value.suggestion == "47100"
