"""What an admin is told about an export."""

from bot.slack.views.text import escape
from bot.texts import _, plural


def writing() -> str:
    return _("I am writing the record into a file. It comes in our direct message.")


def comment(events: int) -> str:
    """Stands with the file."""
    return plural("The record you asked for: {n} event.", "The record you asked for: {n} events.", events)


def nothing() -> str:
    return _("Nothing is on record for that, so there is no file.")


def wrong(sentence: str) -> str:
    return f":warning: {escape(sentence)}"


def clock_unknown() -> str:
    return _(
        "Slack did not tell me your time zone, so I cannot know when your day begins. Try again in a minute, or write "
        "a moment with its offset, such as since=2026-11-01T00:00+01:00."
    )


def not_sent(cause: str) -> str:
    return _("The file did not reach Slack: {cause}. Try again later; an admin may check the app's scopes.").format(
        cause=escape(cause)
    )


def went_wrong(reference: str) -> str:
    return _("The export failed, and no file was sent. It is in the log under {reference}.").format(reference=reference)
