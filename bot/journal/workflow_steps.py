"""The steps of Workflow Builder that were taken on, until Slack is told how each has ended."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal
from bot.journal.tables import Moment, workflow_steps
from bot.launch.workflow import WorkflowStep

KEPT_FOR = timedelta(days=30)
"""How long a step is remembered that was told, so that a late delivery of it asks for nothing again."""

_HERE = workflow_steps.c.id == bindparam("launch")
_STEP = select(workflow_steps).where(_HERE)
_TAKE_ON = insert(workflow_steps)
_FAIL = update(workflow_steps).where(_HERE).values(failure=bindparam("why"))
_TELL = (
    update(workflow_steps)
    .where(_HERE)
    .values({workflow_steps.c.told_at: bindparam("now", type_=Moment), workflow_steps.c.answer_at: None})
)
_FORGET = delete(workflow_steps).where(workflow_steps.c.told_at < bindparam("before", type_=Moment))


@dataclass(frozen=True)
class TakenStep:
    """A step as it stands here. `failure` is why there is no launch of it, "" while there may be one."""

    step: WorkflowStep
    version: int
    asked_at: datetime
    failure: str
    is_told: bool


class WorkflowSteps:
    """Each is one row, whatever instances there are and however often Slack delivers it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._wake: Callable[[], None] = _nobody

    def wakes(self, wake: Callable[[], None]) -> None:
        """From now on, `wake` is called when a step was taken on."""
        self._wake = wake

    def take_on(self, step: WorkflowStep) -> None:
        """From here on it will be answered. Raises SQLAlchemyError where the database does not take it."""
        now = self._journal.now()
        row = {
            "id": step.launch_id,
            "execution": step.execution,
            "person": step.person,
            "inputs": dict(step.inputs),
            "asked_at": now,
            "version": 0,
            "answer_at": now,
        }
        if self.find(step.launch_id) is None:
            with suppress(IntegrityError), self._journal.writing() as connection:  # taken on meanwhile
                connection.execute(_FORGET, {"before": now - KEPT_FOR})
                connection.execute(_TAKE_ON, row)
        self._wake()

    def find(self, launch_id: LaunchId) -> TakenStep | None:
        with self._journal.asking() as connection:
            row = connection.execute(_STEP, {"launch": launch_id}).mappings().one_or_none()
        if row is None:
            return None
        step = WorkflowStep(execution=row["execution"], person=UserId(row["person"]), inputs=row["inputs"])
        return TakenStep(step, row["version"], row["asked_at"], row["failure"] or "", row["told_at"] is not None)

    def note_failure(self, launch_id: LaunchId, why: str) -> None:
        """There is no launch of it, and there will be none."""
        with self._journal.writing() as connection:
            connection.execute(_FAIL, {"launch": launch_id, "why": why})

    def note_told(self, launch_id: LaunchId) -> None:
        """Slack knows how it ended."""
        with self._journal.writing() as connection:
            connection.execute(_TELL, {"launch": launch_id, "now": self._journal.now()})


def _nobody() -> None:
    """While nobody answers steps in this process."""
