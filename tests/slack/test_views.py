"""Everything people see: within Slack's limits, escaped, and with a sentence for each case."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.campaign.campaign import Audience, Campaign, Preview, SizeBasis
from bot.campaign.change import Change
from bot.campaign.request import ActivationRequest, Attachment, LaunchId
from bot.launch.events import (
    KINDS,
    Approved,
    BrokeGlass,
    Cancelled,
    ChangesAsked,
    Denied,
    Edited,
    Entry,
    EvidenceFound,
    Expired,
    GaveUp,
    HeldBack,
    LookAsked,
    NothingFound,
    Postponed,
    Practised,
    Rejected,
    Reminded,
    Tightened,
    Voided,
    Vouched,
    Withheld,
)
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.run import FollowingStopped, ResultsReported, RunEnded, RunStarted, Trouble
from bot.launch.state import State
from bot.launch.story import Line
from bot.launch.upkeep import UPKEEP
from bot.phrase import Phrase
from bot.policy.collision import Collision
from bot.policy.demands import Demands, Freeze, QuietHours, RoleCount, Typed
from bot.policy.refusals import (
    ApprovedAlready,
    CampaignInDoubt,
    ChangedSince,
    EditsOtherwise,
    FromElsewhere,
    GlassNotAllowed,
    MissingRole,
    NoSuchLaunch,
    NotReadAgain,
    NotTheRequester,
    NotTyped,
    OwnDoubt,
    OwnRequest,
    OwnWish,
    PolicyForbids,
    PolicyNotRead,
    Reason,
    RolesNotChecked,
    ShownOtherwise,
    TooFewApprovers,
    TooLate,
)
from bot.policy.roles import Action, Role
from bot.results.counts import Counts, Kind
from bot.slack.form import Form
from bot.slack.views.card import card
from bot.slack.views.confirm import confirm_view, reason_view
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.modal import form_view
from bot.slack.views.notices import notice_view
from bot.slack.views.refusal import why_refused
from bot.slack.views.sentences import will_happen
from bot.slack.views.thread import reply
from sandbox.slack.block_kit.surfaces import check_message_blocks, check_view
from tests.builders import ANA, BEN, DAN, NOON, PREVIEW, asked, by_bot, launch, started
from tests.campaign.strategies import REQUESTS
from tests.slack import canaries, receivers, stops, trials


def written(part):
    """The block or view as it goes to Slack, which is as the SDK writes it once its validators have found nothing."""
    model = View(**part) if part["type"] in {"modal", "home"} else Block.parse(part)
    assert model.to_dict() == part
    return part


def problems_of(message):
    """What Slack would refuse, beside an empty text, which leaves notifications and screen readers with nothing."""
    return check_message_blocks([written(block) for block in message.blocks]) + ([] if message.text else ["no text"])


def view_problems(view):
    return check_view(written(view), view["type"])


WHO_TO_ASK = {Role.REQUESTER: ("U0ANA",), Role.APPROVER: ("U0BEN", "S0LEADS"), Role.ADMIN: ("U0DAN",)}
LOST = by_bot(Unknown("the connection broke"))
BEGUN = ((BEN, Approved()), by_bot(started()))

TAMPERED = Phrase("Event {seq} of its record: {what}.", seq=2, what=Phrase("edited, or put in"))
WISH = ChangesAsked("no <!here> first", (ANA,))
DEMANDING = Demands(
    approvals=2,
    of_which=(RoleCount("lead", 1),),
    reason=True,
    typed=(Typed.AUDIENCE, Typed.CAMPAIGN),
    hold=timedelta(minutes=2),
    quiet_hours=(QuietHours(time(18), time(8), 3, ("fri",)), QuietHours(time(20), time(8), 1)),
    freezes=(Freeze(date(2026, 12, 24), date(2027, 1, 1)), Freeze(date(2026, 5, 1), date(2026, 5, 1))),
    second_line="admin",
    break_glass=True,
)
HELD = Demands(hold=timedelta(minutes=2))
COLLISION = Collision(
    launch_id=LaunchId("L2"),
    campaign_id=83,
    campaign_name="<!channel>",
    source=asked().request.source,
    state="running",
    since=NOON,
    requester=BEN,
    same_campaign=False,
)
EDITED = Edited(asked=asked(limit=5), changes=(Change("the limit", "none", "5"),))
VOIDED = Voided((Change("the campaign's name", "A", "<!channel>", "olga"),), PREVIEW, NOON + timedelta(hours=5))
TOMORROW = NOON + timedelta(days=1)

STANDINGS = {
    "much asked for": launch(requested=asked(demands=DEMANDING, reason="why", at=TOMORROW)),
    "a lead is missing": launch((BEN, Approved()), requested=asked(demands=DEMANDING)),
    "a lead was there": launch((BEN, Approved(("lead",))), requested=asked(demands=DEMANDING)),
    "colliding": launch(requested=replace(asked(), collisions=(COLLISION,), rules=("<b>",), mention=("S0LEADS",))),
    "edited": launch((BEN, Approved()), (ANA, EDITED), requested=asked(approvals=2)),
    "voided": launch((BEN, Approved()), by_bot(VOIDED)),
    "changes asked for": launch((BEN, WISH)),
    "reminded": launch(by_bot(Reminded(("U0BEN", "S0LEADS")))),
    "last call": launch(by_bot(Reminded((), last=True))),
    "tightened": launch((BEN, Approved()), by_bot(Tightened(DEMANDING, ("large",), NOON + timedelta(hours=5)))),
    "held": launch((BEN, Approved()), requested=asked(demands=HELD)),
    "scheduled": launch((BEN, Approved()), requested=asked(at=TOMORROW)),
    "postponed": launch((BEN, Approved()), by_bot(Postponed(TOMORROW, "nothing starts in quiet hours"))),
    "held back": launch((BEN, Approved()), by_bot(HeldBack(("The audience is <too> large.",)))),
    "held back for its record": launch((BEN, Approved()), by_bot(HeldBack((TAMPERED,), True, (DAN,)))),
    "glass broken": launch((DAN, BrokeGlass("fire & flood", ("U0BEN", "S0LEADS")))),
    "practised": launch((ANA, Approved()), by_bot(Practised()), requested=asked(practice=True)),
    "requested": launch(),
    "one of two": launch((BEN, Approved()), requested=asked(approvals=2)),
    "approved": launch((BEN, Approved())),
    "launching": launch(*BEGUN),
    "not sent": launch(*BEGUN, by_bot(NotSent("the platform refused the connection"))),
    "gave up": launch(*BEGUN, by_bot(NotSent("no route")), by_bot(GaveUp())),
    "launched": launch(*BEGUN, by_bot(Accepted())),
    "duplicate": launch(*BEGUN, by_bot(Accepted(duplicate=True))),
    "only activated": launch(
        (BEN, Approved()), by_bot(started()), by_bot(Accepted()), requested=asked(run_now=False, source=None, limit=5)
    ),
    "running": launch(*BEGUN, by_bot(Accepted()), by_bot(RunStarted(NOON))),
    "lost sight": launch(*BEGUN, by_bot(Accepted()), by_bot(FollowingStopped())),
    "lost sight running": launch(*BEGUN, by_bot(Accepted()), by_bot(RunStarted(NOON)), by_bot(FollowingStopped())),
    "finished": launch(*BEGUN, by_bot(Accepted()), by_bot(RunStarted(NOON)), by_bot(RunEnded(NOON))),
    "finished with errors": launch(
        *BEGUN, by_bot(Accepted()), by_bot(RunEnded(NOON, 2, 1, (Trouble("bad <address>"),)))
    ),
    "rejected": launch((BEN, Rejected("wrong <!channel> segment"))),
    "cancelled": launch((ANA, Cancelled())),
    "withheld": launch((BEN, Approved()), by_bot(Withheld(BEN, Role.APPROVER))),
    "expired": launch(by_bot(Expired())),
    "refused": launch(*BEGUN, by_bot(RefusedByPlatform(402, "tariff & limit"))),
    "in doubt": launch(*BEGUN, LOST),
    "in doubt, looked": launch(*BEGUN, LOST, by_bot(NothingFound())),
    "in doubt, unread": launch(*BEGUN, LOST, by_bot(NothingFound("the log was not readable"))),
    "evidence": launch(*BEGUN, LOST, by_bot(EvidenceFound(NOON + timedelta(seconds=1)))),
    "vouched ran": launch(*BEGUN, LOST, (DAN, Vouched(True))),
    "vouched not run": launch(*BEGUN, LOST, (DAN, Vouched(False))),
    "vouched wrongly": launch(*BEGUN, LOST, (DAN, Vouched(False)), by_bot(Accepted())),
    **stops.STANDINGS,
    **trials.STANDINGS,
    **canaries.STANDINGS,
    **receivers.STANDINGS,
}


def test_the_standings_cover_every_state():
    assert {one.state for one in STANDINGS.values()} == set(State)


@pytest.mark.parametrize("name", STANDINGS)
def test_the_card_of_each_standing_is_one_that_slack_takes(name):
    message = card(STANDINGS[name])
    assert problems_of(message) == []


@pytest.mark.parametrize("name", STANDINGS)
def test_the_card_says_in_its_first_line_where_things_stand(name):
    message = card(STANDINGS[name])
    first = message.blocks[0]["text"]["text"]
    assert message.text in first
    assert "campaign 82" in message.text


def test_the_card_says_first_by_which_channel_and_kind_it_goes_out_and_where_it_stands_in_the_platform():
    preview = replace(PREVIEW, campaign=replace(PREVIEW.campaign, channel="sms"))
    told = launch(requested=replace(asked(), preview=preview))
    facts = card(told, campaign_link="https://altcraft.example/c/{id}?tab=1").blocks[1]["text"]["text"]
    first = facts.split("\n")[0]
    assert first == "*Campaign:* SMS, broadcast · <https://altcraft.example/c/82?tab=1|open it in the platform>"
    assert "open it" not in str(card(told).blocks)


@pytest.mark.parametrize(
    ("name", "buttons"),
    [
        ("requested", ["launch:approve", "launch:reject", "launch:ask_changes", "launch:edit", "launch:cancel"]),
        (
            "much asked for",
            [
                "launch:approve",
                "launch:reject",
                "launch:ask_changes",
                "launch:edit",
                "launch:cancel",
                "launch:break_glass",
            ],
        ),
        ("approved", ["launch:cancel"]),
        ("held", ["launch:cancel"]),
        ("practised", ["launch:ask_again"]),
        ("not sent", ["launch:cancel"]),
        ("launching", []),
        ("launched", ["launch:stop"]),
        ("finished", ["launch:stop"]),
        ("rejected", ["launch:ask_again"]),
        ("cancelled", ["launch:ask_again"]),
        ("expired", ["launch:ask_again"]),
        ("refused", ["launch:ask_again"]),
        ("held back", ["launch:ask_again"]),
        ("gave up", ["launch:ask_again"]),
        ("in doubt", ["launch:look", "launch:vouch_ran", "launch:vouch_not_run", "launch:stop"]),
    ],
)
def test_a_card_has_only_buttons_that_can_still_be_used(name, buttons):
    blocks = list(card(STANDINGS[name]).blocks)
    shown = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    # Everything can be read whatever has become of it, and what the platform said where it said something.
    said = ["launch:details"] if name == "refused" else []
    assert [one["action_id"] for one in shown] == [*buttons, "launch:read", *said]
    assert all(one["value"] == f"L1:{STANDINGS[name].fingerprint}" for one in shown)


NUMBERS = Counts(
    by_kind={Kind.SENT: 48_000, Kind.DELIVERED: 46_500, Kind.OPENED: 9_765, Kind.SOFT_BOUNCE: 3, Kind.HARD_BOUNCE: 570},
    tests=1,
    elsewhere=2,
    ambiguous=3,
    newest=NOON,
)
EVENTS = {
    "asked": (ANA, asked()),
    "approved": (BEN, Approved()),
    "asked, pinging": (ANA, replace(asked(), mention=("U0BEN", "S0LEADS"))),
    "edited": (ANA, EDITED),
    "edited as asked": (ANA, replace(EDITED, answers=("U0BEN",))),
    "changes asked for": (BEN, WISH),
    "changes asked for after all": (BEN, replace(WISH, takes_back=True)),
    "approved at another size": (BEN, Approved(("lead",), 50_000)),
    "glass broken": (DAN, BrokeGlass("no <!here>", ("U0BEN", "S0LEADS"))),
    "tightened": by_bot(Tightened(DEMANDING, ("large",))),
    "voided": by_bot(VOIDED),
    "reminded": by_bot(Reminded(("U0BEN",))),
    "last call": by_bot(Reminded((), last=True)),
    "postponed": by_bot(Postponed(TOMORROW, "nothing starts in quiet hours")),
    "held back": by_bot(HeldBack(("No <!here>.",))),
    "held back for its record": by_bot(HeldBack((TAMPERED,), True, (DAN,))),
    "practised": by_bot(Practised()),
    "rejected": (BEN, Rejected("no <!here>")),
    "cancelled": (ANA, Cancelled()),
    "expired": by_bot(Expired()),
    "withheld": by_bot(Withheld(BEN, Role.APPROVER)),
    "denied": (DAN, Denied(Action.APPROVE, "MissingRole")),
    "started": by_bot(started()),
    "resent": by_bot(started(attempt=2)),
    "started with another size": by_bot(replace(started(), size=49_210)),
    "accepted": by_bot(Accepted()),
    "duplicate": by_bot(Accepted(duplicate=True)),
    "refused": by_bot(RefusedByPlatform(400, "bad")),
    "not sent": by_bot(NotSent("no route")),
    "unknown": LOST,
    "gave up": by_bot(GaveUp()),
    "look": (DAN, LookAsked()),
    "nothing": by_bot(NothingFound()),
    "unread": by_bot(NothingFound("the log was not readable")),
    "evidence": by_bot(EvidenceFound(NOON)),
    "ran": (DAN, Vouched(True)),
    "did not run": (DAN, Vouched(False)),
    "run": by_bot(RunStarted(NOON)),
    "run over": by_bot(RunEnded(NOON, 3, 12, tuple(map(Trouble, ("x" * 5000, "b", "c", "d", "e"))))),
    "lost sight": by_bot(FollowingStopped()),
    "numbers": by_bot(ResultsReported(timedelta(hours=1), NUMBERS)),
    "last numbers": by_bot(ResultsReported(timedelta(days=7), NUMBERS, (NUMBERS, NUMBERS), last=True)),
    **stops.EVENTS,
    **trials.EVENTS,
    **canaries.EVENTS,
    **receivers.EVENTS,
}


def test_a_late_answer_is_not_told_as_somebodys_word():
    texts = [block.get("text", {}).get("text", "") for block in card(STANDINGS["vouched wrongly"]).blocks]
    assert "said that it" not in " ".join(texts)


def test_the_replies_cover_every_kind_of_event():
    assert {type(event) for _, event in EVENTS.values()} == set(KINDS.values()) - set(UPKEEP)


def test_a_start_tells_the_audiences_size_where_it_is_another_one():
    def told(name: str) -> str:
        return reply(STANDINGS["running"], Line(Entry(LaunchId("L1"), 7, NOON, *EVENTS[name]), "d" * 64)).text

    assert told("started with another size").endswith("to the platform. The audience is 49,210 now.")
    assert told("started").endswith("to the platform.")


@pytest.mark.parametrize("name", EVENTS)
def test_each_event_has_a_reply_that_slack_takes_with_the_chains_head(name):
    actor, event = EVENTS[name]
    line = Line(Entry(LaunchId("L1"), 7, NOON, actor, event), "abcdef0123456789" * 4)
    message = reply(STANDINGS["running"], line)
    blocks = list(message.blocks)
    assert problems_of(message) == []
    assert "abcdef012345" in blocks[-1]["elements"][0]["text"]
    assert "<!here>" not in message.text


REASONS = [
    *(MissingRole(action, (Role.APPROVER, Role.ADMIN)) for action in Action),
    *(RolesNotChecked(action, "Slack did not answer") for action in Action),
    FromElsewhere(),
    OwnRequest(),
    OwnDoubt(),
    OwnWish(),
    ApprovedAlready(),
    *(TooLate(state, BEN, NOON) for state in State),
    NoSuchLaunch(),
    CampaignInDoubt(ANA, NOON, "C0LAUNCH", "1.2"),
]


REASONS += [
    PolicyNotRead("policy.toml has mistakes."),
    PolicyForbids(("Not on Fridays.",)),
    TooFewApprovers("lead", 2, 1),
    TooFewApprovers("lead", 1, 0),
    ChangedSince(VOIDED.changes),
    NotReadAgain(("The platform did not answer.",)),
    NotTheRequester(ANA),
    ShownOtherwise(),
    EditsOtherwise(),
    NotTyped((Typed.AUDIENCE, Typed.CAMPAIGN)),
    GlassNotAllowed(),
    *stops.REASONS,
    *trials.REASONS,
    *canaries.REASONS,
    *receivers.REASONS,
]


def test_the_reasons_cover_every_refusal():
    assert {type(reason) for reason in REASONS} == set(get_args(Reason))


@pytest.mark.parametrize("reason", REASONS, ids=str)
def test_every_refusal_has_its_sentence(reason):
    sentence = why_refused(reason, WHO_TO_ASK)
    assert sentence.endswith(".")
    assert "{who}" not in sentence
    assert "{when}" not in sentence


def test_a_missing_role_names_it_and_whom_to_ask():
    sentence = why_refused(MissingRole(Action.APPROVE, (Role.APPROVER,)), WHO_TO_ASK)
    assert all(part in sentence for part in ("approver", "<@U0BEN>", "<!subteam^S0LEADS>", "<@U0DAN>", "APPROVERS"))


def test_nobody_is_named_twice_nor_whoever_could_not_do_it_either():
    both = {Role.APPROVER: ("U0ANA", "U0BEN", "U0DAN", "S0LEADS"), Role.ADMIN: ("U0DAN", "U0EVA")}
    missing = MissingRole(Action.VOUCH, (Role.APPROVER, Role.ADMIN), but=(ANA,))
    sentence = why_refused(missing, both)
    assert "<@U0BEN>, <@U0DAN>, <!subteam^S0LEADS> or <@U0EVA> can do it. To be added, ask an admin" in sentence
    assert "U0ANA" not in sentence


def test_whoever_could_do_it_without_the_role_is_named_first():
    sentence = why_refused(MissingRole(Action.CANCEL, (Role.ADMIN,), also=(ANA,)), WHO_TO_ASK)
    assert "<@U0ANA> or <@U0DAN> can do it." in sentence


def test_where_everybody_is_left_out_nobody_is_named():
    nobody = {Role.APPROVER: (ANA,), Role.ADMIN: ()}
    sentence = why_refused(MissingRole(Action.APPROVE, (Role.APPROVER,), but=(ANA,)), nobody)
    assert "At the moment nobody else can. To be added, ask whoever runs campaign-bot" in sentence


def test_an_empty_list_is_said_to_be_empty():
    nobody = dict.fromkeys(Role, ())
    assert "APPROVERS is empty" in why_refused(MissingRole(Action.APPROVE, (Role.APPROVER,)), nobody)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "Sends now to segment 5 “Active”, about 48,210 sendable profiles."),
        ({"limit": 1000}, "Sends now to segment 5 “Active”, about 48,210 sendable profiles, at most 1,000 messages."),
        ({"source": None}, "Sends now to the campaign's own audience: segment 5 “Active”, about 48,210 sendable"),
        ({"run_now": False, "source": None}, "sends nothing by itself"),
    ],
)
def test_one_sentence_says_what_will_happen(parameters, sentence):
    assert sentence in will_happen(asked(**parameters).request, PREVIEW)


def test_an_audience_that_could_not_be_read_is_of_unknown_size():
    assert "size unknown" in will_happen(asked().request, Preview())


def test_a_size_read_for_another_audience_is_not_shown():
    other = Preview(audience=Audience(source=asked().request.source, size=None, basis=SizeBasis.PROFILES))
    assert "size unknown" in will_happen(asked().request, other)


@pytest.mark.parametrize(
    "knowledge",
    [
        Knowledge(None),
        Knowledge(PREVIEW, DEMANDING, (COLLISION,), "It is not allowed.", "I am not in that channel.", edits=True),
        Knowledge(Preview(problems=("The platform did not answer.",))),
        Knowledge(Preview(campaign=Campaign(id=82, name="<b>&" * 100))),
    ],
)
@pytest.mark.parametrize("form", [Form(), Form.of(asked(limit=5, content={"a": "ä"}, reason="because").request)])
def test_the_modal_is_one_that_slack_takes(form, knowledge):
    assert view_problems(form_view(form, knowledge, "{}")) == []


@given(REQUESTS)
@settings(max_examples=60)
def test_whatever_is_asked_for_fits_into_the_modal_and_the_card(request_):
    with_files = request_.with_attachments((Attachment("a" * 300, "text/plain", 1, "0" * 64),) * 5)
    requested = asked(
        campaign_id=request_.campaign_id,
        run_now=request_.run_now,
        source=request_.source,
        content=request_.content,
        reason=request_.reason,
        attachments=with_files.attachments,
    )
    message = card(launch(requested=requested))
    assert problems_of(message) == []
    assert (
        check_view(
            form_view(Form.of(request_), Knowledge(PREVIEW), "{}"),
            form_view(Form.of(request_), Knowledge(PREVIEW), "{}")["type"],
        )
        == []
    )


def test_a_long_content_from_the_command_still_opens_the_modal():
    for size in (2900, 2990, 5000):
        long = ActivationRequest(campaign_id=82, content={"a": "x" * size, "b": ["y"] * 3})
        assert view_problems(form_view(Form.of(long), Knowledge(PREVIEW), "{}")) == []


@pytest.mark.parametrize("action", [Action.APPROVE, Action.BREAK_GLASS])
def test_practice_is_marked_where_it_is_confirmed_by_typing(action):
    def asks(**parameters) -> str:
        view = confirm_view(action, launch(requested=asked(**parameters)), "L1:abc")
        return view["blocks"][0]["text"]["text"]

    assert "This is practice: nothing is sent." in asks(practice=True)
    assert "cannot be taken back" not in asks(practice=True)
    assert "practice" not in asks()


def test_the_smaller_views_are_ones_that_slack_takes():
    assert view_problems(reason_view("L1", "campaign 82")) == []
    for action in (Action.APPROVE, Action.BREAK_GLASS):
        assert view_problems(confirm_view(action, STANDINGS["much asked for"], "L1:abc")) == []
    assert check_view(notice_view("Not asked for", "x" * 3000), notice_view("Not asked for", "x" * 3000)["type"]) == []
