"""Batches are sorted in processes of their own as they are in this one, and nothing is lost where one of those ends."""

import signal
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from bot.campaign.request import LaunchId
from bot.journal.sorting import Followed, Sorted, sorted_batch
from bot.journal.sorting_apart import Sorters
from bot.results.hooks import NoBatch
from bot.results.runs import Run
from tests.results.hooks import NOON, after, body, event

KEY = b"a key that is told to nobody else"
FOLLOWED = [Followed(1, Run(LaunchId("L1"), 82, NOON), proved=False)]
BATCH = body(*(event(kind, nth=nth, at=after(hours=5 * nth)) for kind in ("send", "deliv") for nth in range(4)), {})
LONG_ENOUGH = 30


@pytest.fixture
def apart():
    sorters = Sorters(1, KEY, with_recipients=True)
    yield sorters
    sorters.end()


def process_of(apart: Sorters) -> psutil.Process:
    sorter = apart._idle.get()
    apart._idle.put(sorter)
    return psutil.Process(sorter._process.pid)


def told(found: Sorted) -> tuple:
    """What it says, where a label is the same as another one that says the same."""
    gathered = [
        (run, part, list(one.hashes), list(map(repr, one.labels)), one.slots, one.sendings, one.newest, one.proof)
        for run, parts in found.by_run.items()
        for part, one in parts.items()
    ]
    return gathered, found.campaigns, found.readable, found.unreadable


def test_what_is_sorted_apart_is_as_if_it_were_sorted_here(apart):
    here = sorted_batch(BATCH, FOLLOWED, KEY, with_recipients=True)
    assert (here.readable, here.unreadable, len(here.by_run[1])) == (8, 1, 3)
    for _ in range(2):
        assert told(apart(BATCH, FOLLOWED)) == told(here)


def test_what_is_no_batch_is_none_there_and_the_next_one_is_sorted(apart):
    with pytest.raises(NoBatch):
        apart(b"[{", FOLLOWED)
    before = process_of(apart)
    assert apart(BATCH, FOLLOWED).readable == 8
    assert process_of(apart) == before


def test_a_batch_whose_process_is_killed_is_sorted_all_the_same_and_another_one_is_started(apart, caplog):
    apart(BATCH, FOLLOWED)
    killed = process_of(apart)
    killed.kill()

    assert apart(BATCH, FOLLOWED).readable == 8
    assert "failed" in caplog.text
    assert apart(BATCH, FOLLOWED).readable == 8
    assert not killed.is_running()
    assert process_of(apart) != killed


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, MemoryError])
def test_who_stops_waiting_for_an_answer_leaves_it_to_nobody_else(trouble, apart, monkeypatch):
    apart(BATCH, FOLLOWED)
    stopped = process_of(apart)

    def stop(*_):
        raise trouble

    with monkeypatch.context() as while_it_waits:
        while_it_waits.setattr(Connection, "poll", stop)
        with pytest.raises(trouble):
            apart(BATCH, FOLLOWED)

    assert not stopped.is_running()
    assert apart(body({}), FOLLOWED).readable == 0


def test_a_process_that_ends_before_it_is_told_the_key_leaves_nothing_behind(monkeypatch):
    me = psutil.Process()
    before = me.num_fds(), len(me.children())
    started = Sorters(1, KEY, with_recipients=True)

    def send(*_):
        raise BrokenPipeError

    monkeypatch.setattr(Connection, "send", send)
    for _ in range(3):
        assert started(BATCH, FOLLOWED).readable == 8
    assert (me.num_fds(), len(me.children())) == before


def test_a_signal_to_the_whole_group_does_not_end_what_is_still_to_be_answered(apart, caplog):
    apart(BATCH, FOLLOWED)
    for number in (signal.SIGTERM, signal.SIGINT):
        process_of(apart).send_signal(number)
    assert apart(BATCH, FOLLOWED).readable == 8
    assert caplog.text == ""


def test_nobody_who_lists_processes_reads_the_key(apart):
    apart(BATCH, FOLLOWED)
    listed = Path("/proc") / str(process_of(apart).pid)
    shown = (listed / "cmdline").read_bytes() + (listed / "environ").read_bytes()
    assert b"sorting_apart" in shown
    assert KEY not in shown


_PARENT = """
import sys
from tests.journal.test_sorting_apart import BATCH, FOLLOWED, KEY, Sorters, process_of
apart = Sorters(1, KEY, with_recipients=False)
apart(BATCH, FOLLOWED)
print(process_of(apart).pid, flush=True)
sys.stdin.read()
"""


def test_where_the_receiver_is_killed_its_processes_end_too():
    root = Path(__file__).parent.parent.parent
    command = (sys.executable, "-c", _PARENT)
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        sorter = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    sorter.wait(LONG_ENOUGH)
    assert not sorter.is_running()
