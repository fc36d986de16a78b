"""Large e-mails are read in a process of their own, and come out as they would here."""

import io
import logging
import os
import resource
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import mail_reading
from bot.message.message import Channel
from bot.message.text import versions
from bot.picture import limits

LONG = f"<p>{'word ' * 30_000}</p>"
MAILS = {
    "long": LONG,
    "longer than is read": LONG * 20,
    "deeply nested": "<div>" * 5_000 + "Hello",
    "many links": "".join(f'<a href="https://shop.example/{n}">{n}</a> ' for n in range(3_000)),
    "half of a surrogate pair": f"{LONG}\ud83c <a href='https://shop.example/\udf38'>x</a>",
    "other alphabets": f"{LONG}<p>Весна \u2028 春 \x00</p>",
}


def email(html: str) -> Channel:
    return Channel("email", (("html", html), ("text", "Hello https://shop.example/text")))


@pytest.fixture
def processes(monkeypatch):
    """Those that were started."""
    started = []
    really = subprocess.run

    def run(command, **settings):
        started.append(command)
        return really(command, **settings)

    monkeypatch.setattr(subprocess, "run", run)
    return started


@pytest.mark.parametrize("mail", MAILS)
def test_a_large_mail_reads_the_same_as_here(mail, processes, caplog):
    channel = email(MAILS[mail])
    assert mail_reading.read(channel) == versions(channel)
    assert len(processes) == 1
    assert not caplog.records


@given(st.text())
@settings(max_examples=20)
def test_what_is_read_apart_comes_back_whole(text):
    found = versions(email(f'{text}<a href="{text}">{text}</a>'))[0]
    assert mail_reading._decoded(mail_reading._encoded(found)) == found


@pytest.mark.parametrize(
    "channel", [email("<p>Hello</p>" * 100), Channel("sms", (("sms", LONG),)), Channel("email", (("text", LONG),))]
)
def test_what_is_quickly_read_starts_no_process(channel, processes):
    assert mail_reading.read(channel) == versions(channel)
    assert processes == []


@pytest.mark.parametrize(
    "trouble", ["raise SystemExit(1)", "print('[')", "print('[1, [], []]')", "print('[null]')", ""]
)
def test_whatever_becomes_of_the_process_the_mail_is_read(trouble, monkeypatch, caplog):
    really = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _, **more: really([sys.executable, "-c", trouble], **more))
    channel = email(LONG)
    assert mail_reading.read(channel) == versions(channel)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_process_that_takes_too_long_is_ended_and_the_mail_is_read(monkeypatch, caplog):
    waits = "import sys; sys.stdin.read(); import signal; signal.pause()"
    really = subprocess.run
    monkeypatch.setattr(mail_reading, "PATIENCE", 0.5)
    monkeypatch.setattr(subprocess, "run", lambda _, **more: really([sys.executable, "-c", waits], **more))
    assert mail_reading.read(email(LONG)) == versions(email(LONG))
    assert "TimeoutExpired" in caplog.text


def test_it_knows_nothing_of_the_bot_and_stands_back(monkeypatch):
    monkeypatch.setenv("ALTCRAFT_TOKEN", "hidden")
    looks = "import os, json; print(json.dumps([os.environ.get('ALTCRAFT_TOKEN', ''), [], [], '', '']))"
    really = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _, **more: really([sys.executable, "-c", looks], **more))
    assert mail_reading.read(email(LONG))[0].text == ""
    bounds = []
    monkeypatch.setattr(os, "nice", bounds.append)
    monkeypatch.setattr(resource, "setrlimit", lambda kind, _most: bounds.append(kind))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"<p>Hello</p>")))
    mail_reading.main()
    assert bounds[0] == limits.NICE > 0
    assert resource.RLIMIT_DATA in bounds[1:]
