"""The bot behind a proxy that asks for a password: a launch goes its whole way, and the password stays where it is."""

from urllib.parse import urlsplit

from sandbox.cast import BEN
from tests.end_to_end.scene import open_scene
from tests.proxying import Proxy

PASSWORD = "hunter2-and-more"


def test_a_launch_goes_its_way_through_a_proxy_that_asks_for_a_password():
    with Proxy(wants=f"ann:{PASSWORD}") as to_slack, Proxy(wants=f"ann:{PASSWORD}") as to_the_platform:
        settings = {
            "SLACK_PROXY": f"http://ann:{PASSWORD}@{to_slack.place}",
            "ALTCRAFT_PROXY": f"http://ann:{PASSWORD}@{to_the_platform.place}",
        }
        with open_scene(socket_mode=False, settings=settings) as scene:
            card = scene.asks("82 run_now")
            scene.presses(BEN, card, "launch:approve")
            scene.sees_card(card, "Run finished")
            assert len(scene.sent) == 1
            assert any("/api/auth.test" in one for one in to_slack.asked)
            assert any("/campaigns/activate" in one for one in to_the_platform.asked)
            assert not any("/campaigns/activate" in one for one in to_slack.asked)
            log = "\n".join(scene.stage.bot.log_tail())
            assert log
            assert PASSWORD not in log


def test_socket_mode_goes_through_a_proxy_that_asks_for_a_password_and_finds_back_through_it():
    with Proxy(wants=f"ann:{PASSWORD}") as to_slack:
        settings = {"SLACK_PROXY": f"http://ann:{PASSWORD}@{to_slack.place}"}
        with open_scene(settings=settings) as scene:
            slack = urlsplit(scene.stage.urls["slack"]).netloc
            assert tunnels(to_slack) == [slack]
            card = scene.asks("82 run_now")
            scene.do(scene.workspace.sockets.cut())
            scene.until(lambda: scene.workspace.sockets.connected, "the bot is connected again")
            scene.presses(BEN, card, "launch:approve")
            scene.sees_card(card, "Run finished")
            assert len(scene.sent) == 1
            led = tunnels(to_slack)
            assert len(led) > 1
            assert set(led) == {slack}
            assert any("/api/apps.connections.open" in one for one in to_slack.asked)
            log = "\n".join(scene.stage.bot.log_tail())
            assert log
            assert PASSWORD not in log


def tunnels(proxy: Proxy) -> list[str]:
    """Where the proxy was asked to lead through, in order."""
    return [one.removeprefix("CONNECT ") for one in proxy.asked if one.startswith("CONNECT ")]
