"""What the weekly digest takes from the record, and which weeks it was told of."""

from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.journal.journal import Journal
from bot.journal.launch_search import FOUND, folded
from bot.journal.tables import Moment, digests, launches
from bot.launch.digest import ASKED_BEFORE, Digest, Week, digest
from bot.launch.search import Phase

MOST = 500
"""Launches of each kind that are looked through."""

_BEGUN = select(digests.c.week).where(digests.c.week == bindparam("name"))
_BEGIN = insert(digests)
_TAKE_BACK = delete(digests).where(digests.c.week == bindparam("name"))

_begin, _end = bindparam("begin", type_=Moment), bindparam("end", type_=Moment)
# Once a week, so that an index for it would cost more than it saves.
_REACHED = select(*FOUND).where(launches.c.reaches_at >= _begin, launches.c.reaches_at < _end)
_ASKED = select(*FOUND).where(launches.c.asked_at >= bindparam("since", type_=Moment), launches.c.asked_at < _end)
_OPEN = select(*FOUND).where(launches.c.shelf.in_([one.value for one in (Phase.WAITING, Phase.COMING, Phase.IN_DOUBT)]))


class Digests:
    """A week is told once, whatever instances there are and whichever of them dies: its row comes first."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def begin(self, week: Week) -> bool:
        """Whether it is this caller's to tell: False where it was told, or may have been."""
        with self._journal.asking() as connection:
            if connection.execute(_BEGUN, {"name": week.name}).first():
                return False
        try:
            with self._journal.writing() as connection:
                connection.execute(_BEGIN, {"week": week.name, "begun_at": self._journal.now()})
        except IntegrityError:
            return False
        return True

    def take_back(self, week: Week) -> None:
        """It was certainly not told, so that somebody may try again."""
        with self._journal.writing() as connection:
            connection.execute(_TAKE_BACK, {"name": week.name})

    def of(self, week: Week) -> Digest:
        """What is to be told of the week, as the record has it now."""
        span = {"begin": week.begin, "end": week.end}
        with self._journal.reading() as connection:
            ended: dict[str, Any] = {}
            rows = [
                connection.execute(_most(query), values).all()
                for query, values in (
                    (_REACHED, span),
                    (_ASKED, {"since": week.begin - ASKED_BEFORE, "end": week.end}),
                    (_OPEN, {}),
                )
            ]
            ended = {row.id: row for found in rows[:2] for row in found[:MOST]}
            told = folded(connection, tuple(ended.values()))
            open_now = folded(connection, rows[2][:MOST])
        return digest(week, told, open_now, is_whole=all(len(found) <= MOST for found in rows))


def _most(query: Select[Any]) -> Select[Any]:
    return query.order_by(launches.c.asked_at.desc(), launches.c.id.desc()).limit(MOST + 1)
