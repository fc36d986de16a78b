"""What a view carries along unseen, so that any instance can take its submission, also after a restart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.campaign.campaign import Preview
from bot.campaign.encoding import decode_preview, encode_preview
from bot.campaign.request import Json, LaunchId, Source
from bot.launch.events import ChannelId
from bot.phrase import Phrase

LONGEST_METADATA = 3000
"""Characters that Slack takes in a view's private_metadata."""


@dataclass(frozen=True)
class Shown:
    """What a modal shows of the platform, and for which campaign and audience it was read."""

    campaign_id: int | None
    source: Source | None
    preview: Preview


def private_metadata(
    launch_id: LaunchId,
    channel: ChannelId,
    shown: Shown | None = None,
    *,
    practice: bool = False,
    edits: str = "",
    files_of: LaunchId | None = None,
    corrects: LaunchId | None = None,
) -> str:
    """What the modal carries along unseen, so that it can be submitted to another instance, or after a restart."""
    carried: dict[str, Json] = {"launch": launch_id, "channel": channel, "practice": practice, "edits": edits}
    if files_of:
        carried["files_of"] = files_of
    if corrects:
        carried["corrects"] = corrects
    for one in (shown, _least(shown)):
        whole = metadata({**carried, "shown": _carried(one)}) if one else ""
        if 0 < len(whole) <= LONGEST_METADATA:
            return whole
    return metadata(carried)


def shown_in(carried: Mapping[str, Any] | None) -> Shown | None:
    """What `private_metadata` wrote under `shown`."""
    if not carried:
        return None
    source = Source.parse(carried["source"]) if carried["source"] else None
    return Shown(carried["campaign"], source, decode_preview(carried["preview"]))


def metadata(carried: Mapping[str, Json]) -> str:
    """As a view carries it unseen, in as little room as it takes."""
    return json.dumps(carried, separators=(",", ":"))


def carried_preview(preview: Preview) -> Json:
    """The preview as a view carries it: of messages no more than what names them, for they are kept under that."""
    campaign = preview.campaign and replace(preview.campaign, content=())
    return encode_preview(replace(preview, campaign=campaign))


def _least(shown: Shown | None) -> Shown | None:
    """What has to be carried however little room there is: that the platform does not have what is asked for."""
    if shown is None or not shown.preview.missing:
        return None
    unread = Phrase("What the platform told was too long to be kept until this was asked for.")
    return replace(shown, preview=Preview(problems=(unread,), failed=True, missing=shown.preview.missing))


def _carried(shown: Shown) -> Json:
    source = str(shown.source) if shown.source else ""
    return {"campaign": shown.campaign_id, "source": source, "preview": carried_preview(shown.preview)}
