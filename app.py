"""What `slack run` starts: the bot, with the tokens of the app that Slack's command line made for it."""

import os
import sys

from bot.cli import main

GIVEN = {"SLACK_BOT_TOKEN": "SLACK_CLI_XOXB", "SLACK_APP_TOKEN": "SLACK_CLI_XAPP"}
"""Our names for what the command line gives. Its own win: another app's tokens may stand in `.env`."""

if __name__ == "__main__":
    os.environ |= {ours: os.environ[theirs] for ours, theirs in GIVEN.items() if os.environ.get(theirs)}
    sys.exit(main(["run"]))
