"""What is over says what it came to, whatever is done about it afterwards; in the channel's language."""

from sandbox.cast import ANA, BEN, CLEO, DAN, OTTO, texts, typed
from tests.end_to_end.scene import Scene

STOP = "launch:stop"


def finished(scene: Scene, says: str) -> dict:
    """A launch of a campaign of its own whose run has ended."""
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(BEN, card, "launch:approve")
    return scene.sees_card(card, says)


def button(card: dict, action_id: str) -> dict:
    elements = [one for block in card["blocks"] for one in block.get("elements", ())]
    return next(one for one in elements if one.get("action_id") == action_id)


FINISHED = {"en": "Run finished", "ru": "Отправка завершена"}
SWITCHES = {"en": "Switch off…", "ru": "Выключить…"}
OFF = {"en": "Run finished; its campaign is switched off", "ru": "Отправка завершена; кампания после этого выключена"}
PROMISED = {"en": "*Promised:* about 1,000 profiles", "ru": "*Обещано:*"}
THREAD = {
    "en": (
        "The run ended",
        "The run is over, and <@U0DAN> asks to switch the campaign off",
        "The platform took the stop",
    ),
    "ru": ("Отправка завершилась", "<@U0DAN> просит выключить кампанию", "Платформа приняла остановку"),
}


NOTHING_RUNS = {"en": "I know of no launch of it that is running", "ru": "Я не знаю об идущих запусках"}
STAYS = {"en": "It stays finished on its card", "ru": "Завершённой она на карточке"}


def test_a_finished_run_stays_finished_on_card_thread_and_history_when_its_campaign_is_switched_off(channel):
    scene, language = channel
    card = finished(scene, FINISHED[language])
    offered = button(card, STOP)
    assert offered["text"]["text"] == SWITCHES[language]
    assert "danger" not in str(card["blocks"])
    scene.presses(DAN, card, STOP)
    over = scene.sees_card(card, OFF[language], PROMISED[language], "<@U0DAN>")
    assert SWITCHES[language] not in texts(over)
    for one in THREAD[language]:
        scene.sees_reply(card, one)
    assert scene.audit(card)[-4:] == ["run:end", "stop:ask", "stop:start", "stop:done"]
    scene.do(scene.cast.opens_home(CLEO, OFF[language]))
    scene.do(scene.cast.types(CLEO, "", command="/campaign-history"))
    scene.is_told(CLEO, OFF[language].partition("; ")[2])


def test_what_was_switched_off_and_runs_again_elsewhere_is_stopped_under_a_card_of_its_own(channel):
    scene, language = channel
    card = finished(scene, FINISHED[language])
    scene.presses(DAN, card, STOP)
    scene.sees_card(card, OFF[language])
    campaign = scene.runs[-1]["campaign_id"]
    scene.switch(run_fate="hang")
    scene.run(lambda: scene.platform.start_elsewhere(campaign))
    scene.do(scene.cast.types(DAN, str(campaign), command="/campaign-stop"))
    scene.sees_modal(DAN, NOTHING_RUNS[language])
    scene.submits(DAN)
    scene.until(lambda: scene.platform.snapshot()["runs"][-1]["state"] == "aborted", "the run is broken off")
    scene.sees_card(card, OFF[language])


def test_the_window_of_a_stop_says_that_the_run_was_over(channel):
    scene, language = channel
    card = finished(scene, FINISHED[language])
    campaign = scene.runs[-1]["campaign_id"]
    scene.do(scene.cast.types(DAN, str(campaign), command="/campaign-stop"))
    scene.sees_modal(DAN, STAYS[language])
    scene.submits(DAN)
    scene.sees_card(card, OFF[language])


CANCEL = {"en": ("Cancel…", "Cancel this launch?"), "ru": ("Отменить…", "Отменить запуск?")}


def test_cancel_asks_once_before_it_ends_a_request(channel):
    scene, language = channel
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    offered = button(card, "launch:cancel")
    assert (offered["text"]["text"], offered["confirm"]["title"]["text"]) == CANCEL[language]
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, {"en": "Cancelled", "ru": "Отменено"}[language])


GLASS = '[always]\nbreak_glass = true\nhold = "1h"\n'
HELD = {"en": "Without approval; it can still be cancelled", "ru": "Без согласования; ещё можно отменить"}
WITHOUT = {
    "en": ("*Without approval*", "without approval", "pproved"),
    "ru": ("*Без согласования*", "без согласования", "огласовано"),
}
TYPE = {"en": "Type the", "ru": "Введите"}
TOO_LATE = {"en": "<@U0DAN> launched it without approval", "ru": "запуск без согласования начат: <@U0DAN>"}


def test_broken_glass_is_never_called_an_approval_and_says_who_broke_it(channel):
    scene, language = channel
    broken, word, approved = WITHOUT[language]
    scene.policy(GLASS)
    number = scene.adds_campaign()
    card = scene.asks(f"{number} run_now")
    scene.presses(DAN, card, "launch:break_glass")
    scene.sees_modal(DAN, TYPE[language])
    assert scene.submits(DAN, reason=typed("Fire"), campaign=typed(str(number))) == {}
    held = scene.sees_card(card, HELD[language], broken, "<@U0DAN>")
    assert approved not in texts(held)
    home = scene.do(scene.cast.opens_home(CLEO, HELD[language], broken))
    [told] = [text for text in map(texts, home["blocks"]) if f"#{number}" in text or f" {number} " in text]
    assert approved not in told
    scene.do(scene.cast.types(CLEO, "", command="/campaign-history"))
    history = scene.is_told(CLEO, word)
    assert DAN in str(history["blocks"])
    scene.presses(BEN, card, "launch:approve")
    assert approved not in scene.is_told(BEN, TOO_LATE[language])["text"]
    assert not [one for one in scene.replies(card) if approved in one]


def test_nothing_in_a_thread_jumps_where_somebody_was_refused(channel):
    scene, language = channel
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(OTTO, card, "launch:approve")
    scene.is_told(OTTO, {"en": "You cannot", "ru": "Вы не можете"}[language])
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_reply(card, {"en": "cancelled the launch", "ru": "Запуск отменён"}[language])
    assert scene.audit(card) == ["launch:request", "launch:deny", "launch:cancel"]
    for reply in scene.run(lambda: scene.cast.thread(card)):
        assert reply["blocks"][-1]["elements"][0]["text"].startswith("<!date^")


MEANS = {
    "en": "Most likely the bot's API token lacks a right in the platform. Whoever administers it can mend it.",
    "ru": "Скорее всего, токену бота не хватает прав в платформе. Исправить это может её администратор.",
}
RAW = {"en": "error 403 “No rights”", "ru": "ошибка 403 «No rights»"}
DETAILS = {"en": "Details", "ru": "Подробности"}


def test_a_refusal_by_the_platform_is_told_as_what_it_means_and_its_words_stand_behind_details(channel):
    scene, language = channel
    scene.switch(activation="refuse", refuse_code=403, refuse_text="No rights", only_next=True)
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(BEN, card, "launch:approve")
    refused = scene.sees_card(card, MEANS[language], DETAILS[language])
    assert "No rights" not in texts(refused)
    assert "No rights" not in texts(scene.sees_reply(card, MEANS[language]))
    scene.presses(CLEO, refused, "launch:details")
    scene.sees_modal(CLEO, DETAILS[language], RAW[language])
    scene.presses(OTTO, refused, "launch:details")
    scene.is_told(OTTO, {"en": "You cannot look at", "ru": "Вы не можете"}[language])
