"""The text after /campaign-activate, to a request and back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import TypeAlias

from bot.campaign.request import ActivationRequest, Attachment, Invalid, Json, Purpose, Source
from bot.phrase import Phrase
from bot.policy.testing import TestRules
from bot.slash import suggest, values
from bot.slash.json_object import as_json
from bot.slash.moment import Clocks, moment_text
from bot.slash.parameters import WORDS, Parameters, is_help, is_practice, is_test
from bot.slash.words import (
    WORD_TOLD,
    CommandError,
    Word,
    as_quoted,
    check_writable,
    from_slack,
    split,
)
from bot.texts import _

LONGEST_TEXT = 8000


def usage() -> str:
    """What can be typed, with examples, in mrkdwn."""
    return "\n".join(
        [
            _("*Ask to launch a campaign* (a mailing, as newer editions of the platform say):"),
            _("`/campaign-activate ID [words in any order]`"),
            *(_(WORD_TOLD).format(word=written, does=_(does)) for written, does in WORDS.values()),
            _("For example:"),
            "`/campaign-activate 82 run_now source=segment:5`",
            '`/campaign-activate 82 run_now limit=1000 content.promo=SPRING reason="First wave"`',
            _("`/campaign-activate practice 82 run_now` walks the whole path, approvals and all, and sends nothing."),
            _("`/campaign-activate test 82` sends a test to the reviewers whom the policy names, and to nobody else."),
            _("`/campaign-activate` alone opens the form, `/campaign-activate help` shows this."),
        ]
    )


@dataclass(frozen=True)
class Help:
    """The person asks what can be typed."""


@dataclass(frozen=True)
class Blank:
    """Nothing was typed: the form opens empty."""


@dataclass(frozen=True)
class TypedTest:
    """A test to reviewers. Where it goes the policy says: a `source` or a `limit` is there to be refused, on record."""

    campaign_id: int
    source: Source | None = None
    limit: int | None = None
    content: Mapping[str, Json] | None = None
    reason: str = ""

    def under(self, rules: TestRules, files: tuple[Attachment, ...] = ()) -> ActivationRequest:
        """What is asked for. What is typed otherwise than the policy has it stays: it is refused, on record."""
        return ActivationRequest(
            campaign_id=self.campaign_id,
            run_now=True,
            source=self.source or rules.source,
            limit=rules.at_most if self.limit is None else self.limit,
            content=self.content,
            attachments=files,
            reason=self.reason,
            purpose=Purpose.TEST,
        )


Parsed: TypeAlias = Help | Blank | ActivationRequest | TypedTest


def parse(text: str, clocks: Clocks = lambda: UTC, now: datetime | None = None) -> Parsed:
    """What the text asks for; `clocks` gives the time zone of whoever typed it, where a moment without offset stands.

    A start that counts from now, such as `18:55`, takes `now`; without it, only a date and a time are a start. Raises
    CommandError for everything that is not wholly understood, and what `clocks` raises.
    """
    if len(text) > LONGEST_TEXT:
        most = str(LONGEST_TEXT)
        raise CommandError(
            "command", Phrase("The command is longer than {most} characters. Use the form instead.", most=most)
        )
    check_writable("command", text)
    words = list(values.with_whole_starts(split(from_slack(text))))
    for word in words:
        check_writable(word.key, word.value or "")
    if not words:
        return Blank()
    if is_help(words[0]):
        if len(words) > 1:
            alone = Phrase("help stands alone; take {word} away.", word=words[1].shown)
            raise CommandError(str(words[1]), alone, "help")
        return Help()
    if is_practice(words[0]):
        if len(words) == 1:
            lonely = Phrase("practice needs a campaign: /campaign-activate practice 82 run_now")
            raise CommandError("practice", lonely, None)
        return replace(_request(words[1:], Parameters(clocks, now)), practice=True)
    if is_test(words[0]):
        if len(words) == 1:
            raise CommandError("test", Phrase("test needs a campaign: /campaign-activate test 82"), None)
        return _test(words[1:], Parameters(clocks, now))
    return _request(words, Parameters(clocks, now))


def to_text(request: ActivationRequest, zone: tzinfo = UTC) -> str:
    """A text that asks for the same when it is typed in that time zone, also after Slack has escaped it.

    Attachments cannot be typed, so they are left out. `parse` reads it back, unless it is longer than LONGEST_TEXT or
    its content is deeper than DEEPEST.
    """
    parts = ["practice", str(request.campaign_id)] if request.practice else [str(request.campaign_id)]
    if request.run_now:
        parts.append("run_now")
    if request.source is not None:
        parts.append(f"source={request.source}")
    if request.limit is not None:
        parts.append(f"limit={request.limit}")
    if request.at is not None:
        parts.append(f"at={moment_text(request.at, zone)}")
    if request.canary is not None:
        parts += [f"canary={request.canary.source}", f"wait={values.span_text(request.canary.wait)}"]
    if request.content is not None:
        parts.append(f"content={as_json(dict(request.content))}")
    if request.reason:
        parts.append(f"reason={as_quoted(request.reason)}")
    return " ".join(parts)


def _request(words: Sequence[Word], said: Parameters) -> ActivationRequest:
    for place, word in enumerate(words):
        if place == 0 or word.key.lower() in ("limit", "source", "canary"):
            values.check_unspaced(str(word), [str(one) for one in words[place + 1 :]])
    campaign_id = _campaign_id(words)
    for word in words[1:]:
        said.take(word)
    if said.wait is not None and said.canary is None:
        alone = Phrase("wait= works only together with canary=, for example canary=segment:318 wait=30m.")
        raise CommandError("wait", alone, "canary=segment:318")
    canary = replace(said.canary, wait=said.wait) if said.canary and said.wait else said.canary
    try:
        return ActivationRequest(
            campaign_id=campaign_id,
            run_now=said.run_now or False,
            source=said.source,
            limit=said.limit,
            at=said.at,
            content=said.content,
            reason=said.reason or "",
            canary=canary,
        )
    except Invalid as invalid:
        raise CommandError(invalid.part, invalid.text) from invalid


def _test(words: Sequence[Word], said: Parameters) -> TypedTest:
    campaign_id = _campaign_id(words)
    for word in words[1:]:
        said.take(word)
    given = {"at": said.at, "run_now": said.run_now, "canary": said.canary, "wait": said.wait}
    key = next((name for name, value in given.items() if value is not None), None)
    if key:
        at_once = Phrase("A test is sent at once: take {word} away, for example /campaign-activate test 82", word=key)
        raise CommandError(key, at_once)
    return TypedTest(campaign_id, said.source, said.limit, said.content, said.reason or "")


def _campaign_id(words: Sequence[Word]) -> int:
    first = words[0]
    if first.value is None and values.is_number(first.key):
        return values.whole(first, first.key)
    near = suggest.nearest(first.key.strip("-/"), ["help", "practice", "test"])
    if first.value is None and near:
        raise CommandError(str(first), suggest.unknown(first, near), near)
    later = next((word.key for before, word in pairwise(words) if _may_be_the_id(before, word)), None)
    if later or first.key.lower() in WORDS:
        raise CommandError(
            str(first),
            Phrase(
                "{word} is no campaign id. Start with the campaign's id: /campaign-activate {id} run_now",
                word=first.shown,
                id=later or "82",
            ),
            later,
        )
    digits = re.fullmatch(r"\W*([0-9]{1,19})\W*", str(first))
    meant = digits[1] if digits else None
    no_number = Phrase(
        "{word} is no campaign id: an id is a whole number. Start with one, for example "
        "/campaign-activate {id} run_now",
        word=first.shown,
        id=meant or "82",
    )
    raise CommandError(str(first), no_number, meant)


def _may_be_the_id(before: Word, word: Word) -> bool:
    return word.value is None and values.is_number(word.key) and before.key.lower() not in ("limit", "source", "canary")
