"""Puts the picture of a run's first day into the card's thread."""

from collections.abc import Callable

from bot.chart.chart import Chart
from bot.launch.state import Launch
from bot.results.first_day import FirstDay
from bot.slack.api.client import KeptConnection
from bot.slack.api.uploads import share, upload
from bot.slack.posting import asked, sent
from bot.slack.views.first_day import alternative, charted, comment
from bot.texts import speaking


class ThreadCharts:
    """Speaks in `language`, the channels' own. `draw` gives a PNG, None where it cannot be drawn.

    Each method raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does.
    """

    def __init__(self, client: KeptConnection, language: str, draw: Callable[[Chart], bytes | None]) -> None:
        self._client = client
        self._language = language
        self._draw = draw

    def is_there(self, channel: str, message_ts: str, key: str) -> bool:
        """Whether the thread has this picture, as far as its first thousand replies show."""
        answer = asked(lambda: self._client.conversations_replies(channel=channel, ts=message_ts, limit=1000))
        replies = answer.get("messages") or []
        return any(file.get("name") == _name(key) for reply in replies for file in reply.get("files") or [])

    def post(self, channel: str, message_ts: str, key: str, launch: Launch, day: FirstDay) -> None:
        """Posts it in one reply; `key` tells it apart from that of other numbers. Without a picture, nothing."""
        with speaking(self._language):
            chart, told, instead = charted(launch, day), comment(), alternative(day)
        png = self._draw(chart)
        if png is None:
            return
        file_id = asked(lambda: upload(self._client, _name(key), png, len(png), instead))
        sent(lambda: share(self._client, {file_id: chart.title}, told, channel, message_ts))


def _name(key: str) -> str:
    return f"first-day-{key[:12]}.png"
