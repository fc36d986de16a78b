"""A sleeper wakes when it is called, also by a call that came before it slept."""

import threading

from bot.worker.alarm import Alarm

HOUR = 3600
PATIENCE = 20


def asleep(alarm):
    woke = threading.Event()

    def sleep():
        alarm.sleep(HOUR)
        woke.set()

    threading.Thread(target=sleep, daemon=True).start()
    return woke


def test_a_sleeper_wakes_when_it_is_called():
    alarm = Alarm()
    woke = asleep(alarm)
    alarm.bring_forward()
    assert woke.wait(PATIENCE)


def test_a_call_before_the_sleep_is_not_lost():
    alarm = Alarm()
    alarm.bring_forward(0.01)
    alarm.sleep(HOUR)


def test_a_later_call_puts_no_earlier_one_off():
    alarm = Alarm()
    alarm.bring_forward(0.01)
    alarm.bring_forward(HOUR)
    alarm.sleep(HOUR)


def test_what_was_called_before_a_reset_is_forgotten():
    alarm = Alarm()
    alarm.bring_forward()
    alarm.reset()
    woke = asleep(alarm)
    assert not woke.wait(0.05)
    alarm.bring_forward()
    assert woke.wait(PATIENCE)
