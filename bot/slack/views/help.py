"""What can be typed, for each command and for all of them together."""

from bot.campaign.request import UserId
from bot.slack.views.text import person
from bot.slash.history import IN_DOUBT, PENDING, WORDS
from bot.texts import _, listed

ACTIVATE = "/campaign-activate"
STOP = "/campaign-stop"
STATUS = "/campaign-status"
LIST = "/campaign-list"
HISTORY = "/campaign-history"
WHOAMI = "/campaign-whoami"

_OTHER_ENDS = [word for word in WORDS if word not in (IN_DOUBT, PENDING, "rejected")]


def status_usage() -> str:
    return _(
        "*How a campaign stands* (a mailing, as the platform says since v74):\n"
        "`{command} ID` shows its state, its audience and schedule, its last run and its last launch from here.\n"
        "For example: `{command} 82`"
    ).format(command=STATUS)


def list_usage() -> str:
    return _(
        "*Find campaigns* (mailings, as the platform says since v74):\n"
        "`{command} [text] [active]` lists those whose name or id contains the text; `active` leaves out the others.\n"
        'For example: `{command}`, `{command} spring`, `{command} spring active`, and `{command} "active users"` for a '
        "name with that word in it."
    ).format(command=LIST)


def history_usage() -> str:
    return _(
        "*What was launched from here*, the newest first:\n"
        "• `{command}` – all launches\n"
        "• `{command} 82` – those of campaign (mailing, since v74) 82\n"
        "• `{command} @ben` – those that Ben asked for\n"
        "• `{command} yesterday` – those that were asked for yesterday, on your own clock; also `today`\n"
        "• `{command} since=2026-11-01 until=2026-12-01` – those that were asked for in November\n"
        "• `{command} in-doubt` – those that may have been sent, or not\n"
        "• `{command} pending` – those that wait for approval or for their moment\n"
        "• `{command} rejected` – those that ended so; also {words}\n"
        "• `{command} @ben since=2026-11-01 rejected` – all of that at once, in any order\n"
        "• `{command} export` – for admins: the whole record as a file; `{command} export help` tells more"
    ).format(command=HISTORY, words=listed([f"`{word}`" for word in _OTHER_ENDS]))


def export_usage() -> str:
    return _(
        "*The record as a file*, for admins, in our direct message:\n"
        "• `{command} export` – every event of every launch, as csv for a spreadsheet\n"
        "• `{command} export jsonl` – with all that is stored, to verify it elsewhere\n"
        "• `{command} export 82 since=2026-11-01 until=2026-12-01` – what happened to campaign (mailing, since v74) 82 "
        "in November, on your own clock"
    ).format(command=HISTORY)


def whoami_usage() -> str:
    return _("`{command}` shows your roles, where each comes from, and what you may do. It takes no words.").format(
        command=WHOAMI
    )


def everything(reader: UserId | None = None) -> str:
    """All commands, with a greeting for whoever asked, and the Home tab as a way to look."""
    hello = _("Hello {who}, this is what I can do.").format(who=person(reader)) + "\n" if reader else ""
    home_tab = _("My Home tab shows what waits for you.")
    return f"{hello}{commands()} {home_tab}"


def commands() -> str:
    """All commands, and the ways into the form: what stands on the Home tab itself."""
    return _(
        "*Commands* (a campaign is a mailing, as the platform says since v74):\n"
        "• `{activate} 82 run_now` – ask to launch campaign 82; alone, it opens the form\n"
        "• `{stop} 82` – stop it\n"
        "• `{status} 82` – how it stands\n"
        "• `{list} spring active` – find campaigns\n"
        "• `{history}` – what was launched from here, and what is pending or in doubt\n"
        "• `{whoami}` – your roles, and what you may do\n"
        "Each tells more with `help`, such as `{activate} help`. The form also opens from the shortcut *Launch a "
        "campaign*."
    ).format(activate=ACTIVATE, stop=STOP, status=STATUS, list=LIST, history=HISTORY, whoami=WHOAMI)
