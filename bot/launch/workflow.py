"""A step of Workflow Builder that asks for a launch, and what it is told once that launch is over. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.campaign.request import LaunchId, UserId
from bot.launch.search import Found
from bot.launch.state import ENDED, SENT, Launch, State
from bot.launch.timing import due_at

NOBODY = UserId("")
"""Stands for who ran a workflow that nobody ran: one that a schedule or a webhook has started."""

_EXECUTIONS = uuid.UUID("6d0f3f2e-6a52-4f0e-9a55-2f9f6c1f5b1d")


@dataclass(frozen=True, kw_only=True)
class WorkflowStep:
    """One execution of the step, by Slack's id. `person` has run the workflow; `inputs` are texts, by their names."""

    execution: str
    person: UserId
    inputs: Mapping[str, str]

    @property
    def launch_id(self) -> LaunchId:
        """The same for every delivery of the execution, so that it asks for one launch however often it comes."""
        return LaunchId(str(uuid.uuid5(_EXECUTIONS, self.execution)))


class Workflows(Protocol):
    """Where steps come from. What tells Slack something raises NotPublished where Slack does not take it."""

    def ask(self, step: WorkflowStep) -> str:
        """Asks for the launch in the person's name; gives "" or why it was not asked for, as a sentence for them."""

    def refuse(self, step: WorkflowStep, why: str) -> None:
        """Lets the step fail for want of a launch."""

    def answer(self, step: WorkflowStep, found: Found) -> None:
        """Completes the step with what became of its launch, which is over, or lets it fail."""


def is_over(launch: Launch) -> bool:
    """Whether a workflow need not wait any longer: nothing more comes by itself, or only people can settle it."""
    if launch.state == State.IN_DOUBT:
        return launch.looked is not None
    return launch.state in ENDED or (launch.state in SENT and due_at(launch) is None)


def is_done(launch: Launch) -> bool:
    """Whether what the workflow asked for was done, and not broken off."""
    return launch.state in SENT and launch.state != State.STOPPED
