"""What the bot uses of a library's inside: named in the docs, as little as there is, and noticed when it changes."""

import ast
import inspect
import pkgutil
import re
import textwrap
from importlib import import_module
from pathlib import Path
from urllib.request import Request

from slack_sdk.web.base_client import BaseClient

import bot
from bot.slack.api.client import KeptConnection

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/architecture.md").read_text()
PRIVATE = re.compile(r"_[a-z]\w*")

PUBLIC = {"os._exit", "_typeshed"}
"""Documented as theirs, for all their underscores: the end of a process, and names for types alone."""

KNOWN = {"BaseClient._perform_urllib_http_request_internal"}


def modules():
    names = [one.name for one in pkgutil.walk_packages(bot.__path__, "bot.")]
    return [import_module(name) for name in names if "migrations" not in name and not name.endswith("__main__")]


def test_no_private_name_of_a_library_is_used_but_those_that_the_docs_name():
    inherited = {name for module in modules() for name in private_names_of_libraries(module)}
    reached = {name for module in modules() for name in private_names_of_others(module)}
    assert inherited | reached == KNOWN
    for name in KNOWN:
        assert f"`{name}`" in PAGE


def private_names_of_others(module):
    """What a module imports or reaches for that begins with an underscore and is neither its own nor the bot's."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] != "bot":
            for name in (*node.module.split("."), *(one.name for one in node.names)):
                yield from {name} - PUBLIC if PRIVATE.fullmatch(name) else ()
        elif isinstance(node, ast.Attribute) and PRIVATE.fullmatch(node.attr):
            written = ast.unparse(node)
            if not written.startswith(("self.", "cls.", "super().")) or written.count(".") > 1:
                yield from {written} - PUBLIC


def private_names_of_libraries(module):
    """What the module's classes define or use that a library's class, which they extend, has under the same name."""
    for _, ours in inspect.getmembers(module, inspect.isclass):
        if ours.__module__ != module.__name__:
            continue
        for theirs in ours.__mro__[1:]:
            if theirs.__module__.partition(".")[0] not in {"bot", "builtins", "collections"}:
                yield from {f"{theirs.__name__}.{name}" for name in private_names(ours) & private_names(theirs)}


def private_names(kind):
    """What a class's source defines, sets or looks up under a name that begins with an underscore."""
    try:
        source = parsed(kind)
    except OSError:
        # Written in C: what it has is all that can be told.
        return {name for name in vars(kind) if PRIVATE.fullmatch(name)}
    named = set()
    for node in ast.walk(source):
        match node:
            case ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                named.add(name)
    return {name for name in named if PRIVATE.fullmatch(name)}


def parsed(source):
    return ast.parse(textwrap.dedent(inspect.getsource(source)))


def test_the_place_where_the_sdk_calls_urllib_is_still_the_one_that_is_ours():
    """Where it is not, each call to Slack opens a connection again, or does not leave: see KeptConnection."""
    name = "_perform_urllib_http_request_internal"
    theirs, ours = (inspect.signature(getattr(client, name)) for client in (BaseClient, KeptConnection))
    assert list(theirs.parameters) == list(ours.parameters) == ["self", "url", "req"]
    assert theirs.parameters["req"].annotation is Request
    assert inspect.getsource(BaseClient).count(f"self.{name}(url, req)") == 1
