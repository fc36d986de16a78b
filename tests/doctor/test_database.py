"""The doctor's look at the database: where a file lies, who holds it, and what stands before PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor import database
from bot.journal.engine import open_engine
from bot.journal.instance import signed_on
from bot.journal.schema import upgrade
from bot.journal.workflow_steps import WorkflowSteps
from bot.launch.workflow import WorkflowStep
from tests.builders import ANA, journal_at

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:35 / /srv/team\\040share rw,relatime shared:1 - nfs4 server:/export rw
41 22 0:36 / /srv/local rw - xfs /dev/vdb rw
"""


UNUSED = (
    "No workflow has used the step “Ask to launch a campaign” yet, and Slack does not tell whether one could. If "
    "workflows are to use it, hold App Manifest of the app against manifest.yaml: its functions and the event "
    "function_executed; Workflow Builder shows the step on a paid plan of Slack alone."
)


def now():
    return datetime.now(UTC)


def all_told(url, clock=now) -> list[str]:
    return [finding.text for finding in database.findings(url, clock)]


def told(url, clock=now) -> list[str]:
    """What is told of the database itself."""
    return [text for text in all_told(url, clock) if text != UNUSED]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/srv/team share/journal.db", "lies on a network file system (nfs4)"),
        ("/srv/local/journal.db", ""),
        ("/home/bot/journal.db", ""),
    ],
)
def test_a_file_on_a_network_file_system_is_found(tmp_path, path, says):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    texts = [finding.text for finding in database._file_system(database.Path(path), mounts)]
    assert [says in text for text in texts] == ([True] if says else [])


def test_a_machine_that_does_not_tell_its_mounts_is_not_accused(tmp_path):
    assert not list(database._file_system(tmp_path / "journal.db", tmp_path / "nowhere"))


def test_a_bot_on_the_file_is_seen_without_touching_its_lock(tmp_path):
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    engine = open_engine(url)
    upgrade(engine)
    assert told(url) == []
    with signed_on(engine):
        assert ["runs on" in text for text in told(url)] == [True]
    assert told(url) == []


def test_that_no_workflow_has_come_yet_is_told_until_one_has(tmp_path):
    journal = journal_at(tmp_path)
    url = str(journal._engine.url)
    assert all_told(url) == [UNUSED]
    WorkflowSteps(journal).take_on(WorkflowStep(execution="E1", person=ANA, inputs={}))
    assert all_told(url) == []


@pytest.mark.parametrize("there", [False, True])
def test_a_file_without_a_journal_is_told_for_it_may_be_the_wrong_one(tmp_path, there):
    file = tmp_path / "journal.db"
    if there:
        file.touch()
    (text,) = told(f"sqlite:///{file}")
    assert text.startswith(f"{file} holds no journal yet")
    assert "DATABASE_URL leads elsewhere: mend it first" in text


def test_a_file_that_is_no_database_is_told(tmp_path):
    file = tmp_path / "journal.db"
    file.write_text("Dear diary, " * 1000)
    assert ["file is not a database" in text for text in told(f"sqlite:///{file}")] == [True]
    assert file.read_text().startswith("Dear diary")


def test_a_name_with_characters_that_mean_something_elsewhere_is_found(tmp_path):
    url = f"sqlite:///{tmp_path / 'the journal #1%.db'}"
    upgrade(open_engine(url))
    there = set(tmp_path.iterdir())
    assert told(url) == []
    assert set(tmp_path.iterdir()) == there


def test_postgresql_that_is_well_is_not_mentioned(postgres):
    url = postgres.new_database()
    assert ["holds no journal yet" in text for text in told(url)] == [True]
    upgrade(open_engine(url))
    assert told(url) == []


def test_clocks_that_differ_from_the_databases_are_told(postgres):
    url = postgres.new_database()
    upgrade(open_engine(url))
    texts = told(url, lambda: now() + timedelta(minutes=10))
    assert ["s apart" in text for text in texts] == [True]


class Session:
    """A connection through a pooler: `pooler` says which of its sessions serves whom."""

    def __init__(self, name, pooler):
        self._name = name
        self._pooler = pooler

    def execute(self, statement):
        self._pooled = self._pooler(self._name, str(statement))
        return self

    def scalar_one(self):
        return self._pooled


def one_session_each(name, _statement):
    return {"one": 11, "other": 12}[name]


class TransactionPooler:
    """Hands its freest session to whoever speaks; a transaction keeps it."""

    def __init__(self):
        self.free, self.kept = [11, 12], {}

    def __call__(self, name, statement):
        session = self.kept.get(name) or self.free[0]
        if statement == "BEGIN":
            self.free.remove(session)
            self.kept[name] = session
        if statement == "ROLLBACK":
            self.free.insert(0, self.kept.pop(name))
        return session


@pytest.mark.parametrize(("pooler", "swaps"), [(one_session_each, False), (TransactionPooler(), True)])
def test_a_pooler_in_transaction_mode_gives_itself_away(pooler, swaps):
    assert database._swaps_sessions(Session("one", pooler), Session("other", pooler)) is swaps
