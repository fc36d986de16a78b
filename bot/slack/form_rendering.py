"""An open form as the view that shows it, in the language of whoever looks at it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.campaign.campaign import Directory, Preview
from bot.campaign.request import Source
from bot.desk import Advice
from bot.launch.events import ChannelId
from bot.message.report import Report
from bot.policy.refusals import Refused
from bot.slack.api.languages import Languages
from bot.slack.open_forms import OpenForm
from bot.slack.private_metadata import Shown, private_metadata
from bot.slack.views.blocks import View
from bot.slack.views.form_summary import NO_NOTICE, Knowledge, pointing
from bot.slack.views.modal import form_view
from bot.texts import speaking


@dataclass(frozen=True, eq=False)
class FormRenderer:
    """`why` says a refusal in sentences, `offers_tests` whether the policy names where tests may go."""

    _directory: Directory
    _why: Callable[[Refused], str]
    _languages: Languages
    _offers_tests: Callable[[], bool]

    def view(self, modal: OpenForm) -> View:
        """The form as it stands; notes the language in which it is shown."""
        modal.language = self._languages.of(modal.person)
        with speaking(modal.language):
            return self._rendered(modal)

    def _rendered(self, modal: OpenForm) -> View:
        preview = modal.previews.get(modal.subject)
        advice = modal.advice if isinstance(modal.advice, Advice) else None
        refused = modal.advice if isinstance(modal.advice, Refused) else advice and advice.obstacle
        if modal.bare:
            return self._bare(modal)
        wanted = advice.demands.canary.source if advice and advice.demands.canary else None
        knowledge = Knowledge(
            preview,
            demands=advice.demands if advice else None,
            collisions=advice.collisions if advice else (),
            report=advice.report if advice else Report(),
            obstacle=self._why(pointing(refused)) if refused else "",
            own_source=modal.own_source,
            expected=advice.expected if advice else None,
            zone=advice.zone if advice else None,
            notice=modal.notice,
            told=modal.told,
            offers_tests=self._offers_tests(),
            understood=modal.understood if modal.form.at == modal.typed_start else NO_NOTICE,
            edits=bool(modal.edits),
            keeps_files=bool(modal.edits or modal.files_of),
            asks_channel=modal.asks_channel,
            campaign_name=self._listed_name(modal, modal.form.campaign_id),
            source_name=self._listed_name(modal, modal.form.chosen_source),
            canary_name=self._listed_name(modal, modal.form.chosen_canary or wanted),
        )
        return form_view(modal.form, knowledge, self._carried(modal, preview))

    def _listed_name(self, modal: OpenForm, what: int | Source | None) -> str:
        # Whoever was turned away is shown nothing of the platform any more.
        return "" if what is None or isinstance(modal.advice, Refused) else self._directory.listed_name(what)

    def _bare(self, modal: OpenForm) -> View:
        """The fields alone, for a modal whose other parts Slack did not take."""
        knowledge = Knowledge(
            None,
            notice=modal.notice,
            edits=bool(modal.edits),
            keeps_files=bool(modal.edits or modal.files_of),
            asks_channel=modal.asks_channel,
            unshown=True,
        )
        return form_view(modal.form, knowledge, self._carried(modal, None))

    def _carried(self, modal: OpenForm, preview: Preview | None) -> str:
        carries = ChannelId("") if modal.asks_channel else modal.channel
        shown = Shown(*modal.subject, preview) if preview else None
        return private_metadata(
            modal.launch_id,
            carries,
            shown,
            practice=modal.form.practice,
            edits=modal.edits,
            files_of=modal.files_of,
            corrects=modal.corrects,
        )
