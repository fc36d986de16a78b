"""What reports/bounces tells, in both formats."""

from datetime import date

import pytest

from bot.altcraft.client import WireFormat
from bot.results.bounces import Bounce
from tests.altcraft.builders import client, envelope
from tests.altcraft.serving import Server, answer

ROWS = [
    {"data_id": "", "count": 3, "bounce_text": '452 "ann" & co', "to_domain": "example.com"},
    {"data_id": "", "count": "2", "bounce_text": "421 later", "to_domain": None},
]
XML = (
    "<data><data_id/><count>3</count><bounce_text>452 &quot;ann&quot; &amp; co</bounce_text>"
    "<to_domain>example.com</to_domain></data>"
    "<data><data_id/><count>2</count><bounce_text>421 later</bounce_text><to_domain/></data>"
)
FIRST = Bounce('452 "ann" & co', "example.com", 3)
ONE = XML.partition("</data>")[0] + "</data>"


@pytest.mark.parametrize(
    ("wire", "data", "rows"),
    [
        (WireFormat.JSON, ROWS, [FIRST, Bounce("421 later", "", 2)]),
        (WireFormat.XML, XML, [FIRST, Bounce("421 later", "", 2)]),
        (WireFormat.XML, ONE, [FIRST]),
        (WireFormat.JSON, [], []),
        (WireFormat.JSON, None, []),
        (WireFormat.XML, "<data/>", []),
        (WireFormat.JSON, ["odd", {"count": -1, "bounce_text": 7}], [Bounce("7", "", 0)]),
    ],
)
def test_each_row_is_read_and_none_is_fine(wire, data, rows):
    with Server(answer(envelope(wire, data=data))) as server:
        found = client(server.url, format=wire).bounces(82, date(2026, 11, 20), date(2026, 11, 21), most=200)
    assert found == rows
