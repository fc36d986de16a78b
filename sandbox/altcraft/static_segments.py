"""The stand-in platform's static segments: a profile is put into one; who is in it already stays in it once."""

from dataclasses import replace

from sandbox.altcraft.objects import CHANNELS, MALFORMED, Json, Refused, Segment
from sandbox.altcraft.platform import Platform
from sandbox.altcraft.wire import Fields


def add(platform: Platform, fields: Fields) -> Json:
    """What a repeat answers, and what a profile of another database gets, the guide does not say."""
    segment = platform.segment(fields.required_integer("segment_id"))
    database = fields.required_integer("db_id")
    profile = fields.values.get("profile_id")
    fields.boolean("skip_triggers")
    if segment.is_dynamic:
        raise Refused(MALFORMED, "the segment is not static")
    if database not in segment.database_ids:
        raise Refused(MALFORMED, "the segment is of another database")
    if not isinstance(profile, str | int) or isinstance(profile, bool) or not str(profile).strip():
        raise Refused(MALFORMED, "profile_id is missing")
    if str(profile) in platform.switches.profiles_unknown.split(","):
        raise Refused(platform.switches.code_unknown_id, f"profile {profile} does not exist")
    platform.put(_grown(segment, str(profile)))
    return {"data": None}


def _grown(segment: Segment, profile: str) -> Segment:
    if profile in segment.members:
        return segment
    # Each is taken to be reachable by every channel: how many are is not what a client asks about here.
    reachable = {channel: segment.sendable.get(channel, 0) + 1 for channel in CHANNELS}
    return replace(segment, count=segment.count + 1, sendable=reachable, members=segment.members | {profile})
