"""The modals that are open now: fills in what the platform tells, and keeps their sentence in step with the fields."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.launch.campaign import Directory, Preview
from bot.launch.events import ChannelId
from bot.launch.request import LaunchId, Source
from bot.slack.form import Form
from bot.slack.payloads import FormState, Shown, private_metadata
from bot.slack.views.modal import Knowledge, form_view

MOST_OPEN = 500
"""How many open modals are remembered. A forgotten one still works: it is read anew at its next change."""

log = logging.getLogger(__name__)

_Subject = tuple[int | None, Source | None]


@dataclass
class _Open:
    """One open modal. Its lock is held while Slack is told, so that the last update is the newest."""

    view_id: str
    launch_id: LaunchId
    channel: ChannelId
    form: Form
    previews: dict[_Subject, Preview] = field(default_factory=dict)
    notice: str = ""
    closed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def subject(self) -> _Subject:
        return self.form.campaign_id, self.form.chosen_source


class Forms:
    """Opens modals and brings them up to date. Slow look-ups run in `executor`, never in a listener's thread."""

    def __init__(
        self,
        client: WebClient,
        directory: Directory,
        executor: Executor,
        room_problem: Callable[[ChannelId], str],
        approvals_required: int,
    ) -> None:
        self._client = client
        self._directory = directory
        self._executor = executor
        self._room_problem = room_problem
        self._approvals_required = approvals_required
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, trigger_id: str, launch_id: LaunchId, channel: ChannelId, form: Form) -> None:
        """Opens the modal in one round trip; what has to be looked up comes later. Raises slack_sdk's errors."""
        modal = _Open("", launch_id, channel, form)
        answer = self._client.views_open(trigger_id=trigger_id, view=self._render(modal))
        modal.view_id = str(answer["view"]["id"])
        self._remember(modal)
        self._executor.submit(self._check_room, modal)
        self._look_up(modal)

    def changed(self, state: FormState) -> None:
        """Somebody changed a field: the sentence follows, and what is not known yet is looked up."""
        modal = self._of(state)
        modal.form = state.form
        self._executor.submit(self._update, modal)
        self._look_up(modal)

    def submitted(self, state: FormState) -> Preview:
        """Closes the book on a modal, and gives what had been read for exactly what it asks."""
        modal = self._of(state)
        modal.form = state.form
        unread = Preview(problems=("The platform had not answered when this was asked for.",))
        return modal.previews.get(modal.subject, unread)

    def forget(self, view_id: str) -> None:
        with self._lock:
            gone = self._open.pop(view_id, None)
        if gone:
            gone.closed = True

    def view_of(self, state: FormState, notice: str) -> dict[str, object]:
        """The modal as it stands, with a notice on top."""
        modal = self._of(state)
        modal.form = state.form
        modal.notice = notice
        return self._render(modal)

    def _remember(self, modal: _Open) -> None:
        with self._lock:
            self._open[modal.view_id] = modal
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)

    def _of(self, state: FormState) -> _Open:
        with self._lock:
            known = self._open.get(state.view_id)
        if known is None:
            known = _Open(state.view_id, state.launch_id, state.channel, state.form)
            self._remember(known)
        if state.shown:
            # Another instance may have opened the modal, or this one before a restart.
            known.previews.setdefault((state.shown.campaign_id, state.shown.source), state.shown.preview)
        return known

    def _look_up(self, modal: _Open) -> None:
        campaign_id, source = modal.subject
        if campaign_id is not None and modal.subject not in modal.previews:
            self._executor.submit(self._read, modal, campaign_id, source)

    def _read(self, modal: _Open, campaign_id: int, source: Source | None) -> None:
        preview = self._directory.preview(campaign_id, source)
        modal.previews[(campaign_id, source)] = preview
        self._update(modal)

    def _check_room(self, modal: _Open) -> None:
        modal.notice = self._room_problem(modal.channel)
        if modal.notice:
            self._update(modal)

    def _update(self, modal: _Open) -> None:
        with modal.lock:
            if modal.closed:
                return
            try:
                self._client.views_update(view_id=modal.view_id, view=self._render(modal))
            except SlackApiError as error:
                # not_found: the person has closed it, and wants to hear no more.
                if error.response.get("error") != "not_found":
                    log.warning("a modal could not be updated: %s", error.response.get("error"))
            except (SlackClientError, OSError) as error:
                log.warning("a modal could not be updated: %s", type(error).__name__)

    def _render(self, modal: _Open) -> dict[str, object]:
        preview = modal.previews.get(modal.subject)
        knowledge = Knowledge(preview, self._approvals_required, modal.notice)
        carried = private_metadata(modal.launch_id, modal.channel, Shown(*modal.subject, preview) if preview else None)
        view: dict[str, object] = form_view(modal.form, knowledge, carried).to_dict()
        return view
