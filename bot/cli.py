"""What a person types in a terminal."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from dotenv import dotenv_values
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.instance import signed_on
from bot.journal.schema import upgrade
from bot.service import Stopped, UnusableAddress, running
from bot.settings import Settings, SettingsError, read

log = logging.getLogger("bot")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.command
    return command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="campaign-bot", description="Launches Altcraft campaigns from Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="serve Slack: Socket Mode with SLACK_APP_TOKEN, else HTTP on PORT")
    run.set_defaults(command=_run)
    sandbox = commands.add_parser("sandbox", help="try everything on this machine, with no account")
    sandbox.add_argument("--port", type=int, default=8484, help="where the page is (default 8484)")
    sandbox.set_defaults(command=_sandbox)
    demo = commands.add_parser("demo", help="play a story through the stand-ins and print the channel")
    demo.set_defaults(command=_demo)
    database = commands.add_parser("db", help="the journal's database").add_subparsers(required=True, metavar="ACTION")
    database.add_parser("upgrade", help="bring the tables up to this version").set_defaults(command=_upgrade)
    return parser


def _settings() -> Settings:
    """From the environment, with `.env` behind it. Exits with every problem named."""
    filed = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    try:
        return read({**filed, **os.environ})
    except SettingsError as error:
        sys.exit("\n".join(["campaign-bot cannot start:", *(f"- {problem}" for problem in error.problems)]))


def _upgrade(_chosen: argparse.Namespace) -> int:
    settings = _settings()
    try:
        engine = open_engine(settings.database_url)
        with signed_on(engine):
            upgrade(engine)
    except JournalUnusable as error:
        sys.exit(str(error))
    sys.stdout.write("The journal's tables are up to date.\n")
    return 0


def _sandbox(chosen: argparse.Namespace) -> int:
    from bot.sandbox.host import show  # noqa: PLC0415 -- an extra that a production install has not

    return show(chosen.port)


def _demo(_chosen: argparse.Namespace) -> int:
    from bot.sandbox.demo import play  # noqa: PLC0415 -- likewise

    return play()


def _run(_chosen: argparse.Namespace) -> int:
    settings = _settings()
    logs.set_up(settings.log_format)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with running(settings, stopping):
            stopping.wait()
            log.info("stopping: finishing what is under way")
    except Stopped:
        log.info("stopped before Slack could be reached")
    except (JournalUnusable, UnusableAddress) as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        cause = str(error.__cause__ or error).splitlines()[0].rstrip(".")
        sys.exit(f"The journal cannot be opened: {cause}. Check DATABASE_URL, and that the database is running.")
    except SlackApiError as error:
        sys.exit(f"Slack refused the bot's token: {error.response.get('error')}. Check SLACK_BOT_TOKEN.")
    except (SlackClientError, OSError) as error:
        sys.exit(f"The bot could not start: {error}")
    return 0
