"""What stands in the way of asking for a launch, and what goes on record when nothing does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.campaign.campaign import Preview, absences
from bot.campaign.request import ActivationRequest, Invalid, LaunchId, UserId
from bot.journal.journal import Journal
from bot.launch.correcting import check_correction
from bot.launch.events import ChannelId, Requested
from bot.launch.forecast import Forecast, forecast
from bot.launch.timing import expiry
from bot.message.report import Report
from bot.phrase import Phrase
from bot.policy import refusals
from bot.policy.collision import Collision
from bot.policy.conditions import Case
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.refusals import Refused
from bot.policy.roles import Action, Role, RolesUnknown

_AS_BEFORE = Phrase(
    "An edit drops nothing that the policy asked of this launch before. To be free of it, cancel the launch and ask "
    "for a new one."
)
FARTHEST_START = timedelta(days=366)
"""A later start is a slip of the keyboard, and nobody could say by now what the policy makes of it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for what, and where; `preview` is what was known then. Its launch may not exist yet.

    `edits` is the fingerprint of what an edit was begun on; "" where a launch is asked for. `files_of` is the launch
    whose files are sent where the request has none, `workflow` the execution of the workflow's step that asks,
    `corrects` the launch that it is a correction of.
    """

    launch_id: LaunchId
    person: UserId
    request: ActivationRequest
    channel: ChannelId
    preview: Preview
    edits: str = ""
    files_of: LaunchId | None = None
    workflow: str = ""
    corrects: LaunchId | None = None


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the policy asks for, and what stands in the way. `mention` is who is pinged for a decision."""

    demands: Demands
    rules: tuple[str, ...]
    collisions: tuple[Collision, ...]
    report: Report
    mention: tuple[str, ...]
    obstacle: Refused | None
    expected: Forecast | None = None
    """When it would start, were it approved at once."""
    zone: ZoneInfo | None = None
    """The policy's, on whose clocks its quiet hours and frozen days are."""


class Asking:
    """Checks what is asked for, before it is on record."""

    def __init__(self, journal: Journal, context: PolicyContext, sendable: Callable[[ActivationRequest], None]) -> None:
        self._journal = journal
        self._context = context
        self._roles = context.roles
        self._sendable = sendable

    def advise(self, asked: Asked) -> Advice | Refused:
        """What would be asked for and what would stand in the way, should this be asked for now.

        An edit drops nothing of what its launch had to meet before.
        """
        had = self._journal.load(asked.launch_id) if asked.edits else None
        try:
            policy = self._context.policy()
            case = self._context.case(
                policy, asked.launch_id, asked.person, asked.request, asked.preview, asked.channel
            )
        except PolicyUnreadable as unreadable:
            return Refused(refusals.PolicyNotRead(unreadable.cause))
        except RolesUnknown as unknown:
            return Refused(refusals.RolesNotChecked(Action.REQUEST, unknown.cause))
        ruling = policy.ruling(case)
        demands = had.demands.join(ruling.demands) if had else ruling.demands
        asked_of = policy.asked(demands) if demands.approvals else ()
        mentioned = dict.fromkeys(one for role in asked_of for one in role.mentioned)
        return Advice(
            demands=demands,
            rules=tuple(dict.fromkeys((*(had.rules if had else ()), *ruling.rules))),
            collisions=case.collisions,
            report=case.report,
            mention=tuple(one for one in mentioned if one != asked.person or demands.self_approval),
            obstacle=self._obstacle(policy, case, ruling.demands, demands, asked.person),
            expected=forecast(asked.request, demands, policy.zone, self._journal.now()),
            zone=policy.zone,
        )

    def requested(self, asked: Asked) -> Requested | Refused:
        """What goes on record, unless something stands in the way. Raises Invalid for what a person can mend."""
        request = asked.request
        self._sendable(request)
        asked = replace(asked, preview=self._context.held(asked.preview))
        for part, text in absences(asked.preview).items():
            raise Invalid(part, text)
        if asked.corrects:
            check_correction(self._journal.load(asked.corrects), request)
        advice = self.doubt_about(request.campaign_id, asked.launch_id) or self.advise(asked)
        if isinstance(advice, Refused):
            return advice
        if advice.obstacle:
            return advice.obstacle
        if advice.demands.reason and not request.reason.strip():
            wanted = Phrase("The policy asks for a reason here: write down why, so that approvers know.")
            raise Invalid("reason", wanted)
        now = self._journal.now()
        if request.at and request.at <= now:
            raise Invalid("at", Phrase("The start lies in the past. Choose a later moment, or leave it empty."))
        if request.at and request.at - now > FARTHEST_START:
            raise Invalid("at", Phrase("The start is more than a year away. Choose an earlier moment."))
        return Requested(
            request=request,
            channel=asked.channel,
            preview=asked.preview,
            expires_at=expiry(request, advice.demands, now),
            demands=advice.demands,
            rules=advice.rules,
            collisions=advice.collisions,
            report=advice.report,
            mention=advice.mention,
            workflow=asked.workflow,
            belongs_to=asked.corrects,
        )

    def doubt_about(self, campaign_id: int, but: LaunchId) -> Refused | None:
        """Another launch of the campaign in doubt forbids all others, whatever the policy says."""
        other = self._journal.in_doubt(campaign_id, but)
        if other is None:
            return None
        launch, place = other.launch, other.place
        return Refused(refusals.CampaignInDoubt(launch.requester, launch.moved_at, place.channel, place.message_ts))

    def _obstacle(self, policy: Policy, case: Case, new: Demands, demands: Demands, person: UserId) -> Refused | None:
        """`demands` join the new ones with those that an edited launch had before."""
        reasons = policy.obstacles(case, demands)
        if reasons:
            anew = () if policy.obstacles(case, new) else (_AS_BEFORE,)
            return Refused(refusals.PolicyForbids((*reasons, *anew)))
        return None if case.request.practice else self._too_few(demands, person)

    def _too_few(self, demands: Demands, person: UserId) -> Refused | None:
        """Whether more approvals are asked for than there are people to give them; said now, not at the deadline."""
        try:
            able = self._roles.holders(Role.APPROVER)
            able = able if demands.self_approval else able - {person}
            if len(able) < demands.approvals:
                return Refused(refusals.TooFewApprovers(Role.APPROVER, demands.approvals, len(able)))
            for one in demands.of_which:
                there_are = len(able & self._roles.holders(one.role))
                if there_are < one.count:
                    return Refused(refusals.TooFewApprovers(one.role, one.count, there_are))
        except RolesUnknown:
            # Whoever approves is checked then; a group that cannot be read now must not stop the request.
            return None
        return None
