"""Trims the published schema to the class that the export uses: `python -m tests.ocsf CLONE_OF_OCSF_SCHEMA`.

Of each object it keeps every attribute's name, type and requirement; descriptions are left out.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TAG = "1.8.0"
EVENT = "entity_management"
OBJECTS = ("metadata", "product", "actor", "user", "managed_entity")
"""What of it the export fills in."""

OUT = Path(__file__).parent / "schema.json"

_KEPT = ("type", "requirement", "is_array", "enum")


class Clone:
    """A clone of github.com/ocsf/ocsf-schema at the tag."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def git(self, *words: str) -> str:
        return subprocess.run(["git", "-C", self._folder, *words], capture_output=True, text=True, check=True).stdout

    def read(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.git("show", f"refs/tags/{TAG}:{path}"))
        return found


def attributes_of(clone: Clone, folder: str, name: str, dictionary: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an object or a class with those of all that it extends, each with its type."""
    paths = clone.git("ls-tree", "-r", "--name-only", f"refs/tags/{TAG}", f"{folder}/").split()
    own = clone.read(next(path for path in paths if Path(path).stem == name))
    above = own.get("extends")
    inherited = attributes_of(clone, folder, above, dictionary)["attributes"] if above and above != "object" else {}
    attributes = dict(inherited)
    for key, told in own["attributes"].items():
        if key == "$include":
            continue
        merged = {**dictionary["attributes"].get(key, {}), **attributes.get(key, {}), **told}
        enum = {
            **dictionary["attributes"].get(key, {}).get("enum", {}),
            **attributes.get(key, {}).get("enum", {}),
            **told.get("enum", {}),
        }
        attributes[key] = {kept: merged[kept] for kept in _KEPT if kept in merged} | ({"enum": enum} if enum else {})
    return {"attributes": attributes, "constraints": own.get("constraints", {})}


def trimmed(clone: Clone) -> dict[str, Any]:
    dictionary = clone.read("dictionary.json")
    event, own = attributes_of(clone, "events", EVENT, dictionary), clone.read(f"events/iam/{EVENT}.json")
    category = clone.read("categories.json")["attributes"]["iam"]["uid"]
    objects = {name: attributes_of(clone, "objects", name, dictionary) for name in OBJECTS}
    for one in (event, *objects.values()):
        for told in one["attributes"].values():
            if "enum" in told:
                told["enum"] = {number: what.get("caption", "") for number, what in told["enum"].items()}
    return {
        "source": "https://github.com/ocsf/ocsf-schema (Apache-2.0)",
        "version": clone.read("version.json")["version"],
        "commit": clone.git("rev-list", "-n1", f"refs/tags/{TAG}").strip(),
        "category_uid": category,
        "class_uid": category * 1000 + own["uid"],
        "event": event,
        "objects": objects,
    }


if __name__ == "__main__":
    OUT.write_text(json.dumps(trimmed(Clone(sys.argv[1])), indent=1, sort_keys=True) + "\n")
