"""What a person types in a terminal."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version

from bot import explain
from bot.environment import own_environment
from bot.terminal.commands import add_commands

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return 0
    command: Command = chosen.command
    return command(chosen)


def _loaded(module: str, name: str) -> Command:
    """The command of that name, whose module is loaded only when it is run: all that serves takes a second to load."""

    def run(chosen: argparse.Namespace) -> int:
        command: Command = getattr(import_module(module), name)
        return command(chosen)

    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="campaign-bot", description="Launches Altcraft campaigns from Slack.")
    parser.add_argument("--version", action="version", version=f"campaign-bot {version('campaign-bot')}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    setting_up = commands.add_parser("init", help="ask for what is needed, check each answer, and write .env")
    setting_up.add_argument("--offline", action="store_true", help="ask neither Slack nor the platform")
    setting_up.set_defaults(command=_loaded("bot.setting_up", "ask"))
    run = commands.add_parser("run", help="serve Slack: Socket Mode with SLACK_APP_TOKEN, else HTTP on PORT")
    run.set_defaults(command=_loaded("bot.long_running", "run"))
    events = commands.add_parser("events", help="receive the platform's hooks only, beside the bot that shows them")
    events.set_defaults(command=_loaded("bot.long_running", "events"))
    examining = commands.add_parser("doctor", help="check everything that the bot needs, and say how to mend it")
    extent = examining.add_mutually_exclusive_group()
    extent.add_argument(
        "--offline", action="store_true", help="ask nobody: the settings, the policy and the database's file"
    )
    extent.add_argument(
        "--views", action="store_true", help="let Slack's own validator look at all that the bot shows, too"
    )
    examining.set_defaults(command=_loaded("bot.setting_up", "check"))
    policy = commands.add_parser("policy", help="the rules").add_subparsers(required=True, metavar="ACTION")
    explaining = policy.add_parser("explain", help="say which rules a launch would meet, and what it would need")
    explain.add_arguments(explaining)
    explaining.set_defaults(command=_loaded("bot.setting_up", "explain_policy"))
    add_commands(commands, own_environment)
    database = commands.add_parser("db", help="the journal's database").add_subparsers(required=True, metavar="ACTION")
    upgrade = database.add_parser("upgrade", help="bring the tables up to this version")
    upgrade.set_defaults(command=_loaded("bot.setting_up", "upgrade_tables"))
    return parser
