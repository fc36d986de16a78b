"""Puts the desks together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, Source
from bot.desk.asking import Asking
from bot.desk.canaries import CanaryDesk
from bot.desk.deciding import Deciding
from bot.desk.desk import Desk
from bot.desk.received import ReceivedDesk
from bot.desk.search import LookupDesk
from bot.desk.stopping import StopDesk
from bot.desk.testing import TestDesk
from bot.desk.workflows import WorkflowDesk
from bot.journal.fillings import Fillings
from bot.journal.journal import Journal
from bot.journal.launch_search import Looking
from bot.journal.workflow_steps import WorkflowSteps
from bot.launch.state import Launch
from bot.policy.context import PolicyContext


@dataclass(frozen=True)
class Desks:
    """One for each thing that people come for."""

    launches: Desk
    stops: StopDesk
    lookups: LookupDesk
    tests: TestDesk
    canaries: CanaryDesk
    received: ReceivedDesk
    workflows: WorkflowDesk


def build_desks(
    journal: Journal,
    context: PolicyContext,
    reread: Callable[[Launch], Preview],
    sendable: Callable[[ActivationRequest], None],
    steps: WorkflowSteps,
    preview: Callable[[int, Source | None], Preview],
    fillings: Fillings,
) -> Desks:
    """All of them, on one journal. `reread` and `sendable` are as Desk takes them, `preview` as TestDesk does."""
    return Desks(
        launches=Desk(journal, context, reread, sendable),
        stops=StopDesk(journal, context),
        lookups=LookupDesk(journal, Looking(journal), context),
        tests=TestDesk(journal, context, Asking(journal, context, sendable), preview),
        canaries=CanaryDesk(journal, context, Deciding(journal, context, reread)),
        received=ReceivedDesk(journal, context, fillings),
        workflows=WorkflowDesk(steps),
    )
