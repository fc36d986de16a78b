from bot.results.counts import Counts, Kind
from bot.results.rates import Base, Rate, rates


def counted(**kinds: int) -> Counts:
    return Counts(by_kind={Kind[name.upper()]: number for name, number in kinds.items()})


def test_each_number_is_a_share_of_what_it_is_a_part_of():
    told = rates(counted(sent=1000, delivered=900, hard_bounce=50, opened=180, clicked=9, unsubscribed=3), 2000)

    assert told.sent == Rate(1000, Base.PROMISED, 0.5)
    assert told.delivered == Rate(900, Base.SENT, 0.9)
    assert told.bounced == Rate(50, Base.SENT, 0.05)
    assert told.opened == Rate(180, Base.DELIVERED, 0.2)
    assert told.clicked == Rate(9, Base.DELIVERED, 0.01)
    assert told.complained == Rate(0, Base.DELIVERED, 0.0)


def test_what_nothing_tells_is_not_known_and_no_share_of_it_is_made_up():
    told = rates(counted(opened=180), None)

    assert told.sent == Rate(None, Base.PROMISED, None)
    assert told.delivered == Rate(None, Base.SENT, None)
    assert told.opened == Rate(180, Base.DELIVERED, None)


def test_nobody_opening_is_a_number_where_deliveries_are_told():
    assert rates(counted(sent=10, delivered=10), 10).opened == Rate(0, Base.DELIVERED, 0.0)


def test_a_part_larger_than_its_whole_is_no_share_yet():
    assert rates(counted(sent=10, delivered=5, opened=6), 10).opened == Rate(6, Base.DELIVERED, None)
