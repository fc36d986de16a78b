"""The commands that look: at a campaign, at the list, at the history; their pages, and sharing them in the channel."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.overview import Listing, Overview
from bot.campaign.request import UserId
from bot.desk.search import LookupDesk
from bot.launch.search import Found, Page, Wanted
from bot.policy.refusals import Refused
from bot.slack.api.languages import Languages
from bot.slack.api.permalinks import Permalinks
from bot.slack.api.respond import Respond
from bot.slack.api.users import ClockUnknown, Users, nameless
from bot.slack.deduplication import Once
from bot.slack.lookup import Look, LookupKind, beside_campaign, beside_launch, campaign_marks, launch_mark
from bot.slack.payloads import Payload, looked_at, typed_command
from bot.slack.private_replies import reference
from bot.slack.views import help as helping
from bot.slack.views import notices
from bot.slack.views.blocks import Element
from bot.slack.views.history import history
from bot.slack.views.listing import listing_view
from bot.slack.views.looking import plain_message, shared, with_buttons, without_table
from bot.slack.views.message import Message
from bot.slack.views.status import status, status_buttons
from bot.slash.activate import Help
from bot.slash.history import history_text, parse_history
from bot.slash.moment import Clocks
from bot.slash.queries import list_text, parse_list, parse_status
from bot.slash.words import CommandError
from bot.texts import _, speaking

log = logging.getLogger(__name__)

Listener = Callable[[Ack, Payload, Respond], None]


@dataclass(frozen=True)
class Answer:
    """What a look has brought; `missed` where there is nothing to see but why."""

    message: Message
    missed: bool = False


class Lookups:
    """Everything here is read after the ack, in `executor`, and answered to the person alone, in their language.

    What is shared stands in the channel, in the channels' language.
    """

    def __init__(
        self,
        client: WebClient,
        desk: LookupDesk,
        overview: Overview,
        links: Permalinks,
        people: Users,
        languages: Languages,
        executor: Executor,
        why: Callable[[Refused], str],
        offers_receivers: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._desk = desk
        self._overview = overview
        self._links = links
        self._people = people
        self._languages = languages
        self._executor = executor
        self._why = why
        self._offers_receivers = offers_receivers
        self._shared = Once()

    def status(self, ack: Ack, body: Payload, respond: Respond) -> None:
        self._command(LookupKind.STATUS, ack, body, respond)

    def listing(self, ack: Ack, body: Payload, respond: Respond) -> None:
        self._command(LookupKind.LIST, ack, body, respond)

    def history(self, ack: Ack, body: Payload, respond: Respond) -> None:
        self._command(LookupKind.HISTORY, ack, body, respond)

    def turned(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Another page, in place of the one that was there."""
        ack()
        pressed = looked_at(body)
        self._afterwards(lambda: self._show(pressed.person, pressed.look, respond, replace=True))

    def share(self, ack: Ack, body: Payload, respond: Respond) -> None:
        ack()
        pressed = looked_at(body)
        if self._shared.first(f"{pressed.message} {pressed.person}"):
            self._afterwards(lambda: self._share(pressed.person, pressed.look, respond, pressed.message))

    def _command(self, kind: LookupKind, ack: Ack, body: Payload, respond: Respond) -> None:
        typed = typed_command(body)
        try:
            look = _look(kind, typed.text, lambda: self._people.zone(typed.person), datetime.now(UTC))
        except CommandError as error:
            ack(text=notices.wrong_command(_COMMANDS[kind], typed.text, error))
            return
        except ClockUnknown:
            ack(text=notices.day_unknown(_COMMANDS[kind], typed.text))
            return
        if look is None:
            ack(text=_USAGES[kind]())
            return
        ack()
        self._afterwards(lambda: self._show(typed.person, look, respond, replace=False))

    def _afterwards(self, work: Callable[[], None]) -> None:
        """Does the work in the executor, in the language of whoever looks, which other threads do not know."""
        self._executor.submit(copy_context().run, work)

    def _show(self, person: UserId, look: Look, respond: Respond, *, replace: bool) -> None:
        answer = self._answer(person, look, public=False)
        replaces = replace and not answer.missed
        _send(respond, answer.message, response_type="ephemeral", replace_original=replaces)

    def _share(self, person: UserId, look: Look, respond: Respond, message: str) -> None:
        answer = self._answer(person, look, public=True)
        kind = "ephemeral" if answer.missed else "in_channel"
        taken = _send(respond, answer.message, response_type=kind, replace_original=False)
        if answer.missed or not taken:
            self._shared.forget(f"{message} {person}")
            return
        _send(respond, plain_message(_("Shared.")), response_type="ephemeral", replace_original=True)

    def _answer(self, person: UserId, look: Look, *, public: bool) -> Answer:
        """The view for everybody in the channel or for the person alone, or why there is none."""
        try:
            refused = self._desk.may_look(person)
            if refused:
                return Answer(plain_message(self._why(refused)), missed=True)
            if not public:
                return Answer(self._made(look, nameless).private)
            with speaking(self._languages.channels):
                return Answer(shared(self._made(look, self._people.name).message, person))
        except Exception:
            word = reference()
            log.exception("a look failed, reference %s", word)
            text = _("Something went wrong in the bot. It is in the log under {word}.").format(word=word)
            return Answer(plain_message(text), missed=True)

    def _made(self, look: Look, name_of: Callable[[UserId], str]) -> "_Made":
        match look.kind:
            case LookupKind.STATUS:
                return self._status(look, name_of)
            case LookupKind.LIST:
                return self._list(look)
            case LookupKind.HISTORY:
                return self._history(look, name_of)

    def _status(self, look: Look, name_of: Callable[[UserId], str]) -> "_Made":
        campaign_id = int(look.asked)
        standing = self._overview.standing(campaign_id)
        last = self._desk.last_launch(campaign_id)
        message = status(standing, last, self._links.to_card(last) if last else "", name_of)
        return _Made(
            message, look, more=tuple(status_buttons(standing, last, offers_receivers=self._offers_receivers()))
        )

    def _list(self, look: Look) -> "_Made":
        asked = parse_list(look.asked)
        listing = Listing() if isinstance(asked, Help) else asked
        found = self._overview.campaigns(listing, *campaign_marks(look.beside))
        back = beside_campaign(above=found.before) if found and found.before else ""
        further = beside_campaign(below=found.after) if found and found.after else ""
        return _Made(listing_view(found, listing), look, back, further)

    def _history(self, look: Look, name_of: Callable[[UserId], str]) -> "_Made":
        asked = parse_history(look.asked)
        wanted = Wanted() if isinstance(asked, Help) else asked
        page = self._desk.history(wanted, launch_mark(look.beside))
        last = self._behind_practice(wanted, page)
        back = beside_launch(page.newer) if page.newer else ""
        further = beside_launch(page.older) if page.older else ""
        return _Made(history(page, wanted, self._links.to_card, name_of, last), look, back, further)

    def _behind_practice(self, wanted: Wanted, page: Page) -> Found | None:
        """The campaign's last launch that was none of practice, where the page begins with practice."""
        newest = page.found[0].launch if page.found else None
        if wanted.campaign_id is None or newest is None or not newest.request.practice:
            return None
        last = self._desk.last_launch(wanted.campaign_id)
        return last if last and not last.launch.request.practice else None


@dataclass(frozen=True)
class _Made:
    """A view, and what leads on from it: the pages beside it, "" for none, and further buttons."""

    message: Message
    look: Look
    back: str = ""
    further: str = ""
    more: tuple[Element, ...] = ()

    @property
    def private(self) -> Message:
        return with_buttons(self.message, self.look, self.back, self.further, self.more)


_COMMANDS = {LookupKind.STATUS: helping.STATUS, LookupKind.LIST: helping.LIST, LookupKind.HISTORY: helping.HISTORY}
_USAGES = {
    LookupKind.STATUS: helping.status_usage,
    LookupKind.LIST: helping.list_usage,
    LookupKind.HISTORY: helping.history_usage,
}


def _look(kind: LookupKind, text: str, clocks: Clocks, now: datetime) -> Look | None:
    """What is looked at; None where help is asked for. Raises CommandError, and what `clocks` raises."""
    match kind:
        case LookupKind.STATUS:
            campaign = parse_status(text)
            return None if isinstance(campaign, Help) else Look(kind, str(campaign.campaign_id))
        case LookupKind.LIST:
            listing = parse_list(text)
            return None if isinstance(listing, Help) else Look(kind, list_text(listing))
        case LookupKind.HISTORY:
            wanted = parse_history(text, clocks, now)
            return None if isinstance(wanted, Help) else Look(kind, history_text(wanted))


def _send(respond: Respond, message: Message, *, response_type: str, replace_original: bool) -> bool:
    """Whether Slack took it, if need be without its table."""
    plainer = [without_table(message)] if any(block["type"] == "table" for block in message.blocks) else []
    for form in (message, *plainer):
        try:
            answer = respond(
                text=form.text,
                blocks=list(form.blocks),
                response_type=response_type,
                replace_original=replace_original,
            )
        except (SlackClientError, OSError) as error:
            # It may have arrived: nothing is said twice.
            log.warning("an answer did not reach Slack: %s", type(error).__name__)
            return False
        if answer.status == HTTPStatus.OK:
            return True
        log.warning("Slack did not take an answer: HTTP %s, %s", answer.status, answer.body)
    return False
