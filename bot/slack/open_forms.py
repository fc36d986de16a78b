"""What is remembered of a modal that is open, and which of them."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from cachetools import FIFOCache

from bot.campaign.campaign import Preview
from bot.campaign.request import LaunchId, Source, UserId
from bot.desk import Advice
from bot.launch.events import ChannelId
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.slack.form import Form
from bot.slack.views.form_summary import NO_NOTICE
from bot.texts import ENGLISH

MOST_OPEN = 500
"""How many open modals are remembered. A forgotten one still works: it is read anew at its next change."""

Subject = tuple[int | None, Source | None]


@dataclass
class OpenForm:
    """One open modal. Its lock is held while Slack is told, so that the last update is the newest."""

    view_id: str
    launch_id: LaunchId
    channel: ChannelId
    person: UserId
    form: Form
    edits: str = ""
    asks_channel: bool = False
    files_of: LaunchId | None = None
    """The launch whose files stay where none are uploaded."""
    corrects: LaunchId | None = None
    """The launch that it corrects."""
    previews: dict[Subject, Preview] = field(default_factory=dict)
    advice: Advice | Refused | None = None
    notice: Phrase = NO_NOTICE
    told: str = ""
    """What became of something that was pressed in it, in mrkdwn."""
    typed_start: datetime | None = None
    understood: Phrase = NO_NOTICE
    """How the start that was typed is understood: said as long as it stands in its field."""
    bare: bool = False
    """Whether Slack refused what was to be shown, so that only the fields are."""
    logged: bool = False
    """Whether such a refusal is in the log; it comes again at every change."""
    language: str = ENGLISH
    """In which it was shown last."""
    closed: bool = False
    is_due: bool = False
    """Whether it is about to be brought up to date."""
    refreshing: threading.Lock = field(default_factory=threading.Lock)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def subject(self) -> Subject:
        """What is asked for. By its own schedule a campaign goes to its own audience, chosen by name or not."""
        source = self.form.chosen_source
        return self.form.campaign_id, None if self.form.run_now is False and source == self.own_source else source

    @property
    def own_source(self) -> Source | None:
        """The own audience of the campaign that is chosen, whichever was read with it; None while it is not known."""
        read = [each for (campaign, _), each in self.previews.copy().items() if campaign == self.form.campaign_id]
        return next((each.own_source for each in read if each.own_source), None)


class OpenForms(FIFOCache[str, OpenForm]):
    """The newest ones. Whatever leaves is closed: to look something up for it would keep the newest waiting."""

    def __delitem__(self, view_id: str) -> None:
        self[view_id].closed = True
        super().__delitem__(view_id)
