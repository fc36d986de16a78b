"""A run's events as hooks bring them, written into a file beforehand, and whoever sends them: a process of its own."""

import http.client
import random
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

BATCH = 500
SENT_TWICE = 0.01
"""Of the batches, as after an answer that was lost."""

SHARES = {
    "send": 1.0,
    "deliv": 0.965,
    "sbounce": 0.02,
    "hbounce": 0.012,
    "uopen": 0.21,
    "open": 0.34,
    "uclick": 0.021,
    "click": 0.031,
    "unsub": 0.002,
    "complain": 0.0003,
}
"""Events for each recipient, about as in a newsletter's run."""

AFTER = {"send": 1200, "deliv": 1800, "sbounce": 1800, "hbounce": 1800}
"""Seconds in which a kind comes; all else comes within a day."""

DAY = 86_400


def write(file: Path, events: int, begin: datetime, campaign: int = 82) -> dict[str, int]:
    """Writes so many events, shuffled, in batches, one a line; gives how many there are of each kind."""
    chance = random.Random(7)
    each = events / sum(SHARES.values())
    counts = {kind: round(each * share) for kind, share in SHARES.items()}
    counts["send"] += events - sum(counts.values())
    every = [(kind, nth) for kind, many in counts.items() for nth in range(many)]
    chance.shuffle(every)
    with file.open("w") as out:
        for first in range(0, len(every), BATCH):
            line = ",".join(_event(kind, nth, begin, campaign, chance) for kind, nth in every[first : first + BATCH])
            out.write(f"[{line}]\n" * (2 if chance.random() < SENT_TWICE else 1))
    return counts


def _event(kind: str, nth: int, begin: datetime, campaign: int, chance: random.Random) -> str:
    at = begin + timedelta(seconds=1 + chance.randrange(AFTER.get(kind, DAY)))
    tracked = kind.endswith(("open", "click", "unsub"))
    started = f"{161:08x}{campaign:08x}{int(begin.timestamp()) + 1:08x}"
    more = (
        f', "launch_id": "{started}", "ip": "203.0.113.9", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)", '
        f'"link_url": "https://shop.example.com/?utm_source=mail"'
        if tracked
        else ""
    )
    return (
        f'{{"event_type": "{kind}", "event_date": "{at:%Y-%m-%dT%H:%M:%S}.{nth % 1_000_000_000:09d}Z", "list_id": 50, '
        f'"account_id": 161, "is_test": false, "profile_id": "{nth:024x}", "_xxh": "{nth:016x}", "_md5": "{nth:032x}", '
        f'"event_data": {{"message_id": 5, "segment_id": 3, "campaign_id": {campaign}{more}}}}}'
    )


def send(file: Path, host: str, port: int, path: str, connections: int) -> float:
    """Sends every batch, over so many connections at once, until it is answered with OK; gives the seconds it took."""
    lines = _lines(file)
    turn = threading.Lock()

    def bring() -> None:
        connection = http.client.HTTPConnection(host, port, timeout=60)
        while True:
            with turn:
                body = next(lines, None)
            if body is None:
                return
            connection.request("POST", path, body)
            answer = connection.getresponse()
            if b"OK" not in answer.read():
                raise RuntimeError(f"a batch was answered with {answer.status}")

    senders = [threading.Thread(target=bring) for _ in range(connections)]
    begun = time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return time.perf_counter() - begun


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        yield from lines


if __name__ == "__main__":
    _, batches, door, secret, many = sys.argv
    sys.stdout.write(f"{send(Path(batches), '127.0.0.1', int(door), secret, int(many))}\n")
