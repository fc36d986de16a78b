"""A test to reviewers in words: its copy on its own card and thread, and what it shows on the launch's card."""

from bot.launch.copying import Copied, CopyNews, CopyNotFound, CopyRefused, CopyStarted, CopyStep, CopyUnknown
from bot.launch.outcome import NotSent
from bot.launch.state import PENDING, Launch, State
from bot.launch.stop import NEEDS_A_PERSON, StopGaveUp, StopNotSeen, Stopped, StopRefused, StopStep, StopUnknown
from bot.launch.testing import Tested
from bot.slack.views import sentences
from bot.slack.views.technical import meaning_of, plainly
from bot.slack.views.text import person, quoted, shown, when
from bot.texts import _, plural


def headline(launch: Launch) -> str:
    """Where a test or a canary stands, where that is another thing than a launch's; "" elsewhere, and for launches."""
    if not (launch.request.is_test or launch.request.is_canary):
        return ""
    if launch.stop and launch.stop.after_test and launch.stop.step in NEEDS_A_PERSON:
        return _(":rotating_light: Its copy may be switched on")
    if launch.state == State.UNREACHED and launch.copy and launch.copy.unknown:
        return _(":warning: Not sent; there may be a copy")
    if launch.state != State.APPROVED or launch.waits_for:
        return ""
    if isinstance(launch.outcome, NotSent):
        return _(":hourglass_flowing_sand: Not sent yet: trying again")
    return _(":hourglass_flowing_sand: Being prepared")


def standing(launch: Launch) -> str:
    """What holds of the test's copy, in sentences; "" where there is none."""
    copy = launch.copy
    if copy is None:
        return ""
    if copy.campaign_id is None:
        return _without_id(launch)
    named, stop = str(copy.campaign_id), launch.stop
    if stop is None or not stop.after_test:
        on = _("It runs on a copy of the campaign, {copy}, which is switched off as soon as its run has started.")
        return on.format(copy=named) if launch.state not in PENDING else ""
    if stop.step == StopStep.DONE:
        off = _("Its copy, campaign {copy}, is switched off.")
        return off.format(copy=named)
    if stop.step in NEEDS_A_PERSON:
        return _(
            "*Switch campaign {copy} off in the platform now.* It is the copy that was made for this, and I could not "
            "make sure that it is off: it may start by its own schedule, to everybody."
        ).format(copy=named)
    return _("Its copy, campaign {copy}, is being switched off.").format(copy=named)


def _without_id(launch: Launch) -> str:
    copy = launch.copy
    if copy is None or copy.step != CopyStep.IN_DOUBT or copy.unknown is None:
        return ""
    unknown = _("Whether the platform copied the campaign for this is not known: {cause}. Nothing was sent.")
    look = _look_for(copy.name)
    seen = f" {_not_found(copy.looked)}" if copy.looked else ""
    return f"{unknown.format(cause=plainly(copy.unknown.cause))} {look}{seen}"


def _look_for(name: str) -> str:
    return _(
        "If there is one, it is called {name}: I look for it for an hour, and switch it off. Look in the platform as "
        "well."
    ).format(name=f"`{shown(name, 120)}`")


def _not_found(looked: CopyNotFound) -> str:
    if looked.cause:
        return _("The platform's list did not settle it: {cause}").format(cause=plainly(looked.cause))
    return _("The platform's list shows no campaign of that name so far.")


def facts(launch: Launch, link: str) -> list[str]:
    """The lines on a test's card that say what it is made for; `link` is the address of its launch's card."""
    if launch.belongs_to is None or not launch.request.is_test:
        return []
    return [_("*Test for:* {launch}").format(launch=sentences.part_of(launch.belongs_to, link))]


def requested(who: str, launch: Launch) -> str:
    """The reply that opens a test's thread."""
    campaign = sentences.numbered(launch.request, launch.preview)
    asks = _("{who} asks for a test of campaign {campaign} to reviewers. {happens}")
    happens = sentences.will_happen(launch.request, launch.preview, later=False)
    return asks.format(who=who, campaign=campaign, happens=happens)


def news(event: CopyNews) -> str:
    """The thread's reply about a test's copy."""
    match event:
        case CopyStarted(name=name):
            asks = _(":page_facing_up: Having the campaign copied, as {name}.")
            return asks.format(name=f"`{shown(name, 120)}`")
        case Copied(campaign_id, found=True):
            found = _(":page_facing_up: The copy was made after all: campaign {copy}. I see to it that it is off.")
            return found.format(copy=campaign_id)
        case Copied(campaign_id):
            return _(":page_facing_up: The copy is there: campaign {copy}.").format(copy=campaign_id)
        case CopyRefused(code):
            refused = _(":x: The platform refused to copy the campaign, so nothing was sent.")
            return f"{refused} {meaning_of(code)}"
        case CopyUnknown(cause):
            unknown = _(
                ":warning: Whether the platform copied the campaign is not known: {cause}. Nothing was sent, and this "
                "ends here. The copy may be switched on. I look for it, by the name above, for "
                "an hour; look in the platform as well."
            )
            return unknown.format(cause=plainly(cause))
        case CopyNotFound() as looked:
            return f":eyes: {_not_found(looked)}"


def about_the_copy(launch: Launch, event: object) -> str:
    """What a reply about switching off a test's copy adds, so that nobody switches off the campaign itself."""
    if isinstance(event, StopRefused | StopUnknown | StopGaveUp | StopNotSeen) and launch.is_on_copy:
        return " " + _("What has to be off is the copy, campaign {copy}.").format(copy=launch.target)
    return ""


def switching_off() -> str:
    """The reply that the copy is to be off."""
    return _(":electric_plug: Switching the copy off. What is queued goes out: it is what was asked for.")


def switched_off(launch: Launch, stopped: Stopped) -> str:
    """The reply that the copy is off. What it sent is what was asked for, so nothing is said of taking it back."""
    if stopped.seen:
        seen = _(
            ":white_check_mark: The platform says that the copy, campaign {copy}, is switched off (status {status})."
        )
        return seen.format(copy=launch.target, status=quoted(stopped.status, 80))
    return _(":white_check_mark: The copy, campaign {copy}, is switched off.").format(copy=launch.target)


def line(launch: Launch, test: Tested | None) -> list[str]:
    """The line on a launch's card about its test; nothing where there was none and none is wanted."""
    if test is None:
        wanted = launch.demands.tested and launch.state in PENDING
        return [_("*Tested:* not yet, and the policy wants it to be.")] if wanted else []
    if test.size is None:
        made = _("*Tested:* {when} by {who}").format(when=when(test.at), who=person(test.by))
    else:
        made = plural(
            "*Tested:* {when} by {who}, to {n} reviewer",
            "*Tested:* {when} by {who}, to {n} reviewers",
            test.size,
            when=when(test.at),
            who=person(test.by),
        )
    since = _("nothing has changed since") if test.is_current else _("but before the last change")
    return [f"{made}; {since}."]


def too_many(most: int) -> str:
    """Why nobody may ask for more tests."""
    return plural(
        "You have asked for {n} test within 24 hours, and the policy allows no more.",
        "You have asked for {n} tests within 24 hours, and the policy allows no more.",
        most,
    )
