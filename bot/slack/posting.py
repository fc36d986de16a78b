"""Calls to Slack for what stands in a thread: whether what failed may still show."""

from collections.abc import Callable
from typing import TypeVar

import requests
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.launch.story import NotPublished, Unanswered
from bot.slack.api.client import NeverLeft
from bot.slack.api.errors import trouble
from bot.slack.api.uploads import UploadRefused

T = TypeVar("T")


def asked(call: Callable[[], T]) -> T:
    """For what nobody sees: nothing of it can show late. Raises NotPublished."""
    return _called(call, NotPublished)


def sent(call: Callable[[], object]) -> None:
    """For what people see. Raises NotPublished where Slack did not take it, Unanswered where it may have."""
    _called(call, Unanswered)


def _called(call: Callable[[], T], lost: type[NotPublished]) -> T:
    try:
        return call()
    except SlackApiError as error:
        raise trouble(error) from error
    except UploadRefused as error:
        raise NotPublished(str(error)) from error
    except (SlackClientError, requests.RequestException, OSError) as error:
        lost = NotPublished if isinstance(error, NeverLeft) else lost
        raise lost(f"Slack could not be reached: {type(error).__name__}") from error
