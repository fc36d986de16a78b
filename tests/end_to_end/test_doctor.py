"""campaign-bot doctor against the stand-ins: with each fault switched on, it finds it and says how to mend it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import doctor
from bot.environment import environment_with
from bot.journal.engine import open_engine
from bot.journal.schema import upgrade
from bot.picture.failures import Failure
from bot.picture.reasons import no_picture
from sandbox.cast import LAUNCHES
from sandbox.host import rehearsal
from sandbox.stage import ALTCRAFT_TOKEN, SCOPES, free_port
from sandbox.team import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.doctor.test_database import UNUSED


class Patient:
    """The settings of the running sandbox, looked at by a doctor in this process."""

    def __init__(self, scene, capsys, tmp_path):
        self.scene = scene
        self.folder = tmp_path
        self._capsys = capsys
        self.environment = {**scene.stage.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'journal.db'}"}
        self.clock = lambda: datetime.now(UTC)

    def set(self, **changes: str) -> None:
        self.environment |= changes

    def workspace(self, act) -> None:
        """Changes the stand-in Slack's state."""
        self.scene.run(lambda: act(self.scene.workspace.state))

    def seen(self) -> tuple[int, list[str]]:
        status = doctor.examine(self.environment, clock=self.clock)
        return status, self._capsys.readouterr().out.splitlines()


@pytest.fixture
def patient(scene, capsys, tmp_path, monkeypatch):
    # Whoever runs the tests may have one of their own where they stand.
    monkeypatch.setattr("bot.doctor.at_rest.ENV", tmp_path / ".env")
    yield Patient(scene, capsys, tmp_path)

    def mended():
        state = scene.workspace.state
        state.scopes = SCOPES
        for person in state.people.values():
            person.deleted = False
        state.channels[LAUNCHES].is_archived = False
        state.groups["S0LEADS"].disabled = False

    scene.run(mended)


def test_an_own_bot_can_be_rehearsed_between_the_stand_ins(scene, capsys, tmp_path, monkeypatch):
    (tmp_path / ".env").write_text(rehearsal(scene.stage.environment))
    monkeypatch.chdir(tmp_path)
    status = doctor.examine(environment_with(Path(".env"), {}))
    told = capsys.readouterr().out
    assert (status, told.splitlines()[-1]) == (0, "The bot may run."), told


def test_a_bot_that_is_well_may_run_and_its_doctor_tells_in_which_workspace(patient):
    upgrade(open_engine(patient.environment["DATABASE_URL"]))
    status, lines = patient.seen()
    assert status == 0
    assert lines == [
        "note: Slack knows the bot as @campaign-bot in Sandbox (https://sandbox.slack.com/).",
        f"note: {UNUSED}",
        "The bot may run.",
    ]


def marked(person, **marks):
    def mark(state):
        for name, value in marks.items():
            setattr(state.people[person], name, value)

    return lambda patient: patient.workspace(mark)


def deactivated(person):
    return marked(person, deleted=True)


def setting(**changes):
    return lambda patient: patient.set(**changes)


def slack_fails(method, failure):
    return lambda patient: patient.scene.run(lambda: patient.scene.workspace.faults.fail(method, failure, times=99))


def platform(**switches):
    return lambda patient: patient.scene.switch(**switches)


def both(*faults):
    return lambda patient: [fault(patient) for fault in faults]


def wants(demand):
    def written(patient):
        file = patient.folder / "policy.toml"
        file.write_text(f"[always]\n{demand}\n", encoding="utf-8")
        patient.set(POLICY_FILE=str(file))

    return written


def archived(patient):
    patient.set(LAUNCH_CHANNEL=LAUNCHES)
    patient.workspace(lambda state: setattr(state.channels[LAUNCHES], "is_archived", True))


def over_http(patient):
    patient.set(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SIGNING_SECRET)


def clock_ahead(seconds):
    return lambda patient: setattr(patient, "clock", lambda: datetime.now(UTC) + timedelta(seconds=seconds))


def group(change):
    return lambda patient: patient.workspace(lambda state: change(state.groups["S0LEADS"]))


def database_with(patient, *statements):
    with closing(sqlite3.connect(patient.environment["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def behind(patient):
    database_with(
        patient, "create table alembic_version (version_num text)", "insert into alembic_version values ('0002')"
    )


RECEIVED = "[received]\nsegments = [400, 5]\ndatabase = 1"

TO_MEND = {
    "a wrong bot token": (
        setting(SLACK_BOT_TOKEN="xoxb-wrong"),
        "refuses SLACK_BOT_TOKEN (invalid_auth)",
        "copy the Bot",
    ),
    "an inactive account": (
        slack_fails("auth.test", "account_inactive"),
        "(account_inactive)",
        "install the app again",
    ),
    "an error nobody knows": (slack_fails("auth.test", "strange_news"), "(strange_news)", "documentation of auth.test"),
    "Slack has an outage": (slack_fails("auth.test", 503), "HTTP 503", "try again later"),
    "a wrong Slack address": (
        setting(SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/"),
        "Slack cannot be reached",
        "SLACK_API_URL",
    ),
    "a missing scope": (
        lambda patient: patient.workspace(lambda state: setattr(state, "scopes", SCOPES - {"files:read"})),
        "was not given files:read (it fetches what is attached",
        "Paste manifest.yaml",
    ),
    "a wrong app token": (setting(SLACK_APP_TOKEN="xapp-wrong"), "SLACK_APP_TOKEN (invalid_auth)", "App-Level Tokens"),
    "the bot token as app token": (setting(SLACK_APP_TOKEN=BOT_TOKEN), "belongs in SLACK_BOT_TOKEN", "xapp-"),
    "no such channel": (setting(LAUNCH_CHANNEL="C0NOWHERE"), "C0NOWHERE does not exist", "/invite"),
    "not in the channel": (setting(LAUNCH_CHANNEL="C0RANDOM"), "not in LAUNCH_CHANNEL C0RANDOM", "/invite"),
    "an archived channel": (archived, "is archived", "Name one that is in use"),
    "a clock that is off over HTTP": (
        both(over_http, clock_ahead(-600)),
        "s behind Slack's: Slack's requests are",
        "NTP",
    ),
    "an unknown user group": (setting(APPROVERS="U0BEN,S0NOBODY"), "no such user group", "or take it away"),
    "a disabled user group": (group(lambda leads: setattr(leads, "disabled", True)), "is disabled", "enable it"),
    "an empty user group": (
        group(lambda leads: setattr(leads, "users", [])),
        "S0LEADS, in the role",
        "add people to it",
    ),
    "no user groups in the plan": (
        lambda patient: patient.scene.run(patient.scene.workspace.faults.require_upgrade_for_groups),
        "plan has no user groups",
        "list user ids",
    ),
    "all approvers gone": (both(setting(APPROVERS="U0BEN"), deactivated("U0BEN")), "is there any more", "add somebody"),
    "all approvers strangers": (
        both(setting(APPROVERS="U0BEN"), marked("U0BEN", stranger=True)),
        "is there any more",
        "add somebody",
    ),
    "all approvers guests of a group": (
        both(setting(APPROVERS="S0LEADS"), marked("U0CLEO", restricted=True)),
        "is there any more",
        "add somebody",
    ),
    "too few approvers left": (
        both(
            setting(APPROVERS="U0BEN,U0CLEO,U0DAN", APPROVALS_REQUIRED="2"), deactivated("U0BEN"), deactivated("U0DAN")
        ),
        "only 1 of the role approver",
        "add approvers",
    ),
    "a wrong platform token": (setting(ALTCRAFT_TOKEN="wrong"), "error 401", "Settings > Tokens"),
    "a token without rights": (
        both(setting(ALTCRAFT_TOKEN="wrong"), platform(code_bad_token=403)),
        "error 403",
        "give the token a role",
    ),
    "an error code that is not documented": (
        both(setting(ALTCRAFT_TOKEN="wrong"), platform(code_bad_token=440, http_status_for_errors=403)),
        "error 440",
        "does not explain: ask",
    ),
    "a token in the wrong place": (
        both(setting(ALTCRAFT_TOKEN_IN="header"), platform(token_in="body")),
        "error 401",
        "With ALTCRAFT_TOKEN_IN=body it goes well",
    ),
    "templates that cannot be read, and a policy that wants messages to be known": (
        both(wants('message = "known"'), platform(templates="unknown_method")),
        "the policy refuses every launch whose message has to be known",
        "a role that may view templates",
    ),
    "a policy that wants tests and says nowhere where they may go": (
        wants("tested = true"),
        "can never be approved",
        "Add a table [test]",
    ),
    "a platform that is down": (
        setting(ALTCRAFT_URL=f"http://127.0.0.1:{free_port()}"),
        "refuses connections on port",
        "check the port",
    ),
    "a host without an address": (setting(ALTCRAFT_URL="https://platform.invalid"), "has no address", "DNS"),
    "a platform that fails": (platform(reads="fail"), "HTTP 500", "set the address of your platform"),
    "another program's database": (
        lambda patient: database_with(patient, "create table events (id integer)"),
        "holds events",
        "at an empty database",
    ),
    "a newer version's database": (
        lambda patient: database_with(
            patient, "create table alembic_version (version_num text)", "insert into alembic_version values ('9999')"
        ),
        "at revision 9999",
        "Start that version",
    ),
    "no PostgreSQL": (
        setting(DATABASE_URL=f"postgresql://me:hunter2@127.0.0.1:{free_port()}/journal"),
        "The database does not answer",
        "Check DATABASE_URL",
    ),
    "a journal in memory": (setting(DATABASE_URL="sqlite://"), "would lose every launch", "It takes sqlite:///"),
    "a folder that cannot be made": (
        setting(DATABASE_URL="sqlite:////dev/null/j.db"),
        "cannot be made",
        "Name another",
    ),
}

TO_KNOW = {
    "segments for who received a launch, and no key for that": (
        wants(RECEIVED),
        "The policy's table [received] does nothing",
        "Make a key with openssl rand -hex 32",
    ),
    "a segment for who received a launch that is not there": (
        wants(RECEIVED),
        "Segment 400 of [received] cannot be read",
        "does not exist",
    ),
    "a segment for who received a launch in which people are": (
        wants(RECEIVED),
        "Segment 5 of [received] has 48210 people",
        "it is passed over",
    ),
    "no empty segment for who received a launch": (wants(RECEIVED), "is empty, so nobody", "Make an empty static one"),
    "what only a try would show of segments": (
        wants(RECEIVED),
        "whether the token may write them, the platform does not tell",
        "when somebody asks who received a launch",
    ),
    "a key for profile ids, and no segments": (
        setting(RECIPIENTS_KEY="8f14e45fceea167a5a36dedd4bea2543"),
        "the policy has no table [received]",
        "Name segments there",
    ),
    "not in the digest's channel": (setting(DIGEST_CHANNEL="C0RANDOM"), "not in DIGEST_CHANNEL C0RANDOM", "/invite"),
    "a deactivated person": (
        deactivated("U0BEN"),
        "U0BEN, in the role requester and the role approver",
        "take it away",
    ),
    "a bot as approver": (
        setting(APPROVERS="U0BEN,U0BOT"),
        "U0BOT, in the role approver: that is a bot",
        "take it away",
    ),
    "a stranger": (
        marked("U0BEN", stranger=True),
        "U0BEN, in the role requester and the role approver: that is somebody of another workspace",
        "take it away",
    ),
    "a person of another workspace": (
        marked("U0BEN", team_id="T0ELSE"),
        "U0BEN, in the role requester and the role approver: that is somebody of another workspace",
        "take it away",
    ),
    "a guest who is listed": (
        marked("U0BEN", restricted=True),
        "U0BEN, in the role requester and the role approver: that is a guest of the workspace, who counts",
        "take it away if not meant",
    ),
    "a guest in a user group": (
        marked("U0CLEO", restricted=True),
        "U0CLEO, in the user group S0LEADS: that is a guest, who holds a role only where their own id is listed",
        "list it if that is meant",
    ),
    "a stranger in a user group": (
        marked("U0CLEO", stranger=True, team_id="T0ELSE"),
        "U0CLEO, in the user group S0LEADS: that is somebody of another workspace",
        "take them out of the group",
    ),
    "a bot in a user group": (
        marked("U0CLEO", is_bot=True),
        "U0CLEO, in the user group S0LEADS: that is a bot",
        "take it out of the group",
    ),
    "a deactivated person in a user group": (
        deactivated("U0CLEO"),
        "U0CLEO, in the user group S0LEADS: that account is deactivated",
        "add whoever took over",
    ),
    "an unknown person": (setting(ADMINS="U0DAN,U0GONE"), "U0GONE, in the role admin: Slack knows nobody", "copy it"),
    "a person who cannot be looked up": (slack_fails("users.info", "fatal_error"), "could not be checked", "try again"),
    "more scopes than needed": (
        lambda patient: patient.workspace(lambda state: setattr(state, "scopes", SCOPES | {"channels:join"})),
        "more than the bot needs (channels:join)",
        "pasting manifest.yaml",
    ),
    "no scopes told": (
        lambda patient: patient.scene.run(patient.scene.workspace.faults.keep_scopes_untold),
        "scopes could not be checked",
        "against manifest.yaml",
    ),
    "a clock that is off under Socket Mode": (clock_ahead(600), "s ahead of Slack's", "NTP"),
    "a signing secret": (over_http, "SLACK_SIGNING_SECRET could not be checked", "dispatch_failed"),
    "XML where JSON was asked for": (platform(answers_in="xml"), "answers in XML, though", "set ALTCRAFT_FORMAT=xml"),
    "JSON where XML was asked for": (
        both(setting(ALTCRAFT_FORMAT="xml"), platform(answers_in="json")),
        "answers in JSON, though",
        "set ALTCRAFT_FORMAT=json",
    ),
    "templates that cannot be read": (
        platform(templates="no_right"),
        "What campaigns send cannot be read",
        "a role that may view templates",
    ),
    "a deduplication that nobody sees": (
        both(setting(ALTCRAFT_DEDUPLICATES="yes"), platform(dedup="off")),
        "ALTCRAFT_DEDUPLICATES=yes could not be confirmed",
        "API_DEDUPLICATION_ENABLE",
    ),
    "repeats told in the newer spelling": (
        platform(dedup_reads=True, dedup="Request-ID"),
        "(Duplicate-Request)",
        "=yes",
    ),
    "repeats told in the earlier spelling": (
        platform(dedup_reads=True, dedup="X-Request-ID"),
        "(X-Duplicate-Request)",
        "not tried",
    ),
    "a database where there is none yet": (
        lambda patient: None,
        "holds no journal yet",
        "DATABASE_URL leads elsewhere: mend it",
    ),
    "migrations behind": (behind, "migration(s) are pending", "Back it up"),
    "a bot that runs": (
        lambda patient: patient.set(DATABASE_URL=patient.scene.stage.environment["DATABASE_URL"]),
        "A campaign-bot runs on",
        "fine if it is this one",
    ),
}


@pytest.mark.parametrize("fault", TO_MEND)
def test_a_fault_that_keeps_the_bot_from_running_is_found_with_how_to_mend_it(patient, fault):
    switch_on, what, mending = TO_MEND[fault]
    switch_on(patient)
    status, lines = patient.seen()
    assert (status, lines[-1]) == (1, "The bot must not run like this.")
    assert any(line.startswith("MEND: ") and what in line and mending in line for line in lines), lines
    assert not patient.scene.sent
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, ALTCRAFT_TOKEN, "hunter2"):
        assert secret not in "\n".join(lines)


@pytest.mark.parametrize("fault", TO_KNOW)
def test_what_is_good_to_know_is_noted_and_hinders_nothing(patient, fault):
    switch_on, what, mending = TO_KNOW[fault]
    switch_on(patient)
    status, lines = patient.seen()
    assert (status, lines[-1]) == (0, "The bot may run.")
    assert any(line.startswith("note: ") and what in line and mending in line for line in lines), lines
    assert not patient.scene.sent


def test_every_fault_at_once_is_told_at_once(patient):
    for fault in ("a missing scope", "not in the channel", "an unknown user group", "a wrong platform token"):
        TO_MEND[fault][0](patient)
    _, lines = patient.seen()
    assert sum(line.startswith("MEND: ") for line in lines) == 4


def test_a_check_that_breaks_is_no_check_that_found_nothing(patient, monkeypatch):
    monkeypatch.setattr("bot.doctor.platform.findings", lambda *_: 1 / 0)
    status, lines = patient.seen()
    assert status == 1
    assert "MEND: The platform could not be checked: ZeroDivisionError. This is a mistake of campaign-bot's." in lines


def test_a_check_that_hangs_is_told_and_waited_for_no_longer(patient, monkeypatch):
    monkeypatch.setattr("bot.doctor.examination.LONGEST", 1.0)
    patient.scene.switch(reads="hang")
    status, lines = patient.seen()
    assert status == 1
    assert "MEND: The platform could not be checked: it took longer than 1 seconds. Try again." in lines


def test_looking_makes_no_database(patient):
    patient.seen()
    file = patient.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def test_a_browser_that_makes_no_picture_here_is_noted_with_the_reason(patient, monkeypatch):
    monkeypatch.setattr("bot.picture.chromium.find", lambda: "/usr/bin/browser")
    monkeypatch.setattr("bot.doctor.examination.render", lambda _html: no_picture(Failure.NO_SANDBOX))
    patient.set(MESSAGE_PICTURES="yes")
    status, lines = patient.seen()
    assert status == 0
    assert any(line.startswith("note: ") and "no sandbox" in line and "docs/picture.md" in line for line in lines)


@pytest.mark.parametrize(
    ("addresses", "wanted", "told"),
    [
        ((), "yes", "has no address"),
        (("10.0.0.1",), "yes", "not public"),
        (("1.1.1.1",), "yes", ""),
        (("1.1.1.1",), "no", "MESSAGE_PICTURES=no"),
    ],
)
def test_hosts_from_which_no_image_will_come_are_noted(patient, monkeypatch, addresses, wanted, told):
    def resolved(_host):
        if not addresses:
            raise OSError
        return addresses

    monkeypatch.setattr("bot.doctor.examination.resolve", resolved)
    monkeypatch.setattr("bot.doctor.examination.render", lambda _html: None)
    patient.set(MESSAGE_PICTURES=wanted, PICTURE_IMAGE_HOSTS="img.example.com,.cdn.example.com")
    status, lines = patient.seen()
    assert status == 0
    noted = [line for line in lines if "PICTURE_IMAGE_HOSTS" in line]
    assert [told in line for line in noted] == [True] * bool(told)


@pytest.mark.parametrize(
    ("wanted", "found", "told"), [("yes", None, True), ("yes", "/usr/bin/browser", False), ("no", None, False)]
)
def test_a_missing_browser_is_noted_where_pictures_are_wanted(patient, monkeypatch, wanted, found, told):
    monkeypatch.setattr("bot.picture.chromium.find", lambda: found)
    monkeypatch.setattr("bot.doctor.examination.render", lambda _html: None)
    patient.set(MESSAGE_PICTURES=wanted)
    status, lines = patient.seen()
    assert status == 0
    noted = [line for line in lines if "pictures of e-mails" in line]
    assert [line.startswith("note: No browser is installed") for line in noted] == [True] * told
    assert all("chromium-headless-shell" in line and "MESSAGE_PICTURES=no" in line for line in noted)


def test_slacks_own_validator_looks_at_all_that_is_shown(patient, capsys):
    assert doctor.examine(patient.environment, with_views=True, clock=patient.clock) == 0
    assert "note: Slack takes all " in capsys.readouterr().out
