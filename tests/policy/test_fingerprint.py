"""The fingerprint of what was approved, and which differences void an approval."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.campaign.campaign import Preview, SizeBasis
from bot.campaign.request import ActivationRequest, Attachment, Canary, Purpose, Source
from bot.policy.fingerprint import SHOWN, changes, drift, fingerprint, is_lost, is_read, request_changes
from tests.builders import NOON, PREVIEW, SEGMENT_5
from tests.twins import twins

FILE = Attachment("a.pdf", "application/pdf", 3, "0" * 64)
REQUEST = ActivationRequest(
    campaign_id=82,
    run_now=True,
    source=SEGMENT_5,
    limit=1000,
    at=NOON,
    content={"greeting": "Hello", "offers": [1, {"price": 2}]},
    attachments=(FILE,),
    reason="sale",
)
LIST_5 = Source.parse("list:5")


def campaign(**other) -> Preview:
    return replace(PREVIEW, campaign=replace(PREVIEW.campaign, **other))


def audience(**other) -> Preview:
    return replace(PREVIEW, audience=replace(PREVIEW.audience, **other))


OTHER_PARAMETERS = [
    {"campaign_id": 83},
    {"run_now": False, "source": None},
    {"source": LIST_5},
    {"source": None},
    {"limit": 1001},
    {"limit": None},
    {"at": NOON + timedelta(minutes=1)},
    {"at": None},
    {"content": {"greeting": "Hello", "offers": [1, {"price": 2.0}]}},
    {"content": {"greeting": "Hello", "offers": [{"price": 2}, 1]}},
    {"content": {"greeting": "Hello"}},
    {"content": {}},
    {"content": None},
    {"attachments": ()},
    {"attachments": (FILE, FILE)},
    {"attachments": (replace(FILE, sha256="1" * 64),)},
    {"attachments": (replace(FILE, name="b.pdf"),)},
    {"reason": "Sale"},
    {"reason": ""},
    {"canary": Canary(318)},
    {"canary": Canary(319)},
    {"canary": Canary(318, timedelta(hours=1))},
]
OTHER_PREVIEWS = [
    Preview(),
    replace(PREVIEW, campaign=None),
    replace(PREVIEW, audience=None),
    campaign(name="Black Friday 2"),
    campaign(updated_at=NOON + timedelta(microseconds=1)),
    campaign(updated_at=None),
    campaign(updated_user="otto"),
    campaign(updated_user=""),
    campaign(kind="regular"),
    campaign(channel="sms"),
    campaign(resource_id=12),
    campaign(default_source=LIST_5),
    campaign(is_active=True),
    campaign(is_active=False),
    campaign(is_completed=True),
    audience(source=LIST_5),
    audience(name="Active customers"),
    audience(name=""),
    audience(size=48_211),
    audience(size=0),
    audience(size=None),
]


@pytest.mark.parametrize("other", [*OTHER_PARAMETERS, {"practice": True}, {"purpose": Purpose.TEST}])
def test_another_parameter_is_another_fingerprint(other):
    assert fingerprint(replace(REQUEST, **other), PREVIEW) != fingerprint(REQUEST, PREVIEW)


@pytest.mark.parametrize("other", OTHER_PREVIEWS)
def test_another_campaign_or_audience_is_another_fingerprint(other):
    assert fingerprint(REQUEST, other) != fingerprint(REQUEST, PREVIEW)


def test_no_parameter_is_left_out_of_the_fingerprint():
    tried = {name for other in [*OTHER_PARAMETERS, {"practice": True}, {"purpose": Purpose.TEST}] for name in other}
    assert tried == set(ActivationRequest.__dataclass_fields__)


def test_all_these_differences_have_fingerprints_of_their_own():
    prints = [fingerprint(replace(REQUEST, **other), PREVIEW) for other in OTHER_PARAMETERS]
    prints += [fingerprint(REQUEST, other) for other in OTHER_PREVIEWS]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize(
    ("request_", "preview"),
    [
        (replace(REQUEST, content={"offers": [1, {"price": 2}], "greeting": "Hello"}), PREVIEW),
        (replace(REQUEST, at=NOON.astimezone(timezone(timedelta(hours=1)))), PREVIEW),
        (REQUEST, campaign(updated_at=NOON.astimezone(timezone(timedelta(hours=1))))),
        (REQUEST, campaign(status="Sending", tags=("vip",), groups=("main",))),
        (REQUEST, audience(basis=SizeBasis.PROFILES)),
        (REQUEST, replace(PREVIEW, problems=("It was slow.",), failed=True)),
    ],
)
def test_what_is_told_otherwise_and_means_the_same_has_the_same_fingerprint(request_, preview):
    assert fingerprint(request_, preview) == fingerprint(REQUEST, PREVIEW)


def test_half_a_surrogate_pair_in_a_name_has_a_fingerprint_too():
    assert len(fingerprint(REQUEST, campaign(name="sale \ud83d"))) == 64


def test_two_requests_whose_first_characters_are_alike_have_fingerprints_of_their_own():
    one, other = twins(REQUEST, replace(REQUEST, limit=40_000), PREVIEW)
    prints = [fingerprint(request, PREVIEW) for request in (one, other)]
    assert prints[0][:SHOWN] == prints[1][:SHOWN]
    assert prints[0] != prints[1]


def told(old: Preview, new: Preview, tolerance: float = 10) -> list[tuple[str, str, str, str]]:
    return [(change.what, change.old, change.new, change.by) for change in changes(old, new, tolerance)]


EDIT = "the campaign's last edit"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (PREVIEW, PREVIEW, []),
        (PREVIEW, campaign(name="White Friday"), [("the campaign's name", "Black Friday", "White Friday", "olga")]),
        (
            PREVIEW,
            campaign(updated_user="otto", updated_at=NOON + timedelta(microseconds=1)),
            [(EDIT, "2026-11-23 12:00 UTC and 0 s by olga", "2026-11-23 12:00 UTC and 0.000001 s by otto", "")],
        ),
        (
            PREVIEW,
            campaign(updated_user="otto"),
            [(EDIT, "2026-11-23 12:00 UTC by olga", "2026-11-23 12:00 UTC by otto", "")],
        ),
        (
            campaign(updated_at=None, updated_user=""),
            PREVIEW,
            [(EDIT, "not told when by nobody named", "2026-11-23 12:00 UTC by olga", "")],
        ),
        (PREVIEW, audience(source=LIST_5), [("the audience", "segment:5", "list:5", "")]),
        (PREVIEW, audience(name="All"), [("the audience's name", "Active", "All", "")]),
        (PREVIEW, audience(size=0), [("the audience's size", "48,210", "0", "")]),
        (audience(size=None), PREVIEW, [("the audience's size", "not known", "48,210", "")]),
        (audience(size=None), audience(size=0), [("the audience's size", "not known", "0", "")]),
        (replace(PREVIEW, campaign=None), PREVIEW, [("the campaign", "not known", "Black Friday", "")]),
        (replace(PREVIEW, campaign=None), campaign(name=""), [("the campaign", "not known", "82", "")]),
        (replace(PREVIEW, audience=None), PREVIEW, [("the audience", "not known", "segment:5", "")]),
    ],
)
def test_what_voids_an_approval_is_told_as_it_was_and_as_it_is(old, new, what):
    assert told(old, new) == what


WHOLE = campaign(channel="email", resource_id=12, default_source=SEGMENT_5, is_active=False, is_completed=False)


def whole(**other) -> Preview:
    return replace(WHOLE, campaign=replace(WHOLE.campaign, **other))


@pytest.mark.parametrize(
    ("new", "what"),
    [
        (whole(kind="regular"), ("the campaign's kind", "broadcast", "regular", "")),
        (whole(channel="sms"), ("the campaign's channel", "email", "sms", "")),
        (whole(resource_id=13), ("the campaign's resource", "12", "13", "")),
        (whole(default_source=LIST_5), ("the campaign's own audience", "segment:5", "list:5", "")),
        (whole(is_active=True), ("the campaign is switched on", "no", "yes", "")),
        (whole(is_completed=True), ("the campaign is completed", "no", "yes", "")),
    ],
)
def test_whatever_else_the_platform_tells_of_the_campaign_voids_an_approval(new, what):
    assert told(WHOLE, new) == [what]
    assert told(new, WHOLE) == [(what[0], what[2], what[1], "")]


@pytest.mark.parametrize(
    "unlike",
    [
        PREVIEW,
        whole(kind=""),
        whole(status="Sending", tags=("vip",), groups=("main",)),
    ],
)
def test_what_was_not_told_then_or_decides_nothing_voids_no_approval(unlike):
    """Records of before a field was stored tell nothing of it."""
    assert told(unlike, WHOLE) == told(WHOLE, unlike) == []


def test_a_campaign_that_a_launch_of_ours_has_switched_is_no_change():
    assert changes(WHOLE, whole(is_active=True, is_completed=True), 10, switches_count=False) == ()
    assert changes(WHOLE, whole(channel="sms"), 10, switches_count=False)


def test_an_own_audience_that_this_launch_reaches_is_told_once():
    reached = replace(whole(default_source=LIST_5), audience=replace(WHOLE.audience, source=LIST_5))
    assert told(WHOLE, reached) == [("the audience", "segment:5", "list:5", "")]


def test_a_file_that_differs_only_behind_what_is_shown_of_its_digest_is_another_file():
    digest = "0" * 8 + "1" * 56
    (change,) = request_changes(REQUEST, replace(REQUEST, attachments=(replace(FILE, sha256=digest),)))
    assert (change.old, change.new) == (f"a.pdf ({'0' * 64})", f"a.pdf ({digest})")


def test_a_start_that_differs_by_seconds_is_another_start():
    (change,) = request_changes(REQUEST, replace(REQUEST, at=NOON + timedelta(seconds=1)))
    assert change.old != change.new


def test_another_audience_of_another_size_is_told_as_both():
    found = told(PREVIEW, campaign(name="White Friday"))
    found += told(PREVIEW, audience(source=LIST_5, name="All", size=1))
    assert [what for what, *_ in found] == [
        *("the campaign's name", "the audience", "the audience's name", "the audience's size"),
    ]


@pytest.mark.parametrize("new", [Preview(failed=True), audience(size=None), audience(name="")])
def test_what_cannot_be_read_again_is_no_change(new):
    assert told(PREVIEW, new) == []


@pytest.mark.parametrize(
    ("old", "is_change"),
    [
        (Preview(), False),
        (audience(size=None), False),
        (audience(size=1), True),
        (audience(source=LIST_5), True),
        (campaign(name="White Friday"), True),
        (campaign(updated_at=None), True),
    ],
)
def test_where_the_unknown_does_not_count_only_what_was_known_can_have_changed(old, is_change):
    assert bool(changes(old, PREVIEW, 10, unknown_counts=False)) == is_change
    assert changes(old, PREVIEW, 10)


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (PREVIEW, PREVIEW, False),
        (PREVIEW, audience(size=None), True),
        (PREVIEW, Preview(), True),
        (audience(size=0), audience(size=None), True),
        (PREVIEW, audience(size=0), False),
        (audience(size=None), Preview(), False),
    ],
)
def test_a_size_is_lost_that_was_known_and_is_not_any_more(old, new, lost):
    assert is_lost(old, new) == lost


@pytest.mark.parametrize(
    ("before", "after", "tolerance", "within"),
    [
        (1000, 1100, 10, True),
        (1000, 900, 10, True),
        (1000, 1101, 10, False),
        (1000, 899, 10, False),
        (999, 1098, 10, True),
        (999, 1099, 10, False),
        (3000, 3069, 2.3, True),
        (3000, 3070, 2.3, False),
        (100_000, 100_290, 0.29, True),
        (100_000, 100_291, 0.29, False),
        (1000, 1000, 0, True),
        (1000, 1001, 0, False),
        (1000, 999, 0, False),
        (1000, 0, 100, True),
        (1000, 2000, 100, True),
        (1000, 2001, 100, False),
        (0, 0, 0, True),
        (0, 1, 100, False),
        (1, 0, 99.9, False),
    ],
)
def test_a_size_may_change_by_exactly_the_tolerance(before, after, tolerance, within):
    old, new = audience(size=before), audience(size=after)
    expected = [] if within else [("the audience's size", f"{before:,}", f"{after:,}", "")]
    assert told(old, new, tolerance) == expected
    assert drift(old, new) == (None if before == after else (before, after))


@pytest.mark.parametrize("unknown", [Preview(), audience(size=None)])
def test_a_size_that_is_not_known_has_not_drifted(unknown):
    assert drift(unknown, PREVIEW) is None
    assert drift(PREVIEW, unknown) is None


def test_a_campaign_is_read_when_it_was_told_and_nothing_failed():
    previews = (PREVIEW, audience(size=None), replace(PREVIEW, failed=True), replace(PREVIEW, campaign=None))
    assert [is_read(preview) for preview in previews] == [True, True, False, False]


@pytest.mark.parametrize("other", OTHER_PARAMETERS)
def test_whatever_an_edit_makes_different_is_told(other):
    found = request_changes(REQUEST, replace(REQUEST, **other))
    assert len(found) == len(other)
    assert all(change.old != change.new for change in found)


def test_an_edit_is_told_in_the_order_of_the_form():
    found = request_changes(REQUEST, ActivationRequest(campaign_id=83))
    assert [(change.what, change.new) for change in found] == [
        ("the campaign", "83"),
        ("when", "activate only"),
        ("the audience", "the campaign's own"),
        ("the limit", "none"),
        ("the start", "when approved"),
        ("the content", "none"),
        ("the files", "none"),
        ("the reason", "none"),
    ]


def test_a_start_is_the_same_on_whatever_clocks_it_was_given():
    at = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=-5)))
    (change,) = request_changes(REQUEST, replace(REQUEST, at=at))
    assert (change.old, change.new) == ("2026-11-23 12:00 UTC", "2026-11-23 14:00 UTC")
    assert request_changes(REQUEST, replace(REQUEST, at=NOON.astimezone(UTC))) == ()
