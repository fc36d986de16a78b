"""Who received a launch: asked on its card or below a status; and the form for a correction to them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from slack_bolt import Ack

from bot.desk.received import ReceivedDesk
from bot.launch.correcting import receivers
from bot.policy.refusals import Refused
from bot.slack.api.respond import Respond
from bot.slack.form import Form
from bot.slack.listeners.form_opener import FormOpener
from bot.slack.payloads import Payload, click
from bot.slack.private_replies import PrivateReplies
from bot.slack.refusals import Refusals
from bot.slack.views.received import notice
from bot.texts import _


@dataclass(frozen=True, eq=False)
class ReceivedListeners:
    """Says to the person alone what became of their question; all else stands on the card and in its thread."""

    _desk: ReceivedDesk
    _opener: FormOpener
    _telling: PrivateReplies
    _refusals: Refusals

    def pressed(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """No more than a role and a commit, so before the ack: none that was acked is lost to a kill."""
        made = click(body)
        asked = self._desk.ask(made.launch_id, made.person)
        ack()
        yield
        if isinstance(asked, Refused):
            self._telling.alone(body, respond, self._refusals.why(asked))
            return
        where = _("I put them into a segment: the thread of its card in {channel} tells how far it is.")
        self._telling.alone(body, respond, where.format(channel=f"<#{asked.channel}>"))

    def correct(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """Opens the form with the segment as its audience."""
        ack()
        yield
        made = click(body)
        if not self._opener.may_ask(made.person, body, respond):
            return
        launch = self._desk.corrected(made.launch_id)
        if isinstance(launch, Refused):
            self._telling.alone(body, respond, self._refusals.why(launch))
            return
        form = Form(run_now=True, source=str(receivers(launch) or ""))
        state = self._opener.filled_form(made.person, launch.channel, form)
        self._opener.open_filled(
            replace(state, corrects=launch.id, notice=notice(launch)), made.trigger_id, body, respond
        )
