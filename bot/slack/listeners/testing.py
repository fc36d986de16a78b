"""Tests to reviewers, asked for by a command or on a launch's card."""

import logging
from collections.abc import Callable, Iterator

from slack_bolt import Ack

from bot.campaign.request import Invalid
from bot.desk.testing import TestDesk
from bot.launch.events import ChannelId
from bot.launch.state import Launch
from bot.policy.refusals import Refused
from bot.slack.api.respond import Respond
from bot.slack.payloads import Payload, TypedCommand, click
from bot.slack.private_replies import PrivateReplies, tell
from bot.slack.refusals import Refusals
from bot.slack.views.text import said
from bot.slash.activate import TypedTest
from bot.texts import _

log = logging.getLogger(__name__)


class TestListeners:
    """Says to the person alone what became of their wish; all else stands on the test's card."""

    __test__ = False  # for pytest, which takes it for one of its own

    def __init__(
        self, desk: TestDesk, telling: PrivateReplies, refusals: Refusals, room_problem: Callable[[ChannelId], str]
    ) -> None:
        self._desk = desk
        self._telling = telling
        self._refusals = refusals
        self._room_problem = room_problem

    def typed(self, typed: TypedCommand, wanted: TypedTest, channel: ChannelId, respond: Respond) -> None:
        """After the ack: as slow as the platform is."""
        if self._room_problem(channel):
            tell(respond, _("I cannot post the test's card there. Invite me into the channel, and type it again."))
            return
        tell(respond, self._told(lambda: self._desk.ask(wanted, typed.person, channel)))

    def pressed(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        ack()
        yield
        made = click(body)
        told = self._told(lambda: self._desk.ask_on_card(made.launch_id, made.person))
        self._telling.afterwards(body, respond, told)

    def _told(self, ask: Callable[[], Launch | Refused]) -> str:
        try:
            asked = ask()
        except Invalid as invalid:
            return said(invalid.text)
        if isinstance(asked, Refused):
            return self._refusals.why(asked)
        where = _("The test is asked for: its card in {channel} tells what becomes of it.")
        return where.format(channel=f"<#{asked.channel}>")
