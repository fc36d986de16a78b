"""One of every kind of view and message that the bot shows in Slack, filled in with as much as there can ever be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.campaign.campaign import Choice
from bot.campaign.overview import LIST_PAGE, Campaigns, CampaignStatus, Listing
from bot.campaign.request import LaunchId
from bot.doctor.longest_values import LONG, MANY, MOMENT, REQUEST, filled
from bot.launch.events import KINDS, Entry
from bot.launch.search import HOME_LIST, PAGE, Found, HomeLists, Page, Wanted
from bot.launch.state import Launch, State
from bot.launch.story import Line
from bot.message.finding import Finding
from bot.message.message import EMAIL, FROM_EMAIL, FROM_NAME, PUSH, SMS, SUBJECT, Channel
from bot.message.message import Message as Mail
from bot.phrase import Phrase
from bot.policy.refusals import PolicyForbids
from bot.policy.roles import Action
from bot.results.counts import Counts
from bot.slack.form import Form
from bot.slack.lookup import Look, LookupKind, beside_campaign
from bot.slack.private_metadata import Shown, private_metadata
from bot.slack.views import help as usages
from bot.slack.views.blocks import View
from bot.slack.views.card import card, card_elsewhere
from bot.slack.views.confirm import changes_view, confirm_view, reason_view
from bot.slack.views.details import details_view
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.history import history
from bot.slack.views.home import home
from bot.slack.views.listing import listing_view
from bot.slack.views.looking import plain_message, with_buttons
from bot.slack.views.message import Message
from bot.slack.views.mistyped import mistyped
from bot.slack.views.modal import form_view
from bot.slack.views.notices import notice_view
from bot.slack.views.other import Linked
from bot.slack.views.read_everything import message_view, whole_view
from bot.slack.views.received import After
from bot.slack.views.refusal import why_refused
from bot.slack.views.status import status
from bot.slack.views.stop_window import stop_view
from bot.slack.views.thread import replies
from bot.texts import LANGUAGES, speaking

_LINK = f"https://slack.example/archives/{'C' * 20}/p{'1' * 16}"
_NAME = LONG[:80]
"""The longest that Slack lets a person be called."""

MOST_CORRECTIONS = 3
"""Of a launch, those that its card names."""

_WHO_TO_ASK = {"admin": ("U" + "0" * 20,) * MANY}


@dataclass(frozen=True)
class Sample:
    """`payload` is a view where `is_view`, else a message, as Slack takes it."""

    name: str
    is_view: bool
    payload: Mapping[str, Any]


def samples() -> Iterator[Sample]:
    """All of them, in every language that the bot speaks."""
    for language in LANGUAGES:
        with speaking(language):
            for name, message in _messages():
                payload = {"text": message.text, "blocks": [*message.blocks]}
                yield Sample(f"{name} ({language})", is_view=False, payload=payload)
            for name, view in _views():
                yield Sample(f"{name} ({language})", is_view=True, payload=view)


def _messages() -> Iterator[tuple[str, Message]]:
    launch, counts = _launch(), filled(Counts)
    other = Linked(_LINK, counts, launch)
    after = After(10**9, (other,) * MOST_CORRECTIONS, other, offered=True)
    for state in State:
        in_state = replace(launch, state=state)
        told = {"counts": counts, "linked": other, "after": after}
        yield f"a card, {state}", card(in_state, MOMENT, None, "https://altcraft.example/{id}", **told)
    yield "a card outside its channel", card_elsewhere(launch, Phrase.as_it_is(LONG))
    for tag, kind in KINDS.items():
        for message in replies(launch, Line(Entry(launch.id, 1, MOMENT, launch.requester, filled(kind)), "0" * 64)):
            yield f"a reply, {tag}", message
    found = Found(launch, "1.2")
    page = Page((found,) * PAGE, has_newer=True, has_older=True)
    yield "a history", history(page, Wanted(), lambda _: _LINK, lambda _: _NAME, found)
    listed = Campaigns(choices=(filled(Choice),) * LIST_PAGE, matching=400, first=16, age=1)
    shown = listing_view(listed, Listing(LONG))
    yield "a list", with_buttons(shown, Look(LookupKind.LIST, "x"), beside_campaign(above=1), beside_campaign(below=1))
    yield "a status", status(filled(CampaignStatus), found, _LINK, lambda _: _NAME)
    yield "a mistyped command", mistyped(LONG, "0" * 2000)
    yield "the help", plain_message(usages.everything(launch.requester))


def _views() -> Iterator[tuple[str, View]]:
    launch, form, knowledge = _launch(), Form.of(REQUEST), filled(Knowledge)
    for name, known in {
        "while it loads": Knowledge(None),
        "filled in": replace(knowledge, obstacle="", unshown=False),
        "refused": replace(knowledge, unshown=False),
        "that could not be filled in": knowledge,
    }.items():
        shown = Shown(form.campaign_id, form.chosen_source, known.preview) if known.preview else None
        yield f"a form {name}", form_view(form, known, private_metadata(launch.id, launch.channel, shown))
    carried = "0" * 2000
    for action in (Action.APPROVE, Action.BREAK_GLASS):
        yield f"a window to confirm, {action}", confirm_view(action, launch, carried)
    yield "a window to reject in", reason_view(carried, LONG)
    yield "a window to ask for changes in", changes_view(carried, launch)
    stopped = stop_view(launch.request.campaign_id, launch.preview, launch, launch, carried, keep_queue=True)
    yield "a window to stop in", stopped
    mails = (_mail(),)
    yield "all that is sent", whole_view(launch, 0, LONG, mails)
    yield "a form's message", message_view(mails, launch.request.content or {}, (filled(Finding),) * MANY)
    yield "the details", details_view(launch)
    yield "a refusal", notice_view("0" * 24, why_refused(PolicyForbids((Phrase.as_it_is(LONG),) * MANY), _WHO_TO_ASK))
    lists = HomeLists(
        **{
            each.name: tuple(Found(replace(launch, id=LaunchId(f"{each.name}-{n}")), "1.2") for n in range(HOME_LIST))
            for each in fields(HomeLists)
        }
    )
    yield "a Home tab", home(lists, LONG, lambda _: _LINK, MOMENT, launch.requester)


def _mail() -> Mail:
    """One that goes out by every channel."""
    mail: Mail = filled(Mail)
    fields = tuple((name, LONG) for name in (SUBJECT, FROM_EMAIL, FROM_NAME, "html", "text", "sms", "title", "body"))
    channels = tuple(Channel(sid, fields) for sid in (EMAIL, SMS, PUSH))
    return replace(mail, sent_by="", template=replace(mail.template, channels=channels))


def _launch() -> Launch:
    launch: Launch = filled(Launch)
    return replace(launch, request=REQUEST)
