"""A page of the platform's campaigns."""

from bot.campaign.campaign import Choice
from bot.campaign.overview import Campaigns, Listing
from bot.slack.views.blocks import context, section
from bot.slack.views.bounds import clip
from bot.slack.views.help import LIST, STATUS
from bot.slack.views.message import Message
from bot.slack.views.sent import kind_name
from bot.slack.views.table import table, words
from bot.slack.views.text import SECTION_LIMIT, quoted, shown
from bot.slash.queries import ACTIVE
from bot.texts import _, number, plural


def listing_view(found: Campaigns | None, listing: Listing) -> Message:
    """The page as a table; None says that the platform's list could not be read."""
    title = f"*{_title(listing)}*"
    if found is None:
        text = f":warning: {title}\n{_unread()}"
        return Message(text, (section(text, "title"),))
    hint = _meant(listing)
    if not found.choices:
        text = "\n".join(filter(None, [title, _("None."), hint, _all_shown_by(listing)]))
        return Message(text, (section(text, "title"), context(_age(found), "about")))
    head = [_("Id"), _("Name"), _("Kind"), _("State")]
    rows = [
        [words(str(one.id)), words(one.name), words(kind_name(one.kind)), words(_state(one))] for one in found.choices
    ]
    lines = [f"{one.id} {quoted(one.name)}, {_state(one)}" for one in found.choices]
    how = _("How one of them stands now: `{command} ID`").format(command=STATUS)
    about = " ".join(filter(None, [_range(found), f"{_age(found)} {how}", hint]))
    text = clip("\n".join([title, *lines]), SECTION_LIMIT)
    return Message(text, (section(title, "title"), table(head, rows, "campaigns"), context(about, "about")))


def _title(listing: Listing) -> str:
    if listing.text and listing.only_active:
        return _("Active campaigns (mailings) with {text}").format(text=quoted(listing.text))
    if listing.text:
        return _("Campaigns (mailings) with {text}").format(text=quoted(listing.text))
    return _("Active campaigns (mailings)") if listing.only_active else _("Campaigns (mailings)")


def _state(choice: Choice) -> str:
    return {True: _("active"), False: _("not active"), None: _("not told")}[choice.is_active]


def _range(found: Campaigns) -> str:
    last = found.first + len(found.choices) - 1
    if found.first == last:
        return _("{first} of {all}.").format(first=number(last), all=number(found.matching))
    text = _("{first} to {last} of {all}, the newest ids first.")
    return text.format(first=number(found.first), last=number(last), all=number(found.matching))


def _age(found: Campaigns) -> str:
    age = round(found.age)
    read = plural("Read from the platform {n} second ago.", "Read from the platform {n} seconds ago.", age)
    return read if age else _("Read from the platform just now.")


def _all_shown_by(listing: Listing) -> str:
    """What to type next where nothing was found; "" where all were asked for."""
    if not listing.text and not listing.only_active:
        return ""
    return _("`{command}` shows all campaigns.").format(command=LIST)


def _unread() -> str:
    return _("The platform did not tell its campaigns. Nothing is known of them at the moment: try again in a minute.")


def _meant(listing: Listing) -> str:
    if not listing.meant:
        return ""
    text = _("“{word}” was looked for in the names; to see only active ones, write `{active}`.")
    return text.format(word=shown(listing.meant, 80), active=ACTIVE)
