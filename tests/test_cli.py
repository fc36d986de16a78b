"""The terminal: what is wrong is said in a sentence, before anything starts."""

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
        ("ALTCRAFT_URL", "https://user:pw@example.com", "Check ALTCRAFT_URL"),
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


def test_db_upgrade_makes_the_tables_and_works_twice(environment, capsys):
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_what_is_installed_offers_nothing_to_try_out(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command])
    assert caught.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
