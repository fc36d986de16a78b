"""Says why something was refused, with a link to what stands in its way."""

import logging
from collections.abc import Collection

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.policy.refusals import CampaignInDoubt, MissingRole, Refused
from bot.policy.roles import Role
from bot.slack.api.role_members import RoleMembers
from bot.slack.views.refusal import why_refused

log = logging.getLogger(__name__)


class Refusals:
    """Words for refusals. `client` needs a timeout well below Slack's 3 s for an answer."""

    def __init__(self, client: WebClient, members: RoleMembers) -> None:
        self._client = client
        self._members = members

    def why(self, refused: Refused) -> str:
        """The sentence for the person who was refused."""
        reason = refused.reason
        link = self._link(reason) if isinstance(reason, CampaignInDoubt) else ""
        needed, but = (reason.needed, reason.but) if isinstance(reason, MissingRole) else ((), ())
        return why_refused(reason, self.who_to_ask(needed, but), link)

    def who_to_ask(self, roles: Collection[str] = (), but: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
        """Whom a sentence names of these roles and of the admins: ids of people and user groups."""
        named = {role: self._members.nameable(role, roles, but) for role in roles}
        return {Role.ADMIN: self._members.nameable(Role.ADMIN), **named}

    def _link(self, doubt: CampaignInDoubt) -> str:
        """The card's address; "" where Slack does not tell it, which must not hide the refusal itself."""
        if doubt.message_ts is None:
            return ""
        try:
            answer = self._client.chat_getPermalink(channel=doubt.channel, message_ts=doubt.message_ts)
        except (SlackClientError, OSError) as error:
            log.warning("Slack gave no link to a card: %s", type(error).__name__)
            return ""
        return str(answer.get("permalink") or "")
