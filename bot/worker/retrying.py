"""Waits out a database that does not answer, where giving up would lose what is known."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

AWAY = (OperationalError, InterfaceError, InternalError, PoolTimeout)
"""What SQLAlchemy raises where the database is gone, locked, read-only for now, or has no connection to give."""

PAUSE = 1.0
"""Seconds between two tries."""

_T = TypeVar("_T")

log = logging.getLogger(__name__)


def retry_until_database_answers(act: Callable[[], _T]) -> _T:
    """What `act` gives, however long the database stays away. A stop is not held up by it: see `cli`.

    Only for what may be done twice: the database may have gone after it had committed.
    """
    told = False
    while True:
        try:
            return act()
        except AWAY as error:
            if not told:
                log.warning("the journal's database does not answer (%s); waiting for it", type(error).__name__)
                told = True
            time.sleep(PAUSE)
