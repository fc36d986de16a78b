"""The door for hooks: who is let in, what is taken, and that OK is answered only once it is counted."""

import io
import threading
from ipaddress import ip_network

import pytest
from sqlalchemy.exc import OperationalError

from bot.journal.sorting import Sorted
from bot.receiver import LARGEST_BATCH, Receiver
from bot.receiving import BESIDE_PEOPLE, WHOLE
from bot.results.hooks import read_batch
from bot.web import application
from tests.results.hooks import body, event

SECRET = "Zk3-9_aPqLw7RtYvBn2MxCdEfGhJsUiO"
PATH = f"/altcraft/events/{SECRET}"


class Counted:
    """What stands behind the door."""

    def __init__(self) -> None:
        self.events: list = []
        self.told: list[tuple[str, int, int]] = []
        self.error: Exception | None = None

    def count(self, content: bytes) -> Sorted:
        batch = read_batch(content)
        if self.error:
            raise self.error
        self.events += batch.events
        return Sorted({}, frozenset(), len(batch.events), batch.unreadable)

    def tell(self, outcome: str, read: int, unreadable: int) -> None:
        self.told.append((outcome, read, unreadable))


@pytest.fixture
def counted() -> Counted:
    return Counted()


def post(counted: Counted, content: bytes = b"[]", path: str = PATH, networks: tuple[str, ...] = (), **environ):
    receiver = Receiver(SECRET, tuple(map(ip_network, networks)), counted.count, counted.tell, 1)
    answered = []
    request = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "REMOTE_ADDR": "203.0.113.7",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
        **environ,
    }
    door = application(lambda: (), taking={"/altcraft/events/": lambda: receiver})
    text = b"".join(door(request, lambda status, _headers: answered.append(status)))
    return answered[0][:3], text.decode().strip()


def test_a_batch_is_counted_and_answered_with_ok(counted):
    assert post(counted, body(event(), {}, event("uopen"))) == ("200", "OK")
    assert len(counted.events) == 2
    assert counted.told == [("ok", 2, 1)]


@pytest.mark.parametrize(
    "path", [f"{PATH}x", PATH[:-1], "/altcraft/events/", f"{PATH}/", "/altcraft/events/ключ", "/altcraft/events/%00"]
)
def test_a_wrong_secret_finds_nothing_and_stands_in_no_log(counted, path, caplog):
    assert post(counted, body(event()), path) == ("404", "Not Found")
    assert counted.events == []
    assert "altcraft/events" not in caplog.text
    assert SECRET[:8] not in caplog.text


@pytest.mark.parametrize(
    ("remote", "status"),
    [
        ("203.0.113.7", "200"),
        ("::ffff:203.0.113.9", "200"),
        ("2001:db8::1", "200"),
        ("198.51.100.1", "403"),
        ("", "403"),
        ("unix", "403"),
    ],
)
def test_an_allow_list_narrows_who_is_let_in(counted, remote, status):
    answer = post(counted, networks=("203.0.113.0/24", "2001:db8::/32"), REMOTE_ADDR=remote)
    assert answer[0] == status


@pytest.mark.parametrize("no_batch", [b"", b"{}", b"null", b"[", b"\xff"])
def test_what_is_no_array_is_not_answered_with_ok(counted, no_batch):
    status, text = post(counted, no_batch)
    assert (status, "OK" in text) == ("400", False)


class Endless(io.RawIOBase):
    """A body of which more and more comes; says how much was read."""

    read_bytes = 0

    def read(self, size=-1):
        assert 0 < size <= 1024 * 1024
        self.read_bytes += size
        return b"x" * size


@pytest.mark.parametrize(
    ("told", "read"), [(str(100 * 1024 * 1024), 0), ("9" * 5000, 0), ("-5", 0), ("", LARGEST_BATCH + 1024 * 1024)]
)
def test_a_body_that_is_too_large_is_not_read_to_its_end(counted, told, read):
    endless = Endless()
    status, _ = post(counted, CONTENT_LENGTH=told, **{"wsgi.input": endless})
    assert status == "413"
    assert endless.read_bytes <= read


def test_a_body_that_breaks_off_is_not_answered_with_ok(counted):
    whole = body(event())
    assert post(counted, whole, CONTENT_LENGTH=str(len(whole) + 1))[0] == "400"


def test_while_the_database_is_away_it_says_so_and_the_platform_may_come_again(counted):
    counted.error = OperationalError("insert", {"hashes": "profile-0"}, Exception("gone"))
    status, text = post(counted, body(event()))
    assert (status, "OK" in text) == ("503", False)


def test_whatever_breaks_neither_the_secret_nor_the_events_are_logged(counted, caplog):
    counted.error = ValueError("person0@example.com")
    assert post(counted, body(event()))[0] == "503"
    assert "ValueError" in caplog.text
    assert "example.com" not in caplog.text


@pytest.mark.parametrize("share", [WHOLE, BESIDE_PEOPLE])
def test_it_holds_a_few_bodies_at_a_time_and_one_where_people_are_answered(counted, share):
    entered, leave = threading.Semaphore(0), threading.Event()

    class Held(io.BytesIO):
        def read(self, size=-1):
            entered.release()
            leave.wait(30)
            return super().read(size)

    receiver = Receiver(SECRET, (), counted.count, counted.tell, share.at_once)

    def one() -> None:
        request = {"REQUEST_METHOD": "POST", "PATH_INFO": PATH, "wsgi.input": Held(b"[]"), "CONTENT_LENGTH": "2"}
        receiver(request, lambda *_: None)

    threads = [threading.Thread(target=one) for _ in range(share.at_once + 2)]
    for thread in threads:
        thread.start()
    assert share.at_once == (8 if share is WHOLE else 1)
    for _ in range(share.at_once):
        assert entered.acquire(timeout=30)
    assert not entered.acquire(blocking=False)
    leave.set()
    for thread in threads:
        thread.join(30)
    assert [outcome for outcome, _, _ in counted.told] == ["ok"] * len(threads)
