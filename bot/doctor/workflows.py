"""Whether a step of Workflow Builder has come: Slack tells a bot neither the steps nor the events of its app."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from bot.doctor.finding import Finding
from bot.journal.tables import workflow_steps

_SOME = select(workflow_steps.c.id).limit(1)


def findings(connection: Connection) -> Iterator[Finding]:
    """The tables are up to date. A step that came shows more than could be asked."""
    if connection.execute(_SOME).first() is None:
        yield Finding(
            "No workflow has used the step “Ask to launch a campaign” yet, and Slack does not tell whether one could. "
            "If workflows are to use it, hold App Manifest of the app against manifest.yaml: its functions and the "
            "event function_executed; Workflow Builder shows the step on a paid plan of Slack alone.",
            may_run=True,
        )
