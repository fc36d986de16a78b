"""Cards and replies say in plain words what holds of a launch, and nothing that another line of theirs denies."""

from dataclasses import replace
from datetime import date, timedelta

from bot.campaign.campaign import Choice
from bot.campaign.overview import Campaigns, Listing
from bot.campaign.request import LaunchId
from bot.launch.events import Approved, BrokeGlass, Edited, Entry
from bot.launch.outcome import Accepted
from bot.launch.run import ResultsReported
from bot.policy.demands import Demands, Freeze, Typed
from bot.policy.fingerprint import changes as found_changes
from bot.policy.fingerprint import request_changes
from bot.results.bounces import MailAnswer
from bot.results.counts import Counts
from bot.slack.views import sent
from bot.slack.views.calls import calls
from bot.slack.views.card import card
from bot.slack.views.event_sentences import sentence
from bot.slack.views.listing import listing_view
from bot.slack.views.other import Linked
from bot.slack.views.read_everything import whole_view
from bot.slack.views.received import After
from bot.slack.views.results import bounces_table
from bot.slack.views.sentences import changed_since, changes
from bot.texts import speaking
from sandbox.cast import texts
from tests.builders import ANA, BEN, DAN, NOON, PREVIEW, asked, by_bot, launch, started
from tests.slack.canaries import PART as CANARY_PART
from tests.slack.receivers import CORRECTION
from tests.slack.stops import STANDINGS as STOPS
from tests.slack.test_said_once import FINISHED, read
from tests.slack.trials import AT_ONCE as TEST_PART


def test_a_rehearsal_says_wherever_it_stands_what_it_would_do_and_that_it_does_not():
    rehearsal = launch(requested=asked(practice=True))
    shown = read(card(rehearsal).blocks)
    assert "*What:* For real: Sends now to segment 5" in shown
    assert "This is practice: nothing is sent." in shown
    opened = sentence(rehearsal, Entry(LaunchId("L1"), 1, NOON, ANA, asked(practice=True)))
    assert "For real: Sends now" in opened
    assert opened.endswith("This is practice: nothing is sent.")
    assert "rehearsal" not in read(card(launch()).blocks)


def test_without_approval_nobody_is_said_to_have_approved_it():
    glass = BrokeGlass("fire", (BEN, DAN))
    shown = read(card(launch((BEN, Approved()), (DAN, glass), requested=asked(approvals=2))).blocks)
    assert f"*Approved before that, not enough:* <@{BEN}>" in shown
    assert "*Approved by:*" not in shown
    assert [one.line for one in calls(glass)] == ["Who had a say: {people}"]


def test_what_is_approved_tells_of_the_policy_only_what_may_still_hold_it():
    frozen = Freeze(date(2026, 12, 24), date(2026, 12, 24))
    demands = Demands(typed=(Typed.CAMPAIGN,), hold=timedelta(hours=1), freezes=(frozen,), tested=True)
    asks, held = launch(requested=asked(demands=demands)), launch((BEN, Approved()), requested=asked(demands=demands))
    assert "Whoever approves types" in read(card(asks).blocks)
    shown = read(card(held).blocks)
    assert "*Policy:* Nothing starts on these days: Dec 24, 2026." in shown
    assert "It starts " in shown


def test_what_is_decided_on_has_one_name_that_is_true_in_every_state():
    for one in (launch(), FINISHED, STOPS["taken on"]):
        assert f"fingerprint `{one.fingerprint_shown}`" in read(card(one).blocks)
        assert f"Fingerprint: `{one.fingerprint_shown}`" in texts(whole_view(one))


def test_a_part_of_a_launch_leads_to_it_by_a_phrase():
    for part, label in ((CANARY_PART, "Canary of"), (TEST_PART, "Test for")):
        shown = read(card(launch(requested=part), linked=Linked("https://slack.test/card")).blocks)
        assert f"*{label}:* <https://slack.test/card|this launch>" in shown
        assert f"*{label}:* launch `L0`" in read(card(launch(requested=part)).blocks)


def test_a_correction_and_what_it_corrects_lead_to_each_other_by_name():
    link = "https://slack.test/card"
    other = launch()
    to_it, unposted = Linked(link, launch=other), Linked(launch=other)
    for shown, named in (
        (lambda one: card(CORRECTION, after=After(corrected=one)), "*Correction of:* campaign"),
        (lambda one: card(FINISHED, after=After(corrections=(one,))), "*Corrected by:* campaign"),
    ):
        assert f"{named} 82 “Black Friday” (<{link}|its card>)" in read(shown(to_it).blocks)
        assert f"{named} 82 “Black Friday” (launch `{other.id}`)" in read(shown(unposted).blocks)
    assert "*Correction of:* launch `L0`, for those" in read(card(CORRECTION).blocks)


def test_a_limit_is_not_promised_for_both_where_a_canary_has_its_own():
    limited = asked(limit=500)
    alone = launch((BEN, Approved()), by_bot(started()), by_bot(Accepted()), requested=limited)
    assert "at most 500 messages\n" in read(card(alone).blocks) + "\n"
    assert "at most 500 messages beside its canary's" in read(card(replace(alone, canary_before=True)).blocks)


def test_an_activation_is_not_said_to_have_been_a_launch_that_was_accepted():
    def told(**parameters):
        return sentence(launch(requested=asked(**parameters)), Entry(LaunchId("L1"), 2, NOON, None, Accepted()))

    assert told().endswith("The platform accepted the launch.")
    assert told(run_now=False, source=None).endswith("The platform accepted the activation.")


def test_what_an_edit_changed_is_not_told_as_if_it_were_approvals():
    edited = Edited(asked=asked(limit=500), changes=request_changes(asked().request, asked(limit=500).request))
    told = sentence(launch(), Entry(LaunchId("L1"), 1, NOON, ANA, edited))
    assert "counts any more. What changed:\n• the limit" in told
    assert "no approval counts. What changed:\n• the limit" in changed_since(edited.changes)


def test_an_activation_says_once_that_the_campaign_sends_on_its_own_schedule():
    activated = launch(
        (BEN, Approved()), by_bot(started()), by_bot(Accepted()), requested=asked(run_now=False, source=None)
    )
    shown = read(card(activated).blocks)
    assert shown.count("own schedule") == 1
    assert "The platform accepted the activation." in shown


def test_what_could_not_be_read_before_is_no_value():
    unread = replace(PREVIEW, campaign=None)
    (change,) = found_changes(unread, PREVIEW, 0)
    told = changes((change,))
    assert told == "• the campaign: could not be found out before; now it is “Black Friday”"


def test_a_table_has_no_column_in_which_nothing_stands():
    def head(*domains):
        report = ResultsReported(
            after=timedelta(hours=1), counts=Counts(), bounces=(MailAnswer("mailbox full", 3, domains),)
        )
        return len(bounces_table(report)["rows"][0])

    assert (head("gmail.com"), head()) == (3, 2)


def test_kinds_that_have_a_name_are_called_by_it():
    def kind(of):
        return sent.nature(replace(PREVIEW.campaign, kind=of))[-1]

    def in_list(of):
        found = Campaigns(choices=(Choice(82, "Black Friday", kind=of),), matching=1, first=1, age=0)
        return listing_view(found, Listing()).blocks[1]["rows"][1][2]["text"]

    for told in (kind, in_list):
        assert (told("splittest"), told("broadcast")) == ("split test", "broadcast")
        with speaking("ru"):
            assert (told("splittest"), told("broadcast")) == ("сплит-тест", "broadcast")
