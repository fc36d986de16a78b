"""Launches whose previews refer to messages, in every kind of event that has a preview."""

from dataclasses import replace
from datetime import timedelta

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, RequestId
from bot.journal.journal import Journal
from bot.journal.messages import KeptMessages
from bot.launch.commands import Adopt, Approve, Cancel, Checked, Edit, Observe, ObserveStop, Request
from bot.launch.events import Adopted, Requested, Voided
from bot.launch.stop import StopAsked, StopRefused, StopStarted
from bot.message.message import MaybeMessage, Message, ref_of
from tests.builders import ANA, BEN, LAUNCHES, NOON, PREVIEW, asked

EDITED, ADOPTED = LaunchId("L-edited"), LaunchId("L-adopted")
LATER = NOON + timedelta(hours=5)


def preview_of(*messages: MaybeMessage) -> Preview:
    return replace(PREVIEW, messages=tuple(ref_of(one) for one in messages))


def asked_with(*messages: MaybeMessage, **parameters) -> Requested:
    return replace(asked(**parameters), preview=preview_of(*messages))


def keep(journal: Journal, *messages: MaybeMessage) -> None:
    kept = KeptMessages(journal)
    for one in messages:
        if isinstance(one, Message):
            kept.keep(one)


def ask(journal: Journal, launch_id: LaunchId, *messages: MaybeMessage, **parameters) -> None:
    keep(journal, *messages)
    journal.execute(launch_id, Request(ANA, asked_with(*messages, **parameters)))


def edit(journal: Journal, launch_id: LaunchId, *messages: MaybeMessage) -> None:
    keep(journal, *messages)
    fingerprint = journal.load(launch_id).fingerprint
    journal.execute(launch_id, Edit(ANA, asked_with(*messages, limit=7), (), fingerprint))


def void(journal: Journal, launch_id: LaunchId, *messages: MaybeMessage) -> None:
    keep(journal, *messages)
    journal.execute(launch_id, Observe(Voided((), preview_of(*messages), LATER)))


def adopt(journal: Journal, *messages: MaybeMessage) -> None:
    """A campaign that is taken on, and whose stop the platform refuses: it has ended."""
    keep(journal, *messages)
    stop = RequestId("stop-1")
    adopted = Adopted(request=ActivationRequest(campaign_id=82), channel=LAUNCHES, preview=preview_of(*messages))
    journal.execute(ADOPTED, Adopt(ANA, adopted, StopAsked(stop)))
    for news in (StopStarted(1, stop, "d" * 64), StopRefused(400, "no")):
        journal.execute(ADOPTED, ObserveStop(news, stop))


def all_kinds(journal: Journal, requested: Message, edited: Message, voided: Message, adopted: Message) -> None:
    """Two launches that have ended: each message is referred to by one kind of event."""
    ask(journal, EDITED, requested)
    edit(journal, EDITED, edited)
    journal.execute(EDITED, Approve(BEN, checked=Checked(shown=journal.load(EDITED).fingerprint)))
    void(journal, EDITED, voided)
    journal.execute(EDITED, Cancel(ANA))
    adopt(journal, adopted)
