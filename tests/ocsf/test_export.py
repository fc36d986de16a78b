"""What a SIEM gets is what the published schema takes, and says what the documentation says."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.journal.record import recorded
from bot.journal.tables import events
from bot.launch.events import KINDS
from bot.launch.record import Format, Wish
from bot.policy.roles import Action
from bot.slack.views.ocsf import activity_of
from bot.slack.views.record import lines
from tests.builders import Clock
from tests.journal.tampering import LONE, SENT, STREAMS, filled
from tests.ocsf.validation import LONGEST, SCHEMA, problems

PAGE = (Path(__file__).parents[2] / "docs" / "siem.md").read_text()


@pytest.fixture
def journal(tmp_path):
    return filled(f"sqlite:///{tmp_path / 'journal.db'}", Clock())


def exported(journal):
    return [json.loads(line) for line in lines(recorded(journal, Wish(format=Format.OCSF)), Format.OCSF)]


def of(journal, launch_id, seq):
    uid = f"{launch_id}:{seq}"
    return next(one for one in exported(journal) if one["metadata"]["uid"] == uid)


def test_every_event_is_one_that_the_schema_takes(journal):
    told = exported(journal)
    assert len(told) == sum(STREAMS.values())
    assert [problems(one) for one in told] == [[]] * len(told)


@pytest.mark.parametrize("broken", [{"time": "noon"}, {"activity_id": 42}, {"entity": {}}, {"state": "sent"}])
def test_the_schema_that_is_kept_does_not_take_everything(journal, broken):
    told = exported(journal)[0]
    assert problems({**told, **broken})


def test_who_did_what_to_which_launch_is_where_a_siem_looks_for_it(journal):
    approval = of(journal, SENT, 3)
    assert (approval["activity_name"], approval["status_id"]) == ("Update", 1)
    assert approval["actor"] == {"user": {"uid": "U0BEN"}}
    assert approval["entity"] == {"uid": SENT, "type_id": 99, "type": "Launch", "name": "Black Friday"}
    assert approval["metadata"]["event_code"] == "launch:approve"
    assert approval["unmapped"]["digest"]


def test_a_refused_attempt_is_a_failure_with_its_reason(journal):
    denied = of(journal, LONE, 1)
    assert (denied["status_id"], denied["status_code"], denied["entity"]["type"]) == (2, "MissingRole", "Attempt")


def test_what_the_bot_does_itself_names_the_bot(journal):
    assert of(journal, SENT, 4)["actor"] == {"app_name": "campaign-bot"}


def test_an_event_of_a_newer_version_or_a_damaged_one_is_told_too(journal):
    with journal.writing() as connection:
        here = events.c.launch_id == LONE
        connection.execute(update(events).where(here).values(kind="launch:teleport", data=["x" * LONGEST]))
    told = of(journal, LONE, 1)
    assert problems(told) == []
    assert (told["activity_id"], told["activity_name"]) == (99, "launch:teleport")


def test_the_page_names_the_activity_of_every_tag():
    table = dict(re.findall(r"^\| ([A-Z][a-z]+) \((?:\d+)\) \| (.+?) \|$", PAGE, re.MULTILINE))
    told = {tag: activity for activity, tags in table.items() for tag in re.findall(r"`([a-z_]+:[a-z_]+)`", tags)}
    known = {*KINDS, *(one.value for one in Action)} - set(told)
    assert {tag: activity_of(tag).name.capitalize() for tag in told} == told
    assert {activity_of(tag).name for tag in known if tag in KINDS} == {"UPDATE"}


def test_the_page_names_the_version_that_is_kept():
    assert f"OCSF {SCHEMA['version']}" in PAGE
