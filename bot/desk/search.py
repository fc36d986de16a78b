"""What people look at: who may, and what they see."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.campaign.request import UserId
from bot.desk.denials import Denials
from bot.journal.journal import Journal
from bot.journal.launch_search import Looking
from bot.launch.search import Found, HomeLists, Mark, Page, Wanted, home_lists
from bot.policy.context import PolicyContext
from bot.policy.permissions import check_role
from bot.policy.policy import PolicyUnreadable
from bot.policy.refusals import MissingRole, PolicyNotRead, Refused, RolesNotChecked
from bot.policy.roles import Action, Role, RolesUnknown
from bot.policy.standing import Standing, standing


@dataclass(frozen=True)
class HomeTold:
    """A person's App Home. `lists` is None where they may not look; `refused` says why, or what is left out.

    `zone` is the policy's, None where that cannot be read. `may` are the actions that the person's roles allow; those
    of which that cannot be told are among them.
    """

    lists: HomeLists | None
    refused: Refused | None = None
    zone: ZoneInfo | None = None
    may: frozenset[Action] = frozenset()


class LookupDesk:
    """Sizes and names of audiences are the team's: whoever holds any role may look, and nobody else."""

    def __init__(self, journal: Journal, looking: Looking, context: PolicyContext) -> None:
        self._journal = journal
        self._looking = looking
        self._context = context
        self._denials = Denials(journal)

    def may_look(self, person: UserId) -> Refused | None:
        """Whether the person may look at campaigns and launches; a refusal is recorded."""
        refused = self._role_missing(person)
        return self._denials.turn_away(person, Action.READ, refused.reason) if refused else None

    def history(self, wanted: Wanted, beside: Mark | None = None) -> Page:
        """A page of launches. Ask may_look first."""
        return self._looking.page(wanted, beside)

    def last_launch(self, campaign_id: int) -> Found | None:
        """The campaign's launch that reached people last, or may do so still; without one, the newest of all.

        So what was only practised, or never sent, does not hide what was. Ask may_look first.
        """
        reaching = self._looking.last_to_reach(campaign_id)
        if reaching:
            return reaching
        page = self._looking.page(Wanted(campaign_id=campaign_id, tests=False))
        # What was taken on to be stopped was launched elsewhere.
        return next((one for one in page.found if not one.launch.adopted), None)

    def home(self, person: UserId) -> HomeTold:
        """The person's App Home. To open it is no attempt at anything, so a refusal is told and not recorded."""
        refused = self._role_missing(person)
        if refused:
            return HomeTold(None, refused)
        unable = check_role(Action.APPROVE, person, self._context.roles)
        settles = check_role(Action.VOUCH, person, self._context.roles) is None
        board = self._looking.board(person)
        cancels = check_role(Action.CANCEL, person, self._context.roles) is None
        lists = home_lists(
            board, person, self._journal.now(), approves=unable is None, settles=settles, cancels=cancels
        )
        # Not to be an approver is nothing to be told; not to know whether one is, is.
        unknown = unable if unable and isinstance(unable.reason, RolesNotChecked) else None
        return HomeTold(lists, unknown, self._context.zone(), self._may(person))

    def _may(self, person: UserId) -> frozenset[Action]:
        return frozenset(action for action in Action if not self._lacks_role(action, person))

    def _lacks_role(self, action: Action, person: UserId) -> bool:
        try:
            needed = self._context.policy().needed(action)
        except PolicyUnreadable:
            return False
        refused = check_role(action, person, self._context.roles, needed)
        return refused is not None and isinstance(refused.reason, MissingRole)

    def standing(self, person: UserId) -> Standing | Refused:
        """How the person stands by the policy. To ask is no attempt at anything: nothing is recorded."""
        try:
            return standing(person, self._context.policy(), self._context.roles)
        except PolicyUnreadable as unreadable:
            return Refused(PolicyNotRead(unreadable.cause))

    def _role_missing(self, person: UserId) -> Refused | None:
        refused = check_role(Action.READ, person, self._context.roles)
        if refused is None:
            return None
        try:
            others = set(self._context.policy().roles) - set(Role)
            return None if self._context.roles.held(person, others) else refused
        except PolicyUnreadable as unreadable:
            return Refused(PolicyNotRead(unreadable.cause))
        except RolesUnknown as unknown:
            return Refused(RolesNotChecked(Action.READ, unknown.cause))
