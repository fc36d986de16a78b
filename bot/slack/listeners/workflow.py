"""A workflow has come to the bot's step: it is kept, and acked only then, for Slack delivers it again until it is."""

from slack_bolt import Ack

from bot.desk.workflows import WorkflowDesk
from bot.slack.payloads import Payload, workflow_step

STEP = "ask_to_launch"
"""The step's id in the manifest."""


class WorkflowListener:
    """Everything else is done from what is kept."""

    def __init__(self, desk: WorkflowDesk) -> None:
        self._desk = desk

    def executed(self, ack: Ack, body: Payload) -> None:
        self._desk.take_on(workflow_step(body))
        ack()
