"""Every documented parameter of an activation travels from the command or the modal to the wire, in both formats."""

import base64
import json
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from sandbox.cast import ANA, BEN, chosen, texts, typed
from sandbox.stage import ALTCRAFT_TOKEN
from tests.end_to_end.scene import Scene, open_scene

EXAMPLE = {
    "token": ALTCRAFT_TOKEN,
    "id": 82,
    "run_now": True,
    "override_source_type": "list",
    "override_source_id": 1,
}
"""The activation of the guide's shape for 82, list 1, run_now."""

BY_COMMAND = {
    "id and run_now": ("82 run_now", {"id": 82, "run_now": True}),
    "without run_now": ("82", {"id": 82, "run_now": False}),
    "database": ("82 run_now source=list:1", {"override_source_type": "list", "override_source_id": 1}),
    "segment": ("82 run_now source=segment:5", {"override_source_type": "segment", "override_source_id": 5}),
    "limit": ("82 run_now limit=1000", {"override_limit": 1000}),
    "content": ('82 run_now content={"promo": "SPRING & <b>"}', {"content": {"promo": "SPRING & <b>"}}),
    "links and people": (
        (
            '82 run_now content={"link": "https://shop.example/a?b=1&c=2", "site": "shop.example", '
            '"to": "a@b.example", "who": "@ana"}'
        ),
        {
            "content": {
                "link": "https://shop.example/a?b=1&c=2",
                "site": "shop.example",
                "to": "a@b.example",
                "who": "@ana",
            }
        },
    ),
}


@pytest.fixture(scope="module", params=["json", "xml"])
def formatted(request) -> Iterator[tuple[str, Scene]]:
    with open_scene(settings={"ALTCRAFT_FORMAT": request.param}) as scene:
        yield request.param, scene


@pytest.fixture
def wire(formatted):
    wire_format, scene = formatted
    scene.sweep()
    return wire_format, scene


def fields(wire_format: str, body: bytes) -> dict:
    """The body's fields, those of XML as the texts they are."""
    if wire_format == "json":
        return json.loads(body)
    return {element.tag: tree(element) for element in ET.fromstring(body)}


def tree(element: ET.Element) -> object:
    return {child.tag: tree(child) for child in element} if len(element) else element.text or ""


def as_sent(wire_format: str, value: object) -> object:
    """A value as that format spells it."""
    if wire_format == "json":
        return value
    match value:
        case dict():
            return {name: as_sent(wire_format, one) for name, one in value.items()}
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def approved_body(wire, card) -> dict:
    wire_format, scene = wire
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The platform accepted the")
    assert len(scene.sent) == 1
    return fields(wire_format, scene.sent[0])


def test_the_documented_example_arrives_as_documented(wire):
    wire_format, scene = wire
    sent = approved_body(wire, scene.asks("82 run_now source=list:1"))
    assert sent == as_sent(wire_format, EXAMPLE)


def test_the_designs_example_arrives_with_its_segment(wire):
    wire_format, scene = wire
    sent = approved_body(wire, scene.asks("82 run_now source=segment:5"))
    expected = {**EXAMPLE, "override_source_type": "segment", "override_source_id": 5}
    assert sent == as_sent(wire_format, expected)


@pytest.mark.parametrize("name", BY_COMMAND)
def test_from_the_command(wire, name):
    wire_format, scene = wire
    text, expected = BY_COMMAND[name]
    sent = approved_body(wire, scene.asks(text))
    assert {key: sent.get(key) for key in expected} == as_sent(wire_format, expected)


def test_no_number_is_sent_in_another_spelling_than_it_was_typed_in(wire):
    wire_format, scene = wire
    card = scene.asks('82 run_now content={"price": 19.90, "rate": 1e3}')
    assert "19.90" in texts(card)
    approved_body(wire, card)
    wanted = {"json": (b'"price":19.90', b'"rate":1e3'), "xml": (b"<price>19.90</price>", b"<rate>1e3</rate>")}
    assert all(one in scene.sent[0] for one in wanted[wire_format])


def asked_in_modal(scene, **values) -> dict:
    before = {card["ts"] for card in scene.run(scene.cast.cards)}
    scene.do(scene.cast.types(ANA, ""))
    scene.do(scene.cast.sees_modal(ANA, "Choose a campaign"))
    scene.do(scene.cast.changes(ANA, "campaign", values["campaign"], run_now=values["run_now"]))
    scene.do(scene.cast.sees_modal(ANA, "Last edited by", without="loading"))
    if "source" in values:
        scene.do(scene.cast.changes(ANA, "source", values["source"]))
        scene.do(scene.cast.sees_modal(ANA, "Newsletter subscribers", without="loading"))
    assert scene.do(scene.cast.submits(ANA, **values)) == {}
    return scene.until(
        lambda: next((card for card in scene.cast.cards() if card["ts"] not in before), None), "the card appears"
    )


def test_from_the_modal(wire):
    wire_format, scene = wire
    card = asked_in_modal(
        scene,
        campaign=chosen("83"),
        run_now=chosen("now", "radio_buttons"),
        source=chosen("list:2"),
        limit=typed("77", "number_input"),
        content=typed('{"promo": "WINTER", "n": 3}'),
        reason=typed("Because"),
    )
    sent = approved_body(wire, card)
    expected = {
        "token": ALTCRAFT_TOKEN,
        "id": 83,
        "run_now": True,
        "override_source_type": "list",
        "override_source_id": 2,
        "override_limit": 77,
        "content": {"promo": "WINTER", "n": 3},
    }
    assert sent == as_sent(wire_format, expected)


def test_attachments_travel_from_the_modal(wire):
    wire_format, scene = wire
    content = b"%PDF-1.7 made up \x00\xff"
    file_id = scene.do(scene.workspace.upload(ANA, "price list.pdf", "application/pdf", content))
    card = asked_in_modal(
        scene,
        campaign=chosen("82"),
        run_now=chosen("now", "radio_buttons"),
        files={"type": "file_input", "files": [file_id]},
    )
    attach = approved_body(wire, card)["attach"]
    attached = attach[0] if wire_format == "json" else attach
    assert attached["header"] == "price list.pdf"
    assert attached["data"] == "data:application/pdf;base64," + base64.b64encode(content).decode()


def test_a_request_carries_its_launchs_id_in_both_spellings(wire):
    _, scene = wire
    card = scene.asks("82 run_now")
    approved_body(wire, card)
    asked = scene.run(lambda: [call for call in scene.platform.snapshot()["requests"] if "activate" in call["method"]])
    assert asked[-1]["request_id"] == card["metadata"]["event_payload"]["launch_id"]
