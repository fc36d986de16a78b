"""What a message is: the template with the campaign's own words in place, and what an approval of it covers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign import ContentItem
from bot.message.message import (
    Channel,
    Message,
    MessageUnread,
    Template,
    Unread,
    as_covered,
    decode,
    digest_of,
    encode,
    ref_of,
)
from tests.message.builders import EMAIL, email, message

texts = st.text(st.characters(), max_size=30)
names = st.one_of(
    st.sampled_from(["subject", "html", "text", "from_name", "new_field"]), st.text(min_size=1, max_size=8)
)
fields = st.dictionaries(names, texts, max_size=6).map(lambda told: tuple(told.items()))
channels = st.lists(
    st.builds(Channel, st.sampled_from(["email", "sms", "push", "telegram_bot"]), fields),
    max_size=4,
    unique_by=lambda one: one.sid,
).map(tuple)
ids = st.integers(1, 2**63 - 1)
templates = st.builds(
    Template,
    id=ids,
    name=texts,
    description=texts,
    updated_by=texts,
    updated_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    is_draft=st.none() | st.booleans(),
    channels=channels,
    more=fields,
)
messages = st.builds(
    Message, st.builds(ContentItem, ids, fields), templates, st.sampled_from(["", "email", "sms", "other"])
)


def test_what_the_campaign_says_stands_in_place_of_the_templates():
    shown = message(overrides={"subject": "Only today", "from_name": "Ann"}).channel("email")

    assert (shown.text("subject"), shown.text("from_name"), shown.text("from_email")) == (
        "Only today",
        "Ann",
        "shop@shop.example",
    )


def test_an_empty_word_of_the_campaign_leaves_the_templates_in_place():
    assert message(overrides={"subject": ""}).channel("email").text("subject") == "Spring is here"


def test_what_the_campaign_says_of_a_field_that_the_template_lacks_is_there():
    assert message(overrides={"replyto_email": "a@b.example"}).channel("email").text("replyto_email") == "a@b.example"


def test_a_campaigns_subject_does_not_get_into_an_sms():
    assert message("sms", {"sms": "Hi"}, overrides={"subject": "X"}).channel("sms").fields == (("sms", "Hi"),)


def test_only_the_channel_that_is_sent_is_the_message():
    template = Template(id=77, channels=(Channel("email"), Channel("sms")))

    assert [one.sid for one in Message(ContentItem(77), template, "sms").channels] == ["sms"]
    assert [one.sid for one in Message(ContentItem(77), template).channels] == ["email", "sms"]
    assert Message(ContentItem(77), template, "push").channels == ()


@given(messages)
def test_what_was_stored_reads_back_as_what_was_covered(one):
    assert decode(encode(one)) == as_covered(one)
    assert encode(decode(encode(one))) == encode(one)


@given(messages, st.data())
def test_whatever_field_is_changed_the_digest_is_another_one(one, data):
    sent = [channel for channel in one.template.channels if one.sent_by in {"", channel.sid} and channel.fields]
    if not sent:
        return
    channel = data.draw(st.sampled_from(sent))
    at = data.draw(st.integers(0, len(channel.fields) - 1))
    name, value = channel.fields[at]
    other = data.draw(texts.filter(lambda text: text != value))
    edited = replace(channel, fields=(*channel.fields[:at], (name, other), *channel.fields[at + 1 :]))
    changed = tuple(edited if each is channel else each for each in one.template.channels)

    assert replace(one, template=replace(one.template, channels=changed)).digest != one.digest


@given(messages, texts.filter(bool))
def test_an_override_added_or_taken_away_is_another_digest(one, text):
    more = replace(one, item=replace(one.item, overrides=(*one.item.overrides, ("a name of its own", text))))

    assert more.digest != one.digest


@given(messages, messages)
def test_two_messages_share_a_digest_only_if_they_are_covered_alike(one, other):
    assert (one.digest == other.digest) == (as_covered(one) == as_covered(other))


@pytest.mark.parametrize(
    "changes",
    [{"name": "Other"}, {"is_draft": True}, {"more": (("json_url", "https://x.example"),)}, {"description": "d"}],
)
def test_what_the_template_says_of_itself_is_covered(changes):
    one = email()

    assert replace(one, template=replace(one.template, **changes)).digest != one.digest


def test_another_template_with_the_same_words_is_another_message():
    assert message(message_id=78).digest != message(message_id=77).digest


def test_saving_a_template_again_changes_no_digest():
    one = email()
    saved = replace(one.template, updated_by="piotr", updated_at=datetime(2026, 11, 20, tzinfo=UTC))

    assert replace(one, template=saved).digest == one.digest


def test_a_channel_that_is_not_sent_does_not_count():
    one = email()
    more = replace(one.template, channels=(*one.template.channels, Channel("sms", (("sms", "Hi"),))))

    assert replace(one, template=more).digest == one.digest


def test_a_digest_stays_what_it_is_for_as_long_as_the_record():
    assert message(fields={"subject": "S", "html": "<p>"}).digest == PINNED


def test_all_that_a_launch_sends_has_one_digest_in_which_order_and_unread_ones_count():
    one, other = email(), email(subject="Other")
    unread = MessageUnread(Unread.NO_RIGHT, message_id=77)

    digests = [
        digest_of(map(ref_of, each)) for each in ([one], [one, other], [other, one], [unread], [one, unread], [])
    ]

    assert len(set(digests)) == len(digests)
    assert digest_of([ref_of(unread)]) == digest_of([ref_of(MessageUnread(Unread.ODD_ANSWER, message_id=77))])


@given(messages, st.randoms())
def test_the_order_in_which_a_platform_tells_fields_changes_no_digest(one, random):
    def shuffled(told):
        return tuple(random.sample(told, len(told)))

    channels = tuple(replace(channel, fields=shuffled(channel.fields)) for channel in shuffled(one.template.channels))
    told = replace(one.template, channels=channels, more=shuffled(one.template.more))

    assert replace(one, template=told).digest == one.digest


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b'{"form":2}'])
def test_what_is_no_stored_message_is_not_taken_for_one(stored):
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(stored)


def test_the_fields_keep_their_order():
    assert [name for name, _ in email().channel("email").fields] == list(EMAIL)


PINNED = "d2f52d34b355e5a91e4b78f07e12b9af25d0cdbec335ed11919ce91f15eb8a3a"
