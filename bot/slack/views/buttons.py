"""The buttons of a card: what can still be done with a launch, each with the question that is asked before it."""

from dataclasses import replace

from bot.campaign.campaign import Preview
from bot.launch.canary import IN_DOUBT, CanaryStanding
from bot.launch.correcting import receivers, why_not
from bot.launch.state import PENDING, Launch, State
from bot.launch.stoppable import can_be_stopped
from bot.message.finding import Grade
from bot.policy.roles import Action
from bot.results.brakes import Standing
from bot.slack.views import canary, needs, sentences, stop, technical
from bot.slack.views.blocks import Confirm, Element, button, confirm
from bot.slack.views.bounds import clip
from bot.slack.views.details import DETAILS
from bot.texts import _, plural

VOUCH_RAN = f"{Action.VOUCH}_ran"
VOUCH_NOT_RUN = f"{Action.VOUCH}_not_run"
ASK_AGAIN = "launch:ask_again"

CORRECT = "launch:correct"

MOST_ASKED = 299
"""Characters of a question, but for the line feed in it: Slack takes 300."""

LEAST_OF_TITLE = 40
"""Characters of a campaign's title for which a question says the rest in fewer words."""

NOTHING_KNOWN = Preview()

CAME_TO_NOTHING = frozenset({State.REJECTED, State.CANCELLED, State.EXPIRED, State.REFUSED, State.UNREACHED})
"""Where nothing was sent, as far as is known, and the same may be asked for again."""


def buttons(launch: Launch) -> list[Element]:
    """What can still be pressed, wherever it is shown."""
    return [*_buttons(launch), *_stop_button(launch)]


def read_button(launch: Launch) -> Element:
    """Opens the window in which everything that is sent stands whole."""
    return _button(launch, Action.READ, _("Read everything"))


def details_button(launch: Launch) -> list[Element]:
    """Opens the window with what platform and network said; none where the card says it all."""
    return [_button(launch, DETAILS, _("Details"))] if technical.words(launch) else []


def test_button(launch: Launch) -> list[Element]:
    """Sends a test of what a launch will send; none where nothing more is sent, or nothing for real."""
    own = launch.request.is_test or launch.request.is_canary or launch.canary
    if launch.state not in PENDING or own or launch.request.practice:
        return []
    what = _("The policy's reviewers receive it now. Nobody else does.")
    return [_button(launch, Action.TEST, _("Send a test…"), dialog=_dialog(_("Send a test?"), what, _("Send a test")))]


def receivers_buttons(launch: Launch, *, after_stop_alone: bool = False) -> list[Element]:
    """Asks who received a launch, or once that is known, for a correction to them.

    With `after_stop_alone`, the question is only there where the campaign was stopped.
    """
    if receivers(launch):
        return [_button(launch, CORRECT, _("Ask for a correction…"))]
    stopped = launch.state == State.STOPPED or launch.stop is not None
    if why_not(launch) or (after_stop_alone and not stopped):
        return []
    what = _(
        "Those to whom the platform's events say it was sent are put into a static segment of the policy, one by one. "
        "Nobody is mailed by that."
    )
    return [
        _button(
            launch, Action.WHO_GOT_IT, _("Who got it…"), dialog=_dialog(_("Who got it?"), what, _("Fill a segment"))
        )
    ]


def _stop_button(launch: Launch) -> list[Element]:
    if not can_be_stopped(launch):
        return []
    if launch.state == State.FINISHED:
        text = _("Switch off again…") if launch.stop and launch.stop.after_run else _("Switch off…")
        dialog = _dialog(_("Switch this campaign off?"), stop.dialog_text(launch), _("Switch it off"))
        return [_button(launch, Action.STOP, text, dialog=dialog)]
    text = _("Stop again…") if launch.stop else _("Stop…")
    dialog = _dialog(_("Stop this campaign?"), stop.dialog_text(launch), _("Stop it"), "danger")
    return [_button(launch, Action.STOP, text, "danger", dialog)]


def _buttons(launch: Launch) -> list[Element]:
    cancel = _button(launch, Action.CANCEL, _("Cancel…"), None, _cancel_dialog(launch))
    match launch.state:
        case State.REQUESTED:
            approve = _button(launch, Action.APPROVE, _("Approve"), "primary", _approve_dialog(launch))
            if launch.demands.typed:
                approve = _button(launch, Action.APPROVE, _("Approve…"), "primary")
            reject = _button(launch, Action.REJECT, _("Reject…"), "danger")
            glass = [_button(launch, Action.BREAK_GLASS, _("Launch without approval…"))]
            edits = [
                _button(launch, Action.ASK_CHANGES, _("Ask for changes…")),
                _button(launch, Action.EDIT, _("Edit…")),
            ]
            return [
                approve,
                reject,
                *([] if launch.request.is_test or launch.request.is_canary else edits),
                cancel,
                *(glass if launch.demands.break_glass else []),
            ]
        case State.APPROVED if launch.canary and not launch.canary.released_at:
            return _canary_buttons(launch, launch.canary)
        case State.APPROVED:
            return [cancel]
        case State.IN_DOUBT:
            ran = _dialog(_("It ran?"), _("The launch counts as done, and nothing is sent again."), _("Yes, it ran"))
            missed = _dialog(
                _("It did not run?"), _("The launch ends here. It can then be asked for anew."), _("It did not run")
            )
            return [
                _button(launch, Action.LOOK, _("Look again")),
                _button(launch, VOUCH_RAN, _("It ran"), None, ran),
                _button(launch, VOUCH_NOT_RUN, _("It did not run"), "danger", missed),
            ]
        case State.FINISHED if launch.practised:
            return [_button(launch, ASK_AGAIN, _("Ask for real…"))]
        case state if state in CAME_TO_NOTHING and not (
            launch.adopted or launch.request.is_test or launch.request.is_canary or _is_distrusted(launch)
        ):
            return [_button(launch, ASK_AGAIN, _("Ask again…"))]
        case _:
            return []


def _is_distrusted(launch: Launch) -> bool:
    """Whether its record was found changed: until somebody has looked into that, nothing is to be launched."""
    return launch.held_back is not None and bool(launch.held_back.distrusted)


def _canary_buttons(launch: Launch, standing: CanaryStanding) -> list[Element]:
    """What can be done between a canary and the rest. What would be refused for sure is not offered."""
    end = _button(launch, Action.STOP_HERE, _("Stop here…"), "danger", canary.stop_here_dialog(launch))
    braked = standing.verdict is not None and standing.verdict.standing is Standing.ON
    if not standing.waits_for_a_person or standing.failed == IN_DOUBT or braked:
        return [end]
    return [_button(launch, Action.RELEASE, _("Release the rest…"), "primary", canary.release_dialog(launch)), end]


def _approve_dialog(launch: Launch) -> Confirm:
    start = _("It starts with the last approval.")
    if launch.request.practice:
        start = " ".join(sentences.rehearsal(launch.request))
    elif _is_last_word(launch):
        start = _last_word(launch)
    # The last sentences matter most, so it is the middle that gives way.
    last = _last_sentences(launch, start)
    return _dialog(_("Approve this launch?"), f"{_about(launch, MOST_ASKED - len(last))}\n{last}", _("Approve"))


def _last_sentences(launch: Launch, start: str) -> str:
    """What is warned of, who receives it first, and when it starts: as fully as there is room beside what it does.

    The card, on which the question stands, says all of it.
    """
    first, each, cautions = canary.in_short(launch), canary.limit_in_short(launch), _cautions(launch)
    least = _("What is sent cannot be taken back.") if _is_last_word(launch) else start
    warned = [_(":warning: Read the card's warnings first.")] if cautions else []
    told = [[*cautions, f"{first} {each}".strip(), start], [*cautions, first, start], [*cautions, first, least]]
    told.append([*warned, first, least])
    fullest_first = ["\n".join(filter(None, one)) for one in told]
    room = MOST_ASKED - _least_about(launch)
    return next((one for one in fullest_first if len(one) <= room), fullest_first[-1])


def _is_last_word(launch: Launch) -> bool:
    return launch.missing.approvals == 1 and not launch.request.practice


def _least_about(launch: Launch) -> int:
    """How many characters `_about` needs to tell every number."""
    title = sentences.opening(launch.request, launch.preview)
    return min(len(title), LEAST_OF_TITLE) + len(_nameless(launch)) + 3


def _nameless(launch: Launch) -> str:
    """What it does, without the audience's name."""
    audience = launch.preview.audience
    if audience is None:
        return sentences.happens(launch)
    return sentences.happens(replace(launch, preview=replace(launch.preview, audience=replace(audience, name=""))))


def _about(launch: Launch, room: int) -> str:
    """The campaign, and to how many it goes: where not all fits, it is the names that give way, and no number."""
    title, happens = sentences.opening(launch.request, launch.preview), sentences.happens(launch)
    if len(title) + len(happens) + 3 > room:
        happens = _nameless(launch)
    least = len(sentences.opening(launch.request, NOTHING_KNOWN))
    named = clip(title, max(least, room - len(happens) - 3))
    return clip(f"*{named}*\n{happens}", room)


def _cautions(launch: Launch) -> list[str]:
    """What the card warns of higher up, where a phone may not show it any more."""
    failures, others = len(launch.report.of_grade(Grade.FAILURE)), len(launch.collisions)
    told = []
    if failures:
        told.append(
            plural(":x: {n} check failed: look at the card.", ":x: {n} checks failed: look at the card.", failures)
        )
    if others:
        told.append(
            plural(
                ":warning: {n} other launch sends the same, or to the same people.",
                ":warning: {n} other launches send the same, or to the same people.",
                others,
            )
        )
    return told


def _last_word(launch: Launch) -> str:
    """When it starts. The dialog may be read long after it was made, so of quiet hours it tells only the rule."""
    if launch.demands.quiet_hours or launch.demands.freezes:
        return _last_word_with_quiet_hours(launch)
    if launch.request.at:
        return _("It starts by itself at its time, and what is sent cannot be taken back.")
    if launch.demands.hold:
        held = _("It starts {span} later unless cancelled, and what is sent cannot be taken back.")
        return held.format(span=needs.span(launch.demands.hold))
    return _("It starts at once, and what is sent cannot be taken back.")


def _last_word_with_quiet_hours(launch: Launch) -> str:
    if launch.request.at:
        return _("It starts at its time, or after it when quiet hours are over. What is sent cannot be taken back.")
    if launch.demands.hold:
        held = _(
            "It starts {span} later unless cancelled, or when quiet hours are over. What is sent cannot be taken back."
        )
        return held.format(span=needs.span(launch.demands.hold))
    return _("It starts at once, or when quiet hours are over. What is sent cannot be taken back.")


def _cancel_dialog(launch: Launch) -> Confirm:
    title = sentences.opening(launch.request, launch.preview)
    ends = _("Nothing is sent, and the request ends here: to launch after all, it has to be asked for again.")
    about = clip(f"*{title}*", 299 - len(ends))
    return _dialog(_("Cancel this launch?"), f"{about}\n{ends}", _("Cancel it"), "danger")


def _dialog(title: str, text: str, yes: str, style: str | None = None) -> Confirm:
    return confirm(title, text, yes, _("Back"), style)


def _button(
    launch: Launch, action_id: str, text: str, style: str | None = None, dialog: Confirm | None = None
) -> Element:
    # What the person sees travels with the click, so that a decision never counts for something else.
    value = f"{launch.id}:{launch.fingerprint}"
    return button(text, str(action_id), value, style=style, confirm=dialog)
