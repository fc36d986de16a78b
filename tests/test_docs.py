"""What can be set and typed stands in the docs, and what the docs point to is there."""

import argparse
import re
from pathlib import Path

import pytest

from bot.cli import _parser
from bot.journal.backlog import Backlog, LaneBacklog
from bot.logs import FIELDS
from bot.metrics import Metrics
from bot.policy.demands import Demands
from bot.policy.file import read_policy
from bot.policy.keys import CONDITIONS, DEMANDS
from bot.policy.keys import SETTINGS as POLICY_SETTINGS
from bot.policy.policy import RoleList
from bot.slash.parameters import WORDS
from bot.slash.stop import WORDS as STOP_WORDS
from bot.threads import SIZES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
FILES = (
    *(f"bot/{name}.py" for name in ("settings", "slack_settings", "altcraft_settings", "events_settings")),
    *(f"bot/{name}.py" for name in ("journal_keys", "ports", "recipients_key")),
)
SETTINGS = re.findall(
    r'reader\.(?:text|required|url|choice|number|proxy|seconds|people|listed|channel|hosts)\(\s*"([A-Z_]+)"',
    "".join((ROOT / file).read_text() for file in FILES),
)


@pytest.mark.parametrize("name", sorted(set(SETTINGS)))
def test_every_setting_stands_in_the_readme_and_the_example(name):
    assert f"`{name}`" in README
    assert re.search(rf"^#?{name}=", EXAMPLE, re.MULTILINE)


def test_the_example_explains_no_setting_that_is_not_there():
    assert set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == set(SETTINGS)


@pytest.mark.parametrize("word", [*(written.split("=")[0] for written, _ in WORDS.values()), *STOP_WORDS])
def test_every_word_of_the_command_stands_in_the_readme(word):
    assert word.split(".")[0] in README


def test_every_command_and_shortcut_of_the_slack_app_stands_in_the_readme():
    manifest = (ROOT / "manifest.yaml").read_text()
    commands = re.findall(r"command: (\S+)", manifest)
    assert len(commands) > 3
    for command in commands:
        assert f"| `{command}" in README
    for shortcut in re.findall(r"shortcuts:\n +- name: (.+)", manifest):
        assert f"**{shortcut}**" in README


def test_the_terminals_commands_stand_in_the_docs():
    help_text = _parser().format_help()
    for command in re.findall(r"^    (\w+) ", help_text, re.MULTILINE):
        assert f"campaign-bot {command}" in README + (ROOT / "docs/architecture.md").read_text()


@pytest.mark.parametrize("command", ["python -m sandbox", "python -m sandbox demo"])
def test_the_sandboxs_commands_stand_in_the_docs_and_behind_make(command):
    assert f"`{command}`" in (ROOT / "docs/architecture.md").read_text()
    assert re.search(rf"/{command}$", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("action", ["verify", "export", "rekey", "prune", "show", "message"])
def test_what_is_done_with_the_record_in_a_terminal_is_explained_with_every_option(action):
    page = (ROOT / "docs/audit.md").read_text()
    command = "history" if action in {"show", "message"} else "audit"
    assert f"campaign-bot {command} {action}" in page
    for option in re.findall(r"--[a-z-]+", _help_of(command, action)):
        assert option in page or option == "--help"


def _help_of(*command):
    parser = _parser()
    for name in command:
        actions = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
        parser = actions.choices[name]
    return parser.format_help()


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        *(f"docs/{page}.md" for page in ("architecture", "audit", "operations", "policy", "reliability")),
    ],
)
def test_links_within_the_repository_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/reliability.md"])
def test_the_files_that_the_docs_name_are_there(page):
    for named in re.findall(r"`((?:bot|sandbox|tests)/[\w/.]+)`", (ROOT / page).read_text()):
        assert (ROOT / named).exists(), named


def test_the_metrics_of_the_docs_are_those_that_there_are():
    metrics = Metrics()
    metrics.watch(lambda: Backlog({"steps": LaneBacklog(0, 0.0)}, 0))
    there = {family.name for family in metrics.registry.collect() if family.name.startswith("campaign_bot_")}
    named = set(re.findall(r"campaign_bot_\w+", (ROOT / "docs/operations.md").read_text()))
    documented = {re.sub(r"_(total|count)$", "", name) for name in named} - {"campaign_bot"}
    assert documented == there


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_a_log_line_is_explained(field):
    assert f"`{field}`" in (ROOT / "docs/operations.md").read_text()


def test_the_tests_that_the_attacks_name_are_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/audit.md").read_text())
    assert len(named) > 12
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text()


def test_the_tests_that_the_fault_matrix_names_are_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)(?:\[(.+?)\])?`", (ROOT / "docs/reliability.md").read_text())
    assert len(named) > 40
    for file, function, case in named:
        source = (ROOT / file).read_text()
        assert f"def {function}(" in source
        assert f'"{case}"' in source or not case


@pytest.mark.parametrize("setup", sorted((ROOT / "sandbox/setups").glob("*.toml")), ids=lambda file: file.stem)
def test_the_set_ups_of_the_docs_are_those_of_the_sandbox(setup):
    assert f"```toml\n{setup.read_text()}```" in (ROOT / "docs/policy.md").read_text()


def test_the_example_policy_can_be_used():
    example = (ROOT / "policy.example.toml").read_text()
    policy = read_policy(example, {"admin": RoleList(), "requester": RoleList()}, Demands())
    assert policy.rules


@pytest.mark.parametrize("word", [*CONDITIONS, *DEMANDS, *POLICY_SETTINGS, "members", "mention"])
def test_the_example_policy_says_in_plain_language_what_each_word_means(word):
    assert re.search(rf"^{word} = .+ # \S", (ROOT / "policy.example.toml").read_text(), re.MULTILINE)


@pytest.mark.parametrize("word", [*CONDITIONS, *DEMANDS, *POLICY_SETTINGS])
def test_every_word_of_a_policy_is_explained(word):
    assert f"`{word}" in (ROOT / "docs/policy.md").read_text()


def test_the_architecture_names_every_module_of_a_launch():
    page = (ROOT / "docs/architecture.md").read_text()
    missing = [file.name for file in (ROOT / "bot/launch").glob("[a-z]*.py") if f"bot/launch/{file.name}" not in page]
    assert missing == []


def test_the_table_of_threads_is_the_pools_that_there_are():
    table = (ROOT / "docs/architecture.md").read_text().partition("## The threads")[2].partition("\n## ")[0]
    told = [line for line in table.splitlines() if line.startswith("| `")]
    assert told == [f"| `{pool}` | {size.most} | {size.does} | {size.why} |" for pool, size in SIZES.items()]
