"""Short answers to one person: help, a command that cannot be read, a click that failed."""

from bot.launch.command import USAGE, CommandError
from bot.slack.views.text import clip, escape

FETCHING = (
    ":hourglass_flowing_sand: I am fetching your files from Slack. This window tells when the launch is asked for. "
    "If it still says so after a minute, nothing was asked for: submit again."
)
FILES_AGAIN = "Your other fields are kept; add the files again, for Slack does not keep them."
NOT_ASKED = "Something went wrong, and nothing was asked for. Try again."
ASKED = ":white_check_mark: The launch is asked for. Its card is in the channel."

CHECKING = ":hourglass_flowing_sand: I am reading the campaign once more, so that what you decide on is what is sent."
CONFIRMED = ":white_check_mark: Your decision counts. The card and its thread tell how it goes on."


def usage(command: str) -> str:
    return USAGE.replace("/campaign-activate", command)


def wrong_command(command: str, text: str, error: CommandError) -> str:
    return f":warning: {escape(error.text)}\n{_typed(command, text)}\nFor the whole list of words: `{command} help`"


def clock_unknown(command: str, text: str) -> str:
    return (
        "Slack did not tell me your time zone, so I cannot know which 9 o'clock you mean. Try again in a minute, or "
        f"write the offset with it, such as at=2026-12-01T09:00+01:00. {_typed(command, text)}"
    )


def not_in_direct_messages(command: str, text: str) -> str:
    return (
        "A launch needs teammates who can see and approve it, so ask for it in a channel where I am a member, not in "
        f"a direct message. {_typed(command, text)}"
    )


def not_opened(command: str, text: str) -> str:
    return f"Slack did not let me open the form in time. Nothing was asked for. Type it again: {_typed(command, text)}"


def went_wrong(reference: str) -> str:
    return (
        f"Something went wrong in the bot, and I cannot say that this was done. It is in the log under {reference}. "
        "Look at the card for where things stand, then try again."
    )


def _typed(command: str, text: str) -> str:
    typed = clip(f"{command} {text}".strip().replace("`", "'"), 2500)
    return f"You typed: `{typed}`"
