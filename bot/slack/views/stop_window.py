"""The window that asks whether a stop is meant, and what the command says besides."""

from bot.campaign.campaign import Absent, Preview
from bot.campaign.request import ActivationRequest
from bot.launch.state import Launch, State
from bot.slack.views import sentences
from bot.slack.views.blocks import Block, View, input_block, modal, option, radio_buttons, section
from bot.slack.views.stop import GONE, SWITCHES_OFF, known
from bot.slack.views.technical import problems
from bot.slack.views.text import person, when
from bot.slash.stop import USAGE, WORDS
from bot.slash.words import WORD_TOLD
from bot.texts import _

STOP_CAMPAIGN = "campaign:stop"
"""The button of a view that knows a campaign, and the modal that it opens."""

DROP, KEEP = "drop", "keep"


def stop_view(
    campaign_id: int,
    preview: Preview | None,
    live: Launch | None,
    coming: Launch | None,
    private_metadata: str,
    *,
    keep_queue: bool,
) -> View:
    """Asks whether the stop is meant. `preview` is None while the platform is asked.

    `live` is our launch of it that the stop belongs to, `coming` one that is approved and not sent yet.
    """
    return modal(
        STOP_CAMPAIGN,
        _("Stop a campaign"),
        [
            section(_about(campaign_id, preview), "campaign"),
            *([section(_ours(live), "launch")] if preview else []),
            *([section(_coming(coming), "coming")] if coming else []),
            _queue_input(keep_queue=keep_queue),
            section(f"{_does(preview)} {_(GONE)}", "gone"),
        ],
        submit=_("Stop it"),
        close=_("Back"),
        private_metadata=private_metadata,
    )


def usage(command: str) -> str:
    written = "\n".join(_(WORD_TOLD).format(word=word, does=_(does)) for word, does in WORDS.items())
    return f"{_(USAGE).format(command=command)}\n{written}"


def not_opened(command: str, campaign_id: int) -> str:
    again = _("Slack did not let me open the window in time. Nothing was stopped. Type it again: `{typed}`")
    return again.format(typed=f"{command} {campaign_id}")


def asked(launch: Launch) -> str:
    """What the modal says once the stop is on record: it says no more than the journal."""
    if launch.stop is None:
        return ""
    sent = _("The stop is on its way to the platform. The card in <#{channel}> and its thread tell what became of it.")
    return f":octagonal_sign: {sent.format(channel=launch.channel)}"


def _about(campaign_id: int, preview: Preview | None) -> str:
    if preview is None:
        loading = _("Campaign {id}: loading from the platform… You need not wait.").format(id=campaign_id)
        return f":hourglass_flowing_sand: {loading}"
    title = sentences.campaign_title(ActivationRequest(campaign_id=campaign_id), preview)
    lines = [
        f"*{title[0].upper()}{title[1:]}*",
        known(preview),
        *([sentences.no_campaign(campaign_id)] if _is_absent(preview) else problems(preview.problems)),
    ]
    return "\n".join(line for line in lines if line)


def _is_absent(preview: Preview | None) -> bool:
    """Whether the platform has plainly said that it does not have the campaign."""
    return preview is not None and Absent.CAMPAIGN in preview.missing


def _does(preview: Preview | None) -> str:
    if _is_absent(preview):
        return _("The stop is sent all the same.")
    if preview and preview.campaign and preview.campaign.is_active is False:
        return _("It is off in the platform already. The stop is sent all the same.")
    return _(SWITCHES_OFF)


def _ours(live: Launch | None) -> str:
    if live is None:
        return _("I know of no launch of it that is running, so the stop gets a card of its own.")
    known = _("My launch of it, asked for by {who} {when}, is marked as stopped on its card in <#{channel}>.")
    if live.state == State.FINISHED:
        known = _(
            "The run of my launch of it, asked for by {who} {when}, is over. It stays finished on its card in "
            "<#{channel}>, which says that the campaign was switched off after it."
        )
    return known.format(who=person(live.requester), when=when(live.requested_at), channel=live.channel)


def _coming(launch: Launch) -> str:
    approved = _(
        ":warning: My launch of it that {who} asked for {when} is approved and not sent yet. Stopping does not cancel "
        "it: instead of going out, it then asks its approvers once more. It can be cancelled on its card in "
        "<#{channel}>."
    )
    return approved.format(who=person(launch.requester), when=when(launch.requested_at), channel=launch.channel)


def _queue_input(*, keep_queue: bool) -> Block:
    drop = option(_("Drop what is queued"), DROP, _("Runs under way are broken off."))
    keep = option(_("Let what is queued go out"), KEEP, _("Nothing new starts."))
    chosen = keep if keep_queue else drop
    label = _("Messages that are queued and not sent yet")
    return input_block("queue", label, radio_buttons("queue", [drop, keep], chosen))
