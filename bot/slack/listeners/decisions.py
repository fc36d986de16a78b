"""Decisions in Slack: a card's buttons, and the windows in which some of them are confirmed."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass, replace

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.request import LaunchId, UserId
from bot.desk import Desk
from bot.launch.state import Launch
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.policy.roles import Action
from bot.slack.api.respond import Respond
from bot.slack.form import Form
from bot.slack.form_state import FormState
from bot.slack.forms import Forms
from bot.slack.listeners.home_tabs import HomeTabs
from bot.slack.payloads import Click, Confirmation, Payload, Rejection, click, confirmation, on_home, rejection
from bot.slack.private_replies import PrivateReplies, reference
from bot.slack.refusals import Refusals
from bot.slack.views import notices
from bot.slack.views.blocks import View
from bot.slack.views.confirm import changes_view, confirm_view, reason_view, typed_errors
from bot.slack.views.marks import named, plain
from bot.slack.views.notices import notice_view
from bot.slack.views.sentences import numbered
from bot.texts import _

log = logging.getLogger(__name__)

Deed = Callable[[Click], Launch | Refused]


@dataclass(frozen=True, eq=False)
class DecisionListeners:
    """One method a thing that people decide.

    What is as slow as the platform is done in `decisions`, so that it keeps no listener's thread from the next ack.
    """

    _client: WebClient
    _desk: Desk
    _forms: Forms
    _decisions: Executor
    _telling: PrivateReplies
    _refusals: Refusals
    _home_tabs: HomeTabs
    _name_of: Callable[[UserId], str]

    def pressed(self, deed: Deed) -> Callable[[Ack, Payload, Respond], Iterator[None]]:
        """The listener of a card's button: acks, does the deed, and tells the person alone what hindered it."""

        def listener(ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
            ack()
            yield
            self.carry_out(body, respond, deed)

        return listener

    def decided(self, deed: Deed) -> Callable[[Ack, Payload, Respond], Iterator[None]]:
        """As pressed, for what is no more than a role and a commit.

        Done before the ack, so that none that was acked can be lost to a kill.
        """

        def listener(ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
            result = self._carried_out(click(body), deed)
            ack()
            yield
            self._tell(body, respond, result)

        return listener

    def approve(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """As pressed; the approval itself is a decision of its own pool, for the platform is read again before it."""
        ack()
        yield
        self.carry_out(body, respond, lambda pressed: self._approve(pressed, body, respond))

    def edit(self, pressed: Click) -> Launch | Refused:
        launch = self._desk.may_edit(pressed.launch_id, pressed.person)
        if isinstance(launch, Launch):
            form = Form.of(launch.request)
            wanted = FormState(pressed.person, "", launch.id, launch.channel, form, edits=launch.fingerprint)
            if launch.wishes:
                wished = " / ".join(plain(one.text) for one in launch.wishes)
                wanted = replace(wanted, notice=Phrase("You are asked to change this: {wish}", wish=wished))
            self._forms.open(pressed.trigger_id, wanted)
        return launch

    def ask_to_break_glass(self, pressed: Click) -> Launch | Refused:
        return self._ask_to_type(pressed, Action.BREAK_GLASS)

    def confirmed(self, ack: Ack, body: Payload) -> None:
        """A decision with what was typed for it, carried out as approve."""
        asked = confirmation(body)
        # Before what was typed is held against the launch: whoever may not decide learns nothing by guessing.
        launch = self._desk.may_decide(asked.decision, asked.action)
        if isinstance(launch, Refused):
            ack(response_action="update", view=notice_view(_("Not done"), self._refusals.why(launch)))
            return
        errors = self._typed_errors(asked, launch)
        if errors:
            ack(response_action="errors", errors=errors)
            return
        ack(response_action="update", view=notice_view(_("One moment"), _(notices.CHECKING)))
        self._decide(lambda: self._confirm(asked))

    def _typed_errors(self, asked: Confirmation, launch: Launch) -> dict[str, str]:
        if asked.decision.shown not in {"", launch.fingerprint}:
            # Held against another revision, it would be corrected towards what the window does not show.
            return {}
        return typed_errors(asked.action, launch, asked.decision.typed, asked.reason)

    def ask_reason(self, pressed: Click) -> Launch | Refused:
        launch = self._desk.may_reject(pressed.launch_id, pressed.person)
        if isinstance(launch, Launch):
            campaign = numbered(launch.request, launch.preview)
            view = reason_view(pressed.launch_id, campaign)
            self._client.views_open(trigger_id=pressed.trigger_id, view=view)
        return launch

    def reject(self, ack: Ack, body: Payload) -> None:
        missing = _("Say why, so that the requester knows what to change.")
        self._answered(ack, rejection(body), self._desk.reject, missing, _("Not rejected"))

    def ask_which_changes(self, pressed: Click) -> Launch | Refused:
        launch = self._desk.may_ask_changes(pressed.launch_id, pressed.person)
        if isinstance(launch, Launch):
            self._client.views_open(trigger_id=pressed.trigger_id, view=changes_view(launch.id, launch))
        return launch

    def ask_changes(self, ack: Ack, body: Payload) -> None:
        missing = _("Say what should be changed, so that it can be.")
        self._answered(ack, rejection(body), self._desk.ask_changes, missing, _("Not asked"))

    def _answered(
        self,
        ack: Ack,
        given: Rejection,
        answer: Callable[[LaunchId, UserId, str], Launch | Refused],
        missing: str,
        not_done: str,
    ) -> None:
        """Answers a request with the person's own words. `missing` asks for these, `not_done` heads a refusal."""
        if not given.reason:
            ack(response_action="errors", errors={"reason": missing})
            return
        result = answer(given.launch_id, given.person, named(given.reason, self._name_of))
        if isinstance(result, Refused):
            ack(response_action="update", view=notice_view(not_done, self._refusals.why(result)))
            return
        ack()
        self._home_tabs.changed(given.person)

    def cancel(self, pressed: Click) -> Launch | Refused:
        return self._desk.cancel(pressed.launch_id, pressed.person)

    def look(self, pressed: Click) -> Launch | Refused:
        return self._desk.look_again(pressed.launch_id, pressed.person)

    def vouch_ran(self, pressed: Click) -> Launch | Refused:
        return self._desk.vouch(pressed.launch_id, pressed.person, ran=True)

    def vouch_not_run(self, pressed: Click) -> Launch | Refused:
        return self._desk.vouch(pressed.launch_id, pressed.person, ran=False)

    def _approve(self, pressed: Click, body: Payload, respond: Respond) -> Launch | Refused:
        launch = self._desk.find(pressed.launch_id)
        if launch is None:
            return self._desk.approve(pressed.decision)
        if launch.demands.typed:
            return self._ask_to_type(pressed, Action.APPROVE)
        self._decide(lambda: self.carry_out(body, respond, lambda one: self._desk.approve(one.decision)))
        return launch

    def _ask_to_type(self, pressed: Click, action: Action) -> Launch | Refused:
        launch = self._desk.may_decide(pressed.decision, action)
        if isinstance(launch, Launch):
            # The window shows the launch as it stands, and what is typed into it counts for that alone.
            bound = f"{launch.id}:{launch.fingerprint}"
            view = confirm_view(action, launch, bound, self._desk.expected(launch))
            self._client.views_open(trigger_id=pressed.trigger_id, view=view)
        return launch

    def _confirm(self, asked: Confirmation) -> None:
        outcome = self._outcome(asked)
        try:
            self._client.views_update(view_id=asked.view_id, view=outcome)
        except (SlackClientError, OSError) as error:
            # The card tells it as well.
            log.warning("a modal could not be updated: %s", type(error).__name__)
        self._home_tabs.changed(asked.decision.person)

    def _outcome(self, asked: Confirmation) -> View:
        """Carries out a confirmed decision, and says how it went."""
        try:
            if asked.action is Action.BREAK_GLASS:
                result = self._desk.break_glass(asked.decision, named(asked.reason, self._name_of))
            else:
                result = self._desk.approve(asked.decision)
        except Exception:
            word = reference()
            log.exception("a click failed, reference %s", word, extra={"launch_id": asked.decision.launch_id})
            return notice_view(_("Not done"), notices.went_wrong(word))
        if isinstance(result, Refused):
            return notice_view(_("Not done"), self._refusals.why(result))
        return notice_view(_("Done"), _(notices.CONFIRMED))

    def _decide(self, work: Callable[[], None]) -> None:
        """Does the work in the decisions' own pool, in the language of whoever decides."""
        self._decisions.submit(copy_context().run, work)

    def carry_out(self, body: Payload, respond: Respond, deed: Deed) -> None:
        """Carries out a click after its ack; whatever hinders it is told to the person alone."""
        self._tell(body, respond, self._carried_out(click(body), deed))

    def _carried_out(self, pressed: Click, deed: Deed) -> Launch | Refused | str:
        """What the deed gives; where it failed, the reference by which the log tells of it."""
        try:
            return deed(pressed)
        except Exception:
            word = reference()
            log.exception("a click failed, reference %s", word, extra={"launch_id": pressed.launch_id})
            return word

    def _tell(self, body: Payload, respond: Respond, result: Launch | Refused | str) -> None:
        if isinstance(result, str):
            self._telling.alone(body, respond, notices.went_wrong(result))
            return
        if isinstance(result, Refused):
            self._telling.alone(body, respond, self._refusals.why(result))
        # Also where it was opened before this bot was started, so that what is shown too late does not stay.
        self._home_tabs.changed(click(body).person, in_sight=on_home(body))
