"""The doctor sees who else may read the bot's files, and where tokens go without TLS."""

import pytest

from bot.doctor import at_rest
from bot.journal.engine import open_engine
from bot.journal.instance import signed_on
from bot.journal.schema import upgrade
from bot.settings import read
from tests.test_settings import WORKING


def found(environment):
    return [one.text for one in at_rest.findings(environment, read({**WORKING, **environment}))]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("mode", "is_found"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_an_env_that_others_may_read_is_found(folder, mode, is_found):
    (folder / ".env").touch()
    (folder / ".env").chmod(mode)
    assert bool(found({"ALTCRAFT_URL": "https://altcraft.example.com"})) is is_found


@pytest.mark.parametrize("end", ["", "-wal", "-shm", ".lock"])
def test_a_journal_or_what_lies_beside_it_that_others_may_read_is_found(folder, end):
    settings = {"DATABASE_URL": f"sqlite:///{folder / 'journal.db'}", "ALTCRAFT_URL": "https://altcraft.example.com"}
    engine = open_engine(settings["DATABASE_URL"])
    with signed_on(engine):
        upgrade(engine)
        assert found(settings) == []
        (folder / f"journal.db{end}").chmod(0o644)
        (text,) = found(settings)
    assert f"journal.db{end} is the record" in text
    assert "0644" in text


def test_a_key_file_that_others_may_read_is_found(folder):
    file = folder / "key"
    file.write_text("0123456789abcdef" * 4)
    file.chmod(0o644)
    (text,) = found({"JOURNAL_KEY_FILE": str(file), "ALTCRAFT_URL": "https://altcraft.example.com"})
    assert f"chmod 600 {file}" in text


@pytest.mark.parametrize(
    ("url", "is_found"),
    [
        ("http://altcraft.example.com", True),
        ("http://10.0.0.7:8080", True),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://localhost:8080", False),
        ("https://altcraft.example.com", False),
    ],
)
def test_plain_http_to_another_machine_is_found(folder, url, is_found):
    assert any("ALTCRAFT_URL" in text for text in found({"ALTCRAFT_URL": url})) is is_found
