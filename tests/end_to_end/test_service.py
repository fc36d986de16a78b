"""The bot as a service: acks in time, checks signatures, tells whether it is ready, keeps its secrets."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from bot.sandbox.cast import ANA, BEN, LAUNCHES
from bot.sandbox.stage import ALTCRAFT_TOKEN
from bot.sandbox.workspace_seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.end_to_end.scene import open_scene


def test_a_hanging_platform_delays_no_ack(each_transport):
    scene = each_transport
    scene.switch(reads="hang", activation="slow", slow_seconds=60)
    card = scene.asks("82 run_now", in_a_hurry=True)
    scene.presses(BEN, card, "launch:approve")

    def types(_: int):
        return scene.do(scene.workspace.command(ANA, LAUNCHES, "/campaign-activate", "83 run_now"))

    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(types, range(24)))
    assert [reply.error for reply in replies if not reply.ok] == []
    scene.sweep()


@pytest.fixture(scope="module")
def request_url() -> Iterator[str]:
    """Where a bot takes Slack's requests over HTTP."""
    with open_scene(socket_mode=False) as scene:
        yield scene.workspace.delivery.request_url


def test_over_http_it_says_whether_it_is_alive_and_ready(request_url):
    url = request_url.removesuffix("/slack/events")
    assert requests.get(f"{url}/healthz", timeout=5).text == "alive\n"
    assert requests.get(f"{url}/readyz", timeout=5).text == "ready\n"
    assert requests.get(f"{url}/elsewhere", timeout=5).status_code == 404


def test_over_http_an_unsigned_or_wrongly_signed_request_does_nothing(request_url):
    form = {"command": "/campaign-activate", "text": "help", "user_id": ANA, "channel_id": LAUNCHES}
    unsigned = requests.post(request_url, data=form, timeout=5)
    headers = {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "1700000000"}
    forged = requests.post(request_url, data=form, headers=headers, timeout=5)
    assert (unsigned.status_code, forged.status_code) == (401, 401)


def test_under_socket_mode_health_has_a_port_of_its_own():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with open_scene(settings={"HEALTH_PORT": str(port)}) as scene:
        scene.until(
            lambda: requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200, "the bot is ready"
        )


def test_no_secret_is_logged_or_stored(tmp_path: Path):
    with open_scene(folder=tmp_path, settings={"LOG_FORMAT": "json"}) as scene:
        scene.switch(activation="reset", only_next=True)
        card = scene.asks('82 run_now reason="why"')
        scene.presses(BEN, card, "launch:approve")
        scene.sees_card(card, "In doubt")
        scene.run(lambda: scene.workspace.faults.fail("chat.update", "internal_error", times=2))
        scene.presses("U0DAN", card, "launch:vouch_not_run")
        scene.sees_reply(card, "did not run")
        logged = "\n".join(scene.stage.bot.log_tail())
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, ALTCRAFT_TOKEN):
        assert secret not in logged
        assert secret.encode() not in stored
    assert b"launch:request" in stored


def test_a_token_that_slack_refuses_is_said_at_the_start():
    says = "Slack refused the bot's token: invalid_auth"
    with pytest.raises(TimeoutError, match=says), open_scene(settings={"SLACK_BOT_TOKEN": "xoxb-wrong"}):
        pass


def test_sigterm_finishes_what_is_under_way(tmp_path: Path):
    with open_scene(folder=tmp_path) as scene:
        scene.switch(activation="slow", slow_seconds=1.5)
        card = scene.asks("82 run_now")
        scene.presses(BEN, card, "launch:approve")
        scene.until(lambda: scene.sent, "the platform has it")
        scene.do(scene.stage.bot.stop())
        scene.start_bot()
        scene.sees_reply(card, "accepted the launch")
        assert len(scene.sent) == 1
        assert not any("is not known" in text for text in scene.replies(card))
