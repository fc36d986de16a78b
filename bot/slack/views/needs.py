"""What the policy asks for, in words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.campaign.request import Canary
from bot.policy.collision import Collision, OnCollision
from bot.policy.demands import WEEK, ChecksDemand, Demands, Freeze, MessageDemand, QuietHours, Typed
from bot.slack.views.bounds import MOST_NAMED, clip, named
from bot.slack.views.text import person, quoted, role_name, when
from bot.texts import _, calendar_day, either, listed, mark, number, percent, plural

_TYPED = {Typed.AUDIENCE: mark("the size of the audience"), Typed.CAMPAIGN: mark("the campaign's id")}

_SAME_CAMPAIGN = {
    "requested": mark(":warning: This campaign waits for approval: asked for by {who}, {when}."),
    "approved": mark(":warning: This campaign is ready to be sent: asked for by {who}, {when}."),
    "launching": mark(":warning: This campaign is being sent right now: asked for by {who}, {when}."),
    "in_doubt": mark(
        ":warning: A launch of this campaign is in doubt, so it may have been sent: asked for by {who}, {when}."
    ),
}

_SAME_AUDIENCE = {
    "requested": mark(
        ":warning: Another campaign to the same audience ({which}) waits for approval: asked for by {who}, {when}."
    ),
    "approved": mark(
        ":warning: Another campaign to the same audience ({which}) is ready to be sent: asked for by {who}, {when}."
    ),
    "launching": mark(
        ":warning: Another campaign to the same audience ({which}) is being sent right now: asked for by {who}, {when}."
    ),
    "in_doubt": mark(
        ":warning: Another campaign to the same audience ({which}) is in doubt, so it may have been sent: asked for by "
        "{who}, {when}."
    ),
}

_CAMPAIGN_LAUNCHED = mark(":warning: This campaign was launched {when}, asked for by {who}.")
_AUDIENCE_LAUNCHED = mark(
    ":warning: Another campaign to the same audience ({which}) was launched {when}, asked for by {who}."
)
_CAMPAIGN_VOUCHED = mark(
    ":warning: {voucher} said {when} that the launch of this campaign that {who} asked for did not run; nobody has "
    "seen proof."
)
_AUDIENCE_VOUCHED = mark(
    ":warning: {voucher} said {when} that the launch of another campaign to the same audience ({which}) that {who} "
    "asked for did not run; nobody has seen proof."
)

_CHECKS = {
    ChecksDemand.NO_FAILURES: mark("No check of the message may fail."),
    ChecksDemand.ALL_PASS: mark("The message has to pass every check."),
}

_LAUNCHED = mark("was launched")

_DAYS = {
    "mon": mark("Mon"),
    "tue": mark("Tue"),
    "wed": mark("Wed"),
    "thu": mark("Thu"),
    "fri": mark("Fri"),
    "sat": mark("Sat"),
    "sun": mark("Sun"),
}


LONGEST_ROLE = 60


def approvals(demands: Demands, most: int | None = MOST_NAMED, *, practice: bool = False) -> str:
    """Whose approvals are needed; `most` is how many roles are named, None for all. In practice nothing is sent."""
    count = max(demands.approvals, *(one.count for one in demands.of_which), 0)
    roles = [
        _("{n} from the role {role}").format(n=number(one.count), role=role_name(clip(one.role, LONGEST_ROLE)))
        for one in demands.of_which
    ]
    said = listed(named(roles, most))
    if practice:
        return _rehearsed(count, said)
    people = _teammates(count, said)
    own = _("You may be one of them.") if demands.self_approval else _("You cannot approve your own launch.")
    return f"{people} {own}"


def _rehearsed(count: int, roles: str) -> str:
    if roles:
        return plural(
            "It takes one approval ({roles}), which may be yours.",
            "It takes {n} approvals ({roles}); one may be yours.",
            count,
            roles=roles,
        )
    return plural("It takes one approval, which may be yours.", "It takes {n} approvals; one may be yours.", count)


def _teammates(count: int, roles: str) -> str:
    if roles:
        return plural(
            "One teammate has to approve before anything is sent ({roles}).",
            "{n} teammates have to approve before anything is sent ({roles}).",
            count,
            roles=roles,
        )
    return plural(
        "One teammate has to approve before anything is sent.",
        "{n} teammates have to approve before anything is sent.",
        count,
    )


def further(demands: Demands, most: int | None = MOST_NAMED, zone: ZoneInfo | None = None) -> list[str]:
    """What else is asked for, one sentence each; nothing where the defaults hold.

    `most` is how many quiet hours and frozen days are named, None for all. `zone` is the policy's, on whose clocks
    they are, where that is known: moments beside them are told on the reader's.
    """
    clocks = f" ({zone.key})" if zone else ""
    lines = []
    if demands.reason:
        lines.append(_("A reason is needed."))
    if demands.typed:
        lines.append(_("Whoever approves types {what}.").format(what=typed(demands.typed)))
    if demands.message is MessageDemand.KNOWN:
        lines.append(_("The message has to be known."))
    if demands.checks is not ChecksDemand.ANY:
        lines.append(_(_CHECKS[demands.checks]))
    if demands.tested:
        lines.append(_("It has to be tested with reviewers first."))
    if demands.canary:
        lines.append(_canary(demands.canary))
    if demands.hold:
        waits = _("After the last approval it waits {span}, in which it can be cancelled.")
        lines.append(waits.format(span=span(demands.hold)))
    if demands.quiet_hours:
        times = named([_quiet(one) for one in demands.quiet_hours], most)
        lines.append(_("Nothing starts {times}.").format(times=f"{either(times)}{clocks}"))
    if demands.freezes:
        days = named([_freeze(one) for one in demands.freezes], most)
        lines.append(_("Nothing starts on these days: {days}.").format(days=f"{listed(days)}{clocks}"))
    return lines


def _canary(canary: Canary) -> str:
    told = {"id": canary.segment, "span": span(canary.wait)}
    if canary.auto:
        return _(
            "It goes first to segment {id} alone; the rest goes by itself {span} later, where no brake is on."
        ).format(**told)
    return _(
        "It goes first to segment {id} alone; {span} later at the earliest, an approver releases the rest."
    ).format(**told)


def limits(demands: Demands) -> list[str]:
    """What is asked for silently, as long as it is kept; for whoever wants to know all of it."""
    spans = listed([span(one) for one in sorted(demands.reminders)])
    lines = [_("It expires {span} after it was asked for.").format(span=span(demands.expires_after))]
    lines.append(_("Reminders come after {spans}.").format(spans=spans) if spans else _("No reminders come."))
    if demands.second_line:
        second_line = _("Shortly before it expires, the role {role} is mentioned.")
        lines.append(second_line.format(role=role_name(demands.second_line)))
    if demands.largest_audience is not None:
        lines.append(_("The audience has at most {n} people.").format(n=number(demands.largest_audience)))
    if demands.largest_limit is not None:
        lines.append(_("At most {n} messages are sent.").format(n=number(demands.largest_limit)))
    drift = _("The audience may grow or shrink by {percent} before approvals are void.")
    lines.append(drift.format(percent=percent(demands.tolerance / 100)))
    lines.append(
        _("Where the campaign cannot be read again, it goes on all the same.")
        if demands.goes_on_unread
        else _("Where the campaign cannot be read again, it does not go on.")
    )
    lines.append(_(_ON_COLLISION[demands.on_collision]).format(span=span(demands.collision_window)))
    if demands.break_glass:
        lines.append(_("An admin may launch it without approval."))
    return lines


_ON_COLLISION = {
    OnCollision.SHOW: mark("Other launches of the same campaign or audience are shown ({span} back)."),
    OnCollision.ONE_MORE_APPROVAL: mark(
        "Another launch of the same campaign or audience takes one more approval ({span} back)."
    ),
    OnCollision.REFUSE: mark("Another launch of the same campaign or audience forbids it ({span} back)."),
}


def typed(wanted: tuple[Typed, ...]) -> str:
    return listed([_(_TYPED[one]) for one in wanted])


def collision(other: Collision) -> str:
    """One line about another launch."""
    named = f" {quoted(other.campaign_name, 80)}" if other.campaign_name else ""
    if other.vouched_by:
        text = _CAMPAIGN_VOUCHED if other.same_campaign else _AUDIENCE_VOUCHED
    elif other.same_campaign:
        text = _SAME_CAMPAIGN.get(other.state, _CAMPAIGN_LAUNCHED)
    else:
        text = _SAME_AUDIENCE.get(other.state, _AUDIENCE_LAUNCHED)
    return _(text).format(
        which=f"{other.campaign_id}{named}",
        who=person(other.requester),
        when=when(other.since),
        voucher=person(other.vouched_by),
    )


_STANDS = {
    "requested": mark("waits for approval"),
    "approved": mark("is ready to be sent"),
    "launching": mark("is being sent right now"),
    "in_doubt": mark("is in doubt, so it may have been sent"),
}


def collision_in_short(other: Collision) -> str:
    """The same where there are many: without the campaign's name."""
    stands = _(_STANDS.get(other.state, _LAUNCHED))
    told = _("{which} {stands}: {who}, {when}")
    return told.format(which=other.campaign_id, stands=stands, who=person(other.requester), when=when(other.since))


def span(length: timedelta) -> str:
    """`2 min`, `1 h 30 min`, `2 days`."""
    seconds = round(length.total_seconds())
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = [
        plural("{n} day", "{n} days", days) if days else "",
        _("{n} h").format(n=hours) if hours else "",
        _("{n} min").format(n=minutes) if minutes else "",
        _("{n} s").format(n=seconds) if seconds else "",
    ]
    return " ".join(part for part in parts if part) or _("no time")


def _quiet(hours: QuietHours) -> str:
    first, last = f"{hours.start:%H:%M}", f"{hours.to:%H:%M}"
    if hours.midnights > 1:
        ends = WEEK[(WEEK.index(hours.days[0]) + hours.midnights) % len(WEEK)]
        return _("from {day} {start} to {last_day} {end}").format(
            day=_(_DAYS[hours.days[0]]), start=first, last_day=_(_DAYS[ends]), end=last
        )
    if hours.days == WEEK:
        return _("from {start} to {end}").format(start=first, end=last)
    days = listed([_(_DAYS[day]) for day in hours.days])
    return _("from {start} to {end} on {days}").format(start=first, end=last, days=days)


def _freeze(days: Freeze) -> str:
    first, last = calendar_day(days.first), calendar_day(days.last)
    return first if first == last else _("{start} to {end}").format(start=first, end=last)
