"""What the policy asks for, in words."""

from datetime import timedelta

from bot.launch.collision import Collision, OnCollision
from bot.launch.demands import WEEK, Demands, Freeze, QuietHours, Typed
from bot.slack.views.text import escape, listed, number, person, quoted, when

_TYPED = {Typed.AUDIENCE: "the size of the audience", Typed.CAMPAIGN: "the campaign's id"}

_STATES = {
    "requested": "waits for approval",
    "approved": "is approved",
    "launching": "is being sent right now",
    "in_doubt": "is in doubt",
}


def approvals(demands: Demands) -> str:
    """Whose approvals are needed."""
    count = max(demands.approvals, *(one.count for one in demands.of_which), 0)
    people = "One teammate has" if count == 1 else f"{count} teammates have"
    roles = [f"{one.count} from the role {escape(one.role)}" for one in demands.of_which]
    of_which = f" ({listed(roles)})" if roles else ""
    own = "You may be one of them." if demands.self_approval else "You cannot approve your own launch."
    return f"{people} to approve before anything is sent{of_which}. {own}"


def further(demands: Demands) -> list[str]:
    """What else is asked for, one sentence each; nothing where the defaults hold."""
    lines = []
    if demands.reason:
        lines.append("A reason is needed.")
    if demands.typed:
        lines.append(f"Whoever approves types {typed(demands.typed)}.")
    if demands.hold:
        lines.append(f"After the last approval it waits {span(demands.hold)}, in which it can be cancelled.")
    if demands.quiet_hours:
        lines.append(f"Nothing starts {listed([_quiet(one) for one in demands.quiet_hours], 'or')}.")
    if demands.freezes:
        lines.append(f"Nothing starts on {listed([_freeze(one) for one in demands.freezes], 'or')}.")
    return lines


def limits(demands: Demands) -> list[str]:
    """What is asked for silently, as long as it is kept; for whoever wants to know all of it."""
    spans = listed([span(one) for one in sorted(demands.reminders)])
    lines = [f"It expires {span(demands.expires_after)} after it was asked for."]
    lines.append(f"Reminders come after {spans}." if spans else "No reminders come.")
    if demands.second_line:
        lines.append(f"Shortly before it expires, the role {demands.second_line} is mentioned.")
    if demands.largest_audience is not None:
        lines.append(f"The audience has at most {number(demands.largest_audience)} people.")
    if demands.largest_limit is not None:
        lines.append(f"At most {number(demands.largest_limit)} messages are sent.")
    lines.append(f"The audience may drift by {demands.tolerance:g} % before approvals are void.")
    unread = "it goes on all the same" if demands.goes_on_unread else "it does not go on"
    lines.append(f"Where the campaign cannot be read again, {unread}.")
    lines.append(f"{_ON_COLLISION[demands.on_collision]} ({span(demands.collision_window)} back).")
    if demands.break_glass:
        lines.append("An admin may launch it without approval.")
    return lines


_ON_COLLISION = {
    OnCollision.SHOW: "Other launches of the same campaign or audience are shown",
    OnCollision.ONE_MORE_APPROVAL: "Another launch of the same campaign or audience takes one more approval",
    OnCollision.REFUSE: "Another launch of the same campaign or audience forbids it",
}


def typed(wanted: tuple[Typed, ...]) -> str:
    return listed([_TYPED[one] for one in wanted])


def collision(other: Collision) -> str:
    """One line about another launch."""
    same = "This campaign" if other.same_campaign else "Another campaign to the same audience"
    named = f" {quoted(other.campaign_name, 80)}" if other.campaign_name else ""
    which = "" if other.same_campaign else f" ({other.campaign_id}{named})"
    asked = f"asked for by {person(other.requester)}"
    stands = _STATES.get(other.state)
    if stands:
        return f":warning: {same}{which} {stands}: {asked}, {when(other.since)}."
    return f":warning: {same}{which} was launched {when(other.since)}, {asked}."


def span(length: timedelta) -> str:
    """`2 min`, `1 h 30 min`, `2 days`."""
    seconds = round(length.total_seconds())
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    named = ((days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{count} {name}" for count, name in named if count) or "no time"


def _quiet(hours: QuietHours) -> str:
    first, last = f"{hours.start:%H:%M}", f"{hours.to:%H:%M}"
    if hours.midnights > 1:
        ends = WEEK[(WEEK.index(hours.days[0]) + hours.midnights) % len(WEEK)]
        return f"from {hours.days[0].capitalize()} {first} to {ends.capitalize()} {last}"
    days = "" if hours.days == WEEK else f" on {listed([day.capitalize() for day in hours.days])}"
    return f"from {first} to {last}{days}"


def _freeze(days: Freeze) -> str:
    first, last = f"{days.first:%d.%m.%Y}", f"{days.last:%d.%m.%Y}"
    return first if first == last else f"{first} to {last}"
