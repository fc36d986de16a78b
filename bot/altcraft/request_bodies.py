"""The bodies of the four changes: every parameter in one fixed order, the same bytes for the same request."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.altcraft.wire import Unwritable, WireFormat, encode
from bot.campaign.request import ActivationRequest, Attachment, Invalid, Json
from bot.phrase import Phrase

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True)
class Prepared:
    """A body ready to be sent. `digest` is the SHA-256 of the body without the token.

    The digest can be stored, and stays the same when the token is changed.
    """

    body: bytes = field(repr=False)
    content_type: str
    digest: str


def prepare(
    request: ActivationRequest,
    files: Mapping[str, bytes],
    *,
    wire: WireFormat,
    token_fields: Mapping[str, Json],
    attach_keys: tuple[str, str],
) -> Prepared:
    """Builds the body; `files` holds the attachments' bytes by SHA-256. Raises Invalid for what cannot be written."""
    return _prepared(_fields(request, files, attach_keys), wire, token_fields)


def prepare_stop(
    campaign_id: int, *, abort_if_running: bool, wire: WireFormat, token_fields: Mapping[str, Json]
) -> Prepared:
    """Builds the body of `campaigns/deactivate`."""
    return _prepared({"id": campaign_id, "abort_if_running": abort_if_running}, wire, token_fields)


def prepare_copy(campaign_id: int, name: str, *, wire: WireFormat, token_fields: Mapping[str, Json]) -> Prepared:
    """Builds the body of `campaigns/clone`."""
    return _prepared({"id": campaign_id, "name": name}, wire, token_fields)


def prepare_addition(
    segment_id: int, database_id: int, profile_id: str, *, wire: WireFormat, token_fields: Mapping[str, Json]
) -> Prepared:
    """Builds the body of `profiles/segstatic/add`. Triggers are always passed over: nobody is mailed by it.

    Raises Invalid for a profile that the format cannot carry.
    """
    fields: dict[str, Json] = {"segment_id": segment_id, "db_id": database_id, "profile_id": profile_id}
    return _prepared({**fields, "skip_triggers": True}, wire, token_fields)


def _prepared(fields: dict[str, Json], wire: WireFormat, token_fields: Mapping[str, Json]) -> Prepared:
    try:
        bare = encode(wire, fields)
        body = encode(wire, {**token_fields, **fields}) if token_fields else bare
    except Unwritable as unwritable:
        raise Invalid(unwritable.field, unwritable.text) from None
    return Prepared(body, wire.content_type, hashlib.sha256(bare).hexdigest())


def _fields(request: ActivationRequest, files: Mapping[str, bytes], attach_keys: tuple[str, str]) -> dict[str, Json]:
    # run_now is always written: its default is not documented.
    fields: dict[str, Json] = {"id": request.campaign_id, "run_now": request.run_now}
    if request.source is not None:
        fields["override_source_type"] = request.source.kind.value
        fields["override_source_id"] = request.source.id
    if request.limit is not None:
        fields["override_limit"] = request.limit
    if request.content is not None:
        fields["content"] = _ordered(dict(request.content))
    if request.attachments:
        fields["attach"] = [_file(attachment, files, attach_keys) for attachment in request.attachments]
    return fields


def _ordered(value: Json) -> Json:
    """Keys sorted at every level: a request read back from the journal may have them in another order."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    return value


def _file(attachment: Attachment, files: Mapping[str, bytes], keys: tuple[str, str]) -> Json:
    """A File object. Its keys are not documented, hence a setting; the shape is that of `file_upload` (guide)."""
    content = files.get(attachment.sha256)
    if content is None or hashlib.sha256(content).hexdigest() != attachment.sha256:
        lost = Phrase("The file “{name}” is not stored as it was approved. Attach it again.", name=attachment.name)
        raise Invalid("attach", lost)
    media_type = attachment.media_type if _MEDIA_TYPE.fullmatch(attachment.media_type) else "application/octet-stream"
    name_key, data_key = keys
    return {name_key: attachment.name, data_key: f"data:{media_type};base64,{b64encode(content).decode('ascii')}"}
