"""The answer of templates/get: what a template says, channel by channel. Pure."""

from collections.abc import Mapping

from bot.altcraft.answers import an_object, flag, moment, objects, text
from bot.altcraft.fields import as_text, fields_of
from bot.campaign.request import Json
from bot.message.message import Channel, Template

_KNOWN = frozenset({"id", "name", "description", "updated_user", "update_time", "is_draft", "channels"})
_HOW_IT_IS_FOUND = frozenset({"groups", "Groups", "ui_tags"})
"""Nobody receives these."""


def template(data: Json, asked: int) -> Template:
    """Raises PlatformUnclear where it holds no template, or another one."""
    told = an_object(data, asked)
    return Template(
        id=asked,
        name=as_text(told.get("name")),
        description=as_text(told.get("description")),
        updated_by=text(told.get("updated_user")),
        updated_at=moment(told.get("update_time")),
        is_draft=flag(told.get("is_draft")),
        channels=tuple(map(_channel, objects(told.get("channels")))),
        more=fields_of(told, without=_KNOWN | _HOW_IT_IS_FOUND),
    )


def _channel(told: Mapping[str, Json]) -> Channel:
    fields = told.get("fields")
    return Channel(
        sid=text(told.get("sid")) or text(told.get("id")),
        fields=fields_of(fields) if isinstance(fields, dict) else (),
    )
