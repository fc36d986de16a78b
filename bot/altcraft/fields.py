"""Fields that nobody here knows beforehand, as texts that are the same in both of the platform's formats. Pure."""

from collections.abc import Collection, Mapping

from bot.altcraft.errors import PlatformUnclear
from bot.altcraft.wire import DEEPEST
from bot.campaign.campaign import Fields
from bot.campaign.encoding import canonical
from bot.campaign.request import Json
from bot.phrase import Phrase


def fields_of(told: Mapping[str, Json], *, without: Collection[str] = ()) -> Fields:
    """All that was told but those, each as `as_text` has it."""
    return tuple((name, as_text(value)) for name, value in told.items() if name not in without)


def as_text(value: Json) -> str:
    """A value as XML would tell it: texts alone, nothing for null and for an empty list, a list of one as its item.

    A line ends with a line feed, as XML's readers have it. What holds other values is their canonical JSON. Raises
    PlatformUnclear for what is nested more deeply than XML may be.
    """
    plain = _plain(value, DEEPEST)
    return plain if isinstance(plain, str) else canonical(plain)


def _plain(value: Json, room: int) -> Json:
    if room == 0:
        raise PlatformUnclear(Phrase("it is nested too deeply"))
    if isinstance(value, dict):
        return {name: _plain(one, room - 1) for name, one in value.items()} or ""
    if isinstance(value, list):
        items = [_plain(one, room - 1) for one in value]
        return items if len(items) > 1 else (items[0] if items else "")
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
