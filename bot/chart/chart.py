"""What is drawn: a few rows of numbers over the same hours, each on a scale of its own."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Row:
    """`values` are as many as the chart has points, and never fall; `total` is what the last of them reads as."""

    name: str
    total: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """All words are as people read them. `hours` is how long its points span, from 0."""

    title: str
    below: str
    hours: int
    rows: tuple[Row, ...]

    def encoded(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decoded(cls, written: bytes) -> Self:
        fields: Mapping[str, Any] = json.loads(written)
        rows = tuple(Row(row["name"], row["total"], tuple(row["values"])) for row in fields["rows"])
        return cls(fields["title"], fields["below"], fields["hours"], rows)
