"""Which run an event of a batch counts for, as what, and what recognises it."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import LaunchId
from bot.journal.sorting import ByRun, Followed, sorted_batch
from bot.results.runs import Run
from tests.results.hooks import NOON, after, body, event, launch_id

KEY = b"k" * 32
FOLLOWED = [
    Followed(1, Run(LaunchId("L1"), 82, NOON), proved=False),
    Followed(2, Run(LaunchId("L2"), 82, after(hours=5)), proved=False),
    Followed(3, Run(LaunchId("L3"), 83, after(hours=1)), proved=True),
]


def by_run(*events: dict) -> ByRun:
    return sorted_batch(body(*events), FOLLOWED, KEY, with_recipients=True).by_run


def test_what_recognises_a_repeat_is_the_same_in_every_version():
    """It stands in the database: with another one, whatever is sent again across an update counts twice."""
    bare, full = (
        event("send", nth=7, at=after(hours=1)),
        event(
            "uopen_push",
            at=after(minutes=61),
            is_test=True,
            _md5="0f",
            data={
                "launch_id": launch_id(NOON),
                "send_message_id": "s",
                "extra_uid": 3,
                "link_url": "https://a/b?c=\u00e9",
            },
        ),
    )
    ((number, part),) = by_run(bare, full)[1].items()
    assert number == int(after(hours=1).timestamp()) // (6 * 3600)
    assert [f"{one:016x}" for one in part.hashes] == ["b40641d58747b4de", "10550b60a22f09d1"]


_EVENTS = st.builds(
    lambda kind, minutes, account, campaign, named, is_test: event(
        kind,
        at=after(minutes=minutes),
        account=account,
        campaign=campaign,
        is_test=is_test,
        data={} if named is None else {"launch_id": launch_id(after(minutes=named), account=account)},
    ),
    st.sampled_from(["send", "deliv", "uopen"]),
    st.integers(-90, 2000),
    st.sampled_from([161, 162]),
    st.sampled_from([82, 83, 84]),
    st.none() | st.sampled_from([0, 1, 200, 301, 500]),
    st.booleans(),
)


@given(st.lists(_EVENTS, max_size=20))
def test_an_event_counts_among_others_as_it_counts_alone(events):
    together, alone = Counter(), Counter()
    for batch, found in [(events, together), *(([one], alone) for one in events)]:
        for run, parts in by_run(*batch).items():
            for part, gathered in parts.items():
                labelled = zip(gathered.hashes, gathered.labels, gathered.slots, gathered.sendings, strict=True)
                found.update((run, part, *one) for one in labelled)
    assert together == alone
    assert together.total() == sum(one["event_data"]["campaign_id"] != 84 and counts(one) for one in events)


def counts(one: dict) -> bool:
    """Whether it happened after its campaign's first call, give or take what clocks are apart."""
    first = NOON if one["event_data"]["campaign_id"] == 82 else after(hours=1)
    return one["event_date"] >= f"{first - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}"
