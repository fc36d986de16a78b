"""What `.env` says is taken as it is written, or named with its line; nothing of a value is ever shown."""

import pytest

from bot.cli import main
from bot.environment import environment_with
from bot.settings import SettingsError


@pytest.fixture
def file(tmp_path):
    return tmp_path / ".env"


def problems_of(file) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        environment_with(file, {})
    assert "secret" not in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("pass", "pass"),
        ("'pa${x}ss'", "pa${x}ss"),
        ("pa${x}ss", "pa${x}ss"),
        ('"pa${x}ss"', "pa${x}ss"),
        ("pa#ss", "pa#ss"),
        ("'pa #ss'", "pa #ss"),
        ("'pass' # the database's", "pass"),
        ("pass\r", "pass"),
        ("a=b==", "a=b=="),
        ("", ""),
    ],
)
def test_a_value_is_taken_as_it_is_written(file, written, value):
    file.write_text(f"# a comment\n\nexport ALTCRAFT_TOKEN={written}\nx=y\n", newline="")
    assert environment_with(file, {})["ALTCRAFT_TOKEN"] == value


def test_the_environment_wins_and_no_file_is_needed(file):
    assert environment_with(file, {"PORT": "1"}) == {"PORT": "1"}
    file.write_text("PORT=2\nHEALTH_PORT=3\n")
    assert environment_with(file, {"PORT": "1"}) == {"PORT": "1", "HEALTH_PORT": "3"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ALTCRAFT_TOKEN=secret #secret", "single quotes"),
        ("ALTCRAFT_TOKEN= # secret", "a line of its own"),
        ("ALTCRAFT_TOKEN=pa\t# secret", "a line of its own"),
        ("ALTCRAFT_TOKEN: secret", "Write NAME=value"),
        ("xoxb-secret", "Write NAME=value"),
        ("secret-secret==", "Write NAME=value"),
        ("=secret", "Write NAME=value"),
        ("ALTCRAFT_TOKEN='secret", "the same quote"),
        ("ALTCRAFT_TOKEN='secret'secret", "the same quote"),
        ("ALTCRAFT_TOKEN='secret\nsecret=x'", "over the next line"),
        ('ALTCRAFT_TOKEN="secret\\tsecret"', "in single quotes"),
    ],
)
def test_a_line_that_does_not_say_plainly_what_is_meant_is_named(file, line, says):
    file.write_text(f"PORT=1\n\n# a comment\n\n{line}\nLOG_FORMAT=text\n")
    (problem,) = problems_of(file)
    assert problem.startswith(".env, line 5: ")
    assert says in problem


def test_all_such_lines_are_named_at_once(file):
    file.write_text("PORT\nLOG_FORMAT=text\nREQUESTERS=U0ANA # Ana\n")
    assert [problem.split(":")[0] for problem in problems_of(file)] == [".env, line 1", ".env, line 3"]


def test_a_setting_that_is_given_twice_is_named(file):
    file.write_text("ALTCRAFT_TOKEN=secret\nPORT=1\n\nALTCRAFT_TOKEN=another-secret\n")
    assert problems_of(file) == (".env, line 4: this setting stands in line 1 already. Keep one of the two.",)


def test_a_file_that_cannot_be_opened_is_named(file):
    file.mkdir()
    assert problems_of(file) == (".env cannot be read: Is a directory.",)


@pytest.mark.parametrize(("command", "status"), [(["doctor"], 1), (["history"], 2), (["policy", "explain", "42"], 2)])
def test_every_command_says_it_in_a_sentence(command, status, file, monkeypatch, capsys):
    monkeypatch.chdir(file.parent)
    file.write_text("xoxb-secret\n")
    assert main(command) == status
    told = "".join(capsys.readouterr())
    assert ".env, line 1: " in told
    assert "secret" not in told


@pytest.mark.parametrize("command", [["run"], ["db", "upgrade"]])
def test_nothing_starts_with_such_a_file(command, file, monkeypatch):
    monkeypatch.chdir(file.parent)
    file.write_text("xoxb-secret\n")
    with pytest.raises(SystemExit, match=r"cannot start:\n- \.env, line 1: "):
        main(command)


def test_the_doctor_still_says_what_it_did_not_look_at(file, monkeypatch, capsys):
    monkeypatch.chdir(file.parent)
    file.write_text("PORT\n")
    assert main(["doctor"]) == 1
    mend, left_out, end = capsys.readouterr().out.splitlines()
    assert mend.startswith("MEND: .env, line 1: ")
    assert "once the settings can be read" in left_out
    assert end == "The bot must not run like this."
