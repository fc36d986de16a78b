"""The stand-in platform's lists are paged to their end under either cursor."""

import pytest


def pages(rig, method, limit):
    """Return each page's ids, reading as the guide says to: until a page is empty or the cursor stands still."""
    found, start = [], 1
    while True:
        answer = rig.ask(method, from_id=start, limit=limit)
        found.append([each["id"] for each in answer["data"]])
        if not answer["data"] or answer["next_from_id"] <= start:
            return found
        start = answer["next_from_id"]


def test_with_the_id_after_the_last_no_page_repeats_an_id(rig):
    rig.switch(cursor_style="last_id_plus_one")

    assert pages(rig, "campaigns/list", 3) == [[41, 44, 57], [82, 83, 96], [118, 4107], []]


def test_with_the_last_id_each_page_begins_with_the_last_of_the_one_before(rig):
    rig.switch(cursor_style="last_id")

    assert pages(rig, "campaigns/list", 4) == [[41, 44, 57, 82], [82, 83, 96, 118], [118, 4107], [4107]]


def test_as_printed_campaigns_and_segments_differ_in_their_cursor(rig):
    assert rig.ask("campaigns/list", limit=2)["next_from_id"] == 45
    assert rig.ask("segments/list/", limit=2)["next_from_id"] == 9


@pytest.mark.parametrize(("spelling", "key"), [("groups", "groups"), ("Groups", "Groups")])
def test_groups_are_spelled_as_the_switch_says(rig, spelling, key):
    rig.switch(groups_spelling=spelling)

    assert key in rig.ask("campaigns/list")["data"][0]
    assert key in rig.ask("segments/list/")["data"][0]


def test_fifty_thousand_campaigns_are_read_to_the_end(rig):
    rig.on_loop(lambda: rig.platform.add_many(50_000))

    read = [each for page in pages(rig, "campaigns/list", 1000) for each in page]

    assert len(read) == len(set(read)) == 50_008
    assert len(rig.snapshot()["campaigns"]) == 200
