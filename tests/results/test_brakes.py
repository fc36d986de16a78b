"""A brake is on where its limit is surely passed, off where it is surely kept, and says nothing before it can."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.results.brakes import PERCENT, WHOLE, Brakes, Figure, Measure, Standing, judge, read_percent
from bot.results.counts import Counts, Kind
from bot.results.rates import Base, rates
from tests.results.test_rates import counted

BOUNCES = Brakes(hard_bounces=2 * PERCENT)
ALL = Brakes(hard_bounces=2 * PERCENT, complaints=PERCENT // 10, undelivered=5 * PERCENT)

numbers = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("2%", 20_000),
        ("0.1%", 1_000),
        ("5 %", 50_000),
        ("0%", 0),
        ("99.999%", 999_990),
        ("0.05%", 500),
        (" 2% ", 20_000),
    ],
)
def test_a_percentage_is_read_to_the_millionth(text: str, share: int):
    assert read_percent(text) == share


@pytest.mark.parametrize(
    "text", ["", "2", "100%", "-1%", "+2%", "0,1%", "1e1%", "2%%", ".5%", "5.%", "0.0001%", "٢%", "２%", "2 percent"]
)
def test_what_is_no_percentage_is_not_read_as_one(text: str):
    with pytest.raises(ValueError, match="is no percentage"):
        read_percent(text)


def test_a_brake_is_on_once_its_limit_is_passed_and_says_by_what():
    verdict = judge(BOUNCES, counted(sent=1000, hard_bounce=60))

    assert verdict.standing is Standing.ON
    assert verdict.on == (Figure(Measure.HARD_BOUNCES, 60, Base.SENT, 1000, 20_000),)
    assert verdict.on[0].share == 0.06


def test_a_limit_that_is_just_reached_puts_no_brake_on():
    assert judge(BOUNCES, counted(sent=1000, hard_bounce=20)).standing is Standing.OFF
    assert judge(BOUNCES, counted(sent=1000, hard_bounce=21)).standing is Standing.ON


def test_nothing_is_judged_before_enough_was_sent():
    assert judge(BOUNCES, counted(sent=199, hard_bounce=199)).standing is Standing.UNKNOWN
    assert judge(BOUNCES, counted(sent=200, hard_bounce=199)).standing is Standing.ON
    assert judge(replace(BOUNCES, after=1), counted(sent=1, hard_bounce=1)).standing is Standing.ON


def test_where_nothing_is_told_no_brake_is_off():
    assert judge(ALL, Counts()).standing is Standing.UNKNOWN
    assert judge(ALL, counted(delivered=5000, hard_bounce=500)).standing is Standing.UNKNOWN


def test_of_several_brakes_each_is_judged_by_itself():
    verdict = judge(ALL, counted(sent=1000, delivered=900, hard_bounce=20, complained=1, undelivered=51))

    assert [one.measure for one in verdict.figures] == list(Measure)
    assert [one.measure for one in verdict.on] == [Measure.COMPLAINTS, Measure.UNDELIVERED]


def test_complaints_are_a_share_of_what_was_delivered_once_enough_was_and_of_what_was_sent_before():
    few = judge(ALL, counted(sent=1000, delivered=10, complained=1))
    many = judge(ALL, counted(sent=1000, delivered=900, complained=1))

    assert few.figures[1] == Figure(Measure.COMPLAINTS, 1, Base.SENT, 1000, 1_000)
    assert few.standing is Standing.OFF
    assert many.figures[1] == Figure(Measure.COMPLAINTS, 1, Base.DELIVERED, 900, 1_000)
    assert many.standing is Standing.ON


def test_a_part_larger_than_its_whole_is_waited_for():
    assert judge(BOUNCES, counted(sent=300, hard_bounce=301)).standing is Standing.UNKNOWN


def test_events_that_may_be_another_runs_neither_put_a_brake_on_nor_keep_it_off():
    run = counted(sent=1000, hard_bounce=25)

    assert judge(BOUNCES, run).standing is Standing.ON
    assert judge(BOUNCES, replace(run, ambiguous=5)).standing is Standing.UNKNOWN
    assert judge(BOUNCES, replace(run, ambiguous=4)).standing is Standing.ON
    assert judge(BOUNCES, replace(run, ambiguous=1025)).standing is Standing.UNKNOWN
    assert judge(BOUNCES, replace(counted(sent=1000, hard_bounce=10), ambiguous=100)).standing is Standing.OFF


@given(sent=numbers, bounced=numbers, other=numbers, data=st.data())
def test_whichever_of_the_unsure_events_are_another_runs_what_is_said_holds(
    sent: int, bounced: int, other: int, data: st.DataObject
):
    unsure = data.draw(st.integers(0, sent + bounced + other))
    bounces_of_others = data.draw(st.integers(0, min(unsure, bounced)))
    sent_by_others = data.draw(st.integers(0, min(unsure - bounces_of_others, sent)))
    counts = replace(counted(sent=sent, hard_bounce=bounced, opened=other), ambiguous=unsure)
    own_sent, own_bounced = sent - sent_by_others, bounced - bounces_of_others

    standing = judge(BOUNCES, counts).standing

    if standing is Standing.ON:
        assert own_sent >= BOUNCES.after
        assert own_bounced * WHOLE > 20_000 * own_sent
    if standing is Standing.OFF:
        assert own_sent >= BOUNCES.after
        assert own_bounced * WHOLE <= 20_000 * own_sent


@given(sent=numbers, bounced=numbers, complained=numbers, delivered=numbers, undelivered=numbers)
def test_a_brake_that_is_on_is_on_by_the_share_that_the_card_shows(
    sent: int, bounced: int, complained: int, delivered: int, undelivered: int
):
    counts = counted(
        sent=sent, delivered=delivered, hard_bounce=bounced, complained=complained, undelivered=undelivered
    )
    shown = rates(counts, None)

    for figure in judge(ALL, counts).on:
        assert figure.count == counts[Kind.HARD_BOUNCE] or figure.measure is not Measure.HARD_BOUNCES
        if figure.measure is Measure.HARD_BOUNCES:
            assert shown.bounced.share == figure.share
        if figure.measure is Measure.COMPLAINTS and figure.base is Base.DELIVERED:
            assert shown.complained.share == figure.share
