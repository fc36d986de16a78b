"""No view is one that Slack refuses, whatever stands in the policy, in the campaign and in the request."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.campaign import Absent, Audience, Campaign, Choice, Preview, SizeBasis
from bot.campaign.overview import LIST_PAGE, Campaigns, CampaignStatus, Listing
from bot.campaign.request import LONGEST_REASON, ActivationRequest, LaunchId, Source, SourceKind
from bot.launch.forecast import Forecast, Wait
from bot.launch.search import PAGE, Found, HomeLists, Page, Wanted
from bot.phrase import Phrase
from bot.policy.collision import Collision
from bot.policy.demands import Demands, Freeze, QuietHours, RoleCount, Typed
from bot.policy.refusals import NotReadAgain, PolicyForbids, PolicyNotRead, RolesNotChecked, TooFewApprovers
from bot.policy.roles import Action
from bot.slack.api.users import nameless
from bot.slack.form import Form
from bot.slack.lookup import Look, LookupKind, beside_campaign
from bot.slack.private_metadata import LONGEST_METADATA, Shown, private_metadata
from bot.slack.views.blocks import context, section
from bot.slack.views.bounds import clip, whole
from bot.slack.views.card import card, card_elsewhere
from bot.slack.views.confirm import confirm_view, reason_view
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.history import history
from bot.slack.views.home import home
from bot.slack.views.listing import listing_view
from bot.slack.views.looking import with_buttons
from bot.slack.views.message import Message
from bot.slack.views.modal import form_view
from bot.slack.views.needs import further
from bot.slack.views.notices import notice_view
from bot.slack.views.refusal import why_refused
from bot.slack.views.status import status
from bot.slash.values import FIRST_PICKABLE, LAST_PICKABLE
from sandbox.slack.view_stack import VIEW_BYTES
from tests.builders import ANA, BEN, NOON, asked, launch
from tests.slack.test_views import WHO_TO_ASK, problems_of, view_problems, written

BERLIN = ZoneInfo("Europe/Berlin")
URL = "https://example.slack.com/archives/C0LAUNCH/p1"

LENGTHS = st.sampled_from([0, 1, 76, 200, 999, 3001])
"""Around Slack's limits and beyond them."""
LONG = st.builds(
    lambda piece, length: (piece * length)[:length], st.sampled_from(["x", "&", "<!channel>", "*`", "ж", "𝒳 "]), LENGTHS
)
IDS = st.sampled_from([1, 82, 2**63 - 1])
SOURCES = st.builds(Source, st.sampled_from(SourceKind), IDS)
COUNTS = st.sampled_from([0, 1, 13, 40])


def many(one, count):
    return tuple(one(number) for number in range(count))


@st.composite
def demands(draw: st.DrawFn) -> Demands:
    role = draw(LONG)
    return Demands(
        approvals=draw(st.sampled_from([1, 10**6])),
        of_which=many(lambda number: RoleCount(f"r{number}{role}", 1), draw(COUNTS)),
        reason=draw(st.booleans()),
        typed=draw(st.sampled_from([(), (Typed.AUDIENCE, Typed.CAMPAIGN)])),
        hold=draw(st.sampled_from([timedelta(), timedelta(days=9, seconds=1)])),
        quiet_hours=many(lambda number: QuietHours(time(20), time(number % 9), 1), draw(COUNTS)),
        freezes=many(
            lambda number: Freeze(date(2026, 1, 1), date(2027, 1, 1) + timedelta(number)),
            draw(st.sampled_from([0, 300])),
        ),
        break_glass=draw(st.booleans()),
    )


@st.composite
def previews(draw: st.DrawFn) -> Preview:
    word = draw(LONG)
    campaign = Campaign(
        id=82, name=draw(LONG), kind=word, status=draw(LONG), channel=word, updated_user=draw(LONG), updated_at=NOON
    )
    audience = Audience(source=draw(SOURCES), name=draw(LONG), size=draw(IDS), basis=SizeBasis.PROFILES)
    problem = Phrase("The platform answered with error {code}: “{text}”.", code="400", text=draw(LONG)[:500])
    return Preview(
        campaign=draw(st.none() | st.just(campaign)),
        audience=draw(st.none() | st.just(audience)),
        problems=(problem,) * draw(COUNTS),
        missing=draw(st.sampled_from([(), tuple(Absent)])),
    )


@st.composite
def collisions(draw: st.DrawFn) -> tuple[Collision, ...]:
    one = Collision(
        launch_id=LaunchId("L2"),
        campaign_id=83,
        campaign_name=draw(LONG),
        source=None,
        state="running",
        since=NOON,
        requester=BEN,
        same_campaign=draw(st.booleans()),
    )
    return (one,) * draw(COUNTS)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    request = ActivationRequest(
        campaign_id=draw(IDS),
        run_now=True,
        source=draw(st.none() | SOURCES),
        limit=draw(st.none() | IDS),
        at=draw(st.none() | st.sampled_from([NOON, datetime(26, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)])),
        content=draw(st.none() | st.builds(lambda key, value: {key: value}, LONG, LONG)),
        reason=draw(LONG)[:LONGEST_REASON],
    )
    return Form.of(request)


FORECASTS = st.sampled_from(
    [None, Forecast(start=NOON), Forecast(start=NOON, waits=tuple(Wait)), Forecast(start=None, waits=(Wait.QUIET,))]
)
KNOWLEDGE = st.builds(
    Knowledge,
    st.none() | previews(),
    demands=st.none() | demands(),
    collisions=collisions(),
    obstacle=LONG,
    notice=LONG.map(Phrase.as_it_is),
    understood=LONG.map(Phrase.as_it_is),
    expected=FORECASTS,
    edits=st.booleans(),
    asks_channel=st.booleans(),
    unshown=st.booleans(),
)


@st.composite
def launches(draw: st.DrawFn):
    form, wanted = draw(forms()), draw(demands())
    requested = asked(
        demands=wanted,
        campaign_id=form.campaign_id,
        at=form.at,
        reason=form.reason,
        source=form.chosen_source,
    )
    whole_one = replace(requested, preview=draw(previews()), collisions=draw(collisions()))
    return launch(requested=replace(whole_one, rules=many(lambda number: f"{number}{form.reason}", draw(COUNTS))))


def size(view) -> int:
    return len(json.dumps(written(view)).encode())


@given(form=forms(), knowledge=KNOWLEDGE)
@settings(max_examples=60, deadline=None)
def test_no_form_is_one_that_slack_refuses(form, knowledge):
    subject = (form.campaign_id, form.chosen_source)
    shown = Shown(*subject, knowledge.preview) if knowledge.preview else None
    carried = private_metadata(LaunchId("x" * 36), "C0LAUNCH", shown)
    assert len(carried) <= LONGEST_METADATA
    view = form_view(form, knowledge, carried)
    assert view_problems(view) == []
    assert size(view) <= VIEW_BYTES


@given(one=launches(), expected=FORECASTS, action=st.sampled_from([Action.APPROVE, Action.BREAK_GLASS]))
@settings(max_examples=25, deadline=None)
def test_no_window_is_one_that_slack_refuses(one, expected, action):
    for view in (confirm_view(action, one, "L1:abc", expected), reason_view("L1", one.request.reason)):
        assert view_problems(view) == []
    assert view_problems(notice_view("Not done", one.request.reason * 4 or "x")) == []


@given(one=launches())
@settings(max_examples=25, deadline=None)
def test_no_card_is_one_that_slack_refuses(one):
    assert problems_of(card(one, NOON, BERLIN)) == []
    assert problems_of(card_elsewhere(one, Phrase("it is archived"))) == []


@given(one=launches(), obstacle=LONG)
@settings(max_examples=15, deadline=None)
def test_no_home_tab_is_one_that_slack_refuses(one, obstacle):
    found = many(lambda number: Found(replace(one, id=LaunchId(f"L{number}")), "1.2"), PAGE)
    nobody = HomeLists(waiting=found, own=(), running=(), over=())
    for lists in (None, nobody):
        view = home(lists, obstacle, lambda _: URL, NOON, ANA, BERLIN)
        assert view_problems(view) == []
        assert size(view) <= VIEW_BYTES


@given(one=launches(), text=LONG, preview=previews())
@settings(max_examples=15, deadline=None)
def test_no_answer_to_a_look_is_one_that_slack_refuses(one, text, preview):
    found = Found(one, "1.2")
    page = Page((found,) * PAGE, True, True)
    assert problems_of(history(page, Wanted(), lambda _: URL, nameless)) == []
    choices = many(lambda number: Choice(number + 1, text, text, True), LIST_PAGE)
    listed = listing_view(Campaigns(choices=choices, matching=400, first=16, age=1), Listing(text[:200]))
    assert problems_of(with_buttons(listed, Look(LookupKind.LIST, "x"), beside_campaign(above=1), "")) == []
    told = CampaignStatus(campaign_id=82, preview=preview, problems=preview.problems)
    assert problems_of(status(told, found, URL, nameless)) == []


@given(texts=st.lists(LONG.map(Phrase.as_it_is), max_size=40), role=LONG)
@settings(max_examples=60, deadline=None)
def test_no_refusal_is_longer_than_slack_takes(texts, role):
    cause = texts[0] if texts else Phrase()
    reasons = (
        PolicyForbids(tuple(texts)),
        NotReadAgain(tuple(texts)),
        PolicyNotRead(cause),
        RolesNotChecked(Action.APPROVE, cause),
        TooFewApprovers(role, 3, 1),
    )
    for reason in reasons:
        assert view_problems(notice_view("Not done", why_refused(reason, WHO_TO_ASK))) == []


@given(parts=st.lists(LONG.filter(bool), min_size=1, max_size=20), limit=st.integers(80, 400))
def test_what_is_left_out_is_never_left_out_in_silence(parts, limit):
    text = whole(parts, limit)
    assert len(text) <= limit
    kept = [part for part in text.split(" … and ")[0:1] if part]
    if text != " ".join(parts):
        assert "more." in text or text.endswith("…")
        assert kept


def test_no_mention_moment_or_escape_is_cut_in_two():
    text = "Asked by <@U0BEN>, <!date^1^{time}|x> &amp; more"
    for limit in range(1, len(text) + 1):
        left = clip(text, limit).removesuffix("…")
        assert left.count("<") == left.count(">")
        assert not any(left.endswith(half) for half in ("&", "&a", "&am", "&amp"))


FROZEN = Demands(
    freezes=many(lambda number: Freeze(date(2031, 1, 1) + timedelta(number), date(2031, 1, 1) + timedelta(number)), 112)
)


def test_a_policys_days_beyond_those_named_are_counted():
    (sentence,) = further(FROZEN)
    assert sentence.endswith("Jan 12, 2031 and 100 more.")
    (in_full,) = further(FROZEN, None)
    assert "Apr 22, 2031" in in_full


def test_no_form_and_no_card_drops_a_policys_frozen_days_for_being_too_many():
    form = form_view(Form(campaign_id=82), Knowledge(None, demands=FROZEN, zone=BERLIN), "{}")
    shown = card(launch(requested=asked(demands=FROZEN)), NOON, BERLIN)
    for blocks in (form["blocks"], shown.blocks):
        assert "Jan 12, 2031 and 100 more (Europe/Berlin)." in json.dumps(list(blocks))


@pytest.mark.parametrize("words", ["x" * 3001, "&amp;" * 601, "<@U0BEN>" * 376])
def test_no_word_beside_a_form_is_longer_than_slack_takes(words):
    knowledge = Knowledge(None, understood=Phrase.as_it_is(words), notice=Phrase.as_it_is(words))
    assert view_problems(form_view(Form(campaign_id=82), knowledge, "{}")) == []
    assert problems_of(Message("x", (context(words, "context"), section(words, "section")))) == []


@pytest.mark.parametrize("year", [26, 2001, 3026, 9999])
def test_no_moment_that_slacks_picker_does_not_take_is_put_there(year):
    form = Form(campaign_id=82, at=datetime(year, 1, 1, tzinfo=UTC))
    view = form_view(form, Knowledge(None), "{}")
    assert view_problems(view) == []
    told = written(view)
    picker = next(block["element"] for block in told["blocks"] if block["block_id"] == "at")
    assert "initial_date_time" not in picker
    assert f"in the year {year}" in told["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("moment", [FIRST_PICKABLE, NOON, LAST_PICKABLE])
def test_a_moment_that_the_picker_takes_stands_there(moment):
    view = written(form_view(Form(campaign_id=82, at=moment), Knowledge(None), "{}"))
    picker = next(block["element"] for block in view["blocks"] if block["block_id"] == "at")
    assert picker["initial_date_time"] == int(moment.timestamp())
