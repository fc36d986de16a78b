"""What people look at: within Slack's limits, harmless whatever is in it, and plain about what is not known."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.campaign import Absent, Audience, Campaign, Choice, Preview
from bot.campaign.overview import LIST_PAGE, Campaigns, CampaignStatus, Listing, RunTold
from bot.campaign.request import LaunchId, Source, SourceKind, UserId
from bot.campaign.schedule import Schedule
from bot.launch.events import Approved, Rejected
from bot.launch.outcome import Accepted
from bot.launch.run import RunEnded, RunStarted
from bot.launch.search import PAGE, PENDING_PHASES, Found, HomeLists, Page, Phase, Wanted
from bot.phrase import Phrase
from bot.policy.demands import Demands
from bot.policy.roles import Action
from bot.slack.api.users import nameless
from bot.slack.form import Form
from bot.slack.lookup import Look, LookupKind, beside_campaign, beside_launch, campaign_marks, launch_mark
from bot.slack.views import help as helping
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.history import history
from bot.slack.views.home import home
from bot.slack.views.listing import listing_view
from bot.slack.views.looking import plain_message, shared, with_buttons, without_table
from bot.slack.views.modal import form_view
from bot.slack.views.status import status, status_buttons
from bot.slash.history import WORDS, parse_history
from bot.texts import speaking
from sandbox.cast import texts
from tests.builders import ANA, BEN, CLEO, DAN, NOON, asked, launch, started
from tests.slack.test_views import STANDINGS, problems_of, view_problems, written

EVIL = "<!channel> & *bold* | " + "x" * 400
URL = "https://example.slack.com/archives/C0LAUNCH/p1"


def found(one, message_ts="1.2"):
    return Found(one, message_ts)


def link_to(one):
    return URL if one.message_ts else ""


def evil_launch(number=1):
    campaign = Campaign(id=82, name=EVIL)
    audience = Audience(source=Source(SourceKind.SEGMENT, 5), name=EVIL, size=5)
    requested = replace(asked(reason=EVIL, limit=10**9), preview=Preview(campaign=campaign, audience=audience))
    approvals = [(UserId(f"U0LEAD{nth}"), Approved()) for nth in range(9)]
    return launch(*approvals, requested=requested, launch_id=f"L{number}")


def cells(message):
    (table,) = [written(block) for block in message.blocks if block["type"] == "table"]
    return [[texts(cell) for cell in row] for row in table["rows"]]


@pytest.mark.parametrize("name", STANDINGS)
def test_each_standing_has_a_row_in_the_history_that_slack_takes(name):
    message = history(Page((found(STANDINGS[name]),)), Wanted(), link_to, nameless)
    assert problems_of(message) == []
    assert not re.search(r":[a-z_0-9]+:", cells(message)[1][2])


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(campaign_id=82),
        Wanted(requester=BEN),
        Wanted(phases=(Phase.IN_DOUBT,)),
        Wanted(phases=PENDING_PHASES),
        replace(WORDS["launched"], campaign_id=82, requester=BEN, since=NOON, until=NOON + timedelta(days=1)),
    ],
    ids=str,
)
@pytest.mark.parametrize("page", [Page(()), Page(tuple(found(evil_launch()) for _ in range(PAGE)), True, True)])
def test_every_page_of_history_is_one_that_slack_takes_private_and_shared(wanted, page):
    message = history(page, wanted, link_to, nameless)
    look = Look(LookupKind.HISTORY, "82")
    private = with_buttons(message, look, beside_launch(page.newer) if page.newer else "", "")
    assert problems_of(private) == []
    assert problems_of(shared(message, ANA)) == []
    assert sum(len(texts(written(block))) for block in private.blocks) < 13_200


def started_cell(message):
    (table,) = [written(block) for block in message.blocks if block["type"] == "table"]
    return table["rows"][1][6]


def row(name, name_of=nameless):
    message = history(Page((found(STANDINGS[name]),)), Wanted(), link_to, name_of)
    return dict(zip(*cells(message), strict=True))


def named(person):
    return {ANA: "Ana", BEN: "Ben <b>", "U0DAN": "Dan"}.get(person, "somebody else")


def test_a_row_tells_an_auditor_who_asked_who_approved_why_and_how_it_ended():
    decided = launch(
        (BEN, Approved()),
        (BEN, started()),
        (BEN, Accepted()),
        (BEN, RunStarted(NOON)),
        (BEN, RunEnded(NOON + timedelta(minutes=4), warnings=3, errors=2)),
        requested=asked(reason="Spring *sale*", limit=1000),
    )
    message = history(Page((found(decided),)), Wanted(), link_to, named)
    head, cells_of_row = cells(message)
    told = dict(zip(head, cells_of_row, strict=True))
    assert (told["Asked by"], told["Decided by"], told["Reason"]) == ("Ana", "Ben <b>", "Spring *sale*")
    assert told["Where it stands"].endswith("Run over, with 2 errors in its log, 4 min, 2 errors and 3 warnings")
    assert told["Audience"].endswith("about 48,210 sendable profiles, at most 1,000 messages")
    assert "date" in str(started_cell(message))
    for word in (
        "asked for by Ana",
        "approved by Ben &lt;b&gt;",
        "2 errors and 3 warnings",
        "Spring",
        "started <!date^",
    ):
        assert word in message.text


@pytest.mark.parametrize(
    ("name", "decision", "stands"),
    [
        ("rejected", "rejected: Ben <b>", "“"),
        ("cancelled", "cancelled: ", ""),
        ("glass broken", "without approval: Dan", ""),
        ("requested", "–", "Waiting for approval"),
    ],
)
def test_who_let_a_launch_go_or_ended_it_is_told(name, decision, stands):
    told = row(name, named)
    assert told["Decided by"].startswith(decision)
    assert stands in told["Where it stands"]


@pytest.mark.parametrize("name", ["scheduled", "held", "much asked for", "postponed"])
def test_what_waits_tells_before_when_it_does_not_start(name):
    message = history(Page((found(STANDINGS[name]),)), Wanted(), link_to, named)
    assert row(name)["Start"].startswith("not before ")
    assert "date" in str(started_cell(message))
    assert "starts not before <!date^" in message.text


@pytest.mark.parametrize("name", ["requested", "not sent", "finished", "cancelled", "canary waits"])
def test_what_waits_for_no_moment_of_its_own_tells_none(name):
    assert "not before" not in row(name)["Start"]
    assert "starts not before" not in history(Page((found(STANDINGS[name]),)), Wanted(), link_to, named).text


def test_one_launch_alone_is_in_no_order():
    def about(*launches):
        return texts(written(history(Page(launches), Wanted(), link_to, nameless).blocks[-1]))

    assert "newest first" not in about(found(launch()))
    assert "newest first" in about(found(launch()), found(launch(launch_id="L2")))


def test_a_number_in_a_cell_is_not_torn_over_two_lines():
    with speaking("ru"):
        assert "48\xa0210" in cells(history(Page((found(launch()),)), Wanted(), link_to, nameless))[1][5]


def test_more_approvers_than_a_cell_holds_are_counted():
    message = history(Page((found(evil_launch()),)), Wanted(), link_to, named)
    assert "somebody else, somebody else, somebody else, somebody else, somebody else +4" in cells(message)[1][4]


def test_practice_does_not_hide_the_last_launch_that_was_none():
    practice = found(STANDINGS["practised"])
    shown = history(Page((practice,)), Wanted(campaign_id=82), link_to, named, last=found(STANDINGS["finished"]))
    assert "*Last launch from here:* :white_check_mark: Run finished" in shown.text
    assert URL in shown.text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "*Launches*"),
        ("rejected", "*Launches that were rejected*"),
        ("<@U0BEN> rejected", "*Launches that Ben &lt;b&gt; asked for*\nFilters: `rejected`."),
        ("82 <@U0BEN>", "*Launches of campaign 82*\nFilters: asked for by Ben &lt;b&gt;."),
    ],
)
def test_the_title_tells_all_that_was_asked_for(text, title):
    assert history(Page(()), parse_history(text), link_to, named).text.startswith(title)


def test_the_title_tells_the_time_that_was_asked_for():
    asked_for = Wanted(campaign_id=82, since=NOON, until=NOON + timedelta(days=1))
    shown = history(Page(()), asked_for, link_to, named).text
    assert re.search(r"Filters: since <!date\^\d+\^[^>]*>, before <!date\^\d+\^[^>]*>\.", shown)


def test_a_campaigns_name_cannot_ping_from_a_table():
    message = history(Page((found(evil_launch()),)), Wanted(), link_to, nameless)
    for block in message.blocks:
        if block["type"] != "table":
            assert "<!channel>" not in texts(written(block))
    assert "<!channel>" not in message.text
    assert problems_of(without_table(message)) == []


def test_a_launch_without_a_card_is_told_without_a_link():
    message = history(Page((found(launch(), None),)), Wanted(), link_to, nameless)
    assert URL not in str([written(block) for block in message.blocks])


CHOICES = tuple(Choice(number, EVIL, "broadcast", active) for number, active in enumerate((True, False, None) * 5, 1))


@pytest.mark.parametrize(
    "listing", [Listing(), Listing(EVIL[:200], True), Listing("x"), Listing("actve", meant="actve")]
)
@pytest.mark.parametrize(
    "campaigns",
    [
        None,
        Campaigns(choices=(), matching=0, first=0, age=3.4),
        Campaigns(choices=CHOICES[:LIST_PAGE], matching=400, first=16, age=1, before=1, after=15),
    ],
)
def test_every_list_is_one_that_slack_takes(campaigns, listing):
    message = listing_view(campaigns, listing)
    private = with_buttons(message, Look(LookupKind.LIST, "x"), beside_campaign(above=1), beside_campaign(below=15))
    assert problems_of(private) == []
    assert "<!channel>" not in message.text


def listed(listing, *choices, matching=None):
    campaigns = Campaigns(choices=choices, matching=len(choices) if matching is None else matching, first=1, age=0)
    return texts([written(one) for one in listing_view(campaigns, listing).blocks])


def test_an_empty_list_says_how_to_see_more_and_nothing_of_one_of_them():
    assert "How one of them stands" not in listed(Listing("spring"))
    for narrowed in (Listing("spring"), Listing("", True)):
        assert "`/campaign-list` shows all campaigns." in listed(narrowed)
    assert "shows all" not in listed(Listing())


def test_a_list_of_one_has_no_range_and_no_order():
    alone = listed(Listing(), CHOICES[0])
    assert "1 of 1." in alone
    assert "newest" not in alone
    assert "1 to 2 of 2, the newest ids first." in listed(Listing(), *CHOICES[:2])
    with speaking("ru"):
        assert "1–2 из 2" in listed(Listing(), *CHOICES[:2])


def test_a_list_that_could_not_be_read_is_not_told_as_empty():
    assert "did not tell its campaigns" in texts([written(one) for one in listing_view(None, Listing()).blocks])


FULL = CampaignStatus(
    campaign_id=82,
    preview=Preview(
        campaign=Campaign(
            id=82,
            name=EVIL,
            kind="broadcast",
            status=EVIL,
            is_active=True,
            is_completed=False,
            channel="email",
            updated_user=EVIL,
            updated_at=NOON,
        ),
        audience=Audience(source=Source(SourceKind.SEGMENT, 5), name=EVIL, size=5),
    ),
    schedule=Schedule(hours=(16,), weekdays=tuple(range(7))),
    run=RunTold(started_at=NOON, ended_at=NOON + timedelta(minutes=3), warnings=1, errors=2),
    log_read=True,
    log_since=NOON,
)
PROBLEM = Phrase.as_it_is(EVIL)
UNKNOWN = CampaignStatus(campaign_id=82, preview=Preview(problems=(PROBLEM,) * 5, failed=True), problems=(PROBLEM,) * 2)


@pytest.mark.parametrize("last", [None, found(evil_launch()), found(launch(), None)])
@pytest.mark.parametrize(
    "standing",
    [FULL, UNKNOWN, replace(FULL, run=None, schedule=Schedule()), replace(FULL, run=replace(FULL.run, ended_at=None))],
)
def test_every_status_is_one_that_slack_takes(standing, last):
    message = status(standing, last, link_to(last) if last else "", nameless)
    private = with_buttons(message, Look(LookupKind.STATUS, "82"), "", "", status_buttons(standing, None))
    assert problems_of(private) == []
    assert problems_of(shared(message, BEN)) == []
    assert "<!channel>" not in texts([written(block) for block in private.blocks])


OFF = replace(FULL.preview.campaign, is_active=False)
ENDED = replace(FULL, preview=replace(FULL.preview, campaign=OFF), log_read=True)


@pytest.mark.parametrize(
    ("standing", "last"),
    [
        (ENDED, None),
        (replace(ENDED, run=None), None),
        (ENDED, found(launch())),
        (replace(FULL, preview=replace(FULL.preview, campaign=replace(OFF, is_active=True, is_completed=True))), None),
    ],
)
def test_no_button_is_red_on_a_campaign_that_is_over(standing, last):
    assert [one.get("style") for one in status_buttons(standing, last)] == [None, None]


@pytest.mark.parametrize(
    ("standing", "last"),
    [
        (replace(ENDED, run=replace(FULL.run, ended_at=None)), None),
        (replace(ENDED, log_read=False, run=None), None),
        (replace(ENDED, preview=replace(FULL.preview, campaign=replace(OFF, is_active=None, is_completed=None))), None),
        (
            replace(ENDED, preview=replace(FULL.preview, campaign=replace(OFF, is_active=True, is_completed=False))),
            None,
        ),
        (replace(ENDED, preview=Preview()), None),
        (ENDED, found(STANDINGS["running"])),
        (ENDED, found(STANDINGS["in doubt"])),
    ],
)
def test_to_stop_what_runs_or_may_run_is_red(standing, last):
    assert status_buttons(standing, last)[-1]["style"] == "danger"


ABSENT = replace(UNKNOWN, preview=Preview(missing=(Absent.CAMPAIGN,), problems=(PROBLEM,)))


def test_a_campaign_that_is_not_there_is_said_to_be_none_and_has_no_buttons():
    shown = texts([written(block) for block in status(ABSENT, None, "", nameless).blocks])
    assert "The platform has no campaign 82, or none that I may see." in shown
    assert status_buttons(ABSENT, None) == []
    assert status_buttons(ABSENT, found(launch())) == []


def test_what_may_run_can_be_stopped_though_its_campaign_is_not_found():
    assert status_buttons(ABSENT, found(STANDINGS["running"]))[-1]["style"] == "danger"


def test_a_run_is_told_with_its_end_and_its_troubles():
    shown = texts([written(block) for block in status(FULL, None, "", nameless).blocks])
    for known in ("started", "ended", "2 errors and 1 warning", "in the hours 16", "active"):
        assert known in shown


def many(count, begin):
    return tuple(found(evil_launch(begin + number)) for number in range(count))


@pytest.mark.parametrize(
    "lists",
    [
        None,
        HomeLists(waiting=(), own=(), running=(), over=()),
        HomeLists(waiting=many(PAGE, 0), own=many(PAGE, 20), running=many(PAGE, 40), over=many(PAGE, 60)),
    ],
    ids=["refused", "empty", "full"],
)
@pytest.mark.parametrize("obstacle", ["", "You cannot look at campaigns and launches."])
def test_every_home_is_one_that_slack_takes(lists, obstacle):
    view = home(lists, obstacle, link_to, NOON, BEN)
    assert view_problems(view) == []
    assert "<!channel>" not in texts(written(view))


@pytest.mark.parametrize("name", STANDINGS)
def test_each_standing_has_its_place_on_home_that_slack_takes(name):
    one = STANDINGS[name]
    lists = HomeLists(waiting=(found(one),), own=(), running=(), over=())
    view = home(lists, "", link_to, NOON, BEN)
    assert view_problems(view) == []
    assert URL in texts(written(view))


def on_home(lists, person):
    blocks = written(home(lists, "", link_to, NOON, person))["blocks"]
    return [one["action_id"] for block in blocks[1:] if block["type"] == "actions" for one in block["elements"]]


def test_home_leaves_out_the_buttons_that_its_reader_would_be_refused():
    nothing = HomeLists(waiting=(), own=(), running=(), over=())
    asked_by_ana = (found(launch()),)
    card, read = "home:card", "launch:read"
    assert on_home(replace(nothing, waiting=asked_by_ana), BEN) == [
        card,
        "launch:reject",
        "launch:ask_changes",
        "launch:cancel",
        read,
    ]
    own = [card, "launch:reject", "launch:edit", "launch:cancel", read]
    assert on_home(replace(nothing, own=asked_by_ana), ANA) == own


@pytest.mark.parametrize(
    ("person", "may", "offered"),
    [
        (BEN, {Action.APPROVE, Action.REJECT, Action.ASK_CHANGES}, ["launch:reject", "launch:ask_changes"]),
        (ANA, {Action.ASK_CHANGES, Action.EDIT}, ["launch:edit", "launch:cancel"]),
        (ANA, {Action.REQUEST, Action.EDIT, Action.READ}, ["launch:edit", "launch:cancel"]),
        (ANA, {Action.READ}, ["launch:cancel"]),
        (CLEO, {Action.READ}, []),
        (DAN, {Action.CANCEL, Action.READ}, ["launch:cancel"]),
    ],
)
def test_home_offers_only_what_the_readers_roles_allow(person, may, offered):
    lists = HomeLists(waiting=(), own=(found(launch()),), running=(), over=())
    view = home(lists, "", link_to, NOON, person, may=frozenset(may))
    shown = [one["action_id"] for block in view["blocks"] for one in block.get("elements", ()) if "action_id" in one]
    assert shown[shown.index("home:card") + 1 :] == [*offered, "launch:read"]
    assert ("campaign:launch" in shown) == (Action.REQUEST in may)


def test_home_does_not_call_launches_none_that_stand_above():
    rejected = found(launch((BEN, Rejected("no"))))
    view = home(HomeLists(waiting=(), own=(rejected,), running=(), over=()), "", link_to, NOON, ANA)
    assert "None but yours above." in texts(view)
    assert "None yet." in texts(home(HomeLists(waiting=(), own=(), running=(), over=()), "", link_to, NOON, ANA))


def test_home_never_offers_to_approve_what_it_does_not_show():
    waits = found(launch(requested=asked(demands=Demands(approvals=1, break_glass=True))))
    lists = HomeLists(waiting=(waits,), own=(waits,), running=(waits,), over=(waits,))
    for leads_to in (link_to, lambda _: ""):
        view = home(lists, "", leads_to, NOON, BEN)
        shown = [
            one["action_id"] for block in view["blocks"] for one in block.get("elements", ()) if "action_id" in one
        ]
        assert not {"launch:approve", "launch:break_glass"} & set(shown)
    about = [block["text"]["text"] for block in view["blocks"] if block.get("block_id", "").startswith("about-")]
    assert all("It is decided on its card, in <#C0LAUNCH>." in one for one in about)


HELPS = (
    helping.everything,
    lambda: helping.everything(ANA),
    helping.status_usage,
    helping.list_usage,
    helping.history_usage,
    helping.export_usage,
)


def test_every_help_is_one_that_slack_takes_and_names_both_words():
    for text in HELPS:
        assert problems_of(plain_message(text())) == []
        assert "campaign" in text()
        assert "mailing" in text()


def test_the_form_that_asks_for_its_channel_is_one_that_slack_takes():
    assert view_problems(form_view(Form(), Knowledge(None, asks_channel=True), "{}")) == []


def test_what_is_looked_at_comes_back_from_a_button():
    for look in (
        Look(LookupKind.STATUS, "82"),
        Look(LookupKind.LIST, '"a|b" active', "below 7"),
        Look(LookupKind.HISTORY, "", ""),
    ):
        assert Look.of(str(look)) == look
    page = Page((found(launch(launch_id="L9")),), True, True)
    assert launch_mark(beside_launch(page.older)) == page.older
    assert launch_mark(beside_launch(page.newer)) == page.newer
    assert campaign_marks(beside_campaign(below=5)) == (5, None)
    assert campaign_marks(beside_campaign(above=5)) == (None, 5)
    assert LaunchId("L9") == page.older.launch_id
