"""Each check bites where it should, says what to do, and leaves alone what is well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import Source, SourceKind
from bot.message.checks import TOLD_BEFORE, checks, sent_digest
from bot.message.finding import Asked, Check, CheckSettings, Grade, Sent
from bot.message.message import Channel, MessageUnread, Unread, ref_of
from bot.phrase import Phrase, told
from bot.texts import speaking
from tests.message.builders import EMAIL, email, message, sms

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CUSTOMERS = Source(SourceKind.LIST, 1)
SETTINGS = CheckSettings(
    placeholders=("coming soon", "XXX"),
    staging_hosts=("stage.example", ".test.shop.example"),
    unsubscribe=("{unsub_link}", "/unsubscribe"),
    most_sms_parts=2,
    repeat_days=7,
)
LINK = '<a href="{}">x</a>'
GOOD = email(html=EMAIL["html"] + LINK.format("{unsub_link}"))


def asked(*messages, **changes):
    return Asked(**{"messages": messages, "now": NOW, "audience": CUSTOMERS, "size": 100, **changes})


def found(check, *messages, settings=SETTINGS, **changes):
    """The one finding of that check."""
    [finding] = [one for one in checks(asked(*messages, **changes), settings) if one.check is check]
    return finding


def grade(check, *messages, **changes):
    return found(check, *messages, **changes).grade


def test_a_good_message_passes_everything():
    findings = checks(asked(GOOD), SETTINGS)

    assert [one for one in findings if one.grade is not Grade.PASS] == []
    assert {one.check for one in findings} == set(Check) - {Check.DRAFT, Check.SMS_PARTS}
    assert all(one.sentence for one in findings)


def test_findings_tell_which_message_they_are_about():
    first, second = replace(GOOD, item=replace(GOOD.item, message_id=1)), GOOD

    about = {one.message_id for one in checks(asked(first, second), SETTINGS)}

    assert about == {1, 77, None}


def test_a_message_that_could_not_be_read_passes_nothing():
    unread = MessageUnread(Unread.NO_RIGHT, Phrase("The platform answered with error 403."), 77)

    finding = found(Check.READ, unread)

    assert finding.grade is Grade.FAILURE
    assert finding.sentence == (
        "The message could not be read: an approval does not cover it. The platform answered with error 403."
    )
    assert Grade.FAILURE in {one.grade for one in checks(asked(GOOD, unread), SETTINGS)}


def test_a_template_without_the_channel_that_is_sent_has_nothing_to_send():
    finding = found(Check.CHANNEL, message(sent_by="sms"))

    assert (finding.grade, finding.sentence) == (
        Grade.FAILURE,
        "The template has nothing to send by sms: write it in the platform.",
    )
    assert grade(Check.CHANNEL, message(channels=(), sent_by="")) is Grade.FAILURE
    assert grade(Check.CHANNEL, email(text="", html=" ", is_amp="false", amp="")) is Grade.FAILURE
    assert (
        grade(Check.CHANNEL, message(channels=(Channel("fax", (("is_bold", "false"),)),), sent_by="")) is Grade.FAILURE
    )
    assert grade(Check.CHANNEL, message(channels=(Channel("fax", (("page", "Hi"),)),), sent_by="")) is Grade.PASS


@pytest.mark.parametrize(
    ("fields", "overrides", "content", "outcome"),
    [
        ({}, {}, {}, Grade.PASS),
        ({"subject": " "}, {}, {}, Grade.FAILURE),
        ({"subject": ""}, {"subject": "Hi"}, {}, Grade.PASS),
        ({"subject": "{apicontent.s}"}, {}, {"s": ""}, Grade.FAILURE),
        ({"subject": "{apicontent.s}"}, {}, {"s": "Hi"}, Grade.PASS),
        ({"subject": "{lead.x}"}, {}, {}, Grade.PASS),
    ],
)
def test_a_subject_is_empty_where_people_would_see_none(fields, overrides, content, outcome):
    mail = message(fields={**EMAIL, **fields}, overrides=overrides)

    assert grade(Check.SUBJECT, mail, content=content) is outcome


def test_a_variable_that_is_not_given_is_told_with_the_nearest_one_that_is():
    finding = found(Check.MISSING_VARIABLE, sms("{apicontent.promo_code}"), content={"promocode": "X", "other": 1})

    assert finding.grade is Grade.FAILURE
    assert finding.sentence == (
        "{apicontent.promo_code}: used in the message, and no value is given. Write one under “Content”, such as "
        "promo_code=value. Is “promocode” meant to be “promo_code”?"
    )


def test_many_missing_variables_make_one_sentence():
    finding = found(Check.MISSING_VARIABLE, sms(" ".join(f"{{apicontent.value{n}}}" for n in range(5))))

    assert finding.sentence == (
        "The message uses {apicontent.value0}, {apicontent.value1}, {apicontent.value2} and 2 more, and no values are "
        "given for them: write them under “Content”."
    )


def test_variables_of_the_recipient_need_no_value():
    assert grade(Check.MISSING_VARIABLE, sms("{lead.a} {subscription.email} {if x}")) is Grade.PASS


def test_apicontent_without_a_name_is_nobodys_to_pass():
    assert grade(Check.MISSING_VARIABLE, sms("{json apicontent}"), content={"a": 1}) is Grade.FAILURE


def test_a_value_that_no_message_uses_is_a_warning():
    finding = found(Check.UNUSED_VARIABLE, sms("{apicontent.a}"), content={"a": 1, "b": 2})

    assert (finding.grade, finding.sentence) == (
        Grade.WARNING,
        "b: given and not used. Check the spelling, or take it out.",
    )
    assert grade(Check.UNUSED_VARIABLE, sms("{apicontent.a}"), sms("{apicontent.b.c}"), content={"a": 1, "b": {}}) is (
        Grade.PASS
    )


def test_many_unused_values_make_one_sentence():
    finding = found(Check.UNUSED_VARIABLE, sms("Hi"), content=dict.fromkeys("abcde", 1))

    assert finding.sentence == "a, b, c and 2 more are given and not used: check the spelling, or take them out."


def test_what_an_unread_message_uses_is_not_known():
    unread = MessageUnread(Unread.NOT_ANSWERED)

    for messages in ([unread], [GOOD, unread]):
        findings = checks(asked(*messages, content={"a": 1}), SETTINGS)
        assert Check.UNUSED_VARIABLE not in {one.check for one in findings}


def test_apicontent_without_a_name_may_use_any_value():
    assert grade(Check.UNUSED_VARIABLE, sms("{json apicontent}"), content={"a": 1}) is Grade.PASS


def test_a_brace_without_its_other_half_is_shown():
    finding = found(Check.BRACES, sms("Hello, {lead._fname!"))

    assert (finding.grade, finding.sentence) == (
        Grade.FAILURE,
        "A brace in sms has no other half, near “Hello, {lead._fname!”: close it, or take it out.",
    )
    assert grade(Check.BRACES, email(html="<style>a {</style><p>{lead.a}</p>")) is Grade.PASS


@pytest.mark.parametrize(("is_draft", "outcome"), [(True, Grade.FAILURE), (False, Grade.PASS)])
def test_a_draft_cannot_be_sent(is_draft, outcome):
    assert grade(Check.DRAFT, message(is_draft=is_draft)) is outcome


def test_where_the_platform_does_not_tell_whether_it_is_a_draft_nothing_is_said():
    assert Check.DRAFT not in {one.check for one in checks(asked(GOOD), SETTINGS)}


def test_an_email_without_a_text_version_is_a_warning():
    assert grade(Check.TEXT_VERSION, email(text=" ")) is Grade.WARNING
    assert grade(Check.TEXT_VERSION, GOOD) is Grade.PASS


@pytest.mark.parametrize(
    ("address", "check", "outcome"),
    [
        ("", Check.EMPTY_LINK, Grade.FAILURE),
        ("#", Check.EMPTY_LINK, Grade.FAILURE),
        ("{apicontent.empty}", Check.EMPTY_LINK, Grade.FAILURE),
        ("{apicontent.shop}", Check.EMPTY_LINK, Grade.PASS),
        ("http://shop.example/", Check.INSECURE_LINK, Grade.WARNING),
        ("javascript:alert(1)", Check.INSECURE_LINK, Grade.WARNING),
        ("shop.example/sale", Check.INSECURE_LINK, Grade.WARNING),
        ("{apicontent.plain}", Check.INSECURE_LINK, Grade.WARNING),
        ("https://[broken", Check.INSECURE_LINK, Grade.WARNING),
        ("mailto:a@b.example", Check.INSECURE_LINK, Grade.PASS),
        ("tel:+100", Check.INSECURE_LINK, Grade.PASS),
        ("{unsub_link}", Check.INSECURE_LINK, Grade.PASS),
        ("https://{lead.host}/", Check.INSECURE_LINK, Grade.PASS),
        ("https://10.0.0.1/", Check.BARE_ADDRESS, Grade.FAILURE),
        ("https://[2001:db8::1]/", Check.BARE_ADDRESS, Grade.FAILURE),
        ("https://2130706433/", Check.BARE_ADDRESS, Grade.FAILURE),
        ("https://0x7f.1/", Check.BARE_ADDRESS, Grade.FAILURE),
        ("https://1.example/", Check.BARE_ADDRESS, Grade.PASS),
        ("https://localhost:8080/", Check.LOCALHOST, Grade.FAILURE),
        ("https://shop.LOCALHOST./", Check.LOCALHOST, Grade.FAILURE),
        ("https://localhost.example/", Check.LOCALHOST, Grade.PASS),
        ("{apicontent.local}", Check.LOCALHOST, Grade.FAILURE),
        ("https://stage.example/", Check.STAGING_HOST, Grade.FAILURE),
        ("https://a.stage.example/", Check.STAGING_HOST, Grade.FAILURE),
        ("https://a.test.shop.example/", Check.STAGING_HOST, Grade.FAILURE),
        ("https://good@stage.example/", Check.STAGING_HOST, Grade.FAILURE),
        ("https://backstage.example/", Check.STAGING_HOST, Grade.PASS),
        ("https://shop.example/?to=stage.example", Check.STAGING_HOST, Grade.PASS),
    ],
)
def test_a_link_is_held_against_where_it_leads(address, check, outcome):
    content = {
        "empty": "",
        "shop": "https://shop.example",
        "plain": "http://shop.example",
        "local": "https://localhost",
    }

    finding = found(check, email(html=LINK.format(address)), content=content)

    assert finding.grade is outcome


def test_links_of_the_text_version_of_an_sms_and_of_a_push_are_checked_as_well():
    assert grade(Check.LOCALHOST, email(text="See http://localhost/x")) is Grade.FAILURE
    assert grade(Check.INSECURE_LINK, sms("See http://shop.example/x.")) is Grade.WARNING
    assert grade(Check.INSECURE_LINK, message("push", {"body": "x", "click_url": "http://a.example"})) is Grade.WARNING
    assert grade(Check.INSECURE_LINK, message("push", {"body": "x", "click_url": "shop-app://cart"})) is Grade.PASS


def test_several_bad_links_make_one_sentence():
    finding = found(Check.BARE_ADDRESS, email(html="".join(LINK.format(f"https://10.0.0.{n}/") for n in range(3))))

    assert finding.sentence == (
        "https://10.0.0.0/ (and 2 more) leads to a bare network address: put the site's name in its place."
    )


def test_an_empty_link_is_told_by_what_is_clicked():
    assert found(Check.EMPTY_LINK, email(html='<a href="">See <b>it</b></a>')).sentence == (
        "The link on “See it” leads nowhere: give it an address, or take it out."
    )
    assert found(Check.EMPTY_LINK, email(html='<a href=""><img src=x></a>')).sentence == (
        "The link on a picture leads nowhere: give it an address, or take it out."
    )


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"text": "Lorem\n  IPSUM dolor"}, Grade.FAILURE),
        ({"html": "<p>Lorem <b>ipsum</b></p>"}, Grade.FAILURE),
        ({"subject": "TODO: a subject"}, Grade.FAILURE),
        ({"subject": "Para todo el mundo: todo"}, Grade.PASS),
        ({"subject": "TODOS"}, Grade.PASS),
        ({"html": '<p class="TODO">x</p><!-- TODO -->'}, Grade.PASS),
        ({"html": '<div style="display:none">TODO</div><p>x</p>'}, Grade.FAILURE),
        ({"text": "Coming   Soon!"}, Grade.FAILURE),
        ({"text": "XXX"}, Grade.FAILURE),
        ({"text": "{apicontent.word}"}, Grade.FAILURE),
    ],
)
def test_words_that_were_to_be_replaced_are_found_where_people_read_them(fields, outcome):
    assert grade(Check.PLACEHOLDER, email(**fields), content={"word": "TODO"}) is outcome


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"html": LINK.format("{unsub_link}")}, Grade.PASS),
        ({"html": LINK.format("https://shop.example/unsubscribe?x")}, Grade.PASS),
        ({"html": "", "text": "{unsub_link}"}, Grade.PASS),
        ({"text": "{unsub_link}"}, Grade.FAILURE),
        ({}, Grade.FAILURE),
    ],
)
def test_an_email_needs_a_way_out_where_it_is_known_how_one_is_written(fields, outcome):
    assert grade(Check.UNSUBSCRIBE, email(**fields)) is outcome


def test_without_settings_nothing_is_said_about_what_they_are_for():
    findings = checks(asked(email()), CheckSettings())

    assert {Check.UNSUBSCRIBE, Check.STAGING_HOST, Check.REPEAT}.isdisjoint(one.check for one in findings)


def test_an_sms_has_so_many_parts_and_no_more():
    assert grade(Check.SMS_PARTS, sms("a" * 306)) is Grade.PASS
    assert found(Check.SMS_PARTS, sms("a" * 307)).sentence == (
        "The SMS has 3 parts in GSM 03.38, and may have 2: shorten it."
    )
    assert grade(Check.SMS_PARTS, sms("{apicontent.a}"), content={"a": "ж" * 135}) is Grade.FAILURE


@pytest.mark.parametrize(("size", "outcome"), [(0, Grade.FAILURE), (None, Grade.WARNING), (1, Grade.PASS)])
def test_an_audience_without_people_is_no_audience(size, outcome):
    assert grade(Check.AUDIENCE, GOOD, size=size) is outcome


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Grade.WARNING),
        ({"at": NOW - timedelta(days=8)}, Grade.PASS),
        ({"audience": Source(SourceKind.SEGMENT, 1)}, Grade.PASS),
        ({"digest": sent_digest([ref_of(email())], {})}, Grade.PASS),
        ({"digest": sent_digest([ref_of(GOOD)], {"a": 1})}, Grade.PASS),
    ],
)
def test_the_same_message_to_the_same_audience_within_days_is_a_repeat(changes, outcome):
    sent = Sent(digest=sent_digest([ref_of(GOOD)], {}), audience=CUSTOMERS, at=NOW - timedelta(days=6), launch_id="L-1")

    finding = found(Check.REPEAT, GOOD, earlier=(replace(sent, **changes),))

    assert finding.grade is outcome
    if outcome is Grade.WARNING:
        assert finding.sentence == (
            "The same audience got this message before (2026-11-14 09:00 UTC, launch L-1): "
            "make sure that it should get it again."
        )


def test_what_is_too_large_to_be_checked_whole_is_a_warning():
    finding = found(Check.WHOLE, email(html="<p>x</p>" * 20_000))

    assert finding.grade is Grade.WARNING
    assert finding.sentence.endswith("Read the rest in the platform.")


names = st.text(st.sampled_from("abcxyzйц_-019"), min_size=1, max_size=8)
places = st.sampled_from(
    [
        "{{apicontent.{}}}",
        "{{ apicontent.{} }}",
        "{{if apicontent.{}}}x{{end}}",
        "<style>a{{color:{{apicontent.{}}}}}</style>",
        '<a href="https://a.example/?{{apicontent.{}}}">x</a>',
        "<!-- {{apicontent.{}}} -->",
        "<p>x</p>" * 20_000 + "{{apicontent.{}}}",
    ]
)
fields = st.sampled_from(["subject", "from_name", "text", "html", "amp", "something_new"])


@given(names, st.dictionaries(names, st.sampled_from(["v", "", 1]), max_size=4), places, fields, st.data())
def test_no_message_passes_everything_with_a_variable_that_is_not_given(name, content, place, field, data):
    content.pop(name, None)
    whole = dict(GOOD.channels[0].fields)
    mail = message(
        fields={**whole, field: whole.get(field, "") + place.replace("{}", name).replace("{{", "{").replace("}}", "}")}
    )
    settings = data.draw(st.sampled_from([SETTINGS, CheckSettings()]))

    findings = checks(asked(mail, content=content), settings)

    assert Grade.FAILURE in {one.grade for one in findings}


@pytest.mark.parametrize("template", TOLD_BEFORE)
def test_what_older_records_say_of_a_missing_variable_is_still_told_in_every_language(template):
    with speaking("ru"):
        assert "{apicontent.promo}" in told(Phrase(template, names="{apicontent.promo}", n=2))
        assert "given" not in told(Phrase(template, names="{apicontent.promo}", n=2))
