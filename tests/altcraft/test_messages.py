"""A campaign's messages are read side by side; what cannot be read is said, and nothing is raised."""

import json
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bot.altcraft.client import PlatformRefused, PlatformUnclear, PlatformUnreachable, WireFormat
from bot.altcraft.messages import MOST_READ, MessagesReading
from bot.altcraft.preview_reading import _merged
from bot.campaign.campaign import Campaign, ContentItem, Preview
from bot.campaign.encoding import canonical, decode_preview, encode_preview
from bot.message.message import Channel, Message, MessageUnread, Template, Unread
from bot.phrase import Phrase
from tests.altcraft.builders import client, envelope, read_messages, success
from tests.altcraft.serving import Server, answer, silence

CAMPAIGN = Campaign(id=82, name="Black Friday", channel="email", content=(ContentItem(77, (("subject", "Hi"),)),))


@pytest.fixture
def readers():
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_a_campaign_that_tells_its_content_only_in_the_richer_view_keeps_it():
    poor, rich = Campaign(id=82, name="A"), Campaign(id=82, name="A", content=(ContentItem(77),))

    assert _merged(poor, rich).content == (ContentItem(77),)
    assert _merged(rich, poor).content == (ContentItem(77),)


def test_a_campaigns_content_is_in_the_record_only_where_there_is_some():
    plain, whole = Preview(campaign=Campaign(id=82, name="A")), Preview(campaign=CAMPAIGN)

    assert "content" not in encode_preview(plain)["campaign"]
    assert decode_preview(json.loads(canonical(encode_preview(whole)))) == whole
    assert decode_preview(json.loads(canonical(encode_preview(plain)))) == plain


def campaign(*ids):
    return Campaign(id=82, name="Black Friday", channel="email", content=tuple(map(ContentItem, ids)))


def mail(template_id):
    return Template(id=template_id, channels=(Channel("email", (("subject", f"S{template_id}"),)),))


def test_a_message_is_its_template_with_the_campaigns_item_and_channel(readers):
    [message] = read_messages(CAMPAIGN, mail, readers, 5)

    assert message == Message(CAMPAIGN.content[0], mail(77), "email")
    assert message.channel("email").text("subject") == "Hi"


def test_items_keep_their_order_and_a_template_is_asked_for_once(readers):
    asked = []

    messages = read_messages(campaign(5, 3, 5), lambda each: asked.append(each) or mail(each), readers, 5)

    assert [one.template.id for one in messages] == [5, 3, 5]
    assert sorted(asked) == [3, 5]


def test_templates_are_read_side_by_side(readers):
    together = threading.Barrier(3, timeout=5)

    def read(template_id):
        together.wait()
        return mail(template_id)

    messages = read_messages(campaign(1, 2, 3), read, readers, 5)

    assert all(isinstance(one, Message) for one in messages)


def raising(problem):
    def read(_):
        raise problem

    return read


@pytest.mark.parametrize(
    ("problem", "cause", "says"),
    [
        (PlatformRefused(403, "No rights"), Unread.NO_RIGHT, "“No rights”. Check that the token may see templates."),
        (PlatformRefused(401, ""), Unread.NO_RIGHT, "error 401. Check that the token may see templates."),
        (PlatformRefused(400, "no such"), Unread.NO_TEMPLATE, "“no such”. Check that the token may see templates."),
        (PlatformRefused(404, ""), Unread.NO_TEMPLATE, "error 404. Check that the token may see templates."),
        (PlatformRefused(440, "?"), Unread.REFUSED, "error 440: “?”."),
        (PlatformUnreachable(Phrase("x")), Unread.NOT_ANSWERED, "The platform could not be asked: x."),
        (PlatformUnclear(Phrase("x")), Unread.ODD_ANSWER, "could not be understood: x."),
        (RuntimeError("boom"), Unread.ODD_ANSWER, "Something unexpected went wrong, and was logged."),
        (RecursionError(), Unread.ODD_ANSWER, "Something unexpected went wrong, and was logged."),
    ],
)
def test_whatever_goes_wrong_is_a_message_that_was_not_read(readers, problem, cause, says):
    [unread] = read_messages(CAMPAIGN, raising(problem), readers, 5)

    assert (unread.cause, unread.message_id) == (cause, 77)
    assert unread.sentence.startswith("Template 77 could not be read. ")
    assert unread.sentence.endswith(says)


def test_one_template_that_cannot_be_read_hides_no_other(readers):
    def read(template_id):
        if template_id == 2:
            raise PlatformRefused(403, "")
        return mail(template_id)

    first, second, third = read_messages(campaign(1, 2, 3), read, readers, 5)

    assert (first.template.id, second.cause, third.template.id) == (1, Unread.NO_RIGHT, 3)


def test_a_platform_that_takes_its_time_holds_nobody_up(readers):
    enough = threading.Event()
    begun = time.monotonic()

    messages = read_messages(campaign(1, 2), lambda _: enough.wait(10), readers, 0.05)

    assert time.monotonic() - begun < 2
    assert [one.cause for one in messages] == [Unread.NOT_ANSWERED] * 2
    assert messages[0].sentence.endswith("The platform took too long to answer.")
    enough.set()


@pytest.mark.parametrize("silent", [campaign(), campaign(0)])
def test_a_campaign_that_names_no_template_has_a_message_that_was_not_read(readers, silent):
    [unread] = read_messages(silent, mail, readers, 5)

    assert (unread.cause, unread.message_id) == (Unread.NOT_NAMED, None)


def test_no_more_templates_are_read_than_a_campaign_can_have(readers):
    asked = []

    messages = read_messages(
        campaign(*range(1, MOST_READ + 3)), lambda each: asked.append(each) or mail(each), readers, 5
    )

    assert len(asked) == MOST_READ
    assert [one.cause for one in messages[MOST_READ:]] == [Unread.TOO_MANY] * 2


def test_a_read_that_is_called_off_is_said_to_be_so():
    ended = Future()
    ended.cancel()

    [unread] = MessagesReading(CAMPAIGN, lambda _: ended).messages(lambda: 5.0)

    assert (unread.cause, unread.sentence.endswith("The bot is stopping.")) == (Unread.NOT_ANSWERED, True)


@pytest.mark.parametrize(
    ("served", "cause"),
    [
        (answer(b"<html><body>404 page not found</body></html>", 404), Unread.ODD_ANSWER),
        (answer(b"404 page not found", 404), Unread.ODD_ANSWER),
        (answer(b"", 404), Unread.ODD_ANSWER),
        (answer(success(None)), Unread.ODD_ANSWER),
        (answer(success({"id": 78})), Unread.ODD_ANSWER),
        (answer(b"<!DOCTYPE a [<!ENTITY b 'c'>]><xml><data>&b;</data><error>0</error></xml>"), Unread.ODD_ANSWER),
        (answer(b"{" * 100_000), Unread.ODD_ANSWER),
        (answer(b'{"data": ' + b"[" * 100_000), Unread.ODD_ANSWER),
        (
            answer(success({"id": 77, "channels": [{"sid": "email", "fields": {"html": "x" * 9 * 2**20}}]})),
            Unread.ODD_ANSWER,
        ),
        (answer(success({"id": 77, "more": [[[[0]]]]})), None),
        (silence, Unread.NOT_ANSWERED),
    ],
)
def test_an_older_edition_and_an_odd_answer_are_only_unread(readers, served, cause):
    with Server(served) as server:
        [message] = read_messages(CAMPAIGN, client(server.url, timeout=0.3).template, readers, 5)

    assert (message.cause if isinstance(message, MessageUnread) else None) is cause


@pytest.mark.parametrize("wire", WireFormat)
def test_a_refusal_is_told_in_both_formats(readers, wire):
    with Server(answer(envelope(wire, error=403, text="No rights"))) as server:
        [unread] = read_messages(CAMPAIGN, client(server.url, format=wire).template, readers, 5)

    assert (unread.cause, "No rights" in unread.sentence) == (Unread.NO_RIGHT, True)
