"""The bot's client reads the stand-in's messages: the same in both formats, and another after an edit."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.altcraft.client import WireFormat
from bot.message.checks import checks
from bot.message.finding import Asked, Check, CheckSettings, Grade
from bot.message.message import Unread, digest_of, ref_of
from bot.message.text import first_lines, readable
from bot.message.variables import used
from sandbox.altcraft.objects import utc_now
from tests.altcraft.builders import client, read_messages
from tests.sandbox.altcraft.rig import TOKEN


def read(rig, campaign_id, wire=WireFormat.JSON, seconds=5.0):
    """The campaign's messages; its channel comes from the richer view, as in a preview."""
    platform = client(rig.url, token=TOKEN, format=wire)
    campaign = platform.broadcast(campaign_id) if rig.platform.campaigns[campaign_id].type == "broadcast" else None
    with ThreadPoolExecutor(2) as readers:
        return read_messages(campaign or platform.regular(campaign_id), platform.template, readers, seconds)


@pytest.mark.parametrize("campaign_id", [44, 82, 83, 96, 118, 4107])
def test_both_formats_give_the_same_message(rig, campaign_id):
    [in_json], [in_xml] = (read(rig, campaign_id, wire) for wire in WireFormat)

    assert in_json == in_xml
    assert in_json.channels


def test_a_mail_of_the_stand_in_reads_as_its_reader_sees_it(rig):
    [message] = read(rig, 82)
    mail = message.channel("email")

    assert first_lines(readable(mail).text) == (
        "{lead._fname}, our shop opens for you a day before everybody else.\nYour code: {apicontent.promo} …"
    )
    assert {link.host for link in readable(mail).links} == {"shop.example"}
    assert [one.name for one in used(message)] == ["promo"]


def test_a_campaigns_own_subject_stands_in_place_of_the_templates(rig):
    [message] = read(rig, 83)

    assert message.channel("email").text("subject") == "Last call: the doors close tonight"


@pytest.mark.parametrize(("campaign_id", "content"), [(44, {}), (82, {"promo": "BF26"}), (96, {}), (118, {"code": 7})])
def test_the_stand_ins_messages_pass_what_is_checked(rig, campaign_id, content):
    settings = CheckSettings(unsubscribe=("/unsubscribe?",))
    asked = Asked(messages=read(rig, campaign_id), now=utc_now(), content=content, size=10)

    assert {one.check for one in checks(asked, settings) if one.grade is not Grade.PASS} == set()
    without = checks(Asked(messages=asked.messages, now=asked.now, size=10), settings)
    assert {one.check for one in without if one.grade is Grade.FAILURE} == (
        {Check.MISSING_VARIABLE} if content else set()
    )


def test_an_edited_template_is_another_message_and_a_saved_one_is_not(rig):
    before = digest_of(map(ref_of, read(rig, 82)))

    rig.on_loop(lambda: rig.platform.edit_template(78, "email", {}, by="mallory"))
    saved = read(rig, 82)
    rig.on_loop(lambda: rig.platform.edit_template(78, "email", {"subject": "Other"}, by="mallory"))
    edited = read(rig, 82)

    assert (digest_of(map(ref_of, saved)), saved[0].template.updated_by) == (before, "mallory")
    assert digest_of(map(ref_of, edited)) != before


@pytest.mark.parametrize("wire", WireFormat)
@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("no_right", Unread.NO_RIGHT),
        ("unknown_method", Unread.ODD_ANSWER),
        ("garbage", Unread.ODD_ANSWER),
        ("html", Unread.ODD_ANSWER),
        ("error_500", Unread.ODD_ANSWER),
        ("hang", Unread.NOT_ANSWERED),
    ],
)
def test_a_template_that_cannot_be_read_is_only_unread(rig, fault, cause, wire):
    rig.switch(templates=fault)
    platform = client(rig.url, token=TOKEN, format=wire, timeout=0.3)

    with ThreadPoolExecutor(2) as readers:
        [unread] = read_messages(platform.campaign(82), platform.template, readers, 5)

    assert unread.cause is cause


def test_ten_content_items_are_ten_messages(rig):
    rig.on_loop(lambda: rig.platform.edit(82, "olga", also_sends=(77, 79) * 4 + (999,)))

    messages = read(rig, 82)

    assert [one.template.id for one in messages[:-1]] == [78, *[77, 79] * 4]
    assert messages[-1].cause is Unread.NO_TEMPLATE
