"""What is typed in a terminal, on a journal that a test names by its `file`."""

import pytest

from bot.cli import main


@pytest.fixture
def types(file, capsys):
    """Runs a command; gives its exit status and all that it printed."""

    def typed(line):
        status = main(line.split())
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return typed
