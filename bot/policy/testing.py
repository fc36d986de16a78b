"""What the policy says of tests to reviewers: where they may go, and what stands in the way of one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.campaign.request import ActivationRequest, Source, SourceKind
from bot.phrase import Phrase
from bot.policy.canary import ON_COPY, ON_ORIGINAL
from bot.policy.demands import Demands

NOWHERE = Phrase("The policy names no segment for tests. An admin can add a table [test] to it.")


@dataclass(frozen=True, kw_only=True)
class TestRules:
    """Tests go to this segment of at most so many people, and nowhere else."""

    __test__ = False  # for pytest, which takes it for one of its own

    segment: int
    at_most: int
    approvals: int = 0
    a_day: int = 20
    """How many tests one person may ask for within 24 hours."""
    on: str = ON_COPY
    """`original` where campaigns are made to be tested themselves; a copy of them runs otherwise."""
    no_schedule: str = "refuse"
    """What becomes of a test where the campaign's schedule names no times: the platform's guide does not say whether
    such a campaign starts by itself. `never_starts`, where somebody knows that it does not."""
    schedule_zone: ZoneInfo | None = None
    """The clocks of schedules that name none; None where nobody knows them."""

    @property
    def on_original(self) -> bool:
        return self.on == ON_ORIGINAL

    @property
    def source(self) -> Source:
        return Source(SourceKind.SEGMENT, self.segment)


def demands(rules: TestRules | None, base: Demands) -> Demands:
    """What a test has to meet. The size is held against `at_most` alone: one more of five reviewers is no drift."""
    most = rules.at_most if rules else 1
    return replace(
        Demands(),
        approvals=rules.approvals if rules else base.approvals,
        expires_after=base.expires_after,
        reminders=base.reminders,
        second_line=base.second_line,
        tolerance=100.0 * most,
    )


def obstacles(rules: TestRules | None, asked: ActivationRequest, size: int | None) -> tuple[Phrase, ...]:
    """Why the test may not be, as sentences; empty where it may. `size` is the segment's as it was read just now."""
    if rules is None:
        return (NOWHERE,)
    return tuple(_obstacles(rules, asked, size))


def _obstacles(rules: TestRules, asked: ActivationRequest, size: int | None) -> Iterator[Phrase]:
    if asked.source != rules.source:
        yield Phrase("Tests go to segment {id} and nowhere else.", id=str(rules.segment))
    if asked.limit != rules.at_most:
        yield Phrase("A test carries the policy's own limit of {most} messages.", most=rules.at_most)
    if size is None:
        yield Phrase("How many people segment {id} has is not known, so no test goes there.", id=str(rules.segment))
    elif size > rules.at_most:
        yield Phrase(
            "Segment {id} has {size} people, and the policy lets a test go to at most {most}.",
            id=str(rules.segment),
            size=size,
            most=rules.at_most,
        )
