"""The terminal: what is wrong is said in a sentence, before anything starts."""

import re
import subprocess
import sys

import pytest

from bot.cli import main

WORKING = {
    "SLACK_BOT_TOKEN": "xoxb-secret",
    "SLACK_APP_TOKEN": "xapp-secret",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "ALTCRAFT_URL": "http://127.0.0.1:9",
    "ALTCRAFT_TOKEN": "altcraft-secret",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, value in {**WORKING, "DATABASE_URL": f"sqlite:///{tmp_path / 'j.db'}"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def complaint_of(*arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert "secret" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is not set"),
        ("ALTCRAFT_URL", "https://user:secret@example.com", "ALTCRAFT_URL must not hold a user or a password"),
        ("ALTCRAFT_URL", "https://altcraft.example.com?x=y", "Check ALTCRAFT_URL"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "mysql://somewhere/db", "It takes sqlite"),
        ("DATABASE_URL", "postgresql://me:secret@127.0.0.1:9/db", "The journal cannot be opened"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/j.db", "could not start"),
        ("POLICY_FILE", "nowhere/policy.toml", "policy.toml cannot be read: No such file"),
        ("REQUESTERS", "ana", "“ana”"),
    ],
)
def test_run_refuses_with_a_sentence(environment, name, value, says):
    environment.setenv(name, value)
    assert says in complaint_of("run")


def test_alone_it_prints_its_help(capsys):
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in ("init", "run", "doctor", "--version"))


def test_it_tells_its_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert re.fullmatch(r"campaign-bot \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_db_upgrade_makes_the_tables_and_works_twice(environment, capsys):
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_db_upgrade_needs_the_database_alone(environment, capsys):
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ALTCRAFT_TOKEN", "ALTCRAFT_URL"):
        environment.delenv(name)
    assert main(["db", "upgrade"]) == 0
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_what_is_installed_offers_nothing_to_try_out(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command])
    assert caught.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:pa@secret@127.0.0.1:9/db",
        "postgresql://me:pa/x@secret@127.0.0.1:9/db",
        "postgresql://me:pa@sec:secret@127.0.0.1:9/db",
        "postgresql://me/x:secret@127.0.0.1:9/db",
        "postgresql://me:secret/db",
        "postgresql://me:secret",
        "postgresql://127.0.0.1:9/db?user=me&password=pa@secret",
        "postgresql://me:secret@127.0.0.1:99999/db",
        "postgresql://me:secret@127.0.0.1:0/db",
        "postgresql://me:secret@[::1/db",
        "postgresql://me:secret@[host/db",
        "postgresql://me:secret@::1/db",
        "sqlite://me:secret@host/j.db",
        "secret",
    ],
)
@pytest.mark.parametrize("command", [["run"], ["db", "upgrade"], ["doctor"], ["doctor", "--offline"], ["history"]])
def test_a_database_address_that_cannot_be_read_says_what_to_write(environment, url, command, capsys):
    environment.setenv("DATABASE_URL", url)
    told = told_by(*command, capsys=capsys)
    assert "DATABASE_URL cannot be read. It looks like" in told
    assert "%40 for @" in told
    assert "mistake of" not in told


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s[ecr]et@127.0.0.1:9/db",
        "postgresql://me:s?ecr/e#t:@127.0.0.1:9/db",
        "postgresql://me:s%40ecret@127.0.0.1:9/db",
        "postgresql://me@127.0.0.1:9/db?password=s%40ecret",
    ],
)
@pytest.mark.parametrize("command", [["run"], ["doctor"], ["history"]])
def test_no_part_of_a_password_that_can_be_read_shows(environment, url, command, capsys):
    environment.setenv("DATABASE_URL", url)
    told = told_by(*command, capsys=capsys)
    assert "ecr" not in told.replace("secrets", "")
    assert "mistake of" not in told


@pytest.mark.parametrize("name", ["ALTCRAFT_URL", "SLACK_API_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:99999",
        "https://127.0.0.1:0",
        "https://127.0.0.1:port",
        "https://[::1",
        "https://::1",
        "https://",
        "https://:9",
        "https://a..b",
        "https://exa mple.com",
        "https://me:sec/secret@127.0.0.1",
        "https://me:se[cret@127.0.0.1",
    ],
)
def test_a_web_address_that_cannot_be_read_says_what_to_write(environment, name, url, capsys):
    environment.setenv(name, url)
    told = told_by("doctor", capsys=capsys)
    assert f"MEND: {name} cannot be read as an address. Write https:// and a host" in told
    assert "mistake of" not in told


def told_by(*arguments: str, capsys) -> str:
    """All that a command writes, which comes to nothing without a traceback."""
    status, complaint = 1, ""
    try:
        status = main(arguments)
    except SystemExit as exit_:
        complaint = str(exit_.code)
    told = "".join([complaint, *capsys.readouterr()])
    assert status != 0
    assert "secret" not in told
    return told


@pytest.mark.parametrize(
    ("loading", "spares"),
    [
        ("import bot.cli", {"slack_bolt", "bot.service", "bot.doctor"}),
        ("import runpy; runpy.run_module('bot.__main__', run_name='__mp_main__')", {"bot.cli"}),
    ],
    ids=["a command about the record", "a process that shares a long record's work"],
)
def test_what_serves_is_loaded_only_by_what_serves(loading, spares):
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; {loading}; print(*sys.modules)"], capture_output=True, check=True
    )
    assert not spares & set(told.stdout.decode().split())
