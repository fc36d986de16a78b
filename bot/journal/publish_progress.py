"""How far Slack was told of a launch, so that a restart tells nothing twice."""

from sqlalchemy import bindparam, update

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.tables import launches

_NOTES = {
    column: update(launches).where(launches.c.id == bindparam("launch")).values({column: bindparam("value")})
    for column in ("message_ts", "published_seq", "elsewhere_seq", "publish_at")
}
_POSTING = (
    update(launches)
    .where(launches.c.id == bindparam("launch"))
    .values(posting_seq=bindparam("seq"), published_seq=bindparam("arrived"))
)


class PublishProgress:
    """Notes what Slack has been told of a launch, so that a restart tells nothing twice.

    That a posting begins is durable before it leaves. That it has arrived need not be: where that is undone by a power
    cut, the posting is known to have begun, and is looked for first.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def posting(self, launch_id: LaunchId, seq: int, arrived: int) -> None:
        """The posting of that event begins, 0 for the card; the thread holds all events up to `arrived`."""
        with self._journal.writing() as connection:
            connection.execute(_POSTING, {"launch": launch_id, "seq": seq, "arrived": arrived})

    def card_posted(self, launch_id: LaunchId, message_ts: str) -> None:
        self._note(launch_id, durable=False, message_ts=message_ts)

    def published(self, launch_id: LaunchId, seq: int) -> None:
        """The thread holds all events up to this one."""
        self._note(launch_id, durable=False, published_seq=seq)

    def card_outdated(self, launch_id: LaunchId) -> None:
        """The card says something of another launch that has changed: it is to be shown anew."""
        self._note(launch_id, publish_at=self._journal.now())

    def card_lost(self, launch_id: LaunchId) -> None:
        """The card is not in the channel any more, so that it is posted anew."""
        self._note(launch_id, message_ts=None)

    def told_elsewhere(self, launch_id: LaunchId, seq: int) -> None:
        """People were told outside the channel how the launch stands after that event."""
        self._note(launch_id, elsewhere_seq=seq)

    def _note(self, launch_id: LaunchId, *, durable: bool = True, **values: object) -> None:
        ((column, value),) = values.items()
        with self._journal.writing(durable=durable) as connection:
            connection.execute(_NOTES[column], {"launch": launch_id, "value": value})
