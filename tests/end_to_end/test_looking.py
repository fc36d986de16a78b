"""People look: at a campaign, at the list, at the history; page by page, and together with the channel."""

import itertools
import json

import pytest

from sandbox.cast import ANA, BEN, DAN, LAUNCHES, OTTO, chosen, texts, typed
from sandbox.slack.block_kit.defaults import elements_of

NAMES = itertools.count(1)


def looks(scene, command, text, who=BEN, channel=LAUNCHES):
    scene.do(scene.cast.types(who, text, channel, f"/campaign-{command}"))


def sees(scene, having, who=BEN):
    return scene.is_told(who, having)


def rows(message):
    (table,) = [block for block in message["blocks"] if block["type"] == "table"]
    return [[texts(cell) for cell in row] for row in table["rows"]]


def actions(shown):
    return [element["action_id"] for block in shown["blocks"] for element in elements_of(block)]


def shown_in(scene, channel=LAUNCHES):
    return list(scene.workspace.state.channels[channel].messages.values())


def test_a_campaigns_status_is_what_the_platform_says_and_what_was_launched_last(scene):
    # A run that ends switches the campaign off.
    scene.switch(run_fate="hang")
    scene.launches("83 run_now")
    looks(scene, "status", "83")
    told = sees(scene, "Campaign (mailing) 83 “Black Friday: last call”")
    shown = texts(told)
    for known in (
        "*Kind:* E-mail, broadcast",
        "*State:* active",
        "*Its own audience:* segment 5",
        "*Last run:* started",
        "*Last launch from here:*",
        f"<@{ANA}>",
        "slack.com/archives/C0LAUNCH/p",
        "*Last edited by:*",
    ):
        assert known in shown
    assert actions(told) == ["look:share", "campaign:launch", "campaign:stop"]


def test_a_status_that_the_platform_does_not_tell_says_so(scene):
    scene.switch(reads="fail")
    looks(scene, "status", "82")
    shown = texts(sees(scene, "The platform tells nothing of it."))
    for unknown in ("*Its own audience:* not known", "*Schedule:* not told", "its log could not be read", ":warning:"):
        assert unknown in shown


def test_a_status_of_a_campaign_that_is_not_there_says_so_and_offers_nothing(scene):
    looks(scene, "status", "999")
    told = sees(scene, "The platform has no campaign 999, or none that I may see.")
    assert actions(told) == ["look:share"]


def test_the_form_opens_from_a_campaigns_status_filled_with_it(scene):
    looks(scene, "status", "83", ANA)
    told = sees(scene, "Campaign (mailing) 83", ANA)
    scene.do(scene.cast.presses_told(ANA, told, "campaign:launch"))
    scene.sees_modal(ANA, "Black Friday: last call", without="loading")
    assert scene.submits(ANA, run_now=chosen("schedule")) == {}


def test_the_list_is_searched_narrowed_and_turned_page_by_page(scene):
    word = f"Quince{next(NAMES)}"
    ids = [scene.adds_campaign(name=f"{word} {number}", is_active=number < 3) for number in range(20)]
    scene.kill_bot()  # so that its list of campaigns is read anew
    scene.start_bot()
    looks(scene, "list", word)
    first = sees(scene, "1 to 15 of 20")
    assert rows(first)[0] == ["Id", "Name", "Kind", "State"]
    assert [row[0] for row in rows(first)[1:]] == [str(one) for one in sorted(ids, reverse=True)[:15]]

    scene.do(scene.cast.presses_told(BEN, first, "look:next"))
    second = sees(scene, "16 to 20 of 20")
    assert second["id"] == first["id"]
    assert "look:next" not in actions(second)
    scene.do(scene.cast.presses_told(BEN, second, "look:back"))
    assert rows(sees(scene, "1 to 15 of 20")) == rows(first)

    looks(scene, "list", f"{word} active")
    narrowed = sees(scene, "1 to 3 of 3")
    assert {row[3] for row in rows(narrowed)[1:]} == {"active"}

    looks(scene, "list", "no such name")
    sees(scene, "None.")


def test_the_history_tells_each_launch_and_is_shared_once(scene):
    campaign = scene.adds_campaign(name="Shared <!channel> & told")
    scene.launches(f"{campaign} run_now")
    looks(scene, "history", str(campaign))
    told = sees(scene, f"Launches of campaign {campaign}")
    (row,) = rows(told)[1:]
    assert row[1] == f"{campaign} “Shared <!channel> & told”"
    assert any(word in row[2] for word in ("Launched", "Running", "Run finished"))

    press = scene.cast.presses_told(BEN, told, "look:share"), scene.cast.presses_told(BEN, told, "look:share")
    scene.at_once(*press)
    sees(scene, "Shared.")
    # Beside it, the launch's own card and thread go on.
    (shared,) = [
        one for one in shown_in(scene) if "Shared by" in texts(one.blocks) and str(campaign) in texts(one.blocks)
    ]
    assert "Shared by <@U0BEN>" in texts(shared.blocks)
    assert rows({"blocks": shared.blocks})[1][3] == "Ana"
    assert [element for block in shared.blocks for element in elements_of(block)] == []


def test_an_auditor_finds_who_approved_a_launch_and_why_it_was_asked_for(scene):
    campaign = scene.adds_campaign(name="Audited")
    card = scene.launches(f'{campaign} run_now source=segment:5 limit=1000 reason="Spring sale"')
    scene.sees_card(card, "Run finished")
    looks(scene, "history", f"{campaign} launched @ana")
    told = sees(scene, "Filters: asked for by")
    head, row = rows(told)
    shown = dict(zip(head, row, strict=True))
    assert shown["Reason"] == "Spring sale"
    assert shown["Audience"].endswith("at most 1,000 messages")
    assert "no errors and no warnings" in shown["Where it stands"]
    assert BEN in str(told["blocks"])
    looks(scene, "history", f"{campaign} rejected")
    sees(scene, "None.")


def test_rejections_of_one_person_are_found_by_time(scene):
    campaign = scene.adds_campaign()
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:reject")
    scene.sees_modal(BEN, "Reason")
    scene.submits(BEN, reason=typed("Not today"))
    scene.sees_card(card, "Rejected")
    looks(scene, "history", f"@ana {campaign} since=2026-11-01 rejected")
    (row,) = rows(sees(scene, f"Launches of campaign {campaign}"))[1:]
    assert "“Not today”" in row[2]
    assert "rejected: " in row[4]
    looks(scene, "history", f"rejected until=2026-11-01 {campaign}")
    sees(scene, "None.")


def test_practice_does_not_hide_the_last_real_launch(scene):
    campaign = scene.adds_campaign(name="Real")
    real = scene.launches(f"{campaign} run_now")
    practice = scene.asks(f"practice {campaign} run_now")
    scene.presses(BEN, practice, "launch:approve")
    scene.sees_card(practice, "Practised")
    where = f"p{real['ts'].replace('.', '')}"
    looks(scene, "status", str(campaign))
    assert where in texts(sees(scene, "*Last launch from here:*"))
    looks(scene, "history", str(campaign))
    told = sees(scene, f"*Launches of campaign {campaign}*")
    (about,) = [block for block in told["blocks"] if block.get("block_id") == "title"]
    assert where in texts(about)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", "*Launches*"),
        ("@ana", "Launches that <@U0ANA> asked for"),
        ("pending", "wait for approval or for their moment"),
        ("in-doubt", "Launches in doubt"),
    ],
)
def test_the_history_is_asked_for_in_several_ways(scene, text, about):
    looks(scene, "history", text)
    sees(scene, about)


def test_the_history_is_turned_page_by_page(scene):
    campaign = scene.adds_campaign()
    for _ in range(11):
        scene.asks(f"{campaign} run_now", in_a_hurry=True)
    looks(scene, "history", f"{campaign}")
    first = sees(scene, f"Launches of campaign {campaign}")
    assert len(rows(first)) == 11
    scene.do(scene.cast.presses_told(BEN, first, "look:next"))
    second = scene.until(lambda: _turned(scene, first, 2), "the second page")
    scene.do(scene.cast.presses_told(BEN, second, "look:back"))
    scene.until(lambda: _turned(scene, first, 11), "the first page again")


def _turned(scene, shown, length):
    ephemeral = next(one for one in scene.workspace.snapshot(BEN)["ephemerals"] if one["id"] == shown["id"])
    return ephemeral if len(rows(ephemeral)) == length else None


@pytest.mark.parametrize(
    ("command", "text", "answer"),
    [
        ("status", "help", "/campaign-status ID"),
        ("status", "", "since v74"),
        ("list", "help", "since v74"),
        ("history", "help", "/campaign-history in-doubt"),
        ("history", "in-dubt", "Did you mean in-doubt?"),
        ("history", "@ben rejectd", "Did you mean rejected?"),
        ("history", "since=someday", "write a day such as since=2026-11-01"),
        ("history", "export help", "as csv for a spreadsheet"),
        ("history", "exprot", "Did you mean export?"),
        ("status", "8x", "is no campaign id"),
    ],
)
def test_what_cannot_be_read_or_asks_for_help_is_answered_at_once(scene, command, text, answer):
    looks(scene, command, text)
    sees(scene, answer)


@pytest.mark.parametrize(("command", "text"), [("status", "82"), ("list", ""), ("history", "")])
def test_whoever_holds_no_role_sees_nothing(scene, command, text):
    looks(scene, command, text, OTTO)
    told = sees(scene, "You cannot look at campaigns and launches", OTTO)
    assert len(scene.workspace.snapshot(OTTO)["ephemerals"]) == 1
    assert "Black Friday" not in texts(told)


def test_a_role_of_the_policy_file_is_enough_to_look(scene):
    scene.policy('[roles.guest]\nmembers = ["U0OTTO"]\n')
    looks(scene, "history", "", OTTO)
    sees(scene, "*Launches*", OTTO)


def test_nobody_looks_while_the_roles_cannot_be_checked(scene):
    scene.policy("nonsense = ")
    looks(scene, "history", "")
    told = sees(scene, "The policy cannot be read")
    assert "Launches" not in texts(told)


def test_an_admin_takes_the_record_away_and_nobody_else_does(scene):
    campaign = scene.adds_campaign()
    scene.asks(f"{campaign} run_now", in_a_hurry=True)
    looks(scene, "history", f"export {campaign}")
    sees(scene, "You cannot export the record")

    looks(scene, "history", f"export jsonl {campaign}", DAN)
    sees(scene, "It comes in our direct message.", DAN)
    sent = scene.until(lambda: [one for one in shown_in(scene, "D0DAN") if one.file_ids], "the record as a file")
    (file,) = [scene.workspace.files.find(one) for one in sent[0].file_ids]
    record = [json.loads(line) for line in file.content.splitlines()]
    assert record[0]["kind"] == "launch:request"
    assert {one["campaign_id"] for one in record} == {campaign}
