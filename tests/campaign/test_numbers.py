"""A number in the content is text in somebody's mail: it is never sent, stored or shown otherwise than it was typed."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.altcraft.wire import WireFormat
from bot.altcraft.wire import encode as encode_body
from bot.campaign.encoding import canonical
from bot.campaign.numbers import Literal, number, written
from bot.campaign.request import ActivationRequest
from bot.launch.codec import decode, encode
from bot.policy.fingerprint import fingerprint, request_changes
from bot.slack.form import Form
from bot.slack.views.card import card
from bot.slash.activate import parse, to_text
from bot.slash.words import CommandError
from tests.builders import PREVIEW, asked, launch

LITERALS = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
TYPED = ["19.90", "1e3", "1E+2", "-0", "0.10000000000000000000001", "12345678901234567890.0", "5", "0.5", "-1"]


def content_of(literal):
    return parse(f'82 content={{"price": {literal}, "all": [{{"n": {literal}}}]}}').content


@given(LITERALS)
def test_no_number_is_stored_or_read_back_in_another_spelling(literal):
    before = asked(content=content_of(literal))
    stored = json.loads(json.dumps(encode(before)))
    again = decode("launch:request", stored)
    assert again == before
    assert written(again.request.content, ordered=True) == f'{{"all":[{{"n":{literal}}}],"price":{literal}}}'
    assert canonical(encode(again)) == canonical(stored)


@given(LITERALS)
def test_a_written_command_spells_a_number_as_it_was_typed(literal):
    request = ActivationRequest(campaign_id=82, content=content_of(literal))
    assert parse(to_text(request)) == request
    assert f'"price":{literal}' in Form.of(request).content.replace(": ", ":")


@pytest.mark.parametrize("literal", TYPED)
def test_no_number_leaves_in_another_spelling(literal):
    content = {"content": {"price": number(literal)}}
    assert f'"price":{literal}'.encode() in encode_body(WireFormat.JSON, content)
    assert f"<price>{literal}</price>".encode() in encode_body(WireFormat.XML, content)


@pytest.mark.parametrize("literal", TYPED)
def test_the_card_shows_a_number_as_it_is_sent(literal):
    shown = card(launch(requested=asked(content=content_of(literal))))
    assert f"“{literal}”" in json.dumps(shown.blocks, ensure_ascii=False)


def test_another_spelling_is_another_request():
    one, other = (ActivationRequest(campaign_id=82, content={"price": number(text)}) for text in ("19.90", "19.9"))
    assert fingerprint(one, PREVIEW) != fingerprint(other, PREVIEW)
    assert [change.new for change in request_changes(one, other)] == ['{"price":19.9}']


def test_what_python_writes_alike_is_stored_as_before_there_were_spellings():
    stored = encode(asked(content={"price": 19.9, "n": 3}))["request"]
    assert stored["content"] == {"price": 19.9, "n": 3}
    assert "content_text" not in stored


def test_peoples_own_keys_are_never_taken_for_a_spelling():
    mine = asked(content={"content_text": '{"x": 1.0}', "text": number("1.50")})
    assert decode("launch:request", json.loads(json.dumps(encode(mine)))) == mine


def test_a_number_that_no_computer_holds_is_still_refused():
    with pytest.raises(CommandError, match="too large"):
        content_of("1e400")


def test_a_spelling_survives_being_copied():
    assert copy.deepcopy(Literal("19.90")).text == "19.90"
