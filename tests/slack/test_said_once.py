"""What people read says each thing once, where it belongs, and speaks of fields and roles as they are called."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.campaign.campaign import Audience, Preview
from bot.campaign.change import Change
from bot.campaign.overview import CampaignStatus, RunTold
from bot.campaign.request import Purpose
from bot.campaign.schedule import Schedule
from bot.launch.canary import CanaryJudged
from bot.launch.digest import Digest
from bot.launch.events import Approved, Entry, HeldBack, Rejected
from bot.launch.outcome import Accepted
from bot.launch.run import RunEnded, RunStarted
from bot.launch.search import HomeLists
from bot.launch.state import State
from bot.launch.stop import Stopped
from bot.launch.story import Line
from bot.message.finding import Check, Finding, Grade
from bot.message.report import Essentials, Report
from bot.phrase import Phrase
from bot.policy.demands import Demands, Freeze
from bot.policy.roles import Action, Role
from bot.policy.standing import Standing as RolesHeld
from bot.results.brakes import Figure, Measure, Standing, Verdict
from bot.results.counts import Counts, Kind
from bot.results.rates import Base
from bot.slack.api.users import nameless
from bot.slack.form import Form, FormErrors, request_of
from bot.slack.views import needs, sent
from bot.slack.views.calls import calls
from bot.slack.views.card import card
from bot.slack.views.digest import digest_message
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.history import line
from bot.slack.views.home import home
from bot.slack.views.modal import form_view
from bot.slack.views.received import notice
from bot.slack.views.sentences import AUDIENCE, changes
from bot.slack.views.status import status
from bot.slack.views.technical import SIZE_UNKNOWN, of_reading, problems
from bot.slack.views.text import said
from bot.slack.views.thread import reply
from bot.slack.views.whoami import whoami
from bot.texts import calendar_day, is_known, speaking
from sandbox.cast import texts
from tests.builders import ANA, BEN, CLEO, DAN, NOON, PREVIEW, SEGMENT_5, asked, by_bot, launch, started
from tests.slack.receivers import STANDINGS as RECEIVERS
from tests.slack.stops import STANDINGS as STOPS
from tests.slack.test_digest_views import WEEK
from tests.slack.test_look_views import found, link_to
from tests.slack.test_views import written
from tests.slack.trials import STANDINGS as TESTS

UNSIZED = Phrase(SIZE_UNKNOWN, source="segment 5")
WHY = Phrase("Template {id} could not be read.", id="78")
COVERS_NOT = "an approval does not cover it"
FINISHED = launch(
    (BEN, Approved()), by_bot(started()), by_bot(Accepted()), by_bot(RunStarted(NOON)), by_bot(RunEnded(NOON))
)
END_MEANS = "The log's end means"


def read(view):
    return texts([written(block) for block in view])


def test_why_a_message_was_not_read_is_told_once():
    finding = Finding(Check.READ, Grade.FAILURE, Phrase(f"The message could not be read: {COVERS_NOT}. {WHY}"), 78)
    report = Report(essentials=(Essentials(message_id=78, unread=WHY),), findings=(finding,), passed=1)

    told = "\n".join([*sent.unread(report), *sent.lines(report)])

    assert told.count(WHY) == told.count(COVERS_NOT) == 1
    assert "*Checks:* 1 failure, 1 passed" in told


def test_that_a_size_is_unknown_is_told_where_the_audience_is_and_nowhere_else():
    assert is_known(SIZE_UNKNOWN)
    other = Phrase("Campaign {id} could not be read.", id="82")
    assert problems((UNSIZED, other)) == [f":warning: {other}"]

    preview = replace(PREVIEW, audience=Audience(source=SEGMENT_5, name="Active"), problems=(UNSIZED,))
    for shown in (
        read(card(launch(requested=replace(asked(), preview=preview))).blocks),
        texts(form_view(Form(campaign_id=82, run_now=True, source="segment:5"), Knowledge(preview), "{}")),
    ):
        assert "size unknown" in shown
        assert UNSIZED not in shown


def test_what_a_logs_end_means_is_told_behind_it_and_not_beside_numbers():
    shown = read(card(FINISHED).blocks)
    assert shown.index("an end") < shown.index(END_MEANS)
    counts = Counts(by_kind={Kind.SENT: 900, Kind.DELIVERED: 890}, newest=NOON)
    assert END_MEANS not in read(card(FINISHED, counts=counts).blocks)


def test_none_has_no_share_and_no_trouble_no_count():
    counts = Counts(by_kind={Kind.SENT: 900, Kind.DELIVERED: 890}, newest=NOON)
    assert "complained 0." in read(card(FINISHED, counts=counts).blocks)
    over = launch((BEN, Approved()), by_bot(started()), by_bot(Accepted()), by_bot(RunEnded(NOON, errors=2)))
    shown = read(card(over).blocks)
    assert "with 2 errors." in shown
    assert "0 warnings" not in shown


def test_shares_are_written_as_the_language_does():
    counts = Counts(by_kind={Kind.SENT: 900, Kind.DELIVERED: 890, Kind.CLICKED: 12}, newest=NOON)
    with speaking("ru"):
        shown = read(card(FINISHED, counts=counts).blocks)
    assert "99\xa0% от отправленного" in shown
    assert "1,3\xa0% от доставленного" in shown


def test_a_scheduled_launch_says_once_when_it_starts():
    later = NOON + timedelta(days=1)
    assert "not before" in read(card(launch(requested=asked(at=later))).blocks)
    shown = read(card(launch((BEN, Approved()), requested=asked(at=later))).blocks)
    assert "It starts " in shown
    assert "not before" not in shown


def test_a_form_of_practice_does_not_say_that_it_sends():
    form = Form(campaign_id=82, run_now=True, source="segment:5", practice=True)
    shown = texts(form_view(form, Knowledge(PREVIEW, demands=Demands(approvals=2)), "{}"))
    assert "*What will happen:* nothing is sent. A real launch would do this: Sends now to segment 5" in shown
    assert "It takes 2 approvals; one may be yours." in shown
    assert "before anything is sent" not in shown


@pytest.mark.parametrize(
    ("fields", "at", "says"),
    [
        ({"run_now": True, "wait": "30m"}, "wait", "“Wait” needs “First to a few”."),
        ({"run_now": False, "canary": "segment:9"}, "canary", "“First to a few” works only with “Send now”"),
    ],
)
def test_errors_speak_of_fields_as_the_form_calls_them(fields, at, says):
    with pytest.raises(FormErrors) as caught:
        request_of(Form(campaign_id=82, **fields))
    assert caught.value.by_field[at].startswith(says)


def test_days_without_starts_are_written_as_the_language_does():
    frozen = Demands(freezes=(Freeze(date(2026, 12, 24), date(2027, 1, 1)),))
    assert needs.further(frozen) == ["Nothing starts on these days: Dec 24, 2026 to Jan 1, 2027."]
    with speaking("ru"):
        assert calendar_day(date(2026, 12, 24)) == "24 дек. 2026\u202fг."


def test_a_week_without_launches_does_not_tell_what_it_does_not_know_of_them():
    shown = read(digest_message(Digest(week=WEEK), str, lambda _found: "").blocks)
    assert "Nothing was launched." in shown
    assert "How many messages" not in shown
    assert "`/campaign-history` shows every launch." in shown


def test_only_who_may_approve_is_asked_on_home_to_decide():
    waits = launch()

    def way(person, *may, of=waits):
        lists = HomeLists(waiting=(), own=(found(of),), running=(), over=())
        view = home(lists, "", link_to, NOON, person, may=frozenset(may))
        buttons = [one for block in view["blocks"] for one in block.get("elements", ()) if "action_id" in one]
        return next(one["text"]["text"] for one in buttons if one["action_id"] == "home:card")

    assert way(BEN, Action.APPROVE) == "Look and decide"
    assert way(ANA, Action.APPROVE) == "Open the card"
    assert way(DAN, Action.CANCEL) == "Open the card"
    assert way(ANA, Action.APPROVE, of=launch(requested=asked(practice=True))) == "Look and decide"


def state_of(**fields):
    preview = Preview(campaign=replace(PREVIEW.campaign, **fields))
    shown = read(status(CampaignStatus(campaign_id=82, preview=preview), None, "", nameless).blocks)
    return next(line for line in shown.splitlines() if line.startswith("*State:*"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "Active", "is_active": True, "is_completed": False}, "active"),
        ({"status": "Inactive", "is_active": False}, "not active"),
        ({"status": "Completed", "is_active": False, "is_completed": True}, "not active, completed"),
        # What does not go together is shown, all of it.
        ({"status": "Active", "is_active": False}, "not active, status “Active”"),
        ({"status": "Paused", "is_active": True}, "active, status “Paused”"),
    ],
)
def test_a_campaigns_state_is_told_in_one_word_where_all_say_the_same(fields, told):
    assert state_of(**fields) == f"*State:* {told}"


def test_a_status_names_times_and_troubles_without_repeating_itself():
    standing = CampaignStatus(
        campaign_id=82,
        preview=PREVIEW,
        schedule=Schedule(hours=(16,), minutes=(38,)),
        run=RunTold(started_at=NOON, ended_at=NOON, warnings=0, errors=0),
        log_read=True,
    )
    shown = read(status(standing, None, "", nameless).blocks)
    assert "*Schedule:* at 16:38. The platform does not say in which time zone" in shown
    assert "no errors and no warnings" in shown


def test_nobody_is_called_to_release_what_a_brake_holds():
    figure = Figure(Measure.HARD_BOUNCES, 18, Base.SENT, 300, 20_000)
    held = CanaryJudged(counts=Counts(), verdict=Verdict(standing=Standing.ON, figures=(figure,)), mention=(BEN,))
    assert [one.line for one in calls(held)] == ["Who can end it here: {people}"]
    free = replace(held, verdict=Verdict(standing=Standing.OFF))
    assert [one.line for one in calls(free)] == ["Who can release the rest, or end it: {people}"]


def test_a_test_that_nobody_had_to_approve_is_not_said_to_be_approved():
    test = launch(
        by_bot(started()),
        by_bot(Accepted()),
        by_bot(RunEnded(NOON)),
        requested=asked(demands=Demands(approvals=0), purpose=Purpose.TEST, limit=25),
    )
    assert "about 48,210 profiles when it was asked for" in read(card(test).blocks)


def test_an_audience_that_has_changed_is_called_as_everywhere():
    found = (Change(Phrase(AUDIENCE), Phrase.as_it_is("segment:5"), Phrase.as_it_is("list:2")),)
    assert changes(found) == "• the audience: segment 5 → database 2"
    named = (Change(Phrase("the campaign's name"), Phrase.as_it_is("segment:5"), Phrase.as_it_is("x")),)
    assert changes(named) == "• the campaign's name: “segment:5” → “x”"


def test_what_was_stopped_is_not_said_to_be_switched_on():
    shown = {name: read(card(one).blocks) for name, one in STOPS.items() if one.adopted}
    stopped = [text for name, text in shown.items() if STOPS[name].state == State.STOPPED]
    assert stopped
    assert not any("*In the platform:*" in text for text in stopped)


def test_home_tells_who_approved_what_was_launched():
    lists = HomeLists(waiting=(), own=(), running=(), over=(found(FINISHED),))
    assert f"*Approved by:* <@{BEN}>" in texts(home(lists, "", link_to, NOON, ANA))


@pytest.mark.parametrize(("language", "where"), [("en", "in segment 400."), ("ru", "сегмент 400.")])
def test_a_correction_names_its_segment_as_people_do(language, where):
    with speaking(language):
        assert where in said(notice(RECEIVERS["segment filled"]))


def test_who_rejected_a_launch_is_not_said_to_have_approved_it():
    told = line(found(launch((BEN, Rejected("Not today")))), nameless)
    assert f"; rejected: <@{BEN}>)" in told
    assert "approved by" not in told
    assert f"approved by <@{BEN}>" in line(found(FINISHED), nameless)


def told_in_the_thread(of, seq, who, event):
    return reply(of, Line(Entry(of.id, seq, NOON, who, event), "0" * 64)).text


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (Stopped(), "The copy, campaign 900, is switched off."),
        (
            Stopped(seen=True, status="Inactive"),
            "The platform says that the copy, campaign 900, is switched off (status “Inactive”).",
        ),
    ],
)
def test_a_copy_that_is_off_is_not_told_as_a_campaign_that_was_stopped(event, says):
    shown = told_in_the_thread(TESTS["test copy off"], 9, "", event)
    assert says in shown
    assert ":octagonal_sign:" not in shown
    assert "cannot be taken back" not in shown
    assert "queued" not in shown
    # One that a person stopped is told as any other.
    assert "cannot be taken back" in told_in_the_thread(STOPS["stopped"], 9, "", event)


def test_who_approves_first_of_two_is_told_how_many_more_it_takes():
    wanted = asked(approvals=2)
    first, both = (
        launch((BEN, Approved()), requested=wanted),
        launch((BEN, Approved()), (CLEO, Approved()), requested=wanted),
    )
    assert "approved the launch. 1 more approval is needed." in told_in_the_thread(first, 2, BEN, Approved())
    assert "needed" not in told_in_the_thread(both, 3, CLEO, Approved())
    # What was needed then, nobody knows later.
    two_of_three = launch((BEN, Approved()), (CLEO, Approved()), requested=asked(approvals=3))
    assert "needed" not in told_in_the_thread(two_of_three, 2, BEN, Approved())
    with speaking("ru"):
        assert "Получено согласование" in told_in_the_thread(first, 2, BEN, Approved())
        assert "Нужно ещё 1 согласование." in told_in_the_thread(first, 2, BEN, Approved())


def test_nobody_is_offered_to_ask_again_where_nothing_may_be_launched_before_an_admin_has_looked():
    def ended(**fields):
        return launch((BEN, Approved()), by_bot(HeldBack(("The policy says no.",), **fields)))

    assert "Ask again…" in read(card(ended()).blocks)
    shown = read(card(ended(distrusted=True)).blocks)
    assert "Ask again…" not in shown
    assert "an admin has to look into it. Launch nothing before that." in shown


def test_an_admin_alone_is_not_sent_to_themselves_for_a_role():
    standing = RolesHeld(roles=(), unchecked=(), may=frozenset(), approves_for=())
    who_to_ask = {Role.ADMIN: (DAN,)}
    assert "For a role that you lack, ask" not in whoami(DAN, standing, who_to_ask)
    assert f"For a role that you lack, ask <@{DAN}>." in whoami(ANA, standing, who_to_ask)
    assert f"For a role that you lack, ask <@{BEN}>." in whoami(DAN, standing, {Role.ADMIN: (DAN, BEN)})


def test_a_fault_of_reading_is_not_called_what_was_read():
    fault = Phrase("The platform's answer could not be understood: {cause}.", cause="no JSON")
    (line_of_it,) = of_reading(Preview(problems=(fault,)), Report())
    assert line_of_it.startswith("*When reading:* ")
