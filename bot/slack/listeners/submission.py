"""What happens when the modal is submitted: check, fetch the files, ask the desk, and say how it went."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, Invalid, UserId
from bot.desk import Asked, Desk
from bot.launch.events import ChannelId
from bot.launch.state import Launch
from bot.phrase import Phrase, joined, told
from bot.policy.refusals import EditsOtherwise, Refused, TooLate
from bot.slack.api.files import NotFetched
from bot.slack.api.languages import Languages
from bot.slack.form import FormErrors, field_of, request_of
from bot.slack.form_files import FormFiles
from bot.slack.form_state import FormState
from bot.slack.forms import Forms
from bot.slack.refusals import Refusals
from bot.slack.views import notices
from bot.slack.views.marks import named
from bot.slack.views.notices import notice_view
from bot.texts import _, speaking

log = logging.getLogger(__name__)

_NO_CHANNEL = Phrase("Choose the channel for the card.")

Answer = dict[str, object]
"""What Slack gets as the ack of a submission; empty closes the modal."""


@dataclass(frozen=True, eq=False)
class Submission:
    """Takes submitted modals. Files are fetched in `executor`, after the ack."""

    _client: WebClient
    _desk: Desk
    _forms: Forms
    _files: FormFiles
    _executor: Executor
    _room_problem: Callable[[ChannelId], Phrase]
    _refusals: Refusals
    _languages: Languages
    _name_of: Callable[[UserId], str]

    def take(self, state: FormState) -> Answer:
        """Asks for the launch, or says at which field it cannot be asked for. Quick: Slack waits 3 s."""
        form = replace(state.form, reason=named(state.form.reason, self._name_of))
        try:
            request = request_of(form, self._forms.own_source(state))
        except FormErrors as errors:
            return _errors(errors.by_field)
        refused = None if state.edits else self._desk.may_request(state.person)
        if refused:
            return self._push(refused)
        problem = self._room_problem(state.channel) if state.channel else _NO_CHANNEL
        if problem:
            return _errors({"channel" if state.asks_channel else "campaign": problem})
        preview = self._forms.read_for(state)
        if state.form.files:
            self._executor.submit(self._fetch_and_ask, state, request, preview)
            return {"response_action": "update", "view": notice_view(_("One moment"), _(notices.FETCHING))}
        return self._ask(state, request, preview)

    def _ask(self, state: FormState, request: ActivationRequest, preview: Preview) -> Answer:
        try:
            result = self._result(state, request, preview)
        except Invalid as invalid:
            return _errors({field_of(invalid): invalid.text})
        return self._answer(state, result)

    def _answer(self, state: FormState, result: Launch | Refused) -> Answer:
        if isinstance(result, Refused) and not _stands_already(state, result):
            return self._push(result)
        self._forms.forget(state.view_id)
        return {}

    def _result(self, state: FormState, request: ActivationRequest, preview: Preview) -> Launch | Refused:
        """Raises Invalid, as the desk does."""
        asked = Asked(
            launch_id=state.launch_id,
            person=state.person,
            request=request,
            channel=state.channel,
            preview=preview,
            edits=state.edits,
            files_of=state.files_of,
            corrects=state.corrects,
        )
        return self._desk.edit(asked) if state.edits else self._desk.request(asked)

    def _fetch_and_ask(self, state: FormState, request: ActivationRequest, preview: Preview) -> None:
        # A thread of its own, into which the listener's language does not travel.
        with speaking(self._languages.of(state.person)):
            self._show(state, self._asked_with_files(state, request, preview))

    def _asked_with_files(self, state: FormState, request: ActivationRequest, preview: Preview) -> object:
        try:
            attachments = self._files.kept(state.form.files)
            result = self._result(state, request.with_attachments(attachments), preview)
        except NotFetched as trouble:
            return self._forms.view_of(state, joined(" ", [trouble.text, notices.FILES_AGAIN]))
        except Invalid as invalid:
            return self._forms.view_of(state, joined(" ", [invalid.text, notices.FILES_AGAIN]))
        except Exception:
            log.exception("a submission with files failed", extra={"launch_id": state.launch_id})
            return self._forms.view_of(state, joined(" ", [notices.NOT_ASKED, notices.FILES_AGAIN]))
        if isinstance(result, Refused) and isinstance(result.reason, EditsOtherwise):
            # Acked long ago, so nothing can be laid over the form: it comes back as it was filled in.
            return self._forms.view_of(state, joined(" ", [notices.EDITS_OTHERWISE, notices.FILES_AGAIN]))
        if isinstance(result, Refused) and not _stands_already(state, result):
            return self._forms.view_of(state, joined(" ", [notices.REFUSED, notices.FILES_AGAIN]), result)
        return self._answer(state, result).get("view") or notice_view(_("Asked for approval"), _(notices.ASKED))

    def _show(self, state: FormState, view: object) -> None:
        try:
            self._client.api_call("views.update", json={"view_id": state.view_id, "view": view})
        except (SlackClientError, OSError) as error:
            log.warning("a modal could not be updated: %s", type(error).__name__)

    def _push(self, refused: Refused) -> Answer:
        text = self._refusals.why(refused)
        return {"response_action": "push", "view": notice_view(_("Not done"), text)}


def _stands_already(state: FormState, refused: Refused) -> bool:
    """Too late means that the very same submission came twice, unless it is an edit."""
    return not state.edits and isinstance(refused.reason, TooLate)


def _errors(by_field: Mapping[str, Phrase]) -> Answer:
    return {"response_action": "errors", "errors": {field: told(text) for field, text in by_field.items()}}
