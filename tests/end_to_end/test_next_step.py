"""A dead end has a next step: the form with what was asked for before, or with what was understood of a command."""

import base64
import json

import pytest

from sandbox.cast import ANA, BEN, CLEO, DAN, OTTO, attached, launch_of, texts, typed
from tests.end_to_end.scene import open_scene, with_its_clock_ahead
from tests.end_to_end.test_edit import filled

AGAIN = "launch:ask_again"
FILL = "campaign:fill"

ASK_AGAIN = {"en": "Ask again…", "ru": "Запросить снова…"}
REJECTED = {"en": "Rejected", "ru": "Отклонено"}
REFUSED = {"en": "Refused by the platform", "ru": "Платформа отказала"}
REASON = {"en": "The requester and the thread will read", "ru": "прочитают, почему вы отклоняете"}


def rejected(scene, language, text, **values):
    card = scene.asks_in_form(text, **values)
    scene.presses(BEN, card, "launch:reject")
    scene.sees_modal(BEN, REASON[language])
    scene.submits(BEN, reason=typed("Too many"))
    return scene.sees_card(card, REJECTED[language], ASK_AGAIN[language])


def test_what_was_rejected_is_asked_for_again_with_its_old_values_changed(channel):
    scene, language = channel
    number = scene.adds_campaign()
    card = rejected(scene, language, f'{number} run_now source=segment:9 limit=7 content.a=b reason="First wave"')
    scene.presses(ANA, card, AGAIN)
    form = scene.sees_form(ANA, "Launch a campaign", f"Campaign of a test {number}")
    fields = filled(form)
    assert (fields["campaign"]["value"], fields["source"]["value"]) == (str(number), "segment:9")
    assert (fields["run_now"]["value"], fields["limit"], fields["reason"]) == ("now", "7", "First wave")
    assert fields["content"] == "a=b"
    new = scene.do(scene.cast.asks_in_form(ANA, limit=typed("5", "number_input")))
    assert new["ts"] != card["ts"]
    assert "5" in texts(new)
    scene.sees_card(card, REJECTED[language])


def test_files_stay_with_what_is_asked_for_again(channel):
    scene, language = channel
    file_id = scene.do(scene.workspace.upload(ANA, "old.txt", "text/plain", b"old"))
    card = rejected(scene, language, f"{scene.adds_campaign()} run_now", files=attached(file_id))
    scene.presses(ANA, card, AGAIN)
    scene.sees_form(ANA, "Left empty, the files that are there stay.")
    new = scene.do(scene.cast.asks_in_form(ANA))
    assert "old.txt" in texts(new)
    scene.presses(BEN, new, "launch:approve")
    scene.until(lambda: scene.stage.sent.activations, "it is sent")
    (file,) = json.loads(scene.sent[0])["attach"]
    assert base64.b64decode(file["data"].partition(",")[2]) == b"old"


def test_a_launch_that_the_platform_refused_is_asked_for_again_by_whoever_may(channel):
    scene, language = channel
    scene.switch(activation="refuse", refuse_code=400, refuse_text="No template", only_next=True)
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(BEN, card, "launch:approve")
    refused = scene.sees_card(card, REFUSED[language], ASK_AGAIN[language])
    scene.presses(BEN, refused, AGAIN)
    scene.sees_modal(BEN, {"en": "Launch a campaign", "ru": "Запуск кампании"}[language])


def test_whoever_may_not_ask_is_told_so_and_sees_no_form(channel):
    scene, language = channel
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(ANA, card, "launch:cancel")
    cancelled = scene.sees_card(card, ASK_AGAIN[language])
    scene.presses(OTTO, cancelled, AGAIN)
    scene.is_told(OTTO, {"en": "You cannot ask for a launch", "ru": "Вы не можете запросить запуск"}[language])
    assert not scene.workspace.snapshot(OTTO)["views"]


def test_what_has_expired_is_asked_for_again(tmp_path):
    with open_scene(folder=tmp_path) as scene:
        number = scene.adds_campaign()
        card = scene.asks(f"{number} run_now")
        scene.kill_bot()
        with scene.another_bot(with_its_clock_ahead(5)):
            expired = scene.sees_card(card, "Expired", "Ask again…")
            scene.presses(ANA, expired, AGAIN)
            scene.sees_form(ANA, f"Campaign of a test {number}")


MISTYPED = "82 run_now source=segment:5 limt=100"
FILLS = {"en": "Open the form with this", "ru": "Открыть форму с этим"}
NOT_FILLED = {"en": "This is not: limt=100.", "ru": "Не заполнено: limt=100."}


def test_a_mistyped_command_opens_the_form_with_what_was_understood_of_it(channel):
    scene, language = channel
    scene.do(scene.cast.types(BEN, MISTYPED))
    told = scene.is_told(BEN, FILLS[language])
    scene.do(scene.cast.presses_told(BEN, told, FILL))
    form = scene.sees_modal(BEN, NOT_FILLED[language], "Black Friday")
    fields = filled(form)
    assert (fields["campaign"]["value"], fields["source"]["value"], fields["limit"]) == ("82", "segment:5", None)
    assert fields["run_now"]["value"] == "now"
    assert scene.submits(BEN, limit=typed("100", "number_input")) == {}


@pytest.mark.parametrize(("who", "text"), [(BEN, "sping sale"), (OTTO, MISTYPED), (CLEO, MISTYPED)])
def test_no_form_is_offered_where_nothing_was_understood_or_to_whoever_may_not_ask(channel, who, text):
    scene, language = channel
    scene.do(scene.cast.types(who, text))
    told = scene.is_told(who, "/campaign-activate help")
    assert FILLS[language] not in texts(told)


CANNOT = {
    "en": ("<@U0BEN> or <!subteam^S0LEADS> can do it. To be added, ask <@U0DAN>", "You cannot approve"),
    "ru": ("Это может сделать <@U0BEN> или <!subteam^S0LEADS>. Добавить вас может <@U0DAN>", "Вы не можете"),
}


def test_a_refusal_names_only_who_could_approve_this_launch_and_each_once(channel):
    scene, language = channel
    says, begins = CANNOT[language]
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(OTTO, card, "launch:approve")
    told = scene.is_told(OTTO, begins)["text"]
    # Ana is in the list of approvers, but she is the one who asked.
    assert says in told
    assert "<@U0ANA>" not in told


def offered(home, launch_id):
    elements = [one for block in home["blocks"] for one in block.get("elements", ())]
    about = [one["action_id"] for one in elements if str(one.get("value", "")).startswith(launch_id)]
    # The way to the card stands there once the bot knows that its card is posted.
    return [one for one in about if one != "home:card"]


def test_home_offers_to_nobody_what_they_could_never_use(channel):
    scene, _ = channel
    number = str(scene.adds_campaign())
    card = scene.asks(f"{number} run_now")
    for who, buttons in {
        ANA: ["launch:reject", "launch:edit", "launch:cancel"],
        BEN: ["launch:reject", "launch:ask_changes"],
        CLEO: ["launch:reject", "launch:ask_changes"],
    }.items():
        home = scene.do(scene.cast.opens_home(who, number))
        assert offered(home, launch_of(card)) == [*buttons, "launch:read"], who
    assert "campaign:launch" not in str(scene.do(scene.cast.opens_home(CLEO)))


ASK = "launch:ask_changes"
WHAT = {"en": "What should be changed?", "ru": "Что нужно изменить?"}
ASKED = {"en": "Waiting for approval; changes are asked for", "ru": "Ожидает согласования; просят изменить"}
WAITS = {"en": "Waiting for approval", "ru": "Ожидает согласования"}
WISHED = {
    "en": (
        "<@U0BEN> asks for changes: “Only 500 first”",
        "Who can change it: <@U0ANA>",
        "Who asked for changes: <@U0BEN>",
    ),
    "ru": (
        "<@U0BEN> просит изменить: «Only 500 first»",
        "Кто может это изменить: <@U0ANA>",
        "Кто просил изменить: <@U0BEN>",
    ),
}


def asks_for_changes(scene, language, card):
    scene.presses(BEN, card, ASK)
    scene.sees_modal(BEN, WHAT[language])
    assert "reason" in scene.submits(BEN, reason=typed("  "))
    assert scene.submits(BEN, reason=typed("Only 500 first")) == {}
    return scene.sees_card(card, ASKED[language], "Only 500 first")


def test_changes_are_asked_for_and_made_and_each_is_mentioned_to_the_other(channel):
    scene, language = channel
    asks, requester, back = WISHED[language]
    card = scene.asks(f"{scene.adds_campaign()} run_now limit=7")
    wished = asks_for_changes(scene, language, card)
    assert requester in scene.sees_reply(card, asks)["text"]
    scene.do(scene.cast.opens_home(CLEO, ASKED[language], "Only 500 first"))
    scene.presses(ANA, wished, "launch:edit")
    scene.sees_form(ANA, "Edit the request", "You are asked to change this: Only 500 first")
    assert scene.submits(ANA, limit=typed("5", "number_input")) == {}
    scene.sees_reply(card, back)
    edited = scene.sees_card(card, WAITS[language], "5")
    assert "Only 500 first" not in texts(edited)
    scene.presses(BEN, edited, "launch:approve")
    scene.until(lambda: scene.stage.sent.activations, "it is sent")
    assert scene.audit(card)[:4] == ["launch:request", ASK, "launch:edit", "launch:approve"]


def test_others_approve_what_somebody_wants_changed(channel):
    scene, language = channel
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    wished = asks_for_changes(scene, language, card)
    scene.presses(CLEO, wished, "launch:approve")
    scene.until(lambda: scene.stage.sent.activations, "it is sent")


OWN = {"en": "You asked for this launch yourself", "ru": "Этот запуск запросили вы"}


def test_changes_are_asked_for_by_nobody_but_who_may_approve(channel):
    scene, language = channel
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(ANA, card, ASK)
    scene.is_told(ANA, OWN["en"])
    for who in (OTTO, DAN):
        scene.presses(who, card, ASK)
        scene.is_told(who, {"en": "You cannot ask for changes to a launch", "ru": "Вы не можете просить"}[language])
        assert not scene.workspace.snapshot(who)["views"]
    assert scene.audit(card) == ["launch:request", *["launch:deny"] * 3]
    scene.presses(BEN, card, ASK)
    scene.sees_modal(BEN, WHAT[language])
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, ASK_AGAIN[language])
    scene.submits(BEN, reason=typed("Less"))
    scene.sees_modal(BEN, {"en": "cancelled it", "ru": "отмен"}[language])
