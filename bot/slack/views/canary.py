"""First to a few in words: on form and card, in the thread, and on the canary's own card."""

from bot.campaign.request import ActivationRequest, Canary
from bot.launch import canary as canaries
from bot.launch.state import Launch, State
from bot.policy.canary import planned
from bot.policy.demands import Demands
from bot.results.brakes import Standing, Verdict
from bot.results.counts import Counts, Kind
from bot.slack.views import brakes, needs, sentences
from bot.slack.views.blocks import Confirm, confirm
from bot.slack.views.bounds import clip
from bot.slack.views.text import person, quoted, when
from bot.texts import _, listed, mark, number, plural

_FAILED = {
    State.REFUSED: mark("the platform refused it"),
    State.UNREACHED: mark("it was not sent"),
    State.CANCELLED: mark("it was cancelled, or held back"),
    State.STOPPED: mark("it was stopped"),
    canaries.IN_DOUBT: mark("whether it ran is in doubt"),
    canaries.HALTED: mark("a stop of it was asked for"),
    canaries.DISTRUSTED: mark("its record is not what I have written"),
}
_NOT_SEEN = mark("its run was not seen to start")


def happens(request: ActivationRequest, demands: Demands, name: str = "") -> str:
    """Who receives it first and when the rest goes, in sentences; "" where it goes to all at once.

    `name` is the segment's, "" where it is not known.
    """
    plan = planned(request, demands)
    return " ".join([_happens(plan, name), *_each(request)]) if plan else ""


def _each(request: ActivationRequest) -> list[str]:
    """What the limit of a launch with a canary is for: together, the two may send twice as much."""
    return [_("The limit counts for each of the two.")] if request.limit else []


def _happens(plan: Canary, name: str = "") -> str:
    first = {"segment": sentences.source(plan.source, name), "span": needs.span(plan.wait)}
    if plan.auto:
        return _(
            "First to {segment} alone; after {span} the rest goes by itself, unless a brake is on or the numbers are "
            "too few: then an approver releases it. What is approved here covers both."
        ).format(**first)
    return _(
        "First to {segment} alone; after {span} at least, an approver releases the rest. What is approved here "
        "covers both."
    ).format(**first)


def overlap() -> str:
    """What nobody can know of the two audiences."""
    return _("Whether people are in both audiences, and would receive it twice, I cannot know.")


def headline(launch: Launch) -> str:
    """Where a launch with a canary stands, where that is another thing than without; "" elsewhere."""
    standing = launch.canary
    if standing is None or standing.released_at:
        return ""
    if launch.state == State.CANCELLED and not (launch.held_back or launch.withheld):
        return _(":no_entry: Ended after its canary; the rest was not sent")
    if launch.state == State.EXPIRED:
        return _(":no_entry: Nobody released the rest in time; it was not sent")
    if launch.state != State.APPROVED:
        return ""
    match standing.step:
        case canaries.CanaryStep.BEGUN:
            return _(":hatching_chick: First to a few: the canary is on its way")
        case canaries.CanaryStep.WAITING:
            return _(":hatching_chick: The canary has run; the rest waits")
        case canaries.CanaryStep.FAILED:
            return _(":warning: The canary did not run as it should; the rest waits for somebody's word")
        case _ if standing.verdict and standing.verdict.standing is Standing.ON:
            return _(":octagonal_sign: A brake is on: the rest is held")
        case _:
            return _(":raised_hand: The canary has run; the rest waits to be released")


def standing(launch: Launch, counts: Counts, link: str) -> str:
    """What has become of the launch's canary, in sentences; "" where none was begun. `link` is its card's address."""
    if launch.canary is None:
        return ""
    return "\n".join(filter(None, [_canary(launch, launch.canary, counts, link), _next(launch, launch.canary)]))


def _canary(launch: Launch, canary: canaries.CanaryStanding, counts: Counts, link: str) -> str:
    its_card = _("its card")
    card = f"<{link}|{its_card}>" if link else f"`{canary.launch_id}`"
    segment = sentences.source(launch.plan.source, "") if launch.plan else ""
    told = _("*Canary* to {segment} ({card}): {numbers}.")
    return told.format(segment=segment, card=card, numbers=_numbers(counts))


def _numbers(counts: Counts) -> str:
    """`500 sent, 2 bounced for good, 3 not delivered otherwise, 0 complaints`; that nothing was told is said."""
    if not counts.anything:
        return _("no numbers yet: the platform has reported none")
    return ", ".join(
        [
            _("{n} sent").format(n=number(counts[Kind.SENT])),
            _("{n} bounced for good").format(n=number(counts[Kind.HARD_BOUNCE])),
            _("{n} not delivered otherwise").format(n=number(counts[Kind.UNDELIVERED])),
            plural("{n} complaint", "{n} complaints", counts[Kind.COMPLAINED]),
        ]
    )


def _next(launch: Launch, canary: canaries.CanaryStanding) -> str:
    if canary.released:
        return _released(canary)
    if launch.state == State.CANCELLED:
        return _("{who} ended it here. The rest was not sent; what the canary sent cannot be taken back.").format(
            who=person(launch.moved_by)
        )
    if launch.state == State.EXPIRED:
        return _("What the canary sent cannot be taken back. Ask for the launch anew if the rest is still wanted.")
    if launch.state != State.APPROVED:
        return ""
    if canary.step is canaries.CanaryStep.WAITING and canary.until:
        return _("It waits until {when}. {then}").format(when=when(canary.until), then=_then(launch))
    if canary.step is canaries.CanaryStep.BEGUN:
        return _then(launch)
    told = [_failed(canary.failed)] if canary.failed else [*_verdict(canary.verdict)]
    return " ".join([*told, *_until(canary)])


def _then(launch: Launch) -> str:
    if launch.plan and launch.plan.auto:
        return _("Then the rest goes by itself where no brake is on.")
    return _("Then an approver releases the rest.")


def _verdict(verdict: Verdict | None) -> list[str]:
    """How the canary's numbers stand to the policy's brakes."""
    if verdict is None:
        return [_("The policy has no brakes, so it is for people to judge.")]
    if verdict.standing is Standing.ON:
        return [
            _("*A brake is on:* {figures}. Nobody can release the rest like this.").format(
                figures=brakes.told(verdict.on)
            )
        ]
    if verdict.standing is Standing.OFF:
        return [_("No brake is on.")]
    return [
        _(
            "There is too little to judge by: {sent} sent, and the brakes ask for {after}. It is for people to judge."
        ).format(sent=number(verdict.sent), after=number(verdict.after))
    ]


def _failed(how: str) -> str:
    why = _(_FAILED.get(how, _NOT_SEEN))
    if how == canaries.IN_DOUBT:
        return _(
            "*Of the canary, {why}:* it has to be settled on its own card before the rest can be released."
        ).format(why=why)
    return _("*The canary did not run as it should:* {why}. The rest goes only if somebody releases it.").format(
        why=why
    )


def _until(canary: canaries.CanaryStanding) -> list[str]:
    if canary.expires_at is None:
        return []
    return [_("Without a decision by {when}, the rest is not sent.").format(when=when(canary.expires_at))]


def _released(canary: canaries.CanaryStanding) -> str:
    at = when(canary.released_at) if canary.released_at else ""
    if canary.released and canary.released.by_rule:
        return _("The rest was released {when} by the policy: no brake was on.").format(when=at)
    return _("{who} released the rest, {when}.").format(who=person(canary.released_by), when=at)


def facts(launch: Launch, link: str) -> list[str]:
    """The line on a canary's card that says which launch it is a part of."""
    if launch.belongs_to is None or not launch.request.is_canary:
        return []
    whole = sentences.part_of(launch.belongs_to, link)
    return [_("*Canary of:* {launch}, whose approvals count here as well").format(launch=whole)]


def requested(who: str, launch: Launch) -> str:
    """The reply that opens a canary's thread."""
    campaign = sentences.numbered(launch.request, launch.preview)
    opens = _("The canary of campaign {campaign}, whose launch {who} asked for. {happens}")
    happens = sentences.will_happen(launch.request, launch.preview, later=False)
    return opens.format(who=who, campaign=campaign, happens=happens)


def news(launch: Launch, event: canaries.CanaryNews, who: str) -> str:
    """The reply in the launch's thread."""
    match event:
        case canaries.CanaryBegun():
            segment = sentences.source(launch.plan.source, "") if launch.plan else ""
            return _(":hatching_chick: First to {segment}: the canary has a card of its own. The rest waits.").format(
                segment=segment
            )
        case canaries.CanaryRan(until):
            return _(":hatching_chick: The canary's run has started. The rest waits until {when} at least.").format(
                when=when(until)
            )
        case canaries.CanaryJudged(counts=counts, verdict=verdict):
            told = _(":bar_chart: The wait is over. Of the canary: {numbers}.").format(numbers=_numbers(counts))
            return " ".join([told, *_verdict(verdict)])
        case canaries.CanaryFailed(how):
            return f":warning: {_failed(how)}"
        case canaries.CanaryReleased(by_rule=True, rules=rules):
            return _released_by_rule(rules)
        case canaries.CanaryReleased():
            return _(":checkered_flag: {who} released the rest. All is checked again before it goes.").format(who=who)


def _released_by_rule(rules: tuple[str, ...]) -> str:
    if not rules:
        return _(
            ":checkered_flag: By the policy, the rest goes by itself: no brake is on. All is checked again before that."
        )
    return _(
        ":checkered_flag: By the policy ({rules}), the rest goes by itself: no brake is on. All is checked again "
        "before that."
    ).format(rules=listed([quoted(rule, 60) for rule in rules]))


def reminder() -> str:
    """The last call before it is too late to release the rest."""
    return _(":alarm_clock: Nobody has released the rest, and the launch ends soon.")


def expired(launch: Launch) -> str:
    """The reply that nobody has released the rest in time; "" for a request that nobody decided on."""
    if launch.canary is None:
        return ""
    return _(":no_entry: Nobody released the rest in time, so it is not sent. What the canary sent stays sent.")


def cancelled(launch: Launch, who: str) -> str:
    """The reply that somebody ended it after its canary; "" for a launch of which nothing was begun."""
    if launch.canary is None and not launch.canary_before:
        return ""
    ended = _(":no_entry: {who} ended it here: the rest is not sent. What the canary sent cannot be taken back.")
    return ended.format(who=who)


def rehearsed(launch: Launch) -> str:
    """What a rehearsal would have done first; "" where all goes at once."""
    return sentences.really(launch.request, happens(launch.request, launch.demands)) if launch.plan else ""


def in_short(launch: Launch) -> str:
    """Who receives it first, in so few words that a question before a decision has room for them; "" for nobody."""
    if launch.plan is None:
        return ""
    if launch.plan.auto:
        first = _("First to segment {id} alone; the rest follows by itself unless a brake is on.")
    else:
        first = _("First to segment {id} alone; the rest waits to be released.")
    return first.format(id=launch.plan.segment)


def limit_in_short(launch: Launch) -> str:
    """What its limit is for, where it has a canary; "" where it goes to all at once, or has none."""
    return " ".join(_each(launch.request)) if launch.plan else ""


def release_dialog(launch: Launch) -> Confirm:
    title = sentences.opening(launch.request, launch.preview)
    last = _("All is checked once more, and then it goes. What is sent cannot be taken back.")
    about = clip(f"*{title}*\n{sentences.happens(launch)}", 299 - len(last))
    return confirm(_("Release the rest?"), f"{about}\n{last}", _("Release it"), _("Back"), "primary")


def stop_here_dialog(launch: Launch) -> Confirm:
    title = sentences.opening(launch.request, launch.preview)
    last = _("The rest is not sent. What the canary sent cannot be taken back; a run under way is stopped on its card.")
    about = clip(f"*{title}*", 299 - len(last))
    return confirm(_("End it here?"), f"{about}\n{last}", _("End it"), _("Back"), "danger")
