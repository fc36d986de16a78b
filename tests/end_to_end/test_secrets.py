"""No secret leaves its place: not into logs, the journal, the metrics or Slack's messages, whatever fails."""

import base64
import json
import sqlite3
from contextlib import closing
from urllib.parse import quote_plus

import pytest
import requests

from sandbox.bot_process import LINES_KEPT
from sandbox.cast import BEN, DAN
from sandbox.stage import ALTCRAFT_TOKEN, free_port
from sandbox.team import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.end_to_end.scene import open_scene

SECRETS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, ALTCRAFT_TOKEN)

SETTINGS = {
    "JSON in the body, logged as text": {"ALTCRAFT_FORMAT": "json", "LOG_FORMAT": "text"},
    "XML and the header, logged as JSON": {
        "ALTCRAFT_FORMAT": "xml",
        "ALTCRAFT_TOKEN_IN": "header",
        "LOG_FORMAT": "json",
    },
}


def forms(secret: str) -> set[str]:
    """The secret as it stands, as it stands in an address, and inside base64 at each of the three alignments."""
    coded = {base64.b64encode(b"\0" * shift + secret.encode())[4 if shift else 0 : -4].decode() for shift in range(3)}
    return {secret, quote_plus(secret), *coded}


def found(text: str) -> list[str]:
    return [form for secret in SECRETS for form in forms(secret) if form in text]


def a_story_in_which_much_fails(scene) -> None:
    """A launch that is refused with the token quoted, one in doubt, one that goes well; Slack fails as well."""
    scene.switch(activation="refuse", refuse_text=f"The token {ALTCRAFT_TOKEN} may not do that")
    card = scene.asks('82 run_now reason="why"')
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "refused")
    scene.presses(BEN, scene.sees_card(card, "Details"), "launch:details")
    scene.sees_modal(BEN, "may not do that")
    scene.switch(activation="reset")
    card = scene.asks("83 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "In doubt")
    scene.switch(activation="normal", http_status_for_errors=401, code_bad_token=401)
    scene.run(lambda: setattr(scene.platform, "_token", "another"))
    scene.presses(DAN, card, "launch:look")
    scene.sees_reply(card, "The platform wants a valid API token")
    scene.run(lambda: setattr(scene.platform, "_token", ALTCRAFT_TOKEN))
    for failure in ("invalid_auth", 503):
        scene.run(lambda failure=failure: scene.workspace.faults.fail("chat.update", failure))
    scene.run(lambda: scene.workspace.faults.drop("chat.postMessage"))
    scene.presses(DAN, card, "launch:vouch_not_run")
    scene.sees_reply(card, "did not run")
    scene.launches(f"{scene.adds_campaign()} run_now")


def stored(scene) -> str:
    """Every column of every table, and the files' raw bytes."""
    file = scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as journal:
        tables = [name for (name,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in journal.execute(f"SELECT * FROM {table}")]
    raw = b"".join(path.read_bytes() for path in scene.folder.iterdir() if path.is_file())
    return repr(rows) + raw.decode(errors="replace")


@pytest.mark.parametrize("settings", SETTINGS)
def test_no_secret_is_logged_stored_measured_or_posted(tmp_path, settings):
    health = free_port()
    with open_scene(folder=tmp_path, settings={**SETTINGS[settings], "HEALTH_PORT": str(health)}) as scene:
        scene.folder = tmp_path
        a_story_in_which_much_fails(scene)
        lines = scene.stage.bot.log_tail()
        measured = requests.get(f"http://127.0.0.1:{health}/metrics", timeout=5).text
        seen = scene.run(lambda: scene.workspace.snapshot(BEN))
        posted = json.dumps([seen["messages"], seen["views"]])
        kept = stored(scene)
    logged = "\n".join(lines)
    # That these are the right places to look in, and all of it:
    assert len(lines) < LINES_KEPT
    assert "launch:doubt" in logged
    assert "launch:doubt" in kept
    assert "may not do that" in kept
    assert 'campaign_bot_platform_call_seconds_count{call="campaigns/activate",outcome="refused"} 1.0' in measured
    assert "may not do that" in posted
    assert [found(text) for text in (logged, measured, posted, kept)] == [[], [], [], []]


def test_a_secret_would_be_found_in_each_of_its_forms():
    coded = base64.b64encode(f"ab{ALTCRAFT_TOKEN}".encode()).decode()
    assert found(f"x {coded} y")
    assert found(f"token={quote_plus(ALTCRAFT_TOKEN)}&id=82")
    assert not found("nothing here")
