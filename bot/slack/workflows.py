"""Asks for launches in the name of whoever ran a workflow, and tells Slack how each of its steps has ended."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.campaign import Directory
from bot.campaign.request import Invalid, UserId
from bot.desk import Asked, Desk
from bot.launch.events import ChannelId
from bot.launch.search import Found
from bot.launch.story import NotPublished
from bot.launch.workflow import NOBODY, WorkflowStep, is_done
from bot.phrase import Phrase, told
from bot.policy.refusals import Refused
from bot.slack.api.channels import ARCHIVED, NOT_HERE, NOT_TOLD, ChannelAccess
from bot.slack.api.errors import trouble
from bot.slack.api.languages import Languages
from bot.slack.api.permalinks import Permalinks
from bot.slack.api.users import ClockUnknown, Users
from bot.slack.refusals import Refusals
from bot.slack.views import workflow
from bot.slack.views.marks import named
from bot.slash.words import CommandError
from bot.slash.workflow import request_in
from bot.texts import _, speaking

PATIENCE = 5.0
"""Seconds that an answer waits for the person's language."""

OVER = frozenset({"execution_not_in_running_state", "function_execution_not_found", "access_denied"})
"""Slack's words for a step to which nobody can say anything any more: an earlier try was taken, or it was cancelled."""

REFUSED = frozenset({"parameter_validation_failed", "invalid_arguments"})
"""And for an answer that it will never take."""

_CHANNELS = {
    NOT_HERE: Phrase(
        "The card cannot be posted in the step's channel: I am not in it. Type `/invite @campaign-bot` there, then run "
        "the workflow again."
    ),
    ARCHIVED: Phrase("The step's channel is archived, so nobody could approve there. Choose another in the step."),
    NOT_TOLD: Phrase("Slack did not tell me whether I am in the step's channel. Run the workflow again in a moment."),
}

_NO_CHANNEL = Phrase("The step names no channel for the card, and the bot has none of its own: choose one in the step.")
_CLOCKS_UNKNOWN = Phrase(
    "Slack does not tell on whose clocks the start is to be read: write it with its offset, such as "
    "2026-12-01T09:00+01:00."
)

log = logging.getLogger(__name__)


class _Unusable(Exception):
    """The step cannot be carried out as it is set up; the text says what to do."""

    def __init__(self, text: Phrase) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, eq=False)
class StepsOfSlack:
    """See Workflows. `launch_channel` is where cards go; None for the channel that the step names.

    `client` must not retry by itself.
    """

    _client: WebClient
    _desk: Desk
    _directory: Directory
    _people: Users
    _channels: ChannelAccess
    _links: Permalinks
    _refusals: Refusals
    _languages: Languages
    _launch_channel: ChannelId | None

    def ask(self, step: WorkflowStep) -> str:
        """See Workflows. As slow as the platform is."""
        with speaking(self._language(step)):
            return workflow.plain(self._asked(step), self._people.name, self._clocks(step.person))

    def refuse(self, step: WorkflowStep, why: str) -> None:
        """See Workflows."""
        self._taken(step, lambda: self._client.functions_completeError(function_execution_id=step.execution, error=why))

    def answer(self, step: WorkflowStep, found: Found) -> None:
        """See Workflows."""
        link = self._links.to_card(found)
        about = (found, link, self._people.name, self._clocks(step.person))
        with speaking(self._language(step)):
            outputs = workflow.outputs(*about) if is_done(found.launch) else {}
            why = workflow.untaken(link) if outputs else workflow.failure(*about)
        # An app that was made with the manifest of another version knows other outputs.
        if not outputs or not self._completed(step, outputs):
            self.refuse(step, why)

    def _asked(self, step: WorkflowStep) -> str:
        """Why it is not asked for, as mrkdwn; "" where it is."""
        if step.person == NOBODY:
            return _(
                "Nobody ran this workflow, so nobody asks for the launch, and nothing was done. Start it from a link "
                "or a button: a schedule or a webhook cannot ask."
            )
        refused = self._desk.may_request(step.person)
        if refused:
            return self._refusals.why(refused)
        try:
            result = self._desk.request(self._in_full(step))
        except _Unusable as unusable:
            return told(unusable.text)
        except CommandError as error:
            return _("The step's inputs cannot be used. {why}").format(why=told(error.text))
        except Invalid as invalid:
            return told(invalid.text)
        return self._refusals.why(result) if isinstance(result, Refused) else ""

    def _in_full(self, step: WorkflowStep) -> Asked:
        """Reads the platform. Raises CommandError and _Unusable."""
        inputs = {**step.inputs, "reason": named(step.inputs.get("reason", ""), self._people.name)}
        try:
            request = request_in(inputs, lambda: self._people.zone(step.person), datetime.now(UTC))
        except ClockUnknown as unknown:
            raise _Unusable(_CLOCKS_UNKNOWN) from unknown
        return Asked(
            launch_id=step.launch_id,
            person=step.person,
            request=request,
            channel=self._channel(step),
            preview=self._directory.preview(request.campaign_id, request.source),
            workflow=step.execution,
        )

    def _channel(self, step: WorkflowStep) -> ChannelId:
        """Where its card goes. Raises _Unusable."""
        channel = self._launch_channel or ChannelId(step.inputs.get("channel", ""))
        if not channel:
            raise _Unusable(_NO_CHANNEL)
        problem = self._channels.problem(channel)
        if problem:
            raise _Unusable(_CHANNELS.get(problem, problem))
        return channel

    def _language(self, step: WorkflowStep) -> str:
        return self._languages.of(step.person, PATIENCE) if step.person else self._languages.channels

    def _clocks(self, person: UserId) -> tzinfo:
        """The person's, or UTC's where Slack does not tell them."""
        try:
            return self._people.zone(person) if person else UTC
        except ClockUnknown:
            return UTC

    def _completed(self, step: WorkflowStep, outputs: Mapping[str, workflow.Output]) -> bool:
        execution, given = step.execution, dict(outputs)
        return self._taken(
            step, lambda: self._client.functions_completeSuccess(function_execution_id=execution, outputs=given)
        )

    def _taken(self, step: WorkflowStep, call: Callable[[], object]) -> bool:
        """Whether Slack takes the answer, or none any more. Raises NotPublished where it is to be tried again."""
        try:
            call()
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in OVER:
                log.info("the step %s takes no answer any more (%s)", step.execution, code)
                return True
            if code in REFUSED:
                log.warning("Slack does not take the answer to the step %s: %s", step.execution, error.response.data)
                return False
            raise trouble(error) from error
        except (SlackClientError, OSError) as error:
            # One answer to a step is taken, so that a second try does no harm.
            raise NotPublished(f"Slack could not be reached: {type(error).__name__}") from error
        return True
