"""A stop in words: on the card, in the thread, and in the modal that asks whether it is meant."""

from datetime import datetime

from bot.campaign.campaign import Campaign, Preview
from bot.campaign.request import ActivationRequest
from bot.launch import stop as stops
from bot.launch.state import Launch, State
from bot.slack.views import brakes, run, sentences
from bot.slack.views.bounds import clip
from bot.slack.views.technical import meaning_of, plainly
from bot.slack.views.text import all_said, person, quoted, when
from bot.texts import _, mark

SWITCHES_OFF = mark("This switches the campaign off in the platform.")
GONE = mark("Messages that were sent already cannot be taken back.")

LONGEST_DISTRUST = 600
"""Characters of what is wrong with a launch's record: three sentences of ours, whatever a newer version may say."""

_QUEUE = {
    False: mark("What is queued and not sent yet is dropped."),
    True: mark("What is queued already may still go out."),
}
_QUEUE_IF_TAKEN = {
    False: mark("What is queued and not sent yet is to be dropped."),
    True: mark("What is queued already may still go out."),
}
"""The same while the platform has not answered yet."""

_NOT_OFF = frozenset({stops.StopStep.REFUSED, stops.StopStep.UNREACHED})


def headline(launch: Launch) -> str:
    """Where things stand, for a launch whose stop says more than its state; "" for all others."""
    stop = launch.stop
    if launch.state == State.STOPPED and stop and stop.brake and launch.halted is None:
        return _(":octagonal_sign: Stopped by the policy's brakes")
    if launch.state == State.STOPPED:
        return (
            _(":octagonal_sign: Stopped") if launch.halted is None else _(":octagonal_sign: Switched off; no end seen")
        )
    if stop is None or stop.after_test:
        return ""
    if stop.after_run or (launch.state == State.FINISHED and stop.step in _NOT_OFF):
        return _after_the_run(launch, stop)
    if launch.state == State.IN_DOUBT:
        return _beside_a_doubt(stop)
    if stop.step in stops.UNDER_WAY:
        waits = isinstance(stop.outcome, stops.StopNotSent)
        return _(":octagonal_sign: Not stopped yet: trying again") if waits else _(":octagonal_sign: Being stopped")
    if stop.step == stops.StopStep.IN_DOUBT and launch.state not in {State.REFUSED, State.UNREACHED}:
        return _(":warning: It may go on sending: whether the stop worked is not known")
    if launch.adopted and launch.state == State.REFUSED:
        return _(":x: Not stopped: the platform refused")
    if launch.adopted and launch.state == State.UNREACHED:
        return _(":x: Not stopped: the platform was out of reach")
    if launch.state in {State.LAUNCHED, State.RUNNING} and stop.step in _NOT_OFF:
        return _goes_on(launch, stop)
    return ""


def _goes_on(launch: Launch, stop: stops.Stopping) -> str:
    if stop.step == stops.StopStep.UNREACHED:
        return _(":warning: Not stopped; it may go on sending")
    if launch.state == State.RUNNING and launch.followed:
        return _(":warning: Still running: the platform refused the stop")
    return _(":warning: Not stopped: the platform refused the stop")


def _beside_a_doubt(stop: stops.Stopping) -> str:
    match stop.step:
        case stops.StopStep.ASKED | stops.StopStep.CALLING:
            return _(":warning: In doubt whether it was launched; being stopped")
        case stops.StopStep.IN_DOUBT:
            return _(":warning: In doubt whether it was launched, and whether it was stopped")
        case stops.StopStep.DONE:
            return _(":warning: In doubt whether it was launched; its campaign was stopped")
        case stops.StopStep.REFUSED | stops.StopStep.UNREACHED:
            return _(":warning: In doubt whether it was launched; its campaign was not stopped")


def _after_the_run(launch: Launch, stop: stops.Stopping) -> str:
    """Both: that it ran, and what has become of its campaign since."""
    match stop.step:
        case stops.StopStep.DONE if stop.brake:
            text = _("{finished}; stopped after it by the policy's brakes")
        case stops.StopStep.DONE:
            text = _("{finished}; its campaign is switched off")
        case stops.StopStep.IN_DOUBT:
            return _(":warning: Run over; whether its campaign is switched off is not known")
        case stops.StopStep.REFUSED | stops.StopStep.UNREACHED:
            text = _("{finished}; its campaign could not be switched off")
        case _ if isinstance(stop.outcome, stops.StopNotSent):
            text = _("{finished}; its campaign is not switched off yet: trying again")
        case _:
            text = _("{finished}; its campaign is being switched off")
    return text.format(finished=run.finished(launch))


def standing(launch: Launch) -> str:
    """What became of the stop that was asked for last, and what that means; "" where there was none."""
    stop = launch.stop
    if stop is None or stop.after_test:
        return ""
    if stop.brake:
        return f"{brakes.standing_of_the_stop(launch)} {_fate(launch, stop)}"
    asked = _(":octagonal_sign: {who} asked to stop the campaign {when}.")
    if stop.after_run:
        asked = _(":octagonal_sign: After the run, {who} asked to switch the campaign off, {when}.")
    return f"{asked.format(who=person(stop.by), when=when(stop.at))} {_fate(launch, stop)}"


def _fate(launch: Launch, stop: stops.Stopping) -> str:
    again = _("Stop again, or switch it off in the platform.")
    if stop.after_run or launch.state == State.FINISHED:
        again = _("Switch it off again here, or in the platform.")
    if stop.distrusted:
        return _(
            "It was not sent: the record of this launch is not what I have written. {reasons} An admin has to look "
            "into it; switch the campaign off in the platform, if that is what is wanted."
        ).format(reasons=all_said(stop.distrusted, LONGEST_DISTRUST))
    match stop.outcome:
        case stops.Stopped() as done:
            doubt = _(
                "It does not tell whether the launch happened, nor whether one that was still on its way came after it."
            )
            return f"{_done(done, stop)} {doubt}" if launch.state == State.IN_DOUBT else _done(done, stop)
        case stops.StopRefused(code=code):
            return f"{_refused(code)} {again}"
        case stops.StopUnknown() as unknown:
            seen = _not_seen(stop.looked) if stop.looked else _("Its status is being read.")
            return f"{_unknown(unknown)} {seen} {again}"
        case stops.StopNotSent(cause) if stop.step == stops.StopStep.UNREACHED:
            gone = _("The stop never left: {cause}. I have stopped trying.").format(cause=plainly(cause))
            return f"{gone} {again}"
        case stops.StopNotSent(cause):
            return _("It has not left yet: {cause}. I try again by myself.").format(cause=plainly(cause))
        case _:
            return _("It is being sent to the platform.")


def news(event: stops.StopAsked | stops.StopNews, who: str) -> str:
    """The thread's reply about a stop."""
    match event:
        case stops.StopAsked(keep_queue=keep) as asked:
            answer = _("The platform's answer follows below.")
            return f":octagonal_sign: {_asked(asked, who)} {_(_QUEUE_IF_TAKEN[keep])} {answer}"
        case stops.StopStarted(attempt=1):
            return _(":octagonal_sign: Sending the stop to the platform.")
        case stops.StopStarted(attempt=attempt):
            again = _(":octagonal_sign: Sending the stop to the platform, try {n}, the same request with the same id.")
            return again.format(n=attempt)
        case stops.Stopped() as done:
            return f":octagonal_sign: {_answer(done)} {_(GONE)}"
        case stops.StopRefused(code=code):
            return f":x: {_refused(code)}"
        case stops.StopNotSent(cause):
            missed = _(":hourglass_flowing_sand: The stop did not leave: {cause}. I try again by myself.")
            return missed.format(cause=plainly(cause))
        case stops.StopUnknown() as unknown:
            look = _("I look at its status.")
            return f":warning: {_unknown(unknown)} {look}"
        case stops.StopGaveUp(distrusted=reasons) if reasons:
            return _(
                ":rotating_light: The stop was not sent: the record of this launch is not what I have written. "
                "{reasons} Switch the campaign off in the platform, if that is what is wanted. Somebody may have "
                "changed the database: run `campaign-bot audit verify --against-slack`."
            ).format(reasons=all_said(reasons))
        case stops.StopGaveUp():
            return _(":x: I have stopped trying to stop it: nothing was sent. Switch it off in the platform.")
        case stops.StopNotSeen() as looked:
            again = _("Press the button on the card again, or switch it off in the platform.")
            return f":warning: {_not_seen(looked)} {again}"


def _asked(event: stops.StopAsked, who: str) -> str:
    if event.brake and event.after_run:
        over = _("By its log the run is over: its messages are built, and may still be going out.")
        return f"{brakes.asked(event.brake)} {over}"
    if event.brake:
        return brakes.asked(event.brake)
    if event.after_run:
        return _("The run is over, and {who} asks to switch the campaign off.").format(who=who)
    return _("{who} asks to stop the campaign.").format(who=who)


def adopted(who: str, request: ActivationRequest, preview: Preview) -> str:
    """The reply that opens the record of a campaign which was not launched here."""
    title = sentences.campaign_title(request, preview)
    return _("{who} takes on {campaign}, which I did not launch, to stop it.").format(who=who, campaign=title)


def adopted_facts(launch: Launch) -> str:
    """The card's facts about such a campaign."""
    by = _("*Asked by:* {who}, {when}").format(who=person(launch.requester), when=when(launch.requested_at))
    # How it stood when the stop was asked for; once it is stopped, that says the opposite.
    line = "" if launch.state == State.STOPPED else known(launch.preview)
    return "\n".join(
        [_("*What:* Stops a campaign that I did not launch, or not lately."), by, *([line] if line else [])]
    )


def dialog_text(launch: Launch) -> str:
    """What pressing the card's button does, within Slack's 300 characters."""
    title = sentences.campaign_title(launch.request, launch.preview)
    off = _(SWITCHES_OFF)
    if launch.state == State.FINISHED:
        off = _("Its run is over. This switches the campaign off in the platform, so that nothing more of it starts.")
    does = f"{off} {_(_QUEUE[False])} {_(GONE)}"
    return f"{clip(f'*{title[0].upper()}{title[1:]}*', 298 - len(does))}\n{does}"


def _done(done: stops.Stopped, stop: stops.Stopping) -> str:
    told = [_answer(done), _ended(stop), "" if done.seen else _(_QUEUE[stop.keep_queue]), _(GONE)]
    return " ".join(filter(None, told))


def _ended(stop: stops.Stopping) -> str:
    """When it was done; "" where that is the minute in which it was asked for, which stands before it."""
    if stop.done_at is None or _minute(stop.done_at) == _minute(stop.at):
        return ""
    return _("That was {when}.").format(when=when(stop.done_at))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _answer(done: stops.Stopped) -> str:
    if done.seen:
        seen = _(
            "The platform says that the campaign is switched off (status {status}). Whether what was queued was "
            "dropped is not known."
        )
        return seen.format(status=quoted(done.status, 80))
    if done.duplicate:
        return _("The platform had taken an earlier try of this stop: the campaign is switched off.")
    return _("The platform took the stop: the campaign is switched off.")


def _refused(code: int) -> str:
    refused = _("The platform refused the stop. The campaign may go on sending.")
    return f"{refused} {meaning_of(code)}"


def _unknown(unknown: stops.StopUnknown) -> str:
    return _("Whether the platform took the stop is not known: {cause}.").format(cause=plainly(unknown.cause))


def _not_seen(looked: stops.StopNotSeen) -> str:
    if looked.cause:
        return _("Its status did not settle it: {cause}").format(cause=plainly(looked.cause))
    still = _("The platform says that the campaign is still switched on (status {status}).")
    return still.format(status=quoted(looked.status, 80))


def known(preview: Preview) -> str:
    """Whether the campaign is switched on, as a line; "" where that was not told."""
    campaign = preview.campaign
    return _("*In the platform:* {state}").format(state=_state(campaign)) if campaign else ""


def _state(campaign: Campaign) -> str:
    on = {True: _("switched on"), False: _("switched off"), None: _("not known whether it is switched on")}
    status = f", {quoted(campaign.status, 80)}" if campaign.status else ""
    return f"{on[campaign.is_active]}{status}"
