"""Socket Mode against a real WebSocket server: whole messages, acks of any size, and no gap in between."""

import json
import queue
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from bot.slack import socket_mode
from bot.slack.socket_mode import SocketMode
from bot.slack.stale_requests import WAITS_SINCE
from tests.waiting import until

COMMAND = "/try"


class Line:
    """One connection as Slack's side has it; `said` is what came from the bot."""

    def __init__(self, connection):
        self.connection = connection
        self.said = queue.Queue()
        self.ended = threading.Event()

    def sends(self, text="", number=1, frames=1):
        """An envelope with a command, in so many frames."""
        payload = {"command": COMMAND, "text": text, "user_id": "U0ANA", "channel_id": "C0", "team_id": "T0"}
        whole = json.dumps({"envelope_id": f"E{number}", "type": "slash_commands", "payload": payload})
        size = -(-len(whole) // frames)
        parts = [whole[at : at + size] for at in range(0, len(whole), size)]
        self.connection.send(parts if frames > 1 else whole)

    def asks_for_anew(self, reason="refresh_requested"):
        self.connection.send(json.dumps({"type": "disconnect", "reason": reason}))

    def hears(self):
        return json.loads(self.said.get(timeout=30))


class Slack:
    """Slack's side, and the client that opens connections to it. `troubles` are raised instead, one after the other."""

    proxy = None

    def __init__(self):
        self.lines = queue.Queue()
        self.troubles = []
        self.asked = 0
        self._server = serve(self._line, "127.0.0.1", 0)
        self.port = self._server.socket.getsockname()[1]
        self.reached_at = self.port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def apps_connections_open(self, *, app_token):
        assert app_token == "xapp-1"
        self.asked += 1
        if self.troubles:
            raise self.troubles.pop(0)
        return {"url": f"ws://127.0.0.1:{self.reached_at}/link/?ticket=1"}

    def next_line(self):
        return self.lines.get(timeout=30)

    def stop(self):
        self._server.shutdown()
        self._thread.join()

    def _line(self, connection):
        line = Line(connection)
        connection.send(json.dumps({"type": "hello"}))
        self.lines.put(line)
        with suppress(ConnectionClosed):
            while True:
                line.said.put(connection.recv())
        line.ended.set()


@pytest.fixture
def slack():
    slack = Slack()
    yield slack
    slack.stop()


class Bot:
    """A Bolt app that answers each command with its text, by `answers`."""

    def __init__(self, slack):
        known = AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb", bot_id="B0", bot_user_id="U0BOT")
        app = App(authorize=lambda: known, signing_secret="x", process_before_response=True)
        self.heard = []
        self.waits_since = []
        self.answers = lambda text: f"heard {text}"
        app.command(COMMAND)(self._command)
        self.socket = SocketMode(app, "xapp-1", slack)

    def _command(self, ack, body, context):
        self.heard.append(body["text"])
        self.waits_since.append(context[WAITS_SINCE])
        ack(self.answers(body["text"]))


@pytest.fixture
def bot(slack):
    bot = Bot(slack)
    yield bot
    bot.socket.close()


@pytest.fixture
def line(slack, bot):
    bot.socket.connect()
    return slack.next_line()


def taken_and_not_answered(line: Line, bot: Bot) -> threading.Event:
    """A payload is with the bot, which answers it once the event is set that this gives."""
    begun, goes_on = threading.Event(), threading.Event()

    def answers(_text):
        begun.set()
        assert goes_on.wait(30)
        return "done"

    bot.answers = answers
    line.sends()
    assert begun.wait(30)
    return goes_on


@pytest.mark.parametrize("frames", [1, 2, 7])
def test_an_envelope_is_carried_out_however_many_frames_it_comes_in(line, bot, frames):
    line.sends("82", frames=frames)
    assert line.hears() == {"envelope_id": "E1", "payload": {"text": "heard 82"}}
    assert bot.heard == ["82"]


def test_what_comes_between_the_frames_of_one_message_does_not_break_it(slack, line, bot):
    """A ping may come there, and is answered."""
    whole = json.dumps({"envelope_id": "E1", "type": "slash_commands", "payload": {"command": COMMAND, "text": "a"}})

    def parts():
        yield whole[:10]
        assert line.connection.ping().wait(30)
        yield whole[10:]

    line.connection.send(parts())
    assert line.hears()["payload"] == {"text": "heard a"}


@pytest.mark.parametrize("size", [125, 126, 65_535, 65_536, 200_000])
def test_an_ack_of_any_size_arrives_whole(line, bot, size):
    bot.answers = lambda _text: "x" * size
    line.sends()
    assert line.hears()["payload"] == {"text": "x" * size}


def test_an_ack_with_an_answer_in_json_is_sent_as_that(line, bot):
    bot.answers = lambda _text: {"text": "hello", "response_type": "ephemeral"}
    line.sends()
    assert line.hears()["payload"]["response_type"] == "ephemeral"


@pytest.mark.parametrize("said", ["", "no json", "[]", "{}", '{"type": "hello"}', b"\x00"])
def test_what_is_no_envelope_is_passed_over(line, bot, said):
    line.connection.send(said)
    line.sends("82")
    assert line.hears()["envelope_id"] == "E1"


def test_what_waits_for_its_turn_in_the_bot_has_waited_since_it_came(slack, monkeypatch):
    monkeypatch.setattr(socket_mode, "THREADS", 1)
    bot = Bot(slack)
    begun, goes_on = threading.Event(), threading.Event()

    def answers(text):
        begun.set()
        assert goes_on.wait(30)
        return text

    bot.answers = answers
    bot.socket.connect()
    line = slack.next_line()
    line.sends("first", number=1)
    line.sends("second", number=2)
    assert begun.wait(30)
    until(lambda: bot.socket._executor._work_queue.qsize() == 1, 30)
    came = time.monotonic()
    goes_on.set()
    assert [line.hears()["envelope_id"] for _ in range(2)] == ["E1", "E2"]
    assert bot.waits_since[1] <= came
    bot.socket.close()


def test_a_stop_acks_what_was_taken_and_closes_as_is_proper(slack, line, bot):
    goes_on = taken_and_not_answered(line, bot)
    with ThreadPoolExecutor(1) as executor:
        closing = executor.submit(bot.socket.close)
        goes_on.set()
        closing.result(30)
    assert line.hears()["payload"] == {"text": "done"}
    assert line.ended.wait(30)
    assert line.connection.close_code == 1000
    assert slack.asked == 1


def test_a_new_connection_is_there_before_the_old_one_ends_and_both_are_read(slack, line, bot):
    line.asks_for_anew("warning")
    line.asks_for_anew()
    line.sends("on the old one", number=1)
    newer = slack.next_line()
    assert not line.ended.is_set()
    newer.sends("on the new one", number=2)
    line.sends("on the old one still", number=3)
    assert (line.hears()["envelope_id"], line.hears()["envelope_id"]) == ("E1", "E3")
    assert newer.hears()["envelope_id"] == "E2"
    line.connection.close()
    newer.sends("afterwards", number=4)
    assert newer.hears()["envelope_id"] == "E4"
    assert slack.asked == 2
    assert sorted(bot.heard) == ["afterwards", "on the new one", "on the old one", "on the old one still"]


def test_an_old_connection_that_slack_does_not_end_is_closed_once_it_says_nothing(slack, bot, monkeypatch):
    monkeypatch.setattr(socket_mode, "LEAVING", 0.1)
    bot.socket.connect()
    line = slack.next_line()
    line.asks_for_anew()
    newer = slack.next_line()
    assert line.ended.wait(30)
    newer.sends()
    assert newer.hears()["envelope_id"] == "E1"
    assert slack.asked == 2


def test_an_old_connection_is_read_on_while_there_is_no_new_one(slack, bot, monkeypatch):
    monkeypatch.setattr(socket_mode, "LEAVING", 0.01)
    slack_away, slack_is_back = refused("internal_error"), threading.Event()
    bot.socket.connect()
    line = slack.next_line()
    opens = slack.apps_connections_open

    def away(*, app_token):
        if not slack_is_back.is_set():
            raise slack_away
        return opens(app_token=app_token)

    slack.apps_connections_open = away
    line.asks_for_anew()
    for number in range(3):
        line.sends("still here", number=number)
        assert line.hears()["envelope_id"] == f"E{number}"
    slack_is_back.set()
    assert slack.next_line()


def test_an_envelope_that_comes_on_both_connections_is_carried_out_once_and_acked_twice(slack, line, bot):
    line.asks_for_anew()
    newer = slack.next_line()
    line.sends("82")
    assert line.hears()["envelope_id"] == "E1"
    newer.sends("82")
    assert newer.hears()["envelope_id"] == "E1"
    assert bot.heard == ["82"]


def test_an_ack_whose_connection_has_ended_takes_the_other_one(slack, line, bot):
    goes_on = taken_and_not_answered(line, bot)
    line.asks_for_anew()
    newer = slack.next_line()
    line.connection.close()
    goes_on.set()
    assert newer.hears()["payload"] == {"text": "done"}


def test_an_ack_while_there_is_no_connection_takes_the_next_one(slack, line, bot):
    goes_on = taken_and_not_answered(line, bot)
    slack.troubles = [OSError("away")]
    line.connection.close()
    assert until(lambda: not bot.socket.is_connected)
    goes_on.set()
    assert slack.next_line().hears()["payload"] == {"text": "done"}


def test_an_ack_that_slack_does_not_wait_for_any_more_is_let_go(slack, line, bot, monkeypatch, caplog):
    monkeypatch.setattr(socket_mode, "ACK_WAITS", 0.1)
    goes_on = taken_and_not_answered(line, bot)
    slack.reached_at = 1
    line.connection.close()
    assert until(lambda: not bot.socket.is_connected)
    goes_on.set()
    assert until(lambda: "an ack found no connection to Slack" in caplog.text)


def test_a_connection_that_ends_without_a_word_is_made_anew(slack, line, bot):
    line.connection.socket.shutdown(socket.SHUT_RDWR)
    newer = slack.next_line()
    newer.sends("82")
    assert newer.hears()["payload"] == {"text": "heard 82"}


def refused(error, **headers):
    answer = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={"error": error}, headers=headers, status_code=429
    )
    return SlackApiError(error, answer)


def test_it_tries_until_slack_is_back_and_keeps_the_pause_that_slack_asks_for(slack, line, bot, monkeypatch):
    pauses = []
    monkeypatch.setattr(bot.socket._stopping, "wait", pauses.append)
    slack.troubles = [refused("ratelimited", **{"Retry-After": "7"}), OSError("away"), refused("internal_error")]
    line.connection.close()
    assert slack.next_line()
    assert pauses == [7, 2, 4]


def test_where_slack_refuses_at_the_start_that_is_raised(slack, bot):
    slack.troubles = [refused("invalid_auth")]
    with pytest.raises(SlackApiError):
        bot.socket.connect()
    slack.reached_at = 1
    with pytest.raises(OSError, match="refused"):
        bot.socket.connect()
    assert not bot.socket.is_connected


class Way:
    """A TCP relay to the server, which can stop carrying anything without a word."""

    def __init__(self, port):
        self._to = port
        self.dead = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._opened = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                one, _ = self._listening.accept()
                other = socket.create_connection(("127.0.0.1", self._to))
                self._opened += [one, other]
                for ends in ((one, other), (other, one)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, one, other):
        with suppress(OSError):
            while read := one.recv(65536):
                if not self.dead.is_set():
                    other.sendall(read)

    def close(self):
        for one in (self._listening, *self._opened):
            one.close()


@contextmanager
def way_to(port):
    way = Way(port)
    try:
        yield way
    finally:
        way.close()


def test_a_connection_that_died_is_noticed_and_made_anew(slack, monkeypatch):
    monkeypatch.setattr(socket_mode, "PING", 0.2)
    monkeypatch.setattr(socket_mode, "CLOSING", 0.2)
    with way_to(slack.port) as way:
        slack.reached_at = way.port
        bot = Bot(slack)
        bot.socket.connect()
        slack.next_line()
        slack.reached_at = slack.port
        gone = threading.Event()
        monkeypatch.setattr(bot.socket, "_exchange", gone.set)
        assert bot.socket.is_connected
        way.dead.set()
        assert gone.wait(30)
        assert not bot.socket.is_connected
        monkeypatch.undo()
        threading.Thread(target=bot.socket._exchange, daemon=True).start()
        newer = slack.next_line()
        newer.sends("82")
        assert newer.hears()["payload"] == {"text": "heard 82"}
        bot.socket.close()


def test_twenty_seconds_are_enough_to_notice_that():
    assert 2 * socket_mode.PING + socket_mode.CLOSING < 20
