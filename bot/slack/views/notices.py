"""Short answers to one person: help, a command that cannot be read, a click that failed."""

from bot.phrase import Phrase
from bot.slack.views.blocks import View, modal, section
from bot.slack.views.bounds import clip
from bot.slack.views.plaintext import harmless
from bot.slack.views.text import one_line, said
from bot.slash.activate import usage as usage_text
from bot.slash.words import CommandError
from bot.texts import _, mark

NOTICE = "notice"

FETCHING = mark(
    ":hourglass_flowing_sand: I am fetching your files from Slack. This window tells when the launch is asked for. "
    "If it still says so after a minute, nothing was asked for: submit again."
)
FILES_AGAIN = Phrase("Your other fields are kept; add the files again, for Slack does not keep them.")
REFUSED = Phrase("Nothing was asked for: below stands why.")
NOT_ASKED = Phrase("Something went wrong, and nothing was asked for. Try again.")
EDITS_OTHERWISE = Phrase(
    "Nothing was changed: the request has changed since you opened this form. What you typed still stands in it. Look "
    "at the card, press Edit… there, and take over what you still want."
)
ASKED = mark(":white_check_mark: The launch is asked for. Its card is in the channel.")

CHECKING = mark(
    ":hourglass_flowing_sand: I am reading the campaign once more, so that what you decide on is what is sent."
)
CONFIRMED = mark(":white_check_mark: Your decision counts. The card and its thread tell how it goes on.")


def notice_view(title: str, text: str) -> View:
    """Says one thing and can only be closed."""
    return modal(NOTICE, title, [section(text, "notice")], close=_("Close"))


def usage(command: str) -> str:
    return usage_text().replace("/campaign-activate", command)


def wrong_command(command: str, text: str, error: CommandError) -> str:
    whole = _("For the whole list of words: {help}").format(help=f"`{command} help`")
    return f":warning: {said(error.text)}\n{_typed(command, text)}\n{whole}"


def clock_unknown(command: str, text: str) -> str:
    unknown = _(
        "Slack did not tell me your time zone, so I cannot know which moment you mean. Try again in a minute, or write "
        "the day, the time and the offset, such as at=2026-12-01T09:00+01:00."
    )
    return f"{unknown} {_typed(command, text)}"


def day_unknown(command: str, text: str) -> str:
    unknown = _(
        "Slack did not tell me your time zone, so I cannot know when that day begins for you. Try again in a minute, "
        "or write the offset with it, such as since=2026-11-01T00:00+01:00."
    )
    return f"{unknown} {_typed(command, text)}"


def not_in_direct_messages(command: str, text: str) -> str:
    elsewhere = _(
        "A launch needs teammates who can see and approve it, so ask for it in a channel where I am a member, not in "
        "a direct message."
    )
    return f"{elsewhere} {_typed(command, text)}"


def not_opened(command: str, text: str) -> str:
    again = _("Slack did not let me open the form in time. Nothing was asked for. Type it again:")
    return f"{again} {_typed(command, text)}"


def went_wrong(reference: str) -> str:
    return _(
        "Something went wrong in the bot, and I cannot say that this was done. It is in the log under {reference}. "
        "Look at the card for where things stand, then try again."
    ).format(reference=reference)


def _typed(command: str, text: str) -> str:
    typed = clip(harmless(one_line(f"{command} {text}")).replace("`", "'"), 2500)
    return _("You typed: {text}").format(text=f"`{typed}`")
