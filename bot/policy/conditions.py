"""The conditions of a policy's rules, and what they are held against."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.campaign.campaign import Audience, Preview, audience_of
from bot.campaign.request import ActivationRequest, Source, SourceKind
from bot.message.report import Report
from bot.policy.collision import Collision


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the rules are held against. `requester_roles` is None where the roles could not be found out."""

    request: ActivationRequest
    preview: Preview
    channel: str
    requester_roles: frozenset[str] | None
    collisions: tuple[Collision, ...] = ()
    report: Report = field(default_factory=Report)
    """What is sent, and what its checks have found."""
    tested: bool = False
    """Whether just this was tested with reviewers."""

    def to_segment(self, segment: int) -> "Case":
        """The same, to the people of that segment."""
        source = Source(SourceKind.SEGMENT, segment)
        request = replace(self.request, source=source, canary=None)
        return replace(
            self, request=request, preview=replace(self.preview, audience=Audience(source=source, size=self.audience))
        )

    @property
    def audience(self) -> int | None:
        return self.preview.audience.size if self.preview.audience else None

    @property
    def source(self) -> str | None:
        """The audience that is reached; None where the campaign's own is not known."""
        reached = audience_of(self.request, self.preview)
        return str(reached) if reached else None


class Verdict(StrEnum):
    """How a condition stands."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "counts, because it is not known"


@dataclass(frozen=True, kw_only=True)
class When:
    """Conditions of a rule; all that are given have to hold. What is not known holds: the rule then bites."""

    campaigns: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    run_now: bool | None = None
    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    requester_roles: tuple[str, ...] = ()
    audience_above: int | None = None
    limit_above: int | None = None
    """No limit is above any."""
    unknown_size: bool | None = None

    def holds(self, case: Case) -> bool:
        return Verdict.FAILS not in self.verdicts(case).values()

    def verdicts(self, case: Case) -> dict[str, Verdict]:
        """Each condition that is given, and how it stands."""
        campaign, request = case.preview.campaign, case.request
        kind = [campaign.kind] if campaign and campaign.kind else None
        verdicts = {
            "campaigns": _any(self.campaigns, [request.campaign_id]),
            "kinds": _named(self.kinds, kind),
            "tags": _named(self.tags, campaign.tags if campaign else None),
            "groups": _named(self.groups, campaign.groups if campaign else None),
            "run_now": _is(self.run_now, request.run_now),
            "sources": _any(self.sources, [case.source] if case.source else None),
            "channels": _any(self.channels, [case.channel]),
            "requester_roles": _any(self.requester_roles, case.requester_roles),
            "audience_above": _above(self.audience_above, case.audience),
            # No limit is above any.
            "limit_above": _above(self.limit_above, float("inf") if request.limit is None else request.limit),
            "unknown_size": _is(self.unknown_size, case.audience is None),
        }
        return {name: verdict for name, verdict in verdicts.items() if verdict}


def _any(wanted: Iterable[object], given: Iterable[object] | None) -> Verdict | None:
    wanted = set(wanted)
    if not wanted:
        return None
    if given is None:
        return Verdict.UNKNOWN
    return Verdict.HOLDS if wanted.intersection(given) else Verdict.FAILS


def _is(wanted: bool | None, given: bool) -> Verdict | None:
    if wanted is None:
        return None
    return Verdict.HOLDS if wanted == given else Verdict.FAILS


def _above(bound: int | None, given: float | None) -> Verdict | None:
    if bound is None:
        return None
    if given is None:
        return Verdict.UNKNOWN
    return Verdict.HOLDS if given > bound else Verdict.FAILS


def _named(wanted: Iterable[str], given: Iterable[str] | None) -> Verdict | None:
    """As _any, in capitals or not: a rule must not miss by how somebody spelt a tag."""
    return _any(map(_plain, wanted), None if given is None else map(_plain, given))


def _plain(name: str) -> str:
    """One spelling for names that look the same."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())
