"""What of a mistyped command fills the form: only what would have been understood alone, and the rest is named."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import Source, SourceKind
from bot.slack.form import Form
from bot.slack.prefilled import Filled, filled_from
from bot.slash.activate import parse, to_text
from bot.slash.salvage import salvage
from bot.slash.words import CommandError
from tests.launch.test_codec import REQUESTS

salvaged = partial(salvage, understand=parse)


@pytest.mark.parametrize(
    ("text", "taken", "left_out"),
    [
        ("82 run_now limt=100", "82 run_now", ("limt=100",)),
        ("82 run_now limit 1000", "82 run_now", ("limit", "1000")),
        ("run_now 82", "82 run_now", ()),
        ("82 83 run_now", "82 run_now", ("83",)),
        ("82 run_now limit=5 limit=6", "82 run_now limit=5", ("limit=6",)),
        ("practice 82 rn_now limit=5", "practice 82 limit=5", ("rn_now",)),
        ('82 run_now reason="not closed', "82 run_now", ("reason",)),
        ('82 foo reason="a &lt; b" content={"a": "&amp;lt;"}', '82 reason="a < b" content={"a": "&amp;lt;"}', ("foo",)),
    ],
)
def test_what_is_understood_alone_is_kept_and_the_rest_is_named(text, taken, left_out):
    found = salvaged(text)
    assert (found.request, found.has_campaign, found.left_out) == (parse(taken), True, left_out)


@pytest.mark.parametrize("text", ["limit=1 000 82 run_now", "82 run_now limit=1 000"])
def test_a_number_with_a_space_in_it_is_not_taken_for_its_first_digits(text):
    found = salvaged(text)
    assert found.request == parse("82 run_now")
    assert found.left_out == ("limit=1", "000")


def test_a_campaign_that_may_go_on_behind_a_space_is_not_guessed():
    found = salvaged("82 000 run_now source=list:3")
    assert not found.has_campaign
    assert (found.request.run_now, found.request.source) == (True, Source(SourceKind.LIST, 3))


@pytest.mark.parametrize("text", ["", "spring sale", "help me", "practice", "limit 83", "x" * 3000, "1 " * 50])
def test_where_nothing_is_understood_there_is_no_form_to_open(text):
    assert filled_from(text, parse) is None


@given(st.text(alphabet='82 pract=runowlimts:5"{}&<;', max_size=40))
def test_nothing_is_kept_that_would_not_be_understood_and_nothing_is_raised(text):
    found = salvaged(text)
    assert found is None or parse(to_text(found.request)) == found.request


@given(REQUESTS)
def test_what_was_understood_survives_the_way_through_a_button(request):
    filled = Filled(Form.of(request), ("limt=5",))
    assert not filled.value or Filled.of(filled.value) == filled


def test_what_is_longer_than_a_button_takes_makes_no_button():
    assert Filled(Form(reason="r" * 2000)).value == ""


def test_a_word_that_is_understood_as_another_error_is_left_out():
    def understand(text):
        if "at=" in text:
            raise CommandError("at", "no")
        return parse(text)

    assert salvage("82 at=2099-01-01T09:00 run_now foo", understand).left_out == ("at=2099-01-01T09:00", "foo")
