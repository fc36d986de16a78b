"""The modal in which a launch is filled in and asked for."""

from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    DateTimePickerElement,
    ExternalDataSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig, OptionGroup
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.campaign.campaign import Choice
from bot.campaign.request import LONGEST_REASON, SourceKind, number_in
from bot.slack.form import LARGEST_FILE, LONGEST_CONTENT, MOST_FILES, Form
from bot.slack.views import known
from bot.slack.views.blocks import context, option, section
from bot.slack.views.known import Knowledge
from bot.slack.views.text import said
from bot.slash.values import FIRST_PICKABLE, LAST_PICKABLE
from bot.texts import _, plural

FORM = "launch:request"
FIELDS = ("channel", "campaign", "run_now", "source", "limit")
"""Those that tell at once when they are changed."""

OWN_AUDIENCE = "own"
NOW = "now"
ON_SCHEDULE = "schedule"


def form_view(form: Form, knowledge: Knowledge, private_metadata: str) -> View:
    """The modal, filled from the form. The fields keep their ids, so that Slack keeps what was typed meanwhile."""
    top: list[Block] = [section(f":warning: {said(knowledge.notice)}", "notice")] if knowledge.notice else []
    if knowledge.understood:
        top.append(context(said(knowledge.understood), "understood"))
    if form.at and not is_pickable(form.at):
        top.append(section(f":warning: {_unpickable(form.at)}", "unpickable"))
    if form.practice:
        top.append(section(_(":test_tube: *Practice:* you walk the whole path, and nothing is sent."), "practice"))
    if knowledge.edits:
        void = _(":pencil2: What you change is shown in the thread, and approvals given so far are void.")
        top.append(section(void, "edits"))
    return View(
        type="modal",
        callback_id=FORM,
        title=_("Edit the request") if knowledge.edits else _("Launch a campaign"),
        submit=_("Change it") if knowledge.edits else _("Ask for approval"),
        close=_("Close"),
        private_metadata=private_metadata,
        blocks=[
            *top,
            *([_channel_input()] if knowledge.asks_channel else []),
            _campaign_input(form, knowledge),
            section(known.facts(form, knowledge), "facts"),
            _run_input(form),
            _source_input(form, knowledge),
            _limit_input(form),
            _start_input(form),
            _content_input(form),
            _files_input(edits=knowledge.edits),
            _reason_input(form),
            section(known.sentence(form, knowledge), "sentence"),
            *known.beside(knowledge),
            context(known.policy(form, knowledge), "policy"),
        ],
    )


def campaign_option(choice: Choice) -> Option:
    unnamed = _("Campaign {campaign}").format(campaign=choice.id)
    text = f"{choice.id} · {choice.name}" if choice.name else unnamed
    return option(text, str(choice.id))


def source_option(kind: SourceKind, choice: Choice) -> Option:
    name = f"{choice.id}{' · ' + choice.name if choice.name else ''}"
    text = (_("Segment {name}") if kind == SourceKind.SEGMENT else _("Database {name}")).format(name=name)
    return option(text, f"{kind}:{choice.id}")


def own_audience_option() -> Option:
    return option(_("The campaign's own audience"), OWN_AUDIENCE)


def option_group(label: str, options: list[Option]) -> OptionGroup:
    return OptionGroup(label=PlainTextObject(text=label), options=options)


def _channel_input() -> InputBlock:
    return InputBlock(
        block_id="channel",
        label=_("Channel"),
        hint=_("Where the card goes: teammates see it there, and approve."),
        dispatch_action=True,
        element=ConversationSelectElement(
            action_id="channel",
            placeholder=_("Choose a channel"),
            default_to_current_conversation=True,
            filter=ConversationFilter(include=["public", "private"]),
        ),
    )


def _campaign_input(form: Form, knowledge: Knowledge) -> InputBlock:
    chosen = None
    if form.campaign_id is not None:
        campaign = knowledge.preview.campaign if knowledge.preview else None
        chosen = campaign_option(Choice(form.campaign_id, campaign.name if campaign else ""))
    return InputBlock(
        block_id="campaign",
        label=_("Campaign (mailing)"),
        dispatch_action=True,
        element=ExternalDataSelectElement(
            action_id="campaign", placeholder=_("Search by name or id"), initial_option=chosen, min_query_length=0
        ),
    )


def _run_input(form: Form) -> InputBlock:
    now = option(_("Send now"), NOW, _("One run starts as soon as the launch is approved."))
    later = option(_("Activate only"), ON_SCHEDULE, _("The campaign then sends on its own schedule."))
    return InputBlock(
        block_id="run_now",
        label=_("When"),
        dispatch_action=True,
        element=RadioButtonsElement(
            action_id="run_now", options=[now, later], initial_option=now if form.run_now else later
        ),
    )


def _source_input(form: Form, knowledge: Knowledge) -> InputBlock:
    source = form.chosen_source
    audience = knowledge.preview.audience if knowledge.preview else None
    name = audience.name if audience and audience.source == source else ""
    chosen = source_option(source.kind, Choice(source.id, name)) if source else own_audience_option()
    return InputBlock(
        block_id="source",
        label=_("Audience"),
        hint=_("Another segment or database than the campaign's own: only together with “Send now”."),
        optional=True,
        dispatch_action=True,
        element=ExternalDataSelectElement(
            action_id="source", placeholder=_("Search by name or id"), initial_option=chosen, min_query_length=0
        ),
    )


def _limit_input(form: Form) -> InputBlock:
    typed = form.limit if number_in(form.limit) else None
    return InputBlock(
        block_id="limit",
        label=_("Limit"),
        hint=_("At most so many messages. Empty: the campaign's own limit."),
        optional=True,
        dispatch_action=True,
        element=NumberInputElement(
            action_id="limit",
            is_decimal_allowed=False,
            min_value="1",
            initial_value=typed,
            dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_character_entered"]),
        ),
    )


def _content_input(form: Form) -> InputBlock:
    return InputBlock(
        block_id="content",
        label=_("Content"),
        hint=_("Values for the template, as a JSON object such as {example}.").format(example='{"promo": "SPRING"}'),
        optional=True,
        element=PlainTextInputElement(
            action_id="content", multiline=True, max_length=LONGEST_CONTENT, initial_value=form.content or None
        ),
    )


def is_pickable(moment: datetime) -> bool:
    """Whether Slack's picker can show the moment."""
    return FIRST_PICKABLE <= moment <= LAST_PICKABLE


def _unpickable(moment: datetime) -> str:
    cannot = _(
        "The form cannot hold a start in the year {year}, so “Not before” is empty. Choose the start there: left "
        "empty, it starts as soon as it is approved."
    )
    return cannot.format(year=moment.year)


def _start_input(form: Form) -> InputBlock:
    shown = int(form.at.timestamp()) if form.at and is_pickable(form.at) else None
    return InputBlock(
        block_id="at",
        label=_("Not before"),
        hint=_(
            "Left empty, it starts as soon as it is approved. If nobody has approved it by then, the request expires."
        ),
        optional=True,
        element=DateTimePickerElement(action_id="at", initial_date_time=shown),
    )


def _files_input(*, edits: bool) -> InputBlock:
    taken = plural(
        "One file of {size} MB, sent along with the messages.",
        "Up to {n} files of {size} MB each, sent along with the messages.",
        MOST_FILES,
        size=LARGEST_FILE // 1024 // 1024,
    )
    kept = _("Left empty, the files that are there stay.")
    return InputBlock(
        block_id="files",
        label=_("Attachments"),
        hint=f"{taken} {kept}" if edits else taken,
        optional=True,
        element=FileInputElement(action_id="files", max_files=MOST_FILES),
    )


def _reason_input(form: Form) -> InputBlock:
    return InputBlock(
        block_id="reason",
        label=_("Reason"),
        hint=_("Whoever approves reads it on the card."),
        optional=True,
        element=PlainTextInputElement(action_id="reason", max_length=LONGEST_REASON, initial_value=form.reason or None),
    )
