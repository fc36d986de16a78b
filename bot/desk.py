"""The launch desk: what people do with launches. Each use case checks the role now, then lets the journal decide."""

import uuid
from collections.abc import Callable

from bot.journal.journal import Journal
from bot.launch.campaign import Preview
from bot.launch.events import ChannelId, Denied, Requested
from bot.launch.lifecycle import Approve, AskLook, Cancel, Command, Deny, Launch, Reject, Request, Vouch, decide
from bot.launch.policy import Action, CampaignInDoubt, NoSuchLaunch, Refused, Roles, Rules, check_role
from bot.launch.request import ActivationRequest, LaunchId, UserId


def new_launch_id() -> LaunchId:
    return LaunchId(str(uuid.uuid4()))


class Desk:
    """Takes what people ask for. `sendable` raises Invalid for a request that the wire format cannot carry."""

    def __init__(
        self,
        journal: Journal,
        roles: Roles,
        rules: Rules,
        sendable: Callable[[ActivationRequest], None],
    ) -> None:
        self._journal = journal
        self._roles = roles
        self._rules = rules
        self._sendable = sendable

    def may_request(self, person: UserId) -> Refused | None:
        """Whether the person may ask for a launch at all; a refusal is recorded."""
        refused = check_role(Action.REQUEST, person, self._roles)
        if refused:
            self._journal.record_denied(new_launch_id(), person, _denied(Action.REQUEST, refused))
        return refused

    def request(
        self, launch_id: LaunchId, person: UserId, request: ActivationRequest, channel: ChannelId, preview: Preview
    ) -> Launch | Refused:
        """Opens a launch under an id made beforehand, so that the same submission twice is one launch.

        Raises Invalid for a request that cannot be sent.
        """
        refused = self.may_request(person)
        if refused:
            return refused
        self._sendable(request)
        doubt = self._doubt_about(request.campaign_id, launch_id)
        if doubt:
            self._journal.record_denied(new_launch_id(), person, _denied(Action.REQUEST, doubt))
            return doubt
        requested = Requested(
            request=request,
            channel=channel,
            preview=preview,
            approvals_required=self._rules.approvals_required,
            expires_at=self._journal.now() + self._rules.time_to_live,
        )
        return self._journal.execute(launch_id, Request(person, requested))

    def approve(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        launch = self._journal.load(launch_id)
        refused = check_role(Action.APPROVE, person, self._roles)
        if refused is None and launch:
            refused = self._doubt_about(launch.request.campaign_id, launch_id)
        if refused:
            self._deny(launch_id, person, Action.APPROVE, refused)
            return refused
        return self._carry_out(launch_id, person, Action.APPROVE, Approve(person))

    def reject(self, launch_id: LaunchId, person: UserId, reason: str) -> Launch | Refused:
        return self._act(launch_id, person, Action.REJECT, Reject(person, reason))

    def may_reject(self, launch_id: LaunchId, person: UserId) -> Refused | None:
        """Whether the person may reject now, asked before they write down why; a refusal is recorded."""
        refused = check_role(Action.REJECT, person, self._roles)
        if refused is None:
            decision = decide(self._journal.load(launch_id), Reject(person, ""))
            refused = decision if isinstance(decision, Refused) else None
        if refused:
            self._deny(launch_id, person, Action.REJECT, refused)
        return refused

    def cancel(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        launch = self._journal.load(launch_id)
        if launch and launch.requester == person:
            return self._carry_out(launch_id, person, Action.CANCEL, Cancel(person))
        return self._act(launch_id, person, Action.CANCEL, Cancel(person))

    def look_again(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Has the campaign's log read again for a launch in doubt."""
        return self._act(launch_id, person, Action.LOOK, AskLook(person))

    def vouch(self, launch_id: LaunchId, person: UserId, *, ran: bool) -> Launch | Refused:
        """Settles a doubt by a person's word."""
        return self._act(launch_id, person, Action.VOUCH, Vouch(person, ran))

    def find(self, launch_id: LaunchId) -> Launch | None:
        return self._journal.load(launch_id)

    def keep_file(self, content: bytes) -> str:
        """Stores an attachment and returns its SHA-256."""
        return self._journal.keep_file(content)

    def _doubt_about(self, campaign_id: int, but: LaunchId) -> Refused | None:
        other = self._journal.in_doubt(campaign_id, but)
        if other is None:
            return None
        launch, place = other.launch, other.place
        return Refused(CampaignInDoubt(launch.requester, launch.moved_at, place.channel, place.message_ts))

    def _act(self, launch_id: LaunchId, person: UserId, action: Action, command: Command) -> Launch | Refused:
        refused = check_role(action, person, self._roles)
        if refused:
            self._deny(launch_id, person, action, refused)
            return refused
        return self._carry_out(launch_id, person, action, command)

    def _carry_out(self, launch_id: LaunchId, person: UserId, action: Action, command: Command) -> Launch | Refused:
        result = self._journal.execute(launch_id, command)
        if isinstance(result, Refused):
            self._deny(launch_id, person, action, result)
        return result

    def _deny(self, launch_id: LaunchId, person: UserId, action: Action, refused: Refused) -> None:
        denied = _denied(action, refused)
        on_record = self._journal.execute(launch_id, Deny(person, denied))
        if isinstance(on_record, Refused) and isinstance(on_record.reason, NoSuchLaunch):
            self._journal.record_denied(new_launch_id(), person, denied)


def _denied(action: Action, refused: Refused) -> Denied:
    return Denied(action, type(refused.reason).__name__)
