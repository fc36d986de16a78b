"""The values that go into a workflow's step and come out of it, held against what the manifest declares."""

from collections.abc import Mapping

from sandbox.slack.records import Json, Parameter, SlackError

USER_CONTEXT = "slack#/types/user_context"

_TEXT, _WHOLE = (str,), (int,)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": _TEXT,
    "integer": _WHOLE,
    "number": (int, float),
    "boolean": (bool,),
    "slack#/types/channel_id": _TEXT,
    "slack#/types/user_id": _TEXT,
    "slack#/types/timestamp": _WHOLE,
    USER_CONTEXT: (dict,),
}


def check_parameters(declared: Mapping[str, Parameter], given: Json, *, but: str = "") -> None:
    """Raises parameter_validation_failed, naming each value that is missing, unknown or of another type.

    One of the type `but` may be missing.
    """
    missing = [
        f"missing required field: {name}"
        for name, one in declared.items()
        if one.is_required and name not in given and one.type != but
    ]
    unknown = [f"unexpected field: {name}" for name in given if name not in declared]
    wrong = [
        f"{name} is no {declared[name].type}"
        for name, value in given.items()
        if name in declared and not _fits(declared[name], value)
    ]
    problems = (*missing, *unknown, *wrong)
    if problems:
        raise SlackError("parameter_validation_failed", problems)


def _fits(declared: Parameter, value: object) -> bool:
    kinds = _TYPES[declared.type]
    # Python takes a truth value for a number.
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
