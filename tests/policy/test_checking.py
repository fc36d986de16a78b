"""Reading a message's HTML takes longest of all that is done with it, so it is done once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.request import LaunchId
from bot.message import text
from bot.message.finding import CheckSettings
from bot.message.message import ref_of
from bot.policy.checking import Checking
from tests.builders import NOON, PREVIEW, asked
from tests.message.builders import Known, email

MAIL = email()


@pytest.fixture
def read(monkeypatch):
    """All HTML that was read."""
    found = []
    really = text.from_html
    monkeypatch.setattr(text, "from_html", lambda html: found.append(html) or really(html))
    return found


@pytest.mark.parametrize("mail", [MAIL, email(text="")])
def test_the_checks_and_the_report_read_the_same_html_once(read, mail):
    checking = Checking(Known(mail), lambda *_: (), lambda: NOON + timedelta(days=1))
    preview = replace(PREVIEW, messages=(ref_of(mail),) * 2)
    report = checking.report(LaunchId("L1"), asked().request, preview, CheckSettings())
    assert [one.subject for one in report.essentials] == ["Spring is here"] * 2
    assert read == [dict(mail.channels[0].fields)["html"]]


def test_what_is_typed_later_reads_the_same_html_no_more(read):
    checking = Checking(Known(MAIL), lambda *_: (), lambda: NOON + timedelta(days=1))
    preview = replace(PREVIEW, messages=(ref_of(MAIL),))
    reports = [
        checking.report(LaunchId("L1"), asked(content={"promo": text}).request, preview, CheckSettings())
        for text in ("S", "SP", "SPRING")
    ]
    assert len(read) == len({one.essentials for one in reports}) == 1
