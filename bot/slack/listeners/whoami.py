"""The command that tells a person their roles. Anybody may ask, and nobody else sees the answer."""

from collections.abc import Iterator

from slack_bolt import Ack

from bot.desk.search import LookupDesk
from bot.policy.refusals import Refused
from bot.slack.api.respond import Respond
from bot.slack.payloads import Payload, typed_command
from bot.slack.private_replies import tell
from bot.slack.refusals import Refusals
from bot.slack.views import help as helping
from bot.slack.views.whoami import whoami


class WhoamiListener:
    def __init__(self, desk: LookupDesk, refusals: Refusals) -> None:
        self._desk = desk
        self._refusals = refusals

    def command(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        typed = typed_command(body)
        if typed.text.strip():
            ack(text=helping.whoami_usage())
            return
        ack()
        yield
        standing = self._desk.standing(typed.person)
        if isinstance(standing, Refused):
            tell(respond, self._refusals.why(standing))
            return
        tell(respond, whoami(typed.person, standing, self._refusals.who_to_ask()))
