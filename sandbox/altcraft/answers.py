"""What each method of the stand-in platform answers: from a request's fields to the envelope's `data` and cursors."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sandbox.altcraft.cloning import clone as cloned
from sandbox.altcraft.objects import (
    CHANNELS,
    MALFORMED,
    Campaign,
    Database,
    Group,
    Json,
    LogEntry,
    Refused,
    Segment,
    rfc3339,
)
from sandbox.altcraft.platform import Activation, Platform
from sandbox.altcraft.wire import Fields

Answering = Callable[[Platform, Fields], Json]

_O = TypeVar("_O", Campaign, Segment, Database)

DEFAULT_LIMIT = 1000
SOFT_BOUNCES = (
    ("452 4.2.2 <person17@example.com> The mailbox is over quota", "example.com", 0.009),
    ("452 4.2.2 <ann.lee@example.net> The mailbox is over quota", "example.net", 0.006),
    ('421 4.7.0 "Try again later", too many messages from 203.0.113.25', "example.org", 0.005),
)
"""An answer, the domain whose servers gave it, and its share of what was sent."""
_SCHEDULE = ("start_mins", "start_hours", "start_mdays", "start_wdays", "start_months", "start_years")


def activate(platform: Platform, fields: Fields, request_id: str | None) -> Json:
    asked = Activation(
        campaign_id=fields.required_integer("id"),
        run_now=fields.boolean("run_now") or False,
        source_type=fields.text("override_source_type"),
        source_id=fields.integer("override_source_id"),
        limit=fields.integer("override_limit"),
        content=fields.mapping("content"),
        attach=tuple(fields.items("attach")),
        request_id=request_id,
    )
    platform.activate(asked)
    return {"data": None}


def deactivate(platform: Platform, fields: Fields) -> Json:
    abort = fields.boolean("abort_if_running") or False
    platform.deactivate(fields.required_integer("id"), abort_if_running=abort)
    return {"data": None}


def clone(platform: Platform, fields: Fields) -> Json:
    """The new id alone; whether the clone is switched on, and what its log holds, the guide does not say."""
    campaign = platform.campaign(fields.required_integer("id"))
    return {"data": {"saved_id": cloned(platform, campaign, fields.text("name") or f"Clone of {campaign.name}")}}


def get_status(platform: Platform, fields: Fields) -> Json:
    campaign = platform.campaign(fields.required_integer("id"))
    state = {
        "is_active": campaign.is_active,
        "is_completed": campaign.is_completed,
        "status": platform.status(campaign),
    }
    return {"data": state}


def get(platform: Platform, fields: Fields) -> Json:
    campaign = platform.campaign(fields.required_integer("id"))
    head = {"id": campaign.id, "name": campaign.name, "type": campaign.type, "description": campaign.description}
    state = {
        "is_active": campaign.is_active,
        "is_completed": campaign.is_completed,
        "status": platform.status(campaign),
    }
    sends = {f"send_{channel}_content": campaign.channel == channel for channel in CHANNELS}
    rest = {"subid": campaign.subid, "for_confirm": campaign.for_confirm, "content": _contents(campaign)}
    return {"data": head | _edited(campaign) | state | _audience(campaign) | sends | rest}


def broadcast(platform: Platform, fields: Fields) -> Json:
    return _richest(platform, fields, "broadcast")


def regular(platform: Platform, fields: Fields) -> Json:
    return _richest(platform, fields, "regular")


def campaigns(platform: Platform, fields: Fields) -> Json:
    kind, active = fields.text("type"), fields.boolean("is_active")
    wanted: list[Callable[[Campaign], bool]] = []
    if kind is not None:
        wanted.append(lambda campaign: campaign.type == kind)
    if active is not None:
        wanted.append(lambda campaign: campaign.is_active is active)

    def item(campaign: Campaign) -> Json:
        head = {"id": campaign.id, "name": campaign.name, "type": campaign.type, "is_active": campaign.is_active}
        rest = {"subid": campaign.subid, "for_confirm": campaign.for_confirm, "ui_tags": list(campaign.ui_tags)}
        return head | rest | _groups(platform, campaign.groups, "groups")

    return _page(platform, fields, platform.campaigns, wanted, item, "last_id_plus_one")


def segments(platform: Platform, fields: Fields) -> Json:
    return _page(platform, fields, platform.segments, [], _choice(platform), "last_id")


def databases(platform: Platform, fields: Fields) -> Json:
    return _page(platform, fields, platform.databases, [], _choice(platform), "last_id")


def log(platform: Platform, fields: Fields) -> Json:
    campaign = platform.campaign(fields.required_integer("id"))
    since, limit = fields.moment("from_time"), _limit(fields)
    entries = [entry for entry in platform.logs.get(campaign.id, []) if _is_since(platform, entry, since)]
    kept = entries[-limit:] if platform.switches.log_limit_keeps == "newest" else entries[:limit]
    return {"data": [_log_entry(entry) for entry in kept], "total_count": len(entries)}


def segment(platform: Platform, fields: Fields) -> Json:
    found = platform.segment(fields.required_integer("id"))
    query = {"condition": "or", "limit": 0, "percent_from": 0, "percent_to": 99, "queries": []}
    parts = [query | {"list_id": database_id} for database_id in found.database_ids]
    return {"data": {"id": found.id, "name": found.name, "count": found.count, "segment": parts}}


def segment_counters(platform: Platform, fields: Fields) -> Json:
    found = platform.segment(fields.required_integer("id"))
    fields.required_integer("resource_id")
    if found.is_dynamic:
        platform.database(fields.required_integer(platform.switches.database_key))
    counts = [(channel, found.sendable.get(channel, 0)) for channel in CHANNELS]
    return {"data": [_counter(channel, subscribed_sendable=count, unconfirmed_sendable=0) for channel, count in counts]}


def template(platform: Platform, fields: Fields) -> Json:
    sids = frozenset(map(str, fields.items("channel_sid")))
    return {"data": platform.template(fields.required_integer("id")).printed(sids or None)}


def bounces(platform: Platform, fields: Fields) -> Json:
    """Return what servers said about a fiftieth of what the campaign's runs have sent, with recipients' addresses."""
    for name in ("date_from", "date_to"):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", fields.text(name) or ""):
            raise Refused(MALFORMED, f"{name} is no YYYY-MM-DD")
    wanted, now = fields.integer("campaign_id"), platform.clock()
    sent = sum(run.sent_so_far(now) for run in platform.runs.all if wanted in {None, run.campaign_id})
    rows = [
        {"data_id": "", "count": round(sent * share), "bounce_text": told, "to_domain": domain}
        for told, domain, share in SOFT_BOUNCES
    ]
    return {"data": [row for row in rows if row["count"]][: fields.integer("top")]}


def database(platform: Platform, fields: Fields) -> Json:
    found = platform.database(fields.required_integer("id"))
    whole = {"id": found.id, "name": found.name, "suppress_id": found.suppress_id, "description": found.description}
    return {"data": whole}


def database_counters(platform: Platform, fields: Fields) -> Json:
    found = platform.database(fields.required_integer("id"))
    fields.required_integer("resource_id")
    return {"data": [_all_counts(found, channel) for channel in CHANNELS]}


def _richest(platform: Platform, fields: Fields, kind: str) -> Json:
    campaign = platform.campaign(fields.required_integer("id"))
    if campaign.type != kind:
        raise Refused(platform.switches.code_unknown_id, f"{campaign.id} is not a {kind}")
    schedule = {name: list(campaign.start_schedule.get(name, ())) for name in _SCHEDULE}
    whole = {"id": campaign.id, "name": campaign.name, "is_active": campaign.is_active, **_audience(campaign)}
    whole |= {"content": _contents(campaign), "send_channel": campaign.channel, "channel": campaign.channel}
    whole |= {"push_sending_mode": "fanout", "subid": campaign.subid}
    whole |= {"limit": campaign.limit, "aglimit_count": 0, "aglimit_percent": 0}
    whole |= {"start_schedule": schedule | {"tz": "", "profile": False, "losers": False}}
    whole |= {"for_confirm": campaign.for_confirm, "policy_id": 0, "description": campaign.description}
    whole |= {"virtual_sender_id": 0, "is_random_tracking_prefix": False, "custom_tracking_domains": []}
    whole |= {"watcher_list_id": 0, "watcher_limit": 0, "blind_carbon_copy": []}
    whole |= {"unconditional_sending": False, "skip_unique_checking": False}
    whole |= {"sub_cats_filter": None, "sub_fields_filter": None}
    return {"data": whole | _edited(campaign)}


def _page(
    platform: Platform,
    fields: Fields,
    there: Mapping[int, _O],
    conditions: Sequence[Callable[[_O], bool]],
    item: Callable[[_O], Json],
    printed_cursor: str,
) -> Json:
    start, limit = fields.integer("from_id"), _limit(fields)
    start = 1 if start is None else start
    wanted = sorted(there)
    for is_wanted in conditions:
        wanted = [each for each in wanted if is_wanted(there[each])]
    for shares in _in_groups_and_tags(fields):
        wanted = [each for each in wanted if shares(there[each])]
    first = bisect_left(wanted, start)
    page = wanted[first : first + limit]
    style = platform.switches.cursor_style
    step = 1 if (printed_cursor if style == "as_printed" else style) == "last_id_plus_one" else 0
    cursor = page[-1] + step if page else start
    return {"data": [item(there[each]) for each in page], "next_from_id": cursor, "total_count": len(wanted)}


def _in_groups_and_tags(fields: Fields) -> list[Callable[[Campaign | Segment | Database], bool]]:
    """Return the filters that every list has; that any one of the given names is enough is a guess."""
    tags, names, ids = (set(map(str, fields.items(name))) for name in ("ui_tags", "groups", "groups_id"))
    filters: list[Callable[[Campaign | Segment | Database], bool]] = []
    if tags:
        filters.append(lambda one: not tags.isdisjoint(one.ui_tags))
    if names:
        filters.append(lambda one: not names.isdisjoint(group.name for group in one.groups))
    if ids:
        filters.append(lambda one: not ids.isdisjoint(str(group.id) for group in one.groups))
    return filters


def _choice(platform: Platform) -> Callable[[Segment | Database], Json]:
    def item(one: Segment | Database) -> Json:
        return {"id": one.id, "name": one.name, "ui_tags": list(one.ui_tags)} | _groups(platform, one.groups, "Groups")

    return item


def _limit(fields: Fields) -> int:
    limit = fields.integer("limit")
    if limit is None:
        return DEFAULT_LIMIT
    if limit < 1:
        raise Refused(MALFORMED, "limit is not positive")
    return limit


def _groups(platform: Platform, groups: Sequence[Group], printed: str) -> Json:
    style = platform.switches.groups_spelling
    if (printed if style == "as_printed" else style) == "Groups":
        return {"Groups": [{"Id": group.id, "Name": group.name} for group in groups]}
    return {"groups": [{"id": group.id, "name": group.name} for group in groups]}


def _is_since(platform: Platform, entry: LogEntry, since: datetime | None) -> bool:
    if since is None or entry.time > since:
        return True
    return platform.switches.from_time_inclusive and entry.time == since


def _log_entry(entry: LogEntry) -> Json:
    said = {"level": entry.level, "message": entry.message, "state": entry.state}
    return said | {"time": rfc3339(entry.time), "value": entry.value}


def _edited(campaign: Campaign) -> Json:
    return {"updated_user": campaign.updated_user, "update_time": rfc3339(campaign.update_time)}


def _audience(campaign: Campaign) -> Json:
    source = campaign.source
    return {"data_id": source.id, "data_type": source.type, "resource_id": campaign.resource_id}


def _contents(campaign: Campaign) -> list[Json]:
    none = dict.fromkeys(("subject", "from_email", "from_name", "replyto_email", "replyto_name"), "")
    first = none | dict(campaign.overrides) | {"message_id": campaign.message_id}
    return [first, *(none | {"message_id": template} for template in campaign.also_sends)]


def _counter(channel: str, **counts: int) -> Json:
    return {"channel": channel, "status": counts}


def _all_counts(found: Database, channel: str) -> Json:
    sendable = found.sendable.get(channel, 0)
    everyone = max(found.count, sendable) if channel == "email" else sendable
    unsubscribed = (everyone - sendable) // 4
    return _counter(
        channel,
        all=everyone,
        subscribed=sendable,
        subscribed_sendable=sendable,
        unconfirmed=0,
        unconfirmed_sendable=0,
        unsubscribed=unsubscribed,
        complained=0,
        hardbounced=everyone - sendable - unsubscribed,
        invalid=0,
        suspended=0,
    )
