"""Makes secrets unreadable in whatever is written down: nothing of ours writes one, others' words may quote one."""

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote_plus

HIDDEN = "•••"

TELLING = 8
"""Characters from which a secret is looked for inside words as well: a shorter one may be a piece of any."""


def hiding(secrets: Iterable[str]) -> Callable[[str], str]:
    """Gives a text without the secrets, also as they stand in an address or in JSON."""
    # The longest first: one may begin with another.
    forms = sorted({form for secret in secrets if secret for form in _forms(secret)}, key=len, reverse=True)
    if not forms:
        return lambda text: text
    anywhere = re.compile("|".join(map(_pattern, forms)))
    return lambda text: anywhere.sub(HIDDEN, text)


def _forms(secret: str) -> tuple[str, str, str]:
    return secret, quote_plus(secret), json.dumps(secret, ensure_ascii=False)[1:-1]


def _pattern(form: str) -> str:
    return re.escape(form) if len(form) >= TELLING else rf"(?<!\w){re.escape(form)}(?!\w)"
