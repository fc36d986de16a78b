"""Reading everything that is sent with a launch: a window with pages, for whoever may look at launches."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.request import LaunchId, UserId
from bot.desk import Desk
from bot.desk.search import LookupDesk
from bot.launch.state import Launch
from bot.policy.refusals import NoSuchLaunch, Refused
from bot.slack.api.respond import Respond
from bot.slack.payloads import Payload, click, page_turned
from bot.slack.private_replies import PrivateReplies
from bot.slack.views.blocks import View
from bot.slack.views.details import details_view
from bot.slack.views.read_everything import whole_view
from bot.texts import _

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Reading:
    """`why` makes a refusal's sentence. `client` needs a timeout well below Slack's 3 s: so long lasts a trigger."""

    _client: WebClient
    _desk: Desk
    _looking: LookupDesk
    _telling: PrivateReplies
    _why: Callable[[Refused], str]

    def opened(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        ack()
        yield
        self._open(body, respond, lambda launch, seen: self._whole(launch, 0, seen))

    def details(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """What platform and network said, which the card tells as what it means."""
        ack()
        yield
        self._open(body, respond, lambda launch, _seen: details_view(launch))

    def turned(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """Another page, in place of the one that was there."""
        ack()
        yield
        turn = page_turned(body)
        launch = self._read(turn.launch_id, turn.person)
        if isinstance(launch, Refused):
            self._telling.alone(body, respond, self._why(launch))
            return
        try:
            view = self._whole(launch, turn.page, turn.shown)
            self._client.views_update(view_id=turn.view_id, view=view)
        except (SlackClientError, OSError) as error:
            # The page that was there still stands.
            log.warning("a page could not be turned: %s", type(error).__name__)

    def _open(self, body: Payload, respond: Respond, view: Callable[[Launch, str], View]) -> None:
        """Opens a window about the launch; `view` makes it, also of what its reader had before their eyes."""
        pressed = click(body)
        launch = self._read(pressed.launch_id, pressed.person)
        if isinstance(launch, Refused):
            self._telling.alone(body, respond, self._why(launch))
            return
        try:
            self._client.views_open(trigger_id=pressed.trigger_id, view=view(launch, pressed.shown))
        except (SlackClientError, OSError) as error:
            log.warning("a window to read in could not be opened: %s", type(error).__name__)
            self._telling.alone(body, respond, _("Slack did not let me open the window in time. Press again."))

    def _whole(self, launch: Launch, page: int, seen: str) -> View:
        return whole_view(launch, page, seen, self._desk.messages(launch.preview), self._desk.read)

    def _read(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        refused = self._looking.may_look(person)
        if refused:
            return refused
        return self._desk.find(launch_id) or Refused(NoSuchLaunch())
