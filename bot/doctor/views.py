"""Whether Slack takes all that the bot shows: one of every kind, at its longest, is sent to Slack's own validator.

Nothing is shown to anybody. The method, its arguments and its answer: docs.slack.dev/reference/methods/blocks.validate.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.doctor.finding import Finding
from bot.doctor.samples import Sample, samples

METHOD = "blocks.validate"

MOST_NAMED = 3
"""Problems of one view that are told; where one thing is wrong, others often follow from it."""

LONGEST_WAIT = 60
"""Seconds for which Slack may ask to wait. It documents no number for this method's limit."""

_REFUSED = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})

_UNKNOWN = Finding(
    "This Slack does not know blocks.validate, so that no view could be checked. Every view is held against Slack's "
    "documented limits by the tests.",
    may_run=True,
)


class _Unchecked(Exception):
    """Slack said neither yes nor no; the text is a clause."""


def findings(
    client: WebClient,
    shown: Callable[[], Iterable[Sample]] = samples,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Finding]:
    """What Slack would refuse of all that is shown, each with the place. Takes some 200 calls, one after the other."""
    taken = refused = 0
    for sample in shown():
        try:
            problems = _problems(client, sample, sleep)
        except _Unchecked as unchecked:
            left = f"{taken} were checked before. Try again later."
            yield Finding(f"Slack could not check {sample.name} ({unchecked}): {left}")
            return
        if problems is None:
            yield _UNKNOWN
            return
        taken += not problems
        refused += bool(problems)
        if problems:
            more = f" and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
            told = "; ".join(problems[:MOST_NAMED])
            yield Finding(f"Slack would refuse {sample.name}: {told}{more}. It is a fault of the bot: report it.")
    if not refused:
        yield Finding(f"Slack takes all {taken} views and messages, each filled in as far as it goes.", may_run=True)


def _problems(client: WebClient, sample: Sample, sleep: Callable[[float], None]) -> list[str] | None:
    """What Slack finds wrong; None where it does not know the method. Raises _Unchecked."""
    given = {"view" if sample.is_view else "message": json.dumps(sample.payload)}
    waited = False
    while True:
        try:
            client.api_call(METHOD, data=given)
        except SlackApiError as error:
            word, wait = str(error.response.get("error")), _wait(error)
            if word in _REFUSED:
                return [_told(one) for one in error.response.get("errors") or [word]]
            if word == "unknown_method":
                return None
            if wait is None or waited:
                raise _Unchecked(word) from error
            sleep(wait)
            waited = True
        except (SlackClientError, OSError) as error:
            raise _Unchecked(str(error) or type(error).__name__) from error
        else:
            return []


def _wait(error: SlackApiError) -> int | None:
    """The seconds after which to ask again; None where that would not help."""
    if error.response.get("error") != "ratelimited":
        return None
    seconds = {name.lower(): value for name, value in error.response.headers.items()}.get("retry-after", "1")
    return min(int(seconds), LONGEST_WAIT) if str(seconds).isdecimal() else 1


def _told(problem: object) -> str:
    if not isinstance(problem, dict):
        return str(problem)
    return f"{problem.get('pointer') or '/'}: {problem.get('message') or problem.get('code')}"
