"""The modal in which a launch is filled in and asked for."""

from datetime import datetime

from bot.campaign.campaign import Choice
from bot.campaign.request import LONGEST_REASON, Canary, SourceKind, number_in
from bot.slack.form import CONTENT_EXAMPLE, LARGEST_FILE, LONGEST_CONTENT, MOST_FILES, Form
from bot.slack.views import blocks, form_summary
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.text import said
from bot.slash.content_lines import LINE_EXAMPLE
from bot.slash.values import FIRST_PICKABLE, LAST_PICKABLE
from bot.texts import _, plural

FORM = "launch:request"
FIELDS = ("channel", "campaign", "run_now", "source", "limit", "at", "canary", "wait", "content")
"""Those that tell at once when they are changed."""

_EACH_CHARACTER = {"trigger_actions_on": ["on_character_entered"]}

OWN_AUDIENCE = "own"
NO_CANARY = "none"
NOW = "now"
ON_SCHEDULE = "schedule"


def form_view(form: Form, knowledge: Knowledge, private_metadata: str) -> blocks.View:
    """The modal, filled from the form. The fields keep their ids, so that Slack keeps what was typed meanwhile."""
    top = [blocks.section(f":warning: {said(knowledge.notice)}", "notice")] if knowledge.notice else []
    if knowledge.told:
        top.append(blocks.section(f":microscope: {knowledge.told}", "told"))
    if knowledge.understood:
        top.append(blocks.context(said(knowledge.understood), "understood"))
    if form.at and not is_pickable(form.at):
        top.append(blocks.section(f":warning: {_unpickable(form.at)}", "unpickable"))
    if form.practice:
        top.append(
            blocks.section(_(":test_tube: *Practice:* you walk the whole path, and nothing is sent."), "practice")
        )
    if knowledge.edits:
        void = _(":pencil2: What you change is shown in the thread, and approvals given so far are void.")
        top.append(blocks.section(void, "edits"))
    return blocks.modal(
        FORM,
        _("Edit the request") if knowledge.edits else _("Launch a campaign"),
        [
            *top,
            *([_channel_input()] if knowledge.asks_channel else []),
            _campaign_input(form, knowledge),
            blocks.section(form_summary.facts(form, knowledge), "facts"),
            *form_summary.outlook(form, knowledge),
            *form_summary.message(form, knowledge),
            _run_input(form, knowledge),
            _source_input(form, knowledge),
            _limit_input(form),
            _reason_input(form, knowledge),
            _start_input(form),
            _canary_input(form, knowledge),
            _wait_input(form),
            _content_input(form),
            _files_input(kept=knowledge.keeps_files),
        ],
        submit=_("Change it") if knowledge.edits else _("Ask for approval"),
        close=_("Close"),
        private_metadata=private_metadata,
    )


def campaign_option(choice: Choice) -> blocks.Option:
    unnamed = _("Campaign {campaign}").format(campaign=choice.id)
    text = f"{choice.id} · {choice.name}" if choice.name else unnamed
    return blocks.option(text, str(choice.id))


def source_option(kind: SourceKind, choice: Choice) -> blocks.Option:
    name = f"{choice.id}{' · ' + choice.name if choice.name else ''}"
    text = (_("Segment {name}") if kind == SourceKind.SEGMENT else _("Database {name}")).format(name=name)
    return blocks.option(text, f"{kind}:{choice.id}")


def own_audience_option() -> blocks.Option:
    return blocks.option(_("The campaign's own audience"), OWN_AUDIENCE)


def _channel_input() -> blocks.Block:
    select = blocks.element(
        "conversations_select",
        "channel",
        placeholder=blocks.plain(_("Choose a channel"), emoji=True),
        default_to_current_conversation=True,
        filter={"include": ["public", "private"]},
    )
    hint = _("Where the card goes: teammates see it there, and approve.")
    return blocks.input_block("channel", _("Channel"), select, hint=hint, dispatch_action=True)


def _campaign_input(form: Form, knowledge: Knowledge) -> blocks.Block:
    chosen = None
    if form.campaign_id is not None:
        campaign = knowledge.preview.campaign if knowledge.preview else None
        chosen = campaign_option(Choice(form.campaign_id, campaign.name if campaign else knowledge.campaign_name))
    select = blocks.external_select("campaign", _("Search by name or id"), chosen)
    return blocks.input_block("campaign", _("Campaign (mailing)"), select, dispatch_action=True)


def _run_input(form: Form, knowledge: Knowledge) -> blocks.Block:
    campaign = knowledge.preview.campaign if knowledge.preview else None
    then = _("The campaign then sends on its own schedule.")
    if campaign and campaign.is_trigger:
        then = _("The campaign then sends to each person when something happens.")
    now = blocks.option(_("Send now"), NOW, _("The campaign is sent once, after the launch is approved."))
    later = blocks.option(_("Activate only"), ON_SCHEDULE, then)
    # Nothing is chosen for a person who has not said it: to send, and to only activate, are two very different things.
    chosen = {True: now, False: later, None: None}[form.run_now]
    return blocks.input_block(
        "run_now", _("When"), blocks.radio_buttons("run_now", [now, later], chosen), dispatch_action=True
    )


def _source_input(form: Form, knowledge: Knowledge) -> blocks.Block:
    source = form.chosen_source
    audience = knowledge.preview.audience if knowledge.preview else None
    name = audience.name if audience and audience.source == source else knowledge.source_name
    chosen = source_option(source.kind, Choice(source.id, name)) if source else own_audience_option()
    return blocks.input_block(
        "source",
        _("Audience"),
        blocks.external_select("source", _("Search by name or id"), chosen),
        hint=_("Another segment or database than the campaign's own: only together with “Send now”."),
        optional=True,
        dispatch_action=True,
    )


def _limit_input(form: Form) -> blocks.Block:
    number = blocks.element(
        "number_input",
        "limit",
        is_decimal_allowed=False,
        min_value="1",
        initial_value=form.limit if number_in(form.limit) else None,
        dispatch_action_config=_EACH_CHARACTER,
    )
    hint = _("At most so many messages. Empty: the campaign's own limit.")
    return blocks.input_block("limit", _("Limit"), number, hint=hint, optional=True, dispatch_action=True)


def no_canary_option() -> blocks.Option:
    return blocks.option(_("To everybody at once"), NO_CANARY)


def _policys_canary_option(canary: Canary) -> blocks.Option:
    """What is sent first where nothing is chosen, and the policy asks for a canary."""
    return blocks.option(_("As the policy asks: segment {id} first").format(id=canary.segment), NO_CANARY)


def _canary_input(form: Form, knowledge: Knowledge) -> blocks.Block:
    segment = form.chosen_canary
    wanted = knowledge.demands.canary if knowledge.demands and form.run_now is not False else None
    chosen = _policys_canary_option(wanted) if wanted else no_canary_option()
    if segment:
        chosen = source_option(segment.kind, Choice(segment.id, knowledge.canary_name))
    hint = _(
        "First to this segment alone; the rest goes once an approver has seen its numbers and released it. Only "
        "together with “Send now”."
    )
    if wanted:
        # Slack keeps what stood in a field when the form changes, so the hint says it, too.
        hint = _(
            "The policy wants segment {id} first: leave this as it is, or choose that segment to let the rest wait "
            "longer."
        ).format(id=wanted.segment)
    select = blocks.external_select("canary", _("Search by name or id"), chosen)
    return blocks.input_block("canary", _("First to a few"), select, hint=hint, optional=True, dispatch_action=True)


def _wait_input(form: Form) -> blocks.Block:
    field = blocks.element(
        "plain_text_input",
        "wait",
        max_length=10,
        initial_value=form.wait or None,
        dispatch_action_config=_EACH_CHARACTER,
    )
    hint = _("How long the rest waits after that at least, such as 30m or 2h. Empty: 30 minutes.")
    return blocks.input_block("wait", _("Wait"), field, hint=hint, optional=True, dispatch_action=True)


def _content_input(form: Form) -> blocks.Block:
    hint = _("Values for the template, one a line, such as {line}; or a JSON object such as {example}.").format(
        line=LINE_EXAMPLE, example=CONTENT_EXAMPLE
    )
    field = blocks.element(
        "plain_text_input",
        "content",
        max_length=LONGEST_CONTENT,
        multiline=True,
        initial_value=form.content or None,
        dispatch_action_config=_EACH_CHARACTER,
    )
    return blocks.input_block("content", _("Content"), field, hint=hint, optional=True, dispatch_action=True)


def is_pickable(moment: datetime) -> bool:
    """Whether Slack's picker can show the moment."""
    return FIRST_PICKABLE <= moment <= LAST_PICKABLE


def _unpickable(moment: datetime) -> str:
    cannot = _(
        "The form cannot hold a start in the year {year}, so “Not before” is empty. Choose the start there: left "
        "empty, it waits for no time of its own."
    )
    return cannot.format(year=moment.year)


def _start_input(form: Form) -> blocks.Block:
    shown = int(form.at.timestamp()) if form.at and is_pickable(form.at) else None
    hint = _(
        "Left empty, it waits for no time of its own. If nobody has approved it by the time chosen here, the request "
        "expires."
    )
    picker = blocks.element("datetimepicker", "at", initial_date_time=shown)
    return blocks.input_block("at", _("Not before"), picker, hint=hint, optional=True, dispatch_action=True)


def _files_input(*, kept: bool) -> blocks.Block:
    taken = plural(
        "One file of {size} MB, sent along with the messages.",
        "Up to {n} files of {size} MB each, sent along with the messages.",
        MOST_FILES,
        size=LARGEST_FILE // 1024 // 1024,
    )
    stay = _("Left empty, the files that are there stay.")
    hint = f"{taken} {stay}" if kept else taken
    upload = blocks.element("file_input", "files", max_files=MOST_FILES)
    return blocks.input_block("files", _("Attachments"), upload, hint=hint, optional=True)


def _reason_input(form: Form, knowledge: Knowledge) -> blocks.Block:
    field = blocks.text_input("reason", LONGEST_REASON, initial_value=form.reason or None)
    demanded = knowledge.demands is not None and knowledge.demands.reason
    hint = _("Whoever approves reads it on the card.")
    return blocks.input_block("reason", _("Reason"), field, hint=hint, optional=not demanded)
