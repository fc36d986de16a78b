"""What each key of a policy takes: the tables of the file, by the names of their keys."""

from collections.abc import Mapping
from datetime import timedelta

from bot.policy import values
from bot.policy.collision import LONGEST_WINDOW, OnCollision
from bot.policy.demands import ChecksDemand, MessageDemand, Typed
from bot.policy.values import MOST_APPROVALS, Read

KINDS = ("broadcast", "regular", "trigger", "splittest")
MOST_SENT = 1_000_000
MOST_REVIEWERS = 1000
"""A test is for a team's own people: a larger segment is a slip of the keyboard."""

MOST_RECIPIENTS = 1_000_000
"""The platform takes one at a time: that many take a day."""

LONGEST_HOLD = timedelta(hours=24)

SETTINGS: Mapping[str, Read] = {
    "time_zone": values.zone,
    "may_stop": values.roles("stop a campaign"),
    "follow_for": values.span(timedelta(minutes=5), timedelta(days=30), "from 5m to 30d"),
    "report_after": values.spans(values.span(timedelta(minutes=5), timedelta(days=30), "from 5m to 30d")),
}
"""What holds for the whole policy, beside its roles and rules."""

CONDITIONS: Mapping[str, Read] = {
    "campaigns": values.some(values.whole(1)),
    "kinds": values.some(values.one_of(*KINDS)),
    "tags": values.some(values.words),
    "groups": values.some(values.words),
    "run_now": values.flag,
    "sources": values.some(values.source),
    "channels": values.some(values.channel),
    "requester_roles": values.some(values.words),
    "audience_above": values.whole(0),
    "limit_above": values.whole(0),
    "unknown_size": values.flag,
}

DEMANDS: Mapping[str, Read] = {
    "approvals": values.whole(1, MOST_APPROVALS),
    "of_which": values.of_which,
    "self_approval": values.flag,
    "reason": values.flag,
    "typed": lambda value: tuple(Typed(one) for one in values.list_of(values.one_of(*Typed))(value)),
    "hold": values.span(timedelta(), LONGEST_HOLD, "of at most 24h"),
    "expires_after": values.span(timedelta(minutes=1), timedelta(days=30), "from 1m to 30d"),
    "reminders": values.list_of(values.duration),
    "second_line": values.words,
    "on_collision": lambda value: OnCollision(values.one_of(*OnCollision)(value)),
    "collision_window": values.span(timedelta(), LONGEST_WINDOW, "of at most 30d"),
    "break_glass": values.flag,
    "largest_audience": values.whole(0),
    "largest_limit": values.whole(1),
    "quiet_hours": values.list_of(values.quiet),
    "freezes": values.list_of(values.freeze),
    "tolerance": values.percent,
    "goes_on_unread": values.flag,
    "message": lambda value: MessageDemand(values.one_of(MessageDemand.KNOWN)(value)),
    "checks": lambda value: ChecksDemand(values.one_of(ChecksDemand.NO_FAILURES, ChecksDemand.ALL_PASS)(value)),
    "tested": values.flag,
    "canary": values.canary,
    "refuse": values.words,
}

MESSAGE_CHECKS: Mapping[str, Read] = {
    "placeholders": values.list_of(values.words),
    "staging_hosts": values.list_of(values.host),
    "unsubscribe": values.list_of(values.words),
    "most_sms_parts": values.whole(1, 255),
    "repeat_days": values.whole(0, 366),
}
"""What the checks of a message go by; the names are those of bot.message.finding.CheckSettings."""

TEST: Mapping[str, Read] = {
    "on": values.one_of("copy", "original"),
    "segment": values.whole(1),
    "at_most": values.whole(1, MOST_REVIEWERS),
    "approvals": values.whole(0, MOST_APPROVALS),
    "a_day": values.whole(1, 1000),
    "no_schedule": values.one_of("refuse", "never_starts"),
    "schedule_zone": values.zone,
}
"""Where tests may go, and how; the names are those of bot.policy.testing.TestRules."""

BRAKES: Mapping[str, Read] = {
    "hard_bounces": values.share,
    "complaints": values.share,
    "undelivered": values.share,
    "after": values.whole(1, MOST_SENT),
    "stop": values.flag,
}
"""Which shares of a run must not be passed; the names are those of bot.results.brakes.Brakes."""

CANARY: Mapping[str, Read] = {
    "on": values.one_of("copy", "original"),
    "at_most": values.whole(1),
    "no_schedule": values.one_of("refuse", "never_starts"),
    "schedule_zone": values.zone,
}
"""How canaries are sent; the names are those of bot.policy.canary.CanaryRules."""

RECEIVED: Mapping[str, Read] = {
    "segments": values.each_once(values.some(values.whole(1))),
    "database": values.whole(1),
    "may_ask": values.roles("ask"),
    "settle": values.span(timedelta(), timedelta(hours=1), "of at most 1h"),
    "keep_for": values.span(timedelta(hours=1), timedelta(days=30), "from 1h to 30d"),
    "at_most": values.whole(1, MOST_RECIPIENTS),
}
"""Where those who received a launch may be put; the names are those of bot.policy.received.ReceivedRules."""

ROLE: Mapping[str, Read] = {"members": values.people, "mention": values.people}

RULE: Mapping[str, Read] = {"name": values.words, "when": values.table, "need": values.table}

FILE: Mapping[str, Read] = {
    **SETTINGS,
    "message_checks": values.table,
    "test": values.table,
    "brakes": values.table,
    "canary": values.table,
    "received": values.table,
    "roles": values.table,
    "always": values.table,
    "rule": values.tables,
}
"""The tables of the file, beside its settings."""
