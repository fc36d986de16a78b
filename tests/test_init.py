"""`campaign-bot init`: each answer is checked at once, and `.env` is whole and its owner's alone, or not written."""

import stat

import pytest

from bot.altcraft.client import WireFormat
from bot.doctor import answers
from bot.env_file import write
from bot.environment import environment_with
from bot.init import QUESTIONS, Terminal, ask_all, init
from bot.settings import read
from tests.altcraft.builders import TOKEN, envelope
from tests.altcraft.serving import Server, answer
from tests.proxying import Proxy

ANSWERS = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "ALTCRAFT_URL": "https://altcraft.company.test",
    "ALTCRAFT_TOKEN": "altcraft-secret",
    "LAUNCH_CHANNEL": "C0AAAAAAA1",
    "REQUESTERS": "U0AAAAAAA1",
    "APPROVERS": "U0AAAAAAA2, S0AAAAAAA1",
    "ADMINS": "",
}
NO_KEY = "n"
"""Whoever is asked whether a key of the record is wanted."""


class Typing:
    """Somebody who types these lines, one an answer, and then leaves."""

    def __init__(self, *lines: str):
        self._lines = list(lines)
        self.told: list[str] = []
        self.shown: list[str] = []

    @property
    def at(self) -> Terminal:
        return Terminal(self._ask, self._next, self.told.append)

    def _ask(self, question: str) -> str:
        self.shown.append(question)
        line = self._next(question)
        self.shown.append(line)
        return line

    def _next(self, _: str) -> str:
        if not self._lines:
            raise EOFError
        return self._lines.pop(0)


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the journal's file would lie there
    return tmp_path / ".env"


def test_what_is_answered_can_be_read_and_only_by_its_owner(file):
    typing = Typing(*ANSWERS.values(), NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = environment_with(file, {})
    assert written == {name: value for name, value in ANSWERS.items() if value}
    assert read(written).slack.launch_channel == "C0AAAAAAA1"
    assert not [one for one in (*typing.told, *typing.shown) if "secret" in one]


def test_an_answer_that_is_wrong_is_named_and_asked_for_again(file):
    typing = Typing("xapp-1-secret", *ANSWERS.values(), NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert any(line.startswith("MEND: SLACK_BOT_TOKEN holds an app-level token") for line in typing.told)
    assert environment_with(file, {})["SLACK_BOT_TOKEN"] == "xoxb-1-secret"


def test_what_is_given_twice_alike_is_kept(file):
    lines = [*ANSWERS.values()]
    lines[2:3] = ["https://altcraft.example.com"] * 2
    assert init(file, offline=True, at=Typing(*lines, NO_KEY).at) == 0
    assert environment_with(file, {})["ALTCRAFT_URL"] == "https://altcraft.example.com"


def test_what_is_needed_is_asked_for_until_it_is_given(file):
    typing = Typing("", *ANSWERS.values(), NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert "It is needed." in typing.told


def test_without_an_app_token_the_signing_secret_is_asked_for(file):
    lines = [*ANSWERS.values()]
    lines[1:2] = ["", "0123456789abcdef0123456789abcdef"]
    assert init(file, offline=True, at=Typing(*lines, NO_KEY).at) == 0
    assert not read(environment_with(file, {})).slack.socket_mode


@pytest.mark.parametrize("reply", ["", "n", "yes please"])
def test_a_file_that_is_there_is_left_as_it_is_unless_that_is_wanted(file, reply):
    file.write_text("PORT=1\n")
    assert init(file, offline=True, at=Typing(reply, *ANSWERS.values(), NO_KEY).at) == 1
    assert file.read_text() == "PORT=1\n"


def test_what_is_not_asked_for_is_not_lost_from_a_file_that_is_there(file):
    file.write_text("# Ours\n\nALTCRAFT_URL=https://before.company.test\nPORT=1 ")
    file.chmod(0o644)
    assert init(file, offline=True, at=Typing("y", *ANSWERS.values(), NO_KEY).at) == 0
    text = file.read_text()
    assert text.startswith("# Ours\n\nALTCRAFT_URL=https://altcraft.company.test\nPORT=1 \nSLACK_BOT_TOKEN=")
    assert environment_with(file, {}) == {**{name: one for name, one in ANSWERS.items() if one}, "PORT": "1"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_stands_in_a_file_is_offered_and_no_secret_of_it_is_shown(file):
    write(file, {**ANSWERS, "JOURNAL_KEY": "a-secret-of-the-record-0123456789"})
    before = file.read_text()
    typing = Typing("y", *[""] * len(ANSWERS))
    assert init(file, offline=True, at=typing.at) == 0
    assert file.read_text() == before
    assert "It is C0AAAAAAA1. Press Enter to keep that." in typing.told
    assert typing.told.count("It is set. Press Enter to keep that.") == 3
    assert not [one for one in (*typing.told, *typing.shown) if "secret" in one]


def test_a_setting_can_be_emptied(file):
    write(file, ANSWERS)
    lines = ["none" if name == "LAUNCH_CHANNEL" else "" for name in ANSWERS]
    assert init(file, offline=True, at=Typing("y", *lines, NO_KEY).at) == 0
    assert "LAUNCH_CHANNEL" not in file.read_text()


def test_a_file_that_cannot_be_read_is_written_anew_only_where_that_is_wanted(file):
    file.write_text("what is this\n")
    assert init(file, offline=True, at=Typing("n").at) == 1
    typing = Typing("y", *ANSWERS.values(), NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert any("line 1: this is no setting" in line for line in typing.told)
    assert "what is this" not in file.read_text()


def test_an_answer_that_was_kept_can_be_mended_from_a_later_question(file):
    lines = [*ANSWERS.values()]
    lines[2:3] = [
        "https://altcraft.example.com",
        "https://altcraft.example.com",
        "back",
        "https://altcraft.company.test",
    ]
    typing = Typing(*lines, NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert environment_with(file, {})["ALTCRAFT_URL"] == "https://altcraft.company.test"
    assert not any(line.startswith("MEND: Kept") for line in typing.told)


def test_before_the_first_question_there_is_none(file):
    typing = Typing("back", *ANSWERS.values(), NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert "This is the first question." in typing.told


def test_who_returns_to_the_transport_is_asked_for_what_it_takes_and_for_nothing_else(file):
    lines = [*ANSWERS.values()]
    lines[1:2] = ["", "back", "xapp-1-secret"]
    assert init(file, offline=True, at=Typing(*lines, NO_KEY).at) == 0
    assert "SLACK_SIGNING_SECRET" not in file.read_text()


def test_what_is_wrong_with_one_answer_is_not_told_at_the_next(file):
    lines = [*ANSWERS.values()]
    lines[0:1] = ["xapp-2-secret", "xapp-2-secret"]
    typing = Typing(*lines, NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert len([line for line in typing.told if "SLACK_BOT_TOKEN holds an app-level token" in line]) == 1
    assert "It is kept as it is." in typing.told
    assert [line for line in typing.told if line.startswith("MEND: Kept")] == [
        "MEND: Kept with something to mend: SLACK_BOT_TOKEN. campaign-bot doctor says what is wrong."
    ]


def test_slack_is_not_asked_with_a_token_that_was_not_taken():
    found = answers.about("LAUNCH_CHANNEL", {"LAUNCH_CHANNEL": "C0AAAAAAA1"}, {}, offline=False)
    assert [one.text for one in found] == [
        "LAUNCH_CHANNEL was not checked: that takes SLACK_BOT_TOKEN, which is to be mended first."
    ]
    assert found[0].may_run


def test_a_role_that_nobody_holds_is_told_at_the_end(file):
    lines = [*ANSWERS.values()]
    lines[6] = ""
    typing = Typing(*lines, NO_KEY)
    assert init(file, offline=True, at=typing.at) == 0
    assert "note: APPROVERS is empty: nobody may approve a launch." in typing.told
    assert "note: REQUESTERS is empty: nobody may ask for a launch." not in typing.told


def test_a_key_of_the_record_is_made_where_that_is_not_refused_and_is_not_shown(file):
    typing = Typing(*ANSWERS.values(), "")
    assert init(file, offline=True, at=typing.at) == 0
    key = read(environment_with(file, {})).journal_keys.secrets[0]
    assert len(key) == 64
    assert not any(key in line for line in (*typing.told, *typing.shown))
    assert any(line.startswith("note: JOURNAL_KEY was made.") for line in typing.told)


@pytest.mark.parametrize("url", ["", "DATABASE_URL=postgresql://db/journal\n"])
def test_no_key_is_made_for_a_record_that_may_be_there_already(file, url):
    (file.parent / "campaign-bot.db").touch()
    file.write_text(url)
    typing = Typing("y", *ANSWERS.values())
    assert init(file, offline=True, at=typing.at) == 0
    assert "JOURNAL_KEY" not in file.read_text()
    assert any("docs/audit.md" in line for line in typing.told)


def test_who_leaves_in_the_middle_leaves_nothing_behind(file):
    assert init(file, offline=True, at=Typing("xoxb-1-secret").at) == 1
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("value", ["it's", "a b", "pa\\ss", "pa$ss", "#1", 'a"b', "${x}"])
def test_whatever_a_value_holds_is_read_as_it_was_given(file, value):
    write(file, {"ALTCRAFT_TOKEN": value})
    assert environment_with(file, {}) == {"ALTCRAFT_TOKEN": value}


def test_a_token_that_slack_does_not_know_is_found_at_once(file, monkeypatch):
    with Server(answer(b'{"ok": false, "error": "invalid_auth"}')) as slack:
        monkeypatch.setenv("SLACK_API_URL", f"{slack.url}/api/")
        typing = Typing("xoxb-1-secret")
        assert init(file, offline=False, at=typing.at) == 1
    assert any("Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in line for line in typing.told)


def test_slack_is_asked_by_the_way_that_the_environment_names(file, monkeypatch):
    with Proxy() as proxy:
        monkeypatch.setenv("SLACK_API_URL", "http://slack.company.test/api/")
        monkeypatch.setenv("SLACK_PROXY", proxy.url)
        init(file, offline=False, at=Typing("xoxb-1-secret").at)
        assert proxy.asked == ["POST http://slack.company.test/api/auth.test"]


def test_what_the_file_says_of_the_way_is_gone_by(file, monkeypatch):
    monkeypatch.delenv("SLACK_API_URL", raising=False)
    with Server(answer(b'{"ok": false, "error": "invalid_auth"}')) as slack:
        file.write_text(f"SLACK_API_URL={slack.url}/api/\n")
        typing = Typing("y", "xoxb-1-secret")
        assert init(file, offline=False, at=typing.at) == 1
    assert any("Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in line for line in typing.told)


def test_the_platforms_token_is_tried_at_once():
    refusing = answer(envelope(WireFormat.JSON, error=401, text="no such token"))
    asked = []
    with Server(refusing) as platform:

        def check(name, given_so_far):
            asked.append(name)
            return answers.about(name, given_so_far, {}, offline=not name.startswith("ALTCRAFT"))

        given = {**ANSWERS, "ALTCRAFT_URL": platform.url, "ALTCRAFT_TOKEN": TOKEN}
        typing = Typing(*[*given.values()][:4], *[*given.values()][3:])
        assert ask_all(typing.at, check, {})["ALTCRAFT_TOKEN"].text == TOKEN
    assert any("error 401" in line for line in typing.told)
    assert asked.count("ALTCRAFT_TOKEN") == 2


def test_every_question_is_about_a_setting():
    assert {question.name for question in QUESTIONS} >= set(ANSWERS)
