"""What a person types in a terminal."""

import argparse
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot import doctor, explain, logs
from bot.environment import environment_with
from bot.init import init, terminal
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.instance import signed_on
from bot.journal.schema import upgrade
from bot.memory import keep_little
from bot.policy.file import PolicyError
from bot.policy.policy import PolicyUnreadable
from bot.policy_source import PolicySource
from bot.receiving import receiving
from bot.receiving_settings import read_receiving
from bot.route import Unusable
from bot.service import UnusableAddress, running
from bot.serving import Stopped
from bot.settings import Settings, SettingsError, read, read_database_url, read_policy_settings
from bot.slack.api.scopes import MEND_SCOPES, lacking
from bot.slack.views.plaintext import one_line
from bot.terminal.commands import add_commands

log = logging.getLogger("bot")

_Read = TypeVar("_Read")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return 0
    command: Callable[[argparse.Namespace], int] = chosen.command
    return command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="campaign-bot", description="Launches Altcraft campaigns from Slack.")
    parser.add_argument("--version", action="version", version=f"campaign-bot {version('campaign-bot')}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    setting_up = commands.add_parser("init", help="ask for what is needed, check each answer, and write .env")
    setting_up.add_argument("--offline", action="store_true", help="ask neither Slack nor the platform")
    setting_up.set_defaults(command=_init)
    run = commands.add_parser("run", help="serve Slack: Socket Mode with SLACK_APP_TOKEN, else HTTP on PORT")
    run.set_defaults(command=_run)
    events = commands.add_parser("events", help="receive the platform's hooks only, beside the bot that shows them")
    events.set_defaults(command=_events)
    examining = commands.add_parser("doctor", help="check everything that the bot needs, and say how to mend it")
    extent = examining.add_mutually_exclusive_group()
    extent.add_argument(
        "--offline", action="store_true", help="ask nobody: the settings, the policy and the database's file"
    )
    extent.add_argument(
        "--views", action="store_true", help="let Slack's own validator look at all that the bot shows, too"
    )
    examining.set_defaults(command=_doctor)
    policy = commands.add_parser("policy", help="the rules").add_subparsers(required=True, metavar="ACTION")
    explaining = policy.add_parser("explain", help="say which rules a launch would meet, and what it would need")
    explain.add_arguments(explaining)
    explaining.set_defaults(command=_explain)
    add_commands(commands, _environment)
    database = commands.add_parser("db", help="the journal's database").add_subparsers(required=True, metavar="ACTION")
    database.add_parser("upgrade", help="bring the tables up to this version").set_defaults(command=_upgrade)
    return parser


def _environment() -> dict[str, str]:
    """The environment, with `.env` behind it. Raises SettingsError."""
    return environment_with(Path(".env"), os.environ)


def _settings() -> Settings:
    return _read(read)


def _read(reading: Callable[[Mapping[str, str]], _Read]) -> _Read:
    """Exits with every problem named."""
    try:
        return reading(_environment())
    except SettingsError as error:
        sys.exit("\n".join(["campaign-bot cannot start:", *(f"- {problem}" for problem in error.problems)]))


def _init(chosen: argparse.Namespace) -> int:
    _unlogged()
    return init(Path(".env"), offline=chosen.offline, at=terminal())


def _stopping() -> threading.Event:
    """Set once the process is told to end."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _events(_chosen: argparse.Namespace) -> int:
    try:
        settings = read_receiving(_environment())
    except SettingsError as error:
        sys.exit("\n".join(["campaign-bot cannot receive events:", *(f"- {problem}" for problem in error.problems)]))
    logs.set_up(settings.log_format, settings.secrets)
    stopping = _stopping()
    try:
        keep_little()
        with receiving(settings):
            gc.freeze()
            stopping.wait()
    except JournalUnusable as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(_unopened(error))
    except OSError as error:
        sys.exit(f"The receiver could not start: {error}")
    return 0


def _unopened(error: SQLAlchemyError) -> str:
    cause = str(error.__cause__ or error).splitlines()[0].rstrip(".")
    return f"The journal cannot be opened: {cause}. Check DATABASE_URL, and that the database is running."


def _doctor(chosen: argparse.Namespace) -> int:
    _unlogged()
    try:
        environment = _environment()
    except SettingsError as error:
        return doctor.tell_unreadable(error.problems)
    return doctor.examine(environment, offline=chosen.offline, with_views=chosen.views)


def _explain(chosen: argparse.Namespace) -> int:
    _unlogged()
    try:
        environment = _environment()
        settings = read_policy_settings(
            {**environment, "POLICY_FILE": chosen.policy or environment.get("POLICY_FILE", "")}
        )
        policy = PolicySource(settings)()
    except (SettingsError, PolicyUnreadable) as error:
        sys.stderr.write(f"{_told(error)}\n")
        return explain.WRONG
    return explain.explain(policy, explain.supposed(chosen))


def _told(error: SettingsError | PolicyUnreadable) -> str:
    mistakes = error.__cause__
    if not isinstance(mistakes, PolicyError):
        return str(error)
    return "\n".join(["The policy has mistakes:", *(f"- {problem}" for problem in mistakes.problems)])


def _unlogged() -> None:
    """What is wrong is told in sentences; without any handler, Python would write its log beside them."""
    log.addHandler(logging.NullHandler())


def _upgrade(_chosen: argparse.Namespace) -> int:
    # The other settings may be missing: whoever may change tables need not hold the bot's tokens.
    url = _read(read_database_url)
    try:
        engine = open_engine(url)
        with signed_on(engine):
            upgrade(engine)
    except JournalUnusable as error:
        sys.exit(str(error))
    sys.stdout.write("The journal's tables are up to date.\n")
    return 0


def _run(_chosen: argparse.Namespace) -> int:
    settings = _settings()
    logs.set_up(settings.log_format, settings.secrets)
    stopping = _stopping()
    try:
        keep_little()
        with running(settings, stopping):
            # What is loaded stays. The collector would look through it again and again, while nothing else moves.
            gc.freeze()
            stopping.wait()
            log.info("stopping: finishing what is under way")
    except Stopped:
        log.info("stopped before Slack could be reached")
    except (JournalUnusable, UnusableAddress, Unusable) as error:
        sys.exit(str(error))
    except PolicyUnreadable as error:
        sys.exit(f"campaign-bot cannot start: {error}")
    except SQLAlchemyError as error:
        sys.exit(_unopened(error))
    except SlackApiError as error:
        scope = lacking(error)
        if scope:
            sys.exit(f"The Slack app lacks the scope {scope}: {MEND_SCOPES}.")
        sys.exit(f"Slack refused the bot's token: {one_line(str(error.response.get('error')))}. Check SLACK_BOT_TOKEN.")
    except (SlackClientError, OSError) as error:
        sys.exit(f"The bot could not start: {one_line(str(error))}")
    return 0
