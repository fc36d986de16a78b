"""Holds an event against the trimmed schema: what has to be there, what may be, and of which kind it is."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text())

LONGEST = 65_535
"""Characters of a `string_t`."""

_KINDS = {"string_t": str, "integer_t": int, "long_t": int, "timestamp_t": int, "object": dict, "json_t": object}


def problems(event: Mapping[str, Any]) -> list[str]:
    """Everything that the schema would not take, as sentences."""
    found = list(_of(event, SCHEMA["event"], "event"))
    uids = (event.get("category_uid"), event.get("class_uid"), event.get("type_uid"))
    should = (SCHEMA["category_uid"], SCHEMA["class_uid"], SCHEMA["class_uid"] * 100 + event.get("activity_id", 0))
    if uids != should:
        found.append(f"category, class and type are {uids} instead of {should}")
    if event.get("metadata", {}).get("version") != SCHEMA["version"]:
        found.append("metadata.version is not the schema's")
    return found


def _of(value: Mapping[str, Any], what: Mapping[str, Any], where: str) -> Iterator[str]:
    attributes = what["attributes"]
    for name, told in attributes.items():
        if told.get("requirement") == "required" and name not in value:
            yield f"{where} lacks {name}"
    one_of = what["constraints"].get("at_least_one", [])
    if one_of and not set(one_of) & set(value):
        yield f"{where} has none of {one_of}"
    for name, one in value.items():
        if name not in attributes:
            yield f"{where} has no {name}"
        else:
            yield from _attribute(one, attributes[name], f"{where}.{name}")


def _attribute(one: Any, told: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = told["type"]
    if kind in SCHEMA["objects"]:
        yield from _of(one, SCHEMA["objects"][kind], where)
        return
    if kind not in _KINDS:
        yield f"{where} is a {kind}, which the trimmed schema does not have"
    elif not isinstance(one, _KINDS[kind]) or isinstance(one, bool):
        yield f"{where} is no {kind}"
    elif isinstance(one, str) and len(one) > LONGEST:
        yield f"{where} is too long"
    numbers = {} if where.endswith(("category_uid", "class_uid")) else told.get("enum", {})
    if numbers and str(one) not in numbers:
        yield f"{where} is {one}, which is none of {sorted(numbers)}"
