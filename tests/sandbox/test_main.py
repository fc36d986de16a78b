"""`python -m sandbox`: the page on a port, or the story."""

import pytest

from sandbox import __main__ as command_line


@pytest.fixture
def started(monkeypatch):
    monkeypatch.setattr(command_line.host, "show", lambda port: ("page", port))
    monkeypatch.setattr(command_line.demo, "play", lambda: "story")


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ([], ("page", 8484)),
        (["--port", "8585"], ("page", 8585)),
        (["demo"], "story"),
    ],
)
def test_what_is_typed_is_what_starts_and_its_exit_status_is_passed_on(typed, what):
    assert command_line.main(typed) == what


def test_a_word_that_is_none_of_its_own_starts_nothing(capsys):
    with pytest.raises(SystemExit) as caught:
        command_line.main(["dmeo"])
    assert caught.value.code == 2
    assert "demo" in capsys.readouterr().err
