"""What people do with launches. Each use case checks the role now, then lets the journal decide."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, UserId
from bot.desk.asking import Advice, Asked, Asking
from bot.desk.deciding import Deciding, Decision
from bot.desk.denials import Denials
from bot.journal.file_store import FileStore
from bot.journal.journal import Journal
from bot.journal.record import recorded
from bot.launch import commands
from bot.launch.commands import Command
from bot.launch.correcting import is_correction
from bot.launch.decide import actor_of, decide
from bot.launch.eligible import of_this_launch
from bot.launch.events import BrokeGlass, Expired
from bot.launch.forecast import Forecast
from bot.launch.record import Recorded, Wish
from bot.launch.state import Launch, State
from bot.message.message import MaybeMessage
from bot.policy import refusals
from bot.policy.context import PolicyContext
from bot.policy.fingerprint import request_changes
from bot.policy.permissions import check_role
from bot.policy.refusals import Reason, Refused
from bot.policy.roles import Action

log = logging.getLogger(__name__)


class Desk:
    """Takes what people ask for.

    `reread` reads a launch's campaign again; `sendable` raises Invalid for a request that the wire format cannot carry.
    """

    def __init__(
        self,
        journal: Journal,
        context: PolicyContext,
        reread: Callable[[Launch], Preview],
        sendable: Callable[[ActivationRequest], None],
    ) -> None:
        self._journal = journal
        self._files = FileStore(journal)
        self._denials = Denials(journal)
        self._roles = context.roles
        self._messages = context.messages
        self.read = context.read
        self._asking = Asking(journal, context, sendable)
        self._deciding = Deciding(journal, context, reread)

    def may_request(self, person: UserId) -> Refused | None:
        """Whether the person may ask for a launch at all; a refusal is recorded."""
        refused = check_role(Action.REQUEST, person, self._roles)
        return self._turned_away(person, refused) if refused else None

    def turn_away_from_elsewhere(self, person: UserId, action: Action) -> Refused:
        """Refuses what is of another workspace, organisation or app than the bot's own, and records that."""
        return self._denials.turn_away(person, action, refusals.FromElsewhere())

    def may_fill_in(self, person: UserId) -> bool:
        """Whether the person may be shown what a form offers. Not recorded: Slack asks at each key that is pressed."""
        return check_role(Action.REQUEST, person, self._roles) is None

    def advise(self, asked: Asked) -> Advice | Refused:
        """What the policy would ask for, and what would stand in the way, should this be asked for now."""
        return self._asking.advise(asked)

    def request(self, asked: Asked) -> Launch | Refused:
        """Opens a launch under an id made beforehand, so that the same submission twice is one launch.

        Raises Invalid for a request that cannot be sent, or that lacks what the policy wants filled in.
        """
        refused = self.may_request(asked.person)
        if refused:
            return refused
        if asked.files_of and not asked.request.attachments:
            before = self._journal.load(asked.files_of)
            if before is None:
                return self._turned_away(asked.person, Refused(refusals.NoSuchLaunch()))
            asked = replace(asked, request=asked.request.with_attachments(before.request.attachments))
        requested = self._asking.requested(asked)
        if isinstance(requested, Refused):
            return self._turned_away(asked.person, requested)
        return self._journal.execute(asked.launch_id, commands.Request(asked.person, requested))

    def may_edit(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """The launch, if the person may edit it now; a refusal is recorded."""
        refused = check_role(Action.EDIT, person, self._roles)
        launch = self._as_it_stands(launch_id)
        if launch and person != launch.requester:
            refused = Refused(refusals.NotTheRequester(launch.requester))
        return self._allowed(launch_id, launch, Action.EDIT, commands.Reject(person, ""), refused)

    def edit(self, asked: Asked) -> Launch | Refused:
        """Changes what a pending launch asks for; all approvals are void. Raises Invalid as request does.

        Without new files the old ones stay. Whoever began on something else than what stands now is refused, unless it
        comes to the same: the same submission may come twice.
        """
        launch = self.may_edit(asked.launch_id, asked.person)
        if isinstance(launch, Refused):
            return launch
        if not asked.request.attachments:
            asked = replace(asked, request=asked.request.with_attachments(launch.request.attachments))
        # What it was asked as, it stays: a rehearsal never becomes a launch, and a correction goes to the same people.
        asked = replace(asked, request=replace(asked.request, practice=launch.request.practice))
        asked = replace(asked, corrects=launch.belongs_to if is_correction(launch) else None)
        changes = request_changes(launch.request, asked.request)
        if not changes:
            return launch
        if asked.edits != launch.fingerprint:
            return self._refuse(asked.launch_id, asked.person, Action.EDIT, refusals.EditsOtherwise())
        requested = self._asking.requested(asked)
        if isinstance(requested, Refused):
            return self._refuse(asked.launch_id, asked.person, Action.EDIT, requested.reason)
        edit = commands.Edit(asked.person, requested, changes, asked.edits)
        return self._denials.carry_out(asked.launch_id, Action.EDIT, edit)

    def may_decide(self, made: Decision, action: Action) -> Launch | Refused:
        """The launch, if the person may approve it or break the glass now, as far as can be said without the platform.

        What has to be typed is not asked for yet. A refusal is recorded.
        """
        approve = commands.Approve(made.person, checked=made.unchecked)
        break_glass = commands.BreakGlass(made.person, BrokeGlass("", ()), made.unchecked)
        refused = check_role(action, made.person, self._roles)
        launch = self._as_it_stands(made.launch_id)
        if refused is None and launch:
            refused = self._asking.doubt_about(launch.request.campaign_id, made.launch_id)
        command = break_glass if action is Action.BREAK_GLASS else approve
        return self._allowed(made.launch_id, launch, action, command, refused)

    def approve(self, made: Decision) -> Launch | Refused:
        """Takes the approval if what would be launched is what was asked for; else voids what was approved so far.

        As slow as the platform is: never call it before an ack.
        """
        launch = self.may_decide(made, Action.APPROVE)
        if isinstance(launch, Refused):
            return launch
        checked = self._deciding.check(launch, made, Action.APPROVE)
        if isinstance(checked, Refused):
            return self._refuse(launch.id, made.person, Action.APPROVE, checked.reason)
        roles = self._deciding.roles_counted(made.person, checked.demands or launch.demands)
        if isinstance(roles, Refused):
            return self._refuse(launch.id, made.person, Action.APPROVE, roles.reason)
        approve = commands.Approve(made.person, tuple(sorted(roles)), checked)
        return self._denials.carry_out(launch.id, Action.APPROVE, approve)

    def break_glass(self, made: Decision, reason: str) -> Launch | Refused:
        """Launches without the approvals, where the policy lets an admin do so. As slow as approve."""
        launch = self.may_decide(made, Action.BREAK_GLASS)
        if isinstance(launch, Refused):
            return launch
        checked = self._deciding.check(launch, made, Action.BREAK_GLASS)
        if isinstance(checked, Refused):
            return self._refuse(launch.id, made.person, Action.BREAK_GLASS, checked.reason)
        broke = BrokeGlass(reason, self._deciding.everyone_asked(launch))
        command = commands.BreakGlass(made.person, broke, checked)
        return self._denials.carry_out(launch.id, Action.BREAK_GLASS, command)

    def reject(self, launch_id: LaunchId, person: UserId, reason: str) -> Launch | Refused:
        return self._act(launch_id, person, Action.REJECT, commands.Reject(person, reason))

    def may_reject(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """The launch, if the person may reject it now, asked before they write down why; a refusal is recorded."""
        refused = check_role(Action.REJECT, person, self._roles)
        launch = self._as_it_stands(launch_id)
        return self._allowed(launch_id, launch, Action.REJECT, commands.Reject(person, ""), refused)

    def may_ask_changes(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """The launch, if the person may ask for changes now, asked before they write down which; recorded as above."""
        refused = check_role(Action.ASK_CHANGES, person, self._roles)
        launch = self._as_it_stands(launch_id)
        return self._allowed(launch_id, launch, Action.ASK_CHANGES, commands.AskChanges(person, ""), refused)

    def ask_changes(self, launch_id: LaunchId, person: UserId, wish: str) -> Launch | Refused:
        return self._act(launch_id, person, Action.ASK_CHANGES, commands.AskChanges(person, wish))

    def cancel(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        launch = self._journal.load(launch_id)
        if launch and launch.requester == person:
            return self._denials.carry_out(launch_id, Action.CANCEL, commands.Cancel(person))
        return self._act(launch_id, person, Action.CANCEL, commands.Cancel(person))

    def look_again(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Has the campaign's log read again for a launch in doubt."""
        return self._act(launch_id, person, Action.LOOK, commands.AskLook(person))

    def vouch(self, launch_id: LaunchId, person: UserId, *, ran: bool) -> Launch | Refused:
        """Settles a doubt by a person's word."""
        return self._act(launch_id, person, Action.VOUCH, commands.Vouch(person, ran))

    def export(self, person: UserId, wish: Wish) -> Iterator[Recorded] | Refused:
        """What is on record, for admins; read only when it is gone through. A refusal is recorded.

        Who takes it away is logged, but no event: nothing happens to any launch by it.
        """
        refused = check_role(Action.EXPORT, person, self._roles)
        if refused:
            return self._turned_away(person, refused, Action.EXPORT)
        log.info("%s exports the record", person)
        return recorded(self._journal, wish)

    def expected(self, launch: Launch) -> Forecast | None:
        """When the launch would start, were nothing missing any more; None where nobody can tell."""
        return self._deciding.expected(launch)

    def find(self, launch_id: LaunchId) -> Launch | None:
        return self._journal.load(launch_id)

    def messages(self, preview: Preview) -> tuple[MaybeMessage, ...]:
        """What is sent, as it was read for that preview."""
        return tuple(map(self._messages.find, preview.messages))

    def keep_file(self, content: bytes) -> str:
        """Stores an attachment and returns its SHA-256."""
        return self._files.keep(content)

    def _as_it_stands(self, launch_id: LaunchId) -> Launch | None:
        launch = self._journal.load(launch_id)
        if launch is None or launch.state != State.REQUESTED or launch.expires_at > self._journal.now():
            return launch
        # The worker may be late, but nobody decides on what has expired.
        self._journal.execute(launch_id, commands.Observe(Expired(), launch.fingerprint))
        return self._journal.load(launch_id)

    def _allowed(
        self, launch_id: LaunchId, launch: Launch | None, action: Action, command: Command, refused: Refused | None
    ) -> Launch | Refused:
        """The launch, if nothing has refused it yet and the command would be taken now; a refusal is recorded."""
        if refused is None:
            early = decide(launch, command)
            # What is typed is asked for next.
            refused = early if isinstance(early, Refused) and not isinstance(early.reason, refusals.NotTyped) else None
        if refused or launch is None:
            reason = refused.reason if refused else refusals.NoSuchLaunch()
            return self._refuse(launch_id, actor_of(command), action, reason)
        return launch

    def _turned_away(self, person: UserId, refused: Refused, action: Action = Action.REQUEST) -> Refused:
        return self._denials.turn_away(person, action, refused.reason)

    def _act(self, launch_id: LaunchId, person: UserId, action: Action, command: Command) -> Launch | Refused:
        refused = check_role(action, person, self._roles)
        if refused:
            return self._refuse(launch_id, person, action, refused.reason)
        return self._denials.carry_out(launch_id, action, command)

    def _refuse(self, launch_id: LaunchId, person: UserId, action: Action, reason: Reason) -> Refused:
        launch = self._journal.load(launch_id) if isinstance(reason, refusals.MissingRole) else None
        if launch and isinstance(reason, refusals.MissingRole):
            reason = of_this_launch(launch, reason)
        return self._denials.refuse(launch_id, person, action, reason)
