"""What the modal's searchable selects offer. Answered from a cache: Slack waits 3 s."""

from collections.abc import Sequence

from bot.campaign.campaign import Choice, Directory
from bot.campaign.request import SourceKind, number_in
from bot.slack.views.blocks import Option, OptionGroup, option_group
from bot.slack.views.modal import campaign_option, no_canary_option, own_audience_option, source_option
from bot.texts import _, mark

MOST_SOURCES = 40
"""Options of each kind: a select takes 100 in all."""

_WORDS = {SourceKind.SEGMENT: mark("Segments"), SourceKind.LIST: mark("Databases")}


def campaigns(directory: Directory, typed: str) -> list[Option]:
    """Options for the campaign; a typed id is always among them, whatever the platform says or does not say."""
    found = _with_typed(directory.find_campaigns(typed.strip(), 99), typed)
    return [campaign_option(choice) for choice in found]


def sources(directory: Directory, typed: str) -> list[OptionGroup]:
    """Groups of options for the audience. `segment:5` or `list:5` narrows to one kind."""
    kind, _colon, number = typed.strip().partition(":")
    kinds = [SourceKind(kind)] if kind in list(SourceKind) else list(SourceKind)
    text = number if kind in list(SourceKind) else typed
    groups = []
    for one in kinds:
        found = _with_typed(directory.find_sources(one, text.strip(), MOST_SOURCES), text)
        if found:
            groups.append(option_group(_(_WORDS[one]), [source_option(one, choice) for choice in found]))
    own = own_audience_option()
    # Enter takes the first option: whoever has typed something else must not get the whole audience.
    if text.strip().casefold() not in own["text"]["text"].casefold():
        return groups
    return [option_group(_("No other audience"), [own]), *groups]


def segments(directory: Directory, typed: str) -> list[Option]:
    """Options for the canary's segment, and for none."""
    text = typed.strip().removeprefix("segment:")
    found = _with_typed(directory.find_sources(SourceKind.SEGMENT, text, MOST_SOURCES), text)
    options = [source_option(SourceKind.SEGMENT, choice) for choice in found]
    none = no_canary_option()
    return [none, *options] if text.casefold() in none["text"]["text"].casefold() else options


def _with_typed(found: Sequence[Choice], typed: str) -> list[Choice]:
    number = number_in(typed)
    if number is None:
        return list(found)
    exact = [choice for choice in found if choice.id == number] or [Choice(number, "")]
    return exact + [choice for choice in found if choice.id != number]
