"""A step is acked once it is kept, and not before: until then Slack delivers it again."""

import pytest
from slack_bolt import Ack

from bot.launch.workflow import NOBODY
from bot.slack.listeners.workflow import WorkflowListener
from bot.slack.payloads import workflow_step

EVENT = {
    "type": "function_executed",
    "function": {"callback_id": "ask_to_launch"},
    "function_execution_id": "Fx1",
    "inputs": {"person": {"id": "W0ANA", "secret": "s"}, "campaign": 82, "when": "now", "reason": None},
}


class Full:
    def take_on(self, step):
        raise OSError("the disk is full")


def test_what_could_not_be_kept_is_not_acked():
    ack = Ack()
    with pytest.raises(OSError, match="full"):
        WorkflowListener(Full()).executed(ack, {"event": EVENT})
    assert ack.response is None


def test_a_step_is_read_without_the_secret_and_with_its_numbers_as_texts():
    step = workflow_step({"event": EVENT})
    assert (step.execution, step.person) == ("Fx1", "W0ANA")
    assert step.inputs == {"campaign": "82", "when": "now"}


@pytest.mark.parametrize("inputs", [None, {}, {"person": None}, {"person": {}}, {"person": "U0ANA"}])
def test_a_workflow_that_nobody_ran_has_nobody_who_asks(inputs):
    """A plain id is what a builder can fill in: who ran it comes as Slack's own object alone."""
    assert workflow_step({"event": {**EVENT, "inputs": inputs}}).person == NOBODY
