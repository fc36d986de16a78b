"""The commands of whoever installs the bot: its settings, what they are good for, its rules, and its tables."""

import argparse
import logging
import sys
from pathlib import Path

from bot.doctor import examine, tell_unreadable
from bot.environment import own_environment, settings_or_exit
from bot.explain import WRONG, explain, supposed
from bot.init import init, terminal
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.instance import signed_on
from bot.journal.schema import upgrade
from bot.policy.file import PolicyError
from bot.policy.policy import PolicyUnreadable
from bot.policy_source import PolicySource
from bot.settings import SettingsError, read_database_url, read_policy_settings

log = logging.getLogger("bot")


def ask(chosen: argparse.Namespace) -> int:
    _unlogged()
    return init(Path(".env"), offline=chosen.offline, at=terminal())


def check(chosen: argparse.Namespace) -> int:
    _unlogged()
    try:
        environment = own_environment()
    except SettingsError as error:
        return tell_unreadable(error.problems)
    return examine(environment, offline=chosen.offline, with_views=chosen.views)


def explain_policy(chosen: argparse.Namespace) -> int:
    _unlogged()
    try:
        environment = own_environment()
        settings = read_policy_settings(
            {**environment, "POLICY_FILE": chosen.policy or environment.get("POLICY_FILE", "")}
        )
        policy = PolicySource(settings)()
    except (SettingsError, PolicyUnreadable) as error:
        sys.stderr.write(f"{_told(error)}\n")
        return WRONG
    return explain(policy, supposed(chosen))


def upgrade_tables(_chosen: argparse.Namespace) -> int:
    # The other settings may be missing: whoever may change tables need not hold the bot's tokens.
    url = settings_or_exit(read_database_url)
    try:
        engine = open_engine(url)
        with signed_on(engine):
            upgrade(engine)
    except JournalUnusable as error:
        sys.exit(str(error))
    sys.stdout.write("The journal's tables are up to date.\n")
    return 0


def _told(error: SettingsError | PolicyUnreadable) -> str:
    mistakes = error.__cause__
    if not isinstance(mistakes, PolicyError):
        return str(error)
    return "\n".join(["The policy has mistakes:", *(f"- {problem}" for problem in mistakes.problems)])


def _unlogged() -> None:
    """What is wrong is told in sentences; without any handler, Python would write its log beside them."""
    log.addHandler(logging.NullHandler())
