"""The bot as a service: acks in time, checks signatures, tells whether it is ready, and what it has done."""

import html
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from bot.signature import LARGEST_BODY
from sandbox.cast import ANA, BEN, LAUNCHES, texts
from sandbox.slack.delivery import signature_headers
from sandbox.stage import free_port
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


@pytest.mark.parametrize("text", ["payload", "payload=", "payload={}", "payload=%7B%7D", "%70ayload", "a&payload=1"])
def test_a_command_that_mentions_a_payload_is_neither_lost_nor_taken_for_one(each_transport, text):
    scene = each_transport
    scene.do(scene.cast.types(ANA, f"82 {text}", LAUNCHES, "/campaign-activate"))
    told = scene.is_told(ANA, "/campaign-activate 82")["text"]
    assert f"/campaign-activate 82 {text}" in html.unescape(told)
    assert text in html.unescape(texts(scene.asks(f"82 run_now reason={text}")))


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


def test_over_http_the_very_same_signed_command_is_not_taken_twice_and_what_is_malformed_is_no_traceback():
    with open_scene(socket_mode=False) as scene:
        url, secret = scene.workspace.delivery.request_url, scene.workspace.identity.signing_secret

        def post(body: str) -> int:
            headers = {"Content-Type": "application/x-www-form-urlencoded", **signature_headers(secret, body, now)}
            return requests.post(url, data=body, headers=headers, timeout=5).status_code

        now = int(time.time())
        command = urlencode(
            {"command": "/campaign-activate", "text": "help", "user_id": ANA, "channel_id": LAUNCHES, "trigger_id": "1"}
            | {"team_id": scene.workspace.identity.team_id, "api_app_id": scene.workspace.identity.app_id}
        )
        assert [post(command), post(command)] == [200, 401]
        deep = urlencode({"payload": "[" * 10_000})
        assert [post(body) for body in (deep, "payload=%7B", "payload=%FF", "x")] == [400] * 4
        assert requests.post(url, data=b"x" * 2 * LARGEST_BODY, timeout=5).status_code == 413
        scene.until(lambda: "answered with 413" in scene.stage.bot.log_tail()[-1], "the last refusal is logged")
        told = scene.stage.bot.log_tail()
        assert not any("Traceback" in line for line in told)
        assert sum("a request was answered with 4" in line for line in told) == 6


def test_under_socket_mode_health_and_metrics_have_a_port_of_their_own():
    url = f"http://127.0.0.1:{free_port()}"
    with open_scene(settings={"HEALTH_PORT": url.rpartition(":")[2]}) as scene:
        scene.until(lambda: requests.get(f"{url}/readyz", timeout=5).text == "ready\n", "the bot is ready")
        scene.sees_reply(scene.launches("82 run_now"), "The run ended")
        measured = requests.get(f"{url}/metrics", timeout=5)
        assert measured.headers["Content-Type"].startswith("text/plain")
        for line in (
            'campaign_bot_launches_total{practice="no",state="finished"} 1.0',
            "campaign_bot_approval_wait_seconds_count 1.0",
            'campaign_bot_platform_call_seconds_count{call="campaigns/activate",outcome="accepted"} 1.0',
            'campaign_bot_slack_call_seconds_count{call="views.open",outcome="ok"} 1.0',
            "campaign_bot_database_up 1.0",
            'campaign_bot_due_launches{lane="steps"} 0.0',
            "campaign_bot_in_doubt_launches 0.0",
        ):
            assert line in measured.text


def test_no_command_is_lost_or_doubled_while_slack_asks_for_connections_to_be_made_anew():
    with open_scene() as scene:
        sockets = scene.workspace.sockets
        for number in range(5):
            before = scene.run(lambda: set(sockets.ids))
            scene.at_once(
                scene.workspace.command(ANA, LAUNCHES, "/campaign-activate", f"practice{number}"),
                scene.workspace.disconnect(),
            )
            scene.until(lambda before=before: set(sockets.ids) - before, "the bot has connected anew")
            scene.is_told(ANA, f"practice{number}")
        told = [shown["text"] for shown in scene.workspace.snapshot(ANA)["ephemerals"]]
        assert [sum(f"practice{number}" in text for text in told) for number in range(5)] == [1] * 5
        scene.sees_reply(scene.launches("82 run_now"), "The run ended")


def test_a_bot_that_waits_for_slack_is_alive_and_says_what_it_waits_for():
    with open_scene(socket_mode=False) as scene:
        url = scene.workspace.delivery.request_url.removesuffix("/slack/events")
        scene.kill_bot()
        scene.run(lambda: scene.workspace.faults.fail("*", 503, times=10_000))
        scene.do(scene.stage.bot.start())
        scene.until(lambda: asked(f"{url}/healthz") == (200, "alive\n"), "the bot is alive")
        assert asked(f"{url}/readyz") == (503, "Slack has not answered yet\n")
        assert requests.post(f"{url}/slack/events", timeout=5).status_code == 503
        scene.run(scene.workspace.faults.clear)
        scene.do(scene.stage.bot.wait_ready())
        assert asked(f"{url}/readyz") == (200, "ready\n")


def asked(url: str) -> tuple[int, str]:
    try:
        answer = requests.get(url, timeout=5)
    except requests.ConnectionError:
        return 0, ""
    return answer.status_code, answer.text


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
