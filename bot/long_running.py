"""The commands that serve until they are told to end: the bot, and what only receives the platform's hooks."""

import argparse
import gc
import logging
import signal
import sys
import threading

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.environment import settings_or_exit
from bot.journal.engine import JournalUnusable
from bot.memory import keep_little
from bot.policy.policy import PolicyUnreadable
from bot.receiving import receiving
from bot.receiving_settings import read_receiving
from bot.route import Unusable
from bot.service import UnusableAddress, running
from bot.serving import Stopped
from bot.settings import read
from bot.slack.api.scopes import MEND_SCOPES, lacking
from bot.slack.views.plaintext import one_line

log = logging.getLogger("bot")


def run(_chosen: argparse.Namespace) -> int:
    settings = settings_or_exit(read)
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


def events(_chosen: argparse.Namespace) -> int:
    settings = settings_or_exit(read_receiving, "receive events")
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


def _stopping() -> threading.Event:
    """Set once the process is told to end."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _unopened(error: SQLAlchemyError) -> str:
    cause = str(error.__cause__ or error).splitlines()[0].rstrip(".")
    return f"The journal cannot be opened: {cause}. Check DATABASE_URL, and that the database is running."
