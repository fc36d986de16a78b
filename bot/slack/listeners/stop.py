"""Stopping campaigns from Slack: the command, the card's button, and the window that asks whether it is meant."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.campaign import Directory, Preview
from bot.campaign.encoding import decode_preview
from bot.campaign.request import Json, RequestId, UserId, number_in
from bot.desk.stopping import StopDesk, StopRequest, new_stop_id
from bot.launch.events import ChannelId
from bot.launch.state import Launch
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.slack.api.languages import Languages
from bot.slack.api.respond import Respond
from bot.slack.payloads import Click, Payload, typed_command
from bot.slack.private_metadata import LONGEST_METADATA, carried_preview, metadata
from bot.slack.private_replies import PrivateReplies, reference, tell
from bot.slack.refusals import Refusals
from bot.slack.views import notices, stop_window
from bot.slack.views.blocks import View
from bot.slack.views.help import STOP
from bot.slack.views.notices import notice_view
from bot.slash.stop import parse_stop
from bot.slash.words import CommandError
from bot.texts import _, speaking

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Window:
    """An open window. What it shows travels in it, so that any instance can take its submission."""

    person: UserId
    campaign_id: int
    request_id: RequestId
    channel: ChannelId
    keep_queue: bool
    preview: Preview | None = None

    @property
    def private_metadata(self) -> str:
        carried: dict[str, Json] = {
            "campaign": self.campaign_id,
            "request": self.request_id,
            "channel": self.channel,
        }
        whole = metadata({**carried, "preview": carried_preview(self.preview)}) if self.preview else ""
        return whole if 0 < len(whole) <= LONGEST_METADATA else metadata(carried)

    @property
    def request(self) -> StopRequest:
        unread = Preview(problems=(Phrase("The platform had not answered when this was asked for."),))
        return StopRequest(
            campaign_id=self.campaign_id,
            person=self.person,
            request_id=self.request_id,
            channel=self.channel,
            preview=self.preview or unread,
            keep_queue=self.keep_queue,
        )


@dataclass(frozen=True, eq=False)
class StopListeners:
    """One method a thing that people do. Slow look-ups run in `executor`, never in a listener's thread."""

    _client: WebClient
    _desk: StopDesk
    _directory: Directory
    _executor: Executor
    _telling: PrivateReplies
    _refusals: Refusals
    _languages: Languages
    _launch_channel: ChannelId | None

    def command(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        typed = typed_command(body)
        try:
            wanted = parse_stop(typed.text)
        except CommandError as error:
            ack(text=notices.wrong_command(STOP, typed.text, error))
            return
        if wanted is None:
            ack(text=stop_window.usage(STOP))
            return
        refused = self._desk.may_stop(typed.person)
        if refused:
            ack(text=self._refusals.why(refused))
            return
        ack()
        yield
        channel = self._room_for_card(typed.channel)
        window = Window(typed.person, wanted.campaign_id, new_stop_id(), channel, wanted.keep_queue)
        if not self._open(typed.trigger_id, window):
            tell(respond, stop_window.not_opened(STOP, wanted.campaign_id))

    def asked(self, ack: Ack, body: Payload) -> Iterator[None]:
        """A button that names a campaign, wherever it stands: in a message, or where there is no channel."""
        ack()
        yield
        person, campaign_id = UserId(body["user"]["id"]), number_in(str(body["actions"][0]["value"]))
        refused = self._desk.may_stop(person)
        if refused:
            self._telling.in_window(body, self._refusals.why(refused), _("Not stopped"))
            return
        if campaign_id is None:
            self._telling.in_window(body, _("That button names no campaign."), _("Not stopped"))
            return
        here = str((body.get("channel") or {}).get("id") or "")
        window = Window(person, campaign_id, new_stop_id(), self._room_for_card(here), keep_queue=False)
        self._open(body["trigger_id"], window)

    def pressed(self, click: Click) -> Launch | Refused:
        return self._desk.stop_launch(click.launch_id, click.person)

    def submitted(self, ack: Ack, body: Payload) -> None:
        try:
            result = self._desk.stop_campaign(_window(body).request)
        except Exception:
            word = reference()
            log.exception("a stop failed, reference %s", word)
            ack(response_action="update", view=notice_view(_("Not stopped"), notices.went_wrong(word)))
            return
        if isinstance(result, Refused):
            ack(response_action="update", view=notice_view(_("Not stopped"), self._refusals.why(result)))
            return
        ack(response_action="update", view=notice_view(_("Being stopped"), stop_window.asked(result)))

    def _room_for_card(self, here: str) -> ChannelId:
        """Where a card goes if there is none yet; "" in a direct message, where no teammate would see it."""
        return self._launch_channel or ChannelId("" if here.startswith("D") else here)

    def _open(self, trigger_id: str, window: Window) -> bool:
        """Opens the window in one round trip; what has to be looked up comes later."""
        try:
            answer = self._client.views_open(trigger_id=trigger_id, view=_view(window, None, None))
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the window could not be opened: %s", type(error).__name__)
            return False
        self._executor.submit(self._look_up, str(answer["view"]["id"]), window)
        return True

    def _look_up(self, view_id: str, window: Window) -> None:
        """Shows the campaign as the platform has it, and our launch of it."""
        window = replace(window, preview=self._directory.preview(window.campaign_id, None))
        try:
            live, coming = self._desk.launch_of(window.campaign_id), self._desk.coming_of(window.campaign_id)
            with speaking(self._languages.of(window.person)):
                self._client.views_update(view_id=view_id, view=_view(window, live, coming))
        except (SlackClientError, OSError) as error:
            # Closed or submitted meanwhile; the window works without it.
            log.info("the window was not brought up to date: %s", type(error).__name__)
        except Exception:
            log.exception("the window could not be filled in")


def _view(window: Window, live: Launch | None, coming: Launch | None) -> View:
    return stop_window.stop_view(
        window.campaign_id, window.preview, live, coming, window.private_metadata, keep_queue=window.keep_queue
    )


def _window(body: Payload) -> Window:
    view = body["view"]
    carried = json.loads(view["private_metadata"])
    chosen = view["state"]["values"].get("queue", {}).get("queue", {}).get("selected_option") or {}
    preview = carried.get("preview")
    return Window(
        person=UserId(body["user"]["id"]),
        campaign_id=int(carried["campaign"]),
        request_id=RequestId(carried["request"]),
        channel=ChannelId(carried["channel"]),
        keep_queue=chosen.get("value") == stop_window.KEEP,
        preview=decode_preview(preview) if preview else None,
    )
