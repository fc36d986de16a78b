"""The methods of the Web API by which an app ends one of its steps in a workflow."""

from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.parameters import check_parameters
from sandbox.slack.records import Execution, Json, SlackError
from sandbox.slack.workspace import Workspace


def complete_success(workspace: Workspace, given: Arguments) -> Json:
    execution = _running(workspace, given)
    outputs = given.object("outputs")
    if outputs is None:
        raise SlackError("invalid_arguments", ("missing required field: outputs",))
    check_parameters(execution.function.outputs, outputs)
    execution.state, execution.outputs = "completed", outputs
    workspace.hub.changed()
    return {"ok": True}


def complete_error(workspace: Workspace, given: Arguments) -> Json:
    execution = _running(workspace, given)
    error = given.text("error")
    execution.state, execution.error = "failed", error
    workspace.hub.changed()
    return {"ok": True}


def _running(workspace: Workspace, given: Arguments) -> Execution:
    execution = workspace.state.executions.get(given.text("function_execution_id"))
    if execution is None:
        raise SlackError("function_execution_not_found")
    execution.answers += 1
    if execution.state != "running":
        raise SlackError("execution_not_in_running_state")
    return execution
