"""What changed between two messages is told as people read it, and who did it."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign import ContentItem
from bot.message.difference import MOST_FIELDS, MOST_LINES, Difference, difference, last_edit
from bot.message.message import Channel, Message, MessageUnread, Template, Unread, as_covered
from bot.phrase import Phrase
from tests.message.builders import EMAIL, email, message, sms
from tests.message.hostile import corpus
from tests.message.test_message import messages


def told(old, new):
    """Changes as (what, old, new), and notes."""
    found = difference(old, new)
    return [(one.what, one.old, one.new) for one in found.changes], list(found.notes)


def test_the_same_message_has_no_difference_whoever_saved_it_again():
    saved = replace(email().template, updated_by="piotr", updated_at=datetime(2026, 11, 20, tzinfo=UTC))

    found = difference(email(), replace(email(), template=saved))

    assert not found
    assert (found.by, found.changes, found.notes) == ("piotr", (), ())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": "Hi"}, ("the subject", "Spring is here", "Hi")),
        ({"subject": ""}, ("the subject", "Spring is here", "nothing")),
        ({"from_name": "Eve"}, ("the sender", "The shop <shop@shop.example>", "Eve <shop@shop.example>")),
        ({"from_email": ""}, ("the sender", "The shop <shop@shop.example>", "The shop")),
        ({"replyto_email": "a@b.example"}, ("the address for replies", "nothing", "a@b.example")),
        ({"is_amp": "true"}, ("is_amp (email)", "nothing", "true")),
        ({"brand_new": "x"}, ("brand_new (email)", "nothing", "x")),
    ],
)
def test_a_changed_value_is_told_with_the_old_one(changes, expected):
    assert told(email(), email(**changes)) == ([expected], [])


def test_a_subject_that_the_campaign_changed_counts_as_one():
    assert told(email(), message(overrides={"subject": "Mine"})) == (
        [("the subject", "Spring is here", "Mine")],
        [],
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Other"}, ("the template's name", "Spring mail", "Other")),
        ({"description": "d"}, ("the template's description", "nothing", "d")),
        ({"is_draft": True}, ("the template is a draft", "not known", "yes")),
        ({"more": (("json_url", "https://x.example"),)}, ("json_url (template)", "nothing", "https://x.example")),
    ],
)
def test_what_the_template_says_of_itself_is_told(changes, expected):
    old = email()

    assert told(old, replace(old, template=replace(old.template, **changes))) == ([expected], [])


def test_another_template_is_told():
    assert told(message(message_id=77), message(message_id=78)) == ([("the template", "77", "78")], [])


def test_changed_lines_of_the_text_are_told():
    old, new = email(text="One\nTwo\nThree\n\nFive"), email(text="One\n2\nThree\nFour\n\nFive")

    assert told(old, new) == ([], ["“Two” became “2”.", "“Four” is new."])
    assert told(new, old)[1] == ["“2” became “Two”.", "“Four” is gone."]


def test_an_sms_is_told_by_its_lines():
    assert told(sms("Hi\nthere"), sms("Hi\nyou")) == ([], ["“there” became “you”."])


def test_what_html_says_otherwise_is_told_by_lines_and_places():
    old = email(html="<p>Hello</p><p>Bye</p><b>x</b>")
    new = email(html="<p>Hello!</p><p>Bye</p><i>x</i>")

    assert told(old, new) == ([], ["“Hello” became “Hello!”.", "The HTML changed in 3 places."])


def test_a_link_that_leads_elsewhere_is_told():
    old, new = (email(html=f'<a href="https://{host}.example/">Shop</a>') for host in ("good", "evil"))

    assert told(old, new)[1] == [
        "“Shop (https://good.example/)” became “Shop (https://evil.example/)”.",
        "The HTML changed in one place.",
    ]


def test_html_that_reads_the_same_is_told_by_places_alone():
    assert told(email(html="<p>Hi</p>"), email(html="<p class=a>Hi</p>")) == ([], ["The HTML changed in one place."])
    assert told(email(html=""), email(html="<style></style>"))[1] == ["The HTML is new."]
    assert told(email(html="<style></style>"), email(html=""))[1] == ["The HTML is gone."]


def test_a_push_and_channels_that_nobody_knows_are_told_field_by_field():
    assert told(message("push", {"title": "A"}), message("push", {"title": "B"}))[0] == [("title (push)", "A", "B")]
    assert told(message("bot", {"words": "A"}), message("bot", {}))[0] == [("words (bot)", "A", "nothing")]


def test_a_message_that_was_not_read_then_or_now_is_a_difference():
    unread = MessageUnread(Unread.NO_RIGHT, Phrase("No rights."))

    assert told(unread, email()) == ([], ["The message can be read now, and nobody has approved it."])
    assert told(email(), unread) == ([], ["The message cannot be read any more.", "No rights."])
    assert not difference(unread, MessageUnread(Unread.NOT_ANSWERED))


def test_long_values_are_cut_around_where_they_differ_and_it_shows():
    [change] = difference(email(subject="x" * 1000 + "A" + "y" * 1000), email(subject="x" * 1000 + "B")).changes

    assert change.old == "…" + "x" * 50 + "A" + "y" * 149 + "…"
    assert change.new == "…" + "x" * 50 + "B"


def test_no_more_than_so_many_lines_and_fields_are_told_and_how_many_there_are():
    old, new = ("\n".join(f"{n} {word}" for n in range(500)) for word in ("old", "new"))
    notes = told(email(text=old), email(text=new))[1]
    assert (len(notes), notes[-1]) == (MOST_LINES + 1, "490 more changed lines are not shown.")

    changes, _ = told(message("bot", {}), message("bot", {f"f{n}": "x" for n in range(50)}))
    assert (len(changes), changes[-1]) == (MOST_FIELDS + 1, ("other fields", "as before", "30 more changed"))


def test_one_line_of_a_long_text_is_told():
    old = [f"Line {n}" for n in range(3000)]
    new = [*old[:1500], "Another", *old[1501:]]

    assert told(email(text="\n".join(old)), email(text="\n".join(new)))[1] == ["“Line 1500” became “Another”."]


def test_what_would_take_too_long_to_tell_is_said_without_its_lines():
    old, new = ("\n".join(f"{n * step}" for n in range(3000)) for step in (1, 2))

    assert told(email(text=old), email(text=new))[1] == ["The text changed in too many places to be told line by line."]


@pytest.mark.parametrize("name", corpus(1))
def test_the_worst_html_is_told_in_little_time(name):
    old, new = corpus(2_000_000)[name], corpus(1_900_000)[name] + "<p>x</p>"
    begun = time.process_time()

    found = difference(email(html=old, text=old, more=old), email(html=new, text=new, more=new))

    assert time.process_time() - begun < 8
    assert found
    assert sum(len(note) for note in found.notes) < 20_000
    for note in (*found.notes, *(one.new for one in found.changes)):
        note.encode()


def test_many_places_that_are_alike_take_little_time():
    begun = time.process_time()
    old = "".join(f"<i>{n % 60}</i>" for n in range(330))
    new = "".join(f"<b>{n * 7 % 60}</b>" for n in range(330))

    difference(email(html=old), email(html=new))

    assert time.process_time() - begun < 3


@given(messages, messages)
def test_two_messages_differ_exactly_where_an_approval_of_one_does_not_cover_the_other(one, other):
    assert bool(difference(one, other)) == (one.digest != other.digest) == (as_covered(one) != as_covered(other))


@given(messages, st.sampled_from(["subject", "html", "text", "new_field"]), st.text(max_size=20))
def test_whatever_field_is_changed_there_is_something_to_tell(one, name, value):
    channels = tuple(
        Channel(each.sid, (*(pair for pair in each.fields if pair[0] != name), (name, value)))
        for each in one.template.channels
    )
    new = replace(one, template=replace(one.template, channels=channels))

    assert bool(difference(one, new)) == (one.digest != new.digest)


def test_who_edited_it_last_is_told_as_far_as_it_is_known():
    at = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    template = replace(email(subject="Hi").template, updated_by="mallory", updated_at=at)

    found = difference(email(), replace(email(), template=template))

    assert found.changes[0].by == "mallory"
    assert last_edit(found) == "Last edited by mallory, 2026-11-20 09:05 UTC."
    assert last_edit(Difference(by="mallory")) == "Last edited by mallory."
    assert last_edit(Difference(at=at)) == "Last edited: 2026-11-20 09:05 UTC."
    assert last_edit(Difference()) == ""


def test_a_template_without_channels_can_be_compared():
    empty = Message(ContentItem(77), Template(id=77), "email")

    assert told(
        empty, Message(ContentItem(77), Template(id=77, channels=(Channel("email", tuple(EMAIL.items())),)), "email")
    )[0][0] == ("the subject", "nothing", "Spring is here")
