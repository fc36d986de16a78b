"""Who does something to the record in a terminal."""

import getpass
import socket

LONGEST = 100


def who() -> str:
    """The user and the machine, as the machine knows them: `ops@bot-1`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "somebody"  # a container may run under a number that has no name
    return f"{user}@{socket.gethostname()}"[:LONGEST]
