"""The commands `audit` and `history`, as they are typed."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from bot.terminal import exporting, following, kept_message, launch_history, pruning, rekeying, verifying
from bot.terminal.journal_access import Environment, carried_out

Run = Callable[[Mapping[str, str], argparse.Namespace], int]


def add_commands(commands: Any, environment: Environment) -> None:  # noqa: ANN401 -- argparse names no public type
    """Adds them to a parser's subcommands; `environment` is read when one of them is run."""

    def carry_out(run: Run) -> Callable[[argparse.Namespace], int]:
        return lambda chosen: carried_out(lambda: run(environment(), chosen))

    audit = commands.add_parser("audit", help="the record: verify, export, follow, rekey, prune")
    actions = audit.add_subparsers(required=True, metavar="ACTION")
    for name, module, what in (
        ("verify", verifying, "find whatever was changed in the record behind the bot's back"),
        ("export", exporting, "write the record, refused attempts too, as a table or as JSON"),
        ("follow", following, "go on writing what happens, each event at least once"),
        ("rekey", rekeying, "seal what came before under the key that is in use now"),
        ("prune", pruning, "remove what ended long ago; nothing is removed otherwise"),
    ):
        action = actions.add_parser(name, help=what)
        module.add_arguments(action)
        action.set_defaults(command=carry_out(module.run))
    history = commands.add_parser("history", help="list the launches; show one as a story, or a message that it sent")
    launch_history.add_list_arguments(history)
    history.set_defaults(command=carry_out(launch_history.listed))
    looks = history.add_subparsers(metavar="show|message")
    show = looks.add_parser("show", help="tell one launch as a story, with what was approved")
    launch_history.add_show_arguments(show)
    show.set_defaults(command=carry_out(launch_history.shown))
    message = looks.add_parser("message", help="print a message that was approved, as it is kept")
    kept_message.add_arguments(message)
    message.set_defaults(command=carry_out(kept_message.run))
