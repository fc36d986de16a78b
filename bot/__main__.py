"""`python -m bot` is `campaign-bot`."""

import sys

if __name__ != "__mp_main__":
    # The processes that share a long record's work load this module too, under that name, and type nothing.
    from bot.cli import main

    sys.exit(main())
