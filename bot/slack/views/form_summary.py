"""What the form tells beside its fields: the campaign, what will happen, what is asked for, what is in the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from bot.campaign.campaign import Campaign, Preview, absences
from bot.campaign.request import ActivationRequest, Source
from bot.launch.forecast import Forecast, may_wait
from bot.message.finding import Check
from bot.message.report import Report
from bot.phrase import Phrase
from bot.policy.collision import Collision
from bot.policy.demands import NOTHING, Demands
from bot.policy.policy import UNCHECKED, UNREAD
from bot.policy.refusals import PolicyForbids, Refused
from bot.policy.roles import Action
from bot.slack.form import Form, FormErrors, request_of
from bot.slack.views import canary, needs, sent, sentences, start, technical
from bot.slack.views.blocks import Block, Element, actions, button, confirm, context
from bot.slack.views.bounds import whole
from bot.slack.views.details import FORM_DETAILS
from bot.slack.views.fitting import sections
from bot.slack.views.read_everything import READ_MESSAGE
from bot.slack.views.text import SECTION_LIMIT, quoted, said, shown, when
from bot.texts import _, mark

NO_NOTICE = Phrase()
FORM_TEST = f"{Action.TEST}_in_form"

LABELS = {
    "campaign": mark("Campaign (mailing)"),
    "run_now": mark("When"),
    "source": mark("Audience"),
    "limit": mark("Limit"),
    "reason": mark("Reason"),
    "at": mark("Not before"),
    "canary": mark("First to a few"),
    "wait": mark("Wait"),
    "content": mark("Content"),
    "files": mark("Attachments"),
}
"""How the form calls its fields."""


@dataclass(frozen=True)
class Knowledge:
    """What is known for the modal's text parts. `preview` is None while it is being read."""

    preview: Preview | None
    demands: Demands | None = None
    """What the policy asks for; None while that is not known."""
    collisions: tuple[Collision, ...] = ()
    obstacle: str = ""
    """Why it could not be asked for as it stands, as sentences in mrkdwn."""
    notice: Phrase = NO_NOTICE
    """A line on top: something the person has to mend before asking, such as a channel the bot is not in."""
    told: str = ""
    """What became of something that was pressed in it, in mrkdwn."""
    offers_tests: bool = False
    """Whether the policy names where tests may go."""
    understood: Phrase = NO_NOTICE
    """How a start that was typed is understood, on whose clocks."""
    report: Report = field(default_factory=Report)
    """What is sent, and how its checks go with the values that are typed."""
    edits: bool = False
    """Whether the launch is asked for already."""
    keeps_files: bool = False
    """Whether files stay that were attached before, where none are uploaded."""
    asks_channel: bool = False
    """Whether the form has to ask where the card goes."""
    unshown: bool = False
    """Whether Slack refused what was to be shown of it, so that only the fields are."""
    campaign_name: str = ""
    """As the platform's list has it; "" where that is not known."""
    source_name: str = ""
    own_source: Source | None = None
    """The campaign's own audience; None while that is not known."""
    canary_name: str = ""
    expected: Forecast | None = None
    """When it would start, were it approved at once; None while that is not known."""
    zone: ZoneInfo | None = None
    """The policy's; None while that is not known."""


def facts(form: Form, knowledge: Knowledge) -> str:
    if form.campaign_id is None:
        return _("Choose a campaign to see what the platform knows of it.")
    preview = knowledge.preview
    if knowledge.unshown:
        return _(
            ":warning: What I know of campaign {campaign} could not be shown here. You can ask for it all the same: "
            "whatever the policy demands holds, and the card tells it."
        ).format(campaign=form.campaign_id)
    if preview is None:
        loading = _(":hourglass_flowing_sand: Campaign {campaign}: loading from the platform… You need not wait.")
        return loading.format(campaign=form.campaign_id)
    unknown = _("Campaign {campaign}").format(campaign=form.campaign_id)
    lines = _known(preview.campaign) if preview.campaign else [f"*{unknown}*"]
    if not absences(preview):
        # What does not exist is why it will be refused, and is said there.
        lines.extend(technical.problems(preview.problems))
    return whole(lines, SECTION_LIMIT, "\n")


def _known(campaign: Campaign) -> list[str]:
    # The status is the platform's own word; where it has none, what is switched on is the next best.
    state = campaign.status or {True: _("active"), False: _("not active"), None: _("state unknown")}[campaign.is_active]
    about = ", ".join([*sent.nature(campaign), shown(state, sent.LONGEST_WORD)])
    lines = [f"*{quoted(campaign.name)}* · {about}"]
    if campaign.default_source:
        lines.append(_("Own audience: {audience}").format(audience=sentences.source(campaign.default_source, "")))
    user = sentences.last_editor(campaign)
    if user:
        lines.append(_("Last edited by {user}").format(user=user))
    return lines


def _happens(request: ActivationRequest, knowledge: Knowledge) -> str:
    loading = knowledge.preview is None and not knowledge.unshown
    later = may_wait(request, knowledge.demands) if knowledge.demands else None
    reached = sentences.will_happen(request, knowledge.preview or Preview(), loading=loading, later=later)
    first = canary.happens(request, knowledge.demands or NOTHING, knowledge.canary_name)
    happens = " ".join([reached, *([first, canary.overlap()] if first else [])])
    held = start.quiet(knowledge.expected)
    if held:
        happens = f"{happens} {held}"
    elif request.at:
        happens = _("{happens} Not before {when}.").format(happens=happens, when=when(request.at))
    if not request.practice:
        return happens
    return _("nothing is sent. A real launch would do this: {happens}").format(happens=happens)


def message(form: Form, knowledge: Knowledge) -> list[Block]:
    """What people will receive, as far as it is known by now, and the way to all of it, and to a test of it."""
    report = _told_once(knowledge)
    reads = _("Read the message")
    shown = sections([*sent.unread(report), *sent.lines(report, reads)], "sent")
    said_plainly = technical.of_reading(knowledge.preview or Preview(), report)
    buttons = [
        *([button(reads, READ_MESSAGE, READ_MESSAGE)] if report.essentials else []),
        *([button(_("Details"), FORM_DETAILS, FORM_DETAILS)] if said_plainly else []),
        *_test_button(form, knowledge),
    ]
    return [*shown, *([actions(buttons, READ_MESSAGE)] if buttons else [])]


def _told_once(knowledge: Knowledge) -> Report:
    """The report without what is said above it: of an audience that does not exist, nobody looks up the size."""
    report = knowledge.report
    if not (knowledge.preview and absences(knowledge.preview)):
        return report
    return replace(report, findings=tuple(one for one in report.findings if one.check is not Check.AUDIENCE))


def _test_button(form: Form, knowledge: Knowledge) -> list[Element]:
    """Sends a test of what the form holds; none where there is nothing to send, or nothing for real."""
    if form.practice or not knowledge.offers_tests or not (knowledge.preview and knowledge.preview.campaign):
        return []
    what = _(
        "The policy's reviewers receive the campaign now, with this form's content and files. Nobody else does, and "
        "the form stays as it is."
    )
    dialog = confirm(_("Send a test?"), what, _("Send a test"), _("Back"))
    return [button(_("Send a test…"), FORM_TEST, FORM_TEST, confirm=dialog)]


def _policy(form: Form, knowledge: Knowledge) -> str:
    if knowledge.demands is None:
        return _("Teammates have to approve before anything is sent. What exactly the policy asks for is shown here.")
    own = form.practice or knowledge.demands.self_approval
    # Who receives it first is said above.
    demands = replace(knowledge.demands, self_approval=own, canary=None)
    approvals = needs.approvals(demands, practice=form.practice)
    return whole([approvals, *needs.further(demands, zone=knowledge.zone)], SECTION_LIMIT)


def pointing(refused: Refused) -> Refused:
    """The refusal for the form, which tells further down which checks did not pass, and why a message is not known."""
    if not isinstance(refused.reason, PolicyForbids):
        return refused
    return replace(refused, reason=replace(refused.reason, reasons=tuple(map(_pointing, refused.reason.reasons))))


def _pointing(reason: Phrase) -> Phrase:
    parts = reason.values.values()
    if UNCHECKED in parts:
        return Phrase("The policy wants the message to pass its checks: see below.")
    return UNREAD if UNREAD in parts else reason


def outlook(form: Form, knowledge: Knowledge) -> list[Block]:
    """What will happen, what else is on its way to the same people, and what is asked for.

    A launch that will be refused says only that and why: what else it would do decides nothing.
    """
    obstacles = [said(text) for text in absences(knowledge.preview).values()] if knowledge.preview else []
    obstacles += [knowledge.obstacle] if knowledge.obstacle else []
    collisions = list(map(needs.collision, knowledge.collisions))
    if obstacles:
        refused = _("*What will happen:* it will be refused. {why}").format(why=" ".join(obstacles))
        # What else is on its way may be why.
        return sections([f":no_entry: {refused}", *collisions], "sentence")
    try:
        request = request_of(form, knowledge.own_source)
    except FormErrors as errors:
        happens, caveats = list(_unfinished(form, errors)), []
    else:
        happens = [_("*What will happen:* {happens}").format(happens=_happens(request, knowledge))]
        preview = knowledge.preview or Preview()
        caveats = [*sentences.caveats(request, preview), *sentences.active_already(request, preview)]
    return [
        *sections(happens, "sentence"),
        *sections([*caveats, *collisions], "collisions"),
        context(_policy(form, knowledge), "policy"),
    ]


def _unfinished(form: Form, errors: FormErrors) -> Iterator[str]:
    """What keeps the form from being a request: the first field at fault, by its name, and else what is not chosen.

    That no campaign is chosen stands above already.
    """
    chosen = {"campaign": form.campaign_id is not None, "run_now": form.run_now is not None}
    faults = [(name, text) for name, text in errors.by_field.items() if chosen.get(name, True)]
    if faults:
        name, text = faults[0]
        label, sentence = _(LABELS[name]), said(text)
        # Some sentences call their field by its name themselves.
        named = label.casefold() in sentence.casefold()
        yield f":warning: {sentence}" if named else f":warning: *{label}:* {sentence}"
    elif chosen["campaign"]:
        yield _("*What will happen:* {happens}").format(happens=said(errors.by_field["run_now"]))
