"""Takes on what workflows ask for; it is worked on from the record, so that no restart loses it."""

from bot.journal.workflow_steps import WorkflowSteps
from bot.launch.workflow import WorkflowStep


class WorkflowDesk:
    """Nobody's role is checked yet: that comes with the launch itself."""

    def __init__(self, steps: WorkflowSteps) -> None:
        self._steps = steps

    def take_on(self, step: WorkflowStep) -> None:
        """Once, however often it comes. Raises SQLAlchemyError where the database does not take it."""
        self._steps.take_on(step)
