"""Asks for what steps of Workflow Builder want, and answers each once its launch is over: late rather than never."""

import logging
from datetime import datetime, timedelta

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.journal.workflow_steps import TakenStep, WorkflowSteps
from bot.launch.search import Found
from bot.launch.story import NotPublished, Story
from bot.launch.timing import wait_after
from bot.launch.workflow import Workflows, is_over

LONGEST_WAIT = timedelta(minutes=2)
"""Between two tries to answer a step."""

log = logging.getLogger(__name__)


class Answering:
    """Works the lane of workflows, one step at a time. What it is doing, a restart does again without harm.

    The launch has an id that follows from the step, so it is asked for once; Slack takes one answer to a step.
    """

    def __init__(self, journal: Journal, steps: WorkflowSteps, queue: Queue, workflows: Workflows) -> None:
        self._journal = journal
        self.steps = steps
        self.queue = queue
        self._workflows = workflows

    def answer(self, launch_id: LaunchId) -> None:
        """Brings the step of that launch as far as it can be brought now."""
        taken = self.steps.find(launch_id)
        if taken is None or taken.is_told:
            return
        try:
            until = self._brought(taken)
        except NotPublished as trouble:
            until = self._next_try(taken, trouble)
        # What has ended the launch meanwhile has made the step due again.
        self.queue.postpone(launch_id, taken.version, until)

    def _brought(self, taken: TakenStep) -> datetime | None:
        """Gives when to look again; None where the launch's end will say so. Raises NotPublished."""
        step = taken.step
        why = taken.failure
        story = None if why else self._story(taken)
        if not why and story is None:
            why = self._workflows.ask(step)
            story = self._story(taken)
            if story is None:
                self.steps.note_failure(step.launch_id, why)
        if story is None:
            self._workflows.refuse(step, why)
        elif is_over(story.launch):
            self._workflows.answer(step, Found(story.launch, story.place.message_ts))
        else:
            return None
        self.steps.note_told(step.launch_id)
        return None

    def _story(self, taken: TakenStep) -> Story | None:
        return self._journal.story(taken.step.launch_id)

    def _next_try(self, taken: TakenStep, trouble: NotPublished) -> datetime:
        now = self._journal.now()
        wait = wait_after(taken.asked_at, now, most=LONGEST_WAIT)
        if trouble.retry_after is not None:
            wait = timedelta(seconds=trouble.retry_after)
        about = {"launch_id": taken.step.launch_id}
        log.warning("a workflow's step was not answered (%s); trying again", trouble.cause, extra=about)
        return now + wait
