"""A form that is filled in beforehand, as it travels in a button's value, so that any instance can open it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.campaign.request import Json
from bot.phrase import NO_CAUSE, Phrase
from bot.slack.form import Form
from bot.slash.activate import Parsed
from bot.slash.salvage import Salvaged, salvage

LONGEST_VALUE = 2000
"""Characters that Slack takes as a button's value."""


@dataclass(frozen=True)
class Filled:
    """The fields, and the words of the person that stand in none of them."""

    form: Form
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: str) -> "Filled":
        """What `value` was made of. Raises ValueError, KeyError or TypeError for anything else."""
        carried = json.loads(value)
        at = carried.pop("at")
        left_out = tuple(carried.pop("left_out"))
        return cls(Form(at=datetime.fromisoformat(at) if at else None, **carried), left_out)

    @property
    def value(self) -> str:
        """A button's value; "" where it would be longer than Slack takes."""
        form = self.form
        carried: dict[str, Json] = {
            "campaign_id": form.campaign_id,
            "run_now": form.run_now,
            "source": form.source,
            "limit": form.limit,
            "at": form.at.isoformat() if form.at else "",
            "practice": form.practice,
            "canary": form.canary,
            "wait": form.wait,
            "content": form.content,
            "reason": form.reason,
            "left_out": list(self.left_out),
        }
        value = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
        return value if len(value) <= LONGEST_VALUE else ""

    @property
    def notice(self) -> Phrase:
        """What the person has to fill in by hand, as a sentence."""
        if not self.left_out:
            return NO_CAUSE
        return Phrase(
            "What I understood is filled in. This is not: {words}. Fill it in where it belongs before you ask.",
            words=" ".join(self.left_out),
        )


def filled_from(text: str, understand: Callable[[str], Parsed]) -> Filled | None:
    """What of a mistyped command fills the form; None where that is nothing. `understand` is as salvage takes it."""
    found: Salvaged | None = salvage(text, understand)
    if found is None:
        return None
    # What was not understood may have been the word that says when.
    form = replace(Form.of(found.request), run_now=found.request.run_now or None)
    return Filled(form if found.has_campaign else replace(form, campaign_id=None), found.left_out)
