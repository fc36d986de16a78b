"""The modals that are open now: fills in what the platform tells, and keeps their sentence in step with the fields."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.campaign.campaign import Directory, Preview
from bot.campaign.request import Source
from bot.desk import Advice, Asked
from bot.message.report import Report
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.slack.api.channels import ChannelAccess
from bot.slack.api.languages import Languages
from bot.slack.form import Form, FormErrors, request_of
from bot.slack.form_rendering import FormRenderer
from bot.slack.form_state import FormState
from bot.slack.open_forms import MOST_OPEN, OpenForm, OpenForms
from bot.slack.views.blocks import View
from bot.slack.views.form_summary import NO_NOTICE

MOST_MESSAGES = 5
"""How many of the places that Slack names in a view which it refuses are logged."""

_VIEW_REFUSED = frozenset({"invalid_arguments", "view_too_large"})

_NOT_FILLED_IN = Phrase(
    "Slack did not take the form with what you typed filled in, so it is empty: choose the campaign, and fill in again "
    "all that you asked for."
)

log = logging.getLogger(__name__)


class Forms:
    """Opens modals and brings them up to date. Slow look-ups run in `executor`, never in a listener's thread."""

    def __init__(
        self,
        client: WebClient,
        directory: Directory,
        executor: Executor,
        rooms: ChannelAccess,
        advise: Callable[[Asked], Advice | Refused],
        why: Callable[[Refused], str],
        languages: Languages,
        offers_tests: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._directory = directory
        self._executor = executor
        self._rooms = rooms
        self._advise = advise
        self._languages = languages
        self._renderer = FormRenderer(directory, why, languages, offers_tests)
        self._open = OpenForms(MOST_OPEN)
        self._lock = threading.Lock()

    def open(self, trigger_id: str, wanted: FormState) -> None:
        """Opens the modal in one round trip; what has to be looked up comes later. Raises slack_sdk's errors."""
        modal = OpenForm("", wanted.launch_id, wanted.channel, wanted.person, wanted.form, wanted.edits)
        modal.asks_channel = wanted.asks_channel
        modal.typed_start, modal.understood = wanted.form.at, wanted.understood
        modal.notice, modal.files_of, modal.corrects = wanted.notice, wanted.files_of, wanted.corrects
        answer = self._opened(trigger_id, modal)
        modal.view_id = str(answer["view"]["id"])
        self._remember(modal)
        self._look_at_room(modal)
        self._look_up(modal)
        self._languages.when_known(modal.person, lambda: self._speak_otherwise(modal))

    def _opened(self, trigger_id: str, modal: OpenForm) -> SlackResponse:
        try:
            return self._client.views_open(trigger_id=trigger_id, view=self._renderer.view(modal))
        except SlackApiError as error:
            if not _is_refused(error) or modal.form == Form():
                raise
            log.warning("Slack refused a modal as it was filled in: %s", _why(error))
            # To type it again would bring the same form again: it opens empty, and says so.
            modal.form, modal.notice = Form(practice=modal.form.practice), _NOT_FILLED_IN
            return self._client.views_open(trigger_id=trigger_id, view=self._renderer.view(modal))

    def changed(self, state: FormState) -> None:
        """Somebody changed a field: the sentence follows, and what is not known yet is looked up."""
        modal = self._of(state)
        modal.form = state.form
        if modal.channel != state.channel:
            modal.channel, modal.notice = state.channel, NO_NOTICE
            self._look_at_room(modal)
        self._refresh_soon(modal)
        self._look_up(modal)

    def turn_away(self, state: FormState, refused: Refused) -> None:
        """Shows nothing more of the platform to somebody who may not ask any longer, and says why."""
        modal = self._of(state)
        modal.form = state.form
        modal.previews.clear()
        modal.advice = refused
        self._later(self._update, modal)

    def tell(self, state: FormState, told: str) -> None:
        """Says in the form, which stays as it is, what became of something that was pressed in it, in mrkdwn."""
        modal = self._of(state)
        modal.form, modal.told = state.form, told
        self._update(modal)

    def read_for(self, state: FormState) -> Preview:
        """What has been read so far for exactly what the modal asks."""
        modal = self._of(state)
        modal.form = state.form
        unread = Preview(problems=(Phrase("The platform had not answered when this was asked for."),))
        return modal.previews.get(modal.subject, unread)

    def own_source(self, state: FormState) -> Source | None:
        """The own audience of the campaign that is chosen; None while it is not known."""
        modal = self._of(state)
        modal.form = state.form
        return modal.own_source

    def asked_in(self, view_id: str) -> tuple[Form, Preview, Report] | None:
        """What stands in that modal, what was read for it and found in its message; None where it is not known here."""
        with self._lock:
            modal = self._open.get(view_id)
        preview = modal.previews.get(modal.subject) if modal else None
        if modal is None or preview is None:
            return None
        return modal.form, preview, modal.advice.report if isinstance(modal.advice, Advice) else Report()

    def forget(self, view_id: str) -> None:
        with self._lock:
            self._open.pop(view_id, None)

    def view_of(self, state: FormState, notice: Phrase, refused: Refused | None = None) -> View:
        """The modal as it stands, with a notice on top and why it was refused, if it was."""
        modal = self._of(state)
        modal.form = state.form
        modal.notice = notice
        modal.advice = refused or modal.advice
        return self._renderer.view(modal)

    def _remember(self, modal: OpenForm) -> None:
        with self._lock:
            self._open[modal.view_id] = modal

    def _of(self, state: FormState) -> OpenForm:
        with self._lock:
            known = self._open.get(state.view_id)
        if known is None:
            known = OpenForm(state.view_id, state.launch_id, state.channel, state.person, state.form, state.edits)
            known.asks_channel, known.files_of, known.corrects = state.asks_channel, state.files_of, state.corrects
            self._remember(known)
        if state.shown:
            # Another instance may have opened the modal, or this one before a restart.
            known.previews.setdefault((state.shown.campaign_id, state.shown.source), state.shown.preview)
        return known

    def _later(self, work: Callable[[OpenForm], None], modal: OpenForm) -> None:
        """Does the work in the executor; where it fails the modal says so, instead of loading for ever."""

        def carry_out() -> None:
            try:
                work(modal)
            except Exception:
                log.exception("a modal could not be filled in", extra={"launch_id": modal.launch_id})
                self._update(modal, bare=True)

        self._executor.submit(carry_out)

    def _look_up(self, modal: OpenForm) -> None:
        campaign_id, source = modal.subject
        if campaign_id is not None and modal.subject not in modal.previews:
            self._later(lambda each: self._read(each, campaign_id, source), modal)

    def _read(self, modal: OpenForm, campaign_id: int, source: Source | None) -> None:
        if modal.closed:
            return
        preview = self._directory.preview(campaign_id, source)
        modal.previews[(campaign_id, source)] = preview
        self._refresh(modal)

    def _refresh_soon(self, modal: OpenForm) -> None:
        """Once for all that is typed until the update before has come through: each key that is pressed is told."""
        with self._lock:
            if modal.is_due:
                return
            modal.is_due = True
        self._later(self._refresh_when_due, modal)

    def _refresh_when_due(self, modal: OpenForm) -> None:
        with modal.refreshing:
            modal.is_due = False
            self._refresh(modal)

    def _refresh(self, modal: OpenForm) -> None:
        """Asks the policy anew, and shows what stands now."""
        preview = modal.previews.get(modal.subject)
        modal.advice = self._advice(modal, preview) if preview else None
        self._update(modal)

    def _advice(self, modal: OpenForm, preview: Preview) -> Advice | Refused | None:
        try:
            request = request_of(modal.form, modal.own_source)
        except FormErrors:
            return None
        return self._advise(
            Asked(
                launch_id=modal.launch_id,
                person=modal.person,
                request=request,
                channel=modal.channel,
                preview=preview,
                edits=modal.edits,
            )
        )

    def _look_at_room(self, modal: OpenForm) -> None:
        # Nearly always known: what hangs before it in the executor then keeps no notice waiting.
        if modal.channel and not self._rooms.is_open(modal.channel):
            self._later(self._check_room, modal)

    def _check_room(self, modal: OpenForm) -> None:
        problem = self._rooms.problem(modal.channel)
        if problem:
            modal.notice = problem
            self._update(modal)

    def _speak_otherwise(self, modal: OpenForm) -> None:
        """The person's language is known by now: shows the modal in it, where it opened in another."""
        if self._languages.of(modal.person) != modal.language:
            self._update(modal)

    def _update(self, modal: OpenForm, *, bare: bool = False) -> None:
        with modal.lock:
            if modal.closed:
                return
            modal.bare = bare
            refused = self._put(modal)
            if bare or refused is None or not _is_refused(refused):
                return
            # Whatever it is that Slack does not take, the person is not left before a form that loads for ever.
            modal.bare = True
            self._put(modal)

    def _put(self, modal: OpenForm) -> SlackApiError | None:
        """Shows the modal as it stands; gives what Slack answered where that was a refusal."""
        try:
            self._client.views_update(view_id=modal.view_id, view=self._renderer.view(modal))
        except SlackApiError as error:
            # not_found: the person has closed it, and wants to hear no more.
            if error.response.get("error") != "not_found" and not modal.logged:
                modal.logged = _is_refused(error)
                log.warning("a modal could not be updated: %s", _why(error), extra={"launch_id": modal.launch_id})
            return error
        except (SlackClientError, OSError) as error:
            log.warning("a modal could not be updated: %s", type(error).__name__)
        return None


def _is_refused(error: SlackApiError) -> bool:
    """Whether Slack would refuse the very same view again."""
    return error.response.get("error") in _VIEW_REFUSED


def _why(error: SlackApiError) -> str:
    """Slack's word, with the places of what it did not take; they hold none of the texts."""
    messages = (error.response.get("response_metadata") or {}).get("messages") or ()
    return " ".join([str(error.response.get("error")), *map(str, messages[:MOST_MESSAGES])])
