"""`python -m bot` is `campaign-bot`."""

import sys

if __name__ == "__main__":
    # Not above: the processes that share a long record's work load this module too, and type nothing.
    from bot.cli import main

    sys.exit(main())
