"""The texts after the commands that look: all of them understood, or refused with the nearest word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.overview import Listing
from bot.campaign.request import LARGEST_ID, UserId
from bot.launch.looking import PENDING_PHASES, Phase, Wanted
from bot.slash.activate import CommandError, Help
from bot.slash.queries import StatusOf, export_text, history_text, list_text, parse_history, parse_list, parse_status

BEN = Wanted(requester=UserId("U0BEN"))


@pytest.mark.parametrize(
    ("text", "asked"),
    [("82", StatusOf(82)), (" #82 ", StatusOf(82)), ("help", Help()), ("HELP", Help()), ("", Help())],
)
def test_a_status_is_asked_for_by_id(text, asked):
    assert parse_status(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Listing()),
        ("spring", Listing("spring")),
        ("spring active", Listing("spring", only_active=True)),
        ("Active spring sale", Listing("spring sale", only_active=True)),
        ("active", Listing(only_active=True)),
        ("“active users”", Listing("active users")),
        ('"active users" active', Listing("active users", only_active=True)),
        ("“black friday", Listing("black friday")),
        ("R&amp;D", Listing("R&D")),
        ("82", Listing("82")),
        ("spring actve", Listing("spring actve", meant="actve")),
        ("help", Help()),
        ('"help"', Listing("help")),
    ],
)
def test_a_list_is_asked_for_by_text_and_narrowed_by_a_word(text, asked):
    assert parse_list(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Wanted()),
        ("82", Wanted(campaign_id=82)),
        ("&lt;@U0BEN|ben&gt;", BEN),
        ("<@U0BEN|ben>", BEN),
        ("<@U0BEN>", BEN),
        ("in-doubt", Wanted(phases=(Phase.IN_DOUBT,))),
        ("In_Doubt", Wanted(phases=(Phase.IN_DOUBT,))),
        ("pending", Wanted(phases=PENDING_PHASES)),
        ("help", Help()),
    ],
)
def test_the_history_is_asked_for_by_campaign_person_or_standing(text, asked):
    assert parse_history(text) == asked


@pytest.mark.parametrize(
    ("parse", "text", "sentence"),
    [
        (parse_status, "halp", "Did you mean help?"),
        (parse_status, "eighty", "“eighty” is no campaign id"),
        (parse_status, "82 83", "take “83” away"),
        (parse_status, "0", "is no campaign id"),
        (parse_history, "pendng", "Did you mean pending?"),
        (parse_history, "indoubt", "Did you mean in-doubt?"),
        (parse_history, "everything", "I know a campaign's id such as 82"),
        (parse_history, "@benn", "Slack knows no single person by the name “@benn”"),
        (parse_history, "<!subteam^S0LEADS|@leads>", "no single person"),
        (parse_history, "82 pending", "take “pending” away"),
        (parse_list, "x" * 301, "longer than 300 characters"),
        (parse_list, "\ud83d", "half a character"),
    ],
)
def test_what_is_not_understood_is_said_with_what_to_write(parse, text, sentence):
    with pytest.raises(CommandError) as refused:
        parse(text)
    assert sentence in refused.value.text


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused_with_a_sentence(text):
    for parse in (parse_status, parse_list, parse_history):
        assert _sentence(parse, text).endswith((".", "?"))


def _sentence(parse, text):
    """What the person is told; "." where there is nothing to tell."""
    try:
        parse(text)
    except CommandError as refused:
        return refused.text
    return "."


@given(st.text(max_size=100).filter(lambda text: "&" not in text))
def test_a_listing_is_written_as_a_text_that_asks_the_same(text):
    try:
        asked = parse_list(text)
    except CommandError:
        return
    if isinstance(asked, Listing):
        again = parse_list(list_text(asked))
        assert (again.text, again.only_active) == (asked.text, asked.only_active)


WANTED = st.one_of(
    st.just(Wanted()),
    st.builds(lambda number: Wanted(campaign_id=number), st.integers(1, LARGEST_ID)),
    st.builds(lambda name: Wanted(requester=UserId(f"U{name}")), st.from_regex(r"[A-Z0-9]{1,10}", fullmatch=True)),
    st.sampled_from([Wanted(phases=(Phase.IN_DOUBT,)), Wanted(phases=PENDING_PHASES)]),
)


@given(WANTED)
def test_a_question_about_the_history_is_written_as_a_text_that_asks_the_same(wanted):
    assert parse_history(history_text(wanted)) == wanted


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("export", ""),
        (" EXPORT  csv 82 ", "csv 82"),
        ("export\u00a0since=2026-11-01", "since=2026-11-01"),
        ("82 export", None),
        ("exports", None),
        ("", None),
    ],
)
def test_an_export_is_asked_for_by_the_first_word(text, wished):
    assert export_text(text) == wished
