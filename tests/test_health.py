"""Health over HTTP: alive while Slack is away, ready only when everything is there, and each missing part is named."""

import io
import threading

import pytest
from slack_bolt import App
from sqlalchemy.exc import OperationalError

from bot.health import STUCK_AFTER, Health
from bot.journal.write_health import Unwritten
from bot.serving import Doors, listening
from bot.settings import read
from bot.slack.api.clock import SlackClock
from bot.slack.api.health import SlackHealth
from bot.web import application

SLACK = "/slack/events"


def well() -> Health:
    health = Health(lambda: None, lambda: 1.0)
    health.slack = lambda: ""
    return health


def ask(app, path: str, method: str = "GET") -> tuple[str, dict[str, str], str]:
    answered = []
    body = b"".join(
        app({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda status, headers: answered.append((status, headers)))
    )
    status, headers = answered[0]
    return status, dict(headers), body.decode()


def get(app, path: str, method: str = "GET") -> tuple[str, str]:
    status, _, body = ask(app, path, method)
    return status, body


def away():
    raise OperationalError("select 1", {}, Exception("gone"))


def test_a_bot_with_all_its_parts_is_ready():
    assert get(application(well().missing), "/readyz") == ("200 OK", "ready\n")


def test_before_slack_answers_it_is_alive_and_not_ready():
    app = application(Health(lambda: None, lambda: 1.0).missing, taking={SLACK: lambda: None})
    assert get(app, "/healthz") == ("200 OK", "alive\n")
    assert get(app, "/readyz") == ("503 Service Unavailable", "Slack has not answered yet\n")
    assert get(app, "/slack/events", "POST")[0] == "503 Service Unavailable"


def test_everything_that_is_missing_is_named():
    health = Health(away, lambda: STUCK_AFTER + 1)
    assert health.missing() == (
        "the journal's database does not answer",
        "the worker does not move",
        "Slack has not answered yet",
    )


def test_a_database_that_takes_no_writes_is_told_as_that():
    def refuses():
        raise Unwritten

    health = Health(refuses, lambda: 1.0)
    health.slack = lambda: ""
    assert health.missing() == ("the journal's database takes no writes: it is read-only, or its disk is full",)


def test_a_database_that_hangs_is_told_within_seconds():
    goes_on = threading.Event()
    health = Health(lambda: goes_on.wait() and None, lambda: 1.0)
    health._ping._patience = 0.01
    assert "the journal's database does not answer" in health.missing()
    goes_on.set()


@pytest.mark.parametrize("outcome", ["unreachable", "failed"])
def test_slack_is_out_of_reach_from_a_call_it_did_not_answer_until_one_it_answers(outcome):
    reach, answers = SlackHealth(), iter([outcome, "ok"])
    assert reach.problem(lambda: pytest.fail("nobody asks while all is well")) == ""
    reach.noted("chat.update", 0.1, outcome)

    def ask():
        reach.noted("auth.test", 0.1, next(answers))

    assert reach.problem(ask) == "Slack does not answer"
    assert reach.problem(ask) == ""


def test_a_refusal_is_an_answer_too():
    reach = SlackHealth()
    reach.noted("chat.update", 0.1, "refused")
    assert reach.problem(lambda: pytest.fail("there is nothing to ask")) == ""


def test_metrics_are_where_they_are_meant_to_be_and_nowhere_else():
    assert get(application(well().missing, metrics=lambda: b"up 1\n"), "/metrics") == ("200 OK", "up 1\n")
    assert get(application(well().missing), "/metrics")[0] == "404 Not Found"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/elsewhere"])
def test_head_is_told_what_get_is_told_without_the_body(path):
    app = application(Health(lambda: None, lambda: 1.0).missing, metrics=lambda: b"up 1\n")
    status, headers, body = ask(app, path)
    assert headers["Content-Length"] == str(len(body)) != "0"
    assert ask(app, path, "HEAD") == (status, headers, "")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/healthz", "POST", "GET, HEAD"),
        ("/metrics", "DELETE", "GET, HEAD"),
        (SLACK, "GET", "POST"),
        (SLACK, "HEAD", "POST"),
        ("/below/anything", "GET", "POST"),
    ],
)
def test_another_method_is_told_which_are_allowed(path, method, allowed):
    nobody = {SLACK: lambda: None, "/below/": lambda: None}
    status, headers, _ = ask(application(well().missing, taking=nobody, metrics=lambda: b""), path, method)
    assert (status, headers["Allow"]) == ("405 Method Not Allowed", allowed)


def test_an_application_takes_its_path_or_all_that_lies_below_it():
    def says(word):
        def answer(environ, start_response):
            start_response("200 OK", [])
            return [word + environ["PATH_INFO"].encode()]

        return lambda: answer

    app = application(well().missing, taking={SLACK: says(b"1 "), "/below/": says(b"2 ")})
    assert get(app, SLACK, "POST") == ("200 OK", f"1 {SLACK}")
    assert get(app, "/below/secret", "POST") == ("200 OK", "2 /below/secret")
    for path in (f"{SLACK}/", f"{SLACK}x", "/below", "/"):
        assert get(app, path, "POST")[0] == "404 Not Found"


def test_slacks_requests_are_taken_from_the_start_to_the_stop_and_health_is_told_for_longer():
    settings = read(
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "s",
            "ALTCRAFT_URL": "https://altcraft.example.com",
            "ALTCRAFT_TOKEN": "t",
        }
    )
    doors = Doors(SlackClock())
    app = application(well().missing, taking={SLACK: doors.slack})
    bolt = App(token="xoxb-1", signing_secret="s", token_verification_enabled=False)
    assert post_to_slack(app) == "503 Service Unavailable"
    with listening(settings, bolt.client, bolt, doors, well(), threading.Event()):
        assert post_to_slack(app) == "401 Unauthorized"  # it bears no signature
    assert post_to_slack(app) == "503 Service Unavailable"
    assert get(app, "/healthz")[0] == "200 OK"


def post_to_slack(app) -> str:
    answered = []
    body = b"command=%2Fcampaign-activate"
    request = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    b"".join(app(request, lambda status, _headers: answered.append(status)))
    return answered[0]
