"""Messages for tests: an e-mail, an SMS and a push, changed by name."""

from datetime import UTC, datetime

from bot.campaign.campaign import ContentItem
from bot.journal.messages import KeptMessages
from bot.message.message import Channel, Message, Template, unread
from bot.policy.checking import Checking

EMAIL = {
    "subject": "Spring is here",
    "from_email": "shop@shop.example",
    "from_name": "The shop",
    "text": "Hello, {lead._fname}! https://shop.example/spring",
    "html": '<p>Hello, {lead._fname}!</p><p><a href="https://shop.example/spring">See it</a></p>',
}


def message(sid="email", fields=None, *, overrides=None, sent_by=None, message_id=77, **template):
    channel = Channel(sid, tuple((EMAIL if fields is None else fields).items()))
    whole = {"id": message_id, "name": "Spring mail", "channels": (channel,), **template}
    return Message(
        ContentItem(message_id, tuple((overrides or {}).items())),
        Template(**whole),
        sid if sent_by is None else sent_by,
    )


def email(**changes):
    return message(fields={**EMAIL, **changes})


def sms(text, **more):
    return message("sms", {"sms": text, **more})


class NoMessages:
    """Implements bot.message.message.Messages where nothing was ever read."""

    def find(self, ref):
        return unread(ref)

    def hold(self, ref):
        return ref


class Known:
    """Implements bot.message.message.Messages for what was read in this test alone."""

    def __init__(self, *messages):
        self._by_digest = {one.digest: one for one in messages}

    def find(self, ref):
        return self._by_digest.get(ref.digest) or unread(ref)

    def hold(self, ref):
        return ref


def unchecked():
    """A checking for launches whose messages nobody has read."""
    return Checking(NoMessages(), lambda *_: (), lambda: datetime.now(UTC))


def checking(journal):
    """A checking of what that journal keeps."""
    kept = KeptMessages(journal)
    return Checking(kept, kept.sent_to, journal.now)
