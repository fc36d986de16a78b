"""What a form says of what will happen: nothing that its fields or the policy contradict, and nothing twice."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.campaign.campaign import Absent, SizeBasis
from bot.campaign.request import Canary
from bot.launch.events import Approved
from bot.launch.outcome import Accepted
from bot.message.finding import Check, Finding, Grade
from bot.message.report import Essentials, Report
from bot.phrase import Phrase
from bot.policy.conditions import Case
from bot.policy.demands import ChecksDemand, Demands, Freeze, QuietHours
from bot.policy.policy import Policy
from bot.policy.refusals import PolicyForbids, Refused
from bot.slack.form import Form, request_of
from bot.slack.views.card import card
from bot.slack.views.form_summary import Knowledge, pointing
from bot.slack.views.modal import form_view
from bot.slack.views.received import notice
from bot.slack.views.refusal import why_refused
from bot.slack.views.text import said
from sandbox.cast import texts
from tests.builders import BEN, LAUNCHES, NOON, PREVIEW, asked, by_bot, launch, started
from tests.slack.receivers import STANDINGS as RECEIVERS
from tests.slack.test_views import written

BERLIN = ZoneInfo("Europe/Berlin")
FROZEN = (Freeze(date(2026, 12, 24), date(2027, 1, 1)),)
WHY = Phrase("Template {id} could not be read.", id="78")


def read(view):
    return texts([written(block) for block in view])


def test_where_the_policy_wants_a_canary_no_field_says_that_it_goes_to_everybody_at_once():
    form = Form(campaign_id=82, run_now=True, source="segment:5")
    wanted = Knowledge(PREVIEW, demands=Demands(canary=Canary(9)), canary_name="A few")
    shown = texts(form_view(form, wanted, "{}"))
    assert "First to segment 9 “A few” alone" in shown
    assert "As the policy asks: segment 9 first" in shown
    assert "To everybody at once" not in shown
    # What is only activated goes by its own schedule, to everybody.
    assert "To everybody at once" in texts(form_view(replace(form, run_now=False), wanted, "{}"))


def test_a_form_says_that_a_campaign_is_active_already_and_how_a_trigger_sends():
    active = replace(PREVIEW, campaign=replace(PREVIEW.campaign, is_active=True, kind="trigger"))
    form = Form(campaign_id=82, run_now=False)
    already = "The platform shows the campaign as active already."

    shown = json.dumps(written(form_view(form, Knowledge(active, demands=Demands()), "{}")))

    assert already in shown
    # What will happen, the option, and the option as the chosen one.
    assert shown.count("sends to each person when something happens") == 3
    assert "on its own schedule" not in shown
    assert already not in texts(form_view(replace(form, run_now=True), Knowledge(active, demands=Demands()), "{}"))
    assert already not in texts(form_view(form, Knowledge(PREVIEW, demands=Demands()), "{}"))
    waits = replace(asked(run_now=False, source=None), preview=active)
    assert already in read(card(launch(requested=waits)).blocks)
    # What was activated here is active by that.
    done = launch((BEN, Approved()), by_bot(started()), by_bot(Accepted()), requested=waits)
    assert already not in read(card(done).blocks)


def test_times_without_starts_say_on_whose_clocks_they_are():
    quiet = QuietHours(time(18), time(8), midnights=3, days=("fri",))
    demands = Demands(quiet_hours=(quiet,), freezes=FROZEN)
    for shown in (
        texts(form_view(Form(campaign_id=82), Knowledge(PREVIEW, demands=demands, zone=BERLIN), "{}")),
        read(card(launch(requested=asked(demands=demands)), NOON, BERLIN).blocks),
    ):
        assert "Nothing starts from Fri 18:00 to Mon 08:00 (Europe/Berlin)." in shown
        assert "Nothing starts on these days: Dec 24, 2026 to Jan 1, 2027 (Europe/Berlin)." in shown


def test_no_field_promises_a_start_that_a_policy_may_keep_back():
    demands = Demands(hold=timedelta(hours=1), freezes=FROZEN)
    shown = texts(form_view(Form(campaign_id=82, run_now=True), Knowledge(PREVIEW, demands=demands), "{}"))
    assert "as soon as" not in shown


def test_an_empty_form_asks_for_the_campaign_once():
    shown = texts(form_view(Form(), Knowledge(None), "{}"))
    assert shown.count("Choose a campaign") == 1
    assert "Choose the campaign" not in shown
    assert "What will happen" not in shown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"content": "not a line"}, ":warning: *Content:* Line 1 is “not a line”."),
        ({"content": "not a line", "run_now": None}, ":warning: *Content:* Line 1 is “not a line”."),
        ({"canary": "list:1"}, ":warning: *First to a few:* This is no segment."),
        ({"limit": "-3"}, ":warning: The limit must be a whole number"),
        ({"run_now": False, "canary": "segment:9"}, ":warning: “First to a few” works only with “Send now”"),
    ],
)
def test_what_is_wrong_in_a_form_is_not_told_as_what_will_happen(fields, says):
    form = Form(**{"campaign_id": 82, "run_now": True, **fields})
    shown = texts(form_view(form, Knowledge(PREVIEW, demands=Demands()), "{}"))
    assert says in shown
    assert "What will happen" not in shown


def test_the_form_points_to_checks_that_failed_and_does_not_tell_them_twice():
    sentence = Phrase("The subject is empty.")
    report = Report(
        essentials=(Essentials(message_id=78),), findings=(Finding(Check.SUBJECT, Grade.FAILURE, sentence, 78),)
    )
    unread = Report(essentials=(Essentials(message_id=78, unread=WHY),))
    form = Form(campaign_id=82, run_now=True, source="segment:5")
    for known, once in ((report, sentence), (unread, WHY)):
        case = Case(request=request_of(form), preview=PREVIEW, channel=LAUNCHES, requester_roles=None, report=known)
        reasons = Policy(roles={}).obstacles(case, Demands(checks=ChecksDemand.NO_FAILURES))
        refused = pointing(Refused(PolicyForbids((Phrase("Not on a Friday."), *reasons))))
        obstacle = why_refused(refused.reason, {})
        shown = texts(form_view(form, Knowledge(PREVIEW, obstacle=obstacle, report=known), "{}"))
        assert shown.count(once) == 1
        assert "The policy does not allow this launch. Not on a Friday. The policy wants the message" in shown


def test_a_number_that_counts_more_than_those_who_can_be_sent_to_says_so():
    preview = replace(PREVIEW, audience=replace(PREVIEW.audience, size=6017, basis=SizeBasis.PROFILES))
    assert "about 6,017 profiles, sendable or not." in read(
        card(launch(requested=replace(asked(), preview=preview))).blocks
    )


def test_of_an_audience_that_does_not_exist_nobody_is_sent_to_look_up_the_size():
    size = Finding(Check.AUDIENCE, Grade.WARNING, Phrase("How many people the audience has is not known."))
    report = Report(essentials=(Essentials(message_id=78),), findings=(size,))
    form = Form(campaign_id=82, run_now=True, source="segment:5")
    missing = replace(PREVIEW, audience=None, missing=(Absent.SOURCE,))
    assert size.sentence in texts(form_view(form, Knowledge(PREVIEW, report=report), "{}"))
    assert size.sentence not in texts(form_view(form, Knowledge(missing, report=report), "{}"))


def test_a_correction_names_the_campaign_that_it_corrects():
    sent = RECEIVERS["segment filled"]
    told = said(notice(sent))
    assert "those who received campaign 82 “Black Friday” (asked for <!date^" in told
    assert sent.id not in told
