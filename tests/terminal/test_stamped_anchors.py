"""Anchors that an authority has stamped: verified offline, and named where the stamp is none for the digest."""

import pytest
from sqlalchemy import text

from bot.campaign.request import LaunchId
from bot.journal.anchors import Anchors
from bot.launch.commands import Request
from bot.stamps import Authority, NotStamped
from bot.terminal.journal_access import CannotBeDone
from bot.terminal.stamped_anchors import check_stamps
from bot.worker.anchors import DailyAnchor
from tests.authority import OwnAuthority, served
from tests.builders import ANA, Clock, asked, journal_at
from tests.worker.test_anchors import Posted


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return OwnAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def journal(tmp_path):
    clock = Clock()
    journal = journal_at(tmp_path, clock)
    journal.execute(LaunchId("L1"), Request(ANA, asked()))
    clock.pass_by(hours=24)
    return journal


@pytest.fixture
def stamped(journal, authority):
    with served(authority.reply) as url:
        assert DailyAnchor(Anchors(journal), Posted(), journal.now, Authority(url).stamp).tell_if_due()
    return journal


def found(journal, certificate):
    return [finding.text for finding in check_stamps(journal, str(certificate))]


def test_a_stamped_anchor_verifies_and_it_is_told_since_when_it_is_there(stamped, authority, capsys):
    assert found(stamped, authority.root) == []
    assert "Stamps verify; what is on record up to 2026-11-23 was there at 20" in capsys.readouterr().out


def test_an_anchor_made_anew_over_what_was_changed_lacks_its_stamp(stamped, authority):
    with stamped.writing() as connection:
        connection.execute(text(f"UPDATE anchors SET digest = '{'0' * 64}'"))
    [finding] = found(stamped, authority.root)
    assert "is none for its digest" in finding


def test_a_stamp_of_somebody_elses_authority_is_named(stamped, tmp_path):
    (tmp_path / "other").mkdir()
    [finding] = found(stamped, OwnAuthority(tmp_path / "other").root)
    assert "is none for its digest" in finding


def test_without_a_certificate_it_says_that_stamps_are_not_verified(stamped, capsys):
    assert found(stamped, "") == []
    assert "Set AUDIT_TSA_CERTIFICATE" in capsys.readouterr().out


def test_a_certificate_that_cannot_be_read_is_no_pass(stamped, tmp_path):
    (tmp_path / "root.pem").write_text("none")
    for file in ("root.pem", "missing.pem"):
        with pytest.raises(CannotBeDone, match="AUDIT_TSA_CERTIFICATE cannot be read"):
            found(stamped, tmp_path / file)


def test_an_authority_that_does_not_answer_keeps_no_anchor_from_being_told(journal, caplog):
    def nobody(_digest):
        raise NotStamped("nobody answers")

    channel = Posted()
    assert DailyAnchor(Anchors(journal), channel, journal.now, nobody).tell_if_due()
    assert len(channel.days) == 1
    assert "was not stamped: nobody answers" in caplog.text
    assert found(journal, "") == []


def test_where_nothing_was_stamped_nothing_is_said(journal, capsys):
    assert found(journal, "") == []
    assert capsys.readouterr().out == ""
