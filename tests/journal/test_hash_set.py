from hypothesis import given
from hypothesis import strategies as st

from bot.journal.hash_set import HashSet, packed, unpacked

NUMBERS = st.integers(0, 2**64 - 1) | st.integers(2, 40) | st.integers(0, 2**60 - 1).map(lambda n: n << 4)


@given(st.lists(NUMBERS.filter(lambda number: number != 1), max_size=600))
def test_it_tells_what_is_new_as_a_set_of_pythons_does(numbers):
    known: set[int] = set()
    expected = [not (number in known or known.add(number)) for number in numbers]

    assert HashSet().add(numbers) == expected


def test_it_grows_and_forgets_nothing():
    held = HashSet()
    numbers = [n * 2_654_435_761 % 2**64 for n in range(1, 5000)]

    held.add(numbers)

    assert not any(held.add(numbers))
    assert 16 * len(numbers) <= held.size <= 64 * len(numbers)


@given(st.lists(NUMBERS))
def test_numbers_are_stored_in_eight_bytes_each_and_read_again(numbers):
    assert len(packed(numbers)) == 8 * len(numbers)
    assert list(unpacked(packed(numbers))) == numbers
    assert packed([1]) == b"\x01" + bytes(7)
