"""Removes the events of what is over, and keeps what the rest needs to be verified."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.launch.codec import canonical, instant


def seal(row: Mapping[str, Any]) -> str:
    """The digest of a row of `pruned`: SHA-256, in hex, over the canonical JSON of all its other columns."""
    values = {name: instant(one) if isinstance(one, datetime) else one for name, one in row.items() if name != "digest"}
    try:
        return hashlib.sha256(canonical(values).encode(errors="surrogatepass")).hexdigest()
    except TypeError:
        return ""
