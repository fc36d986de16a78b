"""Who received a launch: asking that they are put into a segment, and what a correction to them is asked for with."""

from bot.campaign.request import LaunchId, UserId
from bot.desk.denials import Denials
from bot.journal.fillings import Fillings
from bot.journal.journal import Journal
from bot.launch.correcting import receivers, why_not
from bot.launch.state import Launch
from bot.phrase import Phrase
from bot.policy.context import PolicyContext
from bot.policy.permissions import check_role
from bot.policy.policy import PolicyUnreadable
from bot.policy.received import NOWHERE
from bot.policy.refusals import NoRecipients, NoSuchLaunch, PolicyNotRead, Reason, Refused
from bot.policy.roles import Action

NO_KEY = Phrase("Nobody's profile id is kept here: the setting RECIPIENTS_KEY is not set.")
NOBODY_KEPT = Phrase(
    "No profile id of those who received it is kept: they are kept from events of the platform's hooks, since the "
    "setting RECIPIENTS_KEY is there, and only for as long as the policy says."
)
NOT_YET = Phrase("There is no segment of those who received it yet.")


class ReceivedDesk:
    """Takes the question. The filling itself is the worker's."""

    def __init__(self, journal: Journal, context: PolicyContext, fillings: Fillings) -> None:
        self._journal = journal
        self._context = context
        self._fillings = fillings
        self._denials = Denials(journal)

    def is_offered(self) -> bool:
        """Whether anybody is kept here, and the policy says where they may be put."""
        return self._fillings.keeps and self._context.names_receivers()

    def ask(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Has those who received the launch put into a segment; a refusal is recorded."""
        hindered = self._hindered(launch_id, person)
        if hindered:
            return self._refuse(launch_id, person, hindered)
        asked = self._fillings.ask(launch_id, person)
        return self._refuse(launch_id, person, asked.reason) if isinstance(asked, Refused) else asked

    def corrected(self, launch_id: LaunchId) -> Launch | Refused:
        """The launch to whose receivers a correction can be asked for. Who may ask for one is checked elsewhere."""
        launch = self._journal.load(launch_id)
        if launch is None:
            return Refused(NoSuchLaunch())
        return launch if receivers(launch) else Refused(NoRecipients(NOT_YET))

    def _hindered(self, launch_id: LaunchId, person: UserId) -> Reason | None:
        try:
            policy = self._context.policy()
        except PolicyUnreadable as unreadable:
            return PolicyNotRead(unreadable.cause)
        refused = check_role(Action.WHO_GOT_IT, person, self._context.roles, policy.needed(Action.WHO_GOT_IT))
        if refused:
            return refused.reason
        if policy.received is None:
            return NoRecipients(NOWHERE)
        if not self._fillings.keeps:
            return NoRecipients(NO_KEY)
        launch = self._journal.load(launch_id)
        if launch is None:
            return NoSuchLaunch()
        why = why_not(launch)
        if why:
            return NoRecipients(why)
        return None if self._fillings.anybody_kept(launch_id) else NoRecipients(NOBODY_KEPT)

    def _refuse(self, launch_id: LaunchId, person: UserId, reason: Reason) -> Refused:
        return self._denials.refuse(launch_id, person, Action.WHO_GOT_IT, reason)
