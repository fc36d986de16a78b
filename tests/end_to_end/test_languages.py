"""Each person reads in the language of their own Slack, and everybody in a channel in the channel's."""

from collections.abc import Iterator

import pytest

from sandbox.cast import ANA, BEN, OTTO, texts
from tests.end_to_end.scene import Scene, open_scene

RUSSIAN, ENGLISH = "ru-RU", "en-US"


@pytest.fixture(scope="module")
def russian_channel() -> Iterator[Scene]:
    with open_scene(settings={"CHANNEL_LOCALE": "ru"}) as scene:
        yield scene


def reads_in(scene, **locales):
    for person, locale in locales.items():
        scene.run(lambda person=person, locale=locale: scene.workspace.reads_in(person, locale))


def test_whoever_reads_russian_gets_a_russian_form_and_the_channel_an_english_card(scene):
    reads_in(scene, **{ANA: RUSSIAN})
    scene.do(scene.cast.types(ANA, "82 run_now source=segment:5"))
    # It opens at once; once Slack has told Ana's language, it is shown in that one.
    modal = scene.sees_modal(ANA, "Отправка сразу: сегмент 5", without="загру")
    assert modal["title"]["text"] == "Запуск кампании"
    assert "What will happen" not in texts(modal)
    card = scene.do(scene.cast.asks_in_form(ANA))
    assert "Waiting for approval" in texts(card)
    scene.presses(ANA, card, "launch:approve")
    scene.is_told(ANA, "согласовать его должен кто-то другой")
    reads_in(scene, **{ANA: ENGLISH})


def test_a_form_opens_in_one_round_trip_while_slack_does_not_tell_the_language(scene):
    reads_in(scene, **{BEN: RUSSIAN})
    scene.run(lambda: scene.workspace.faults.slow("users.info", 3))
    scene.do(scene.cast.types(BEN, "82 run_now"))
    scene.sees_modal(BEN, "What will happen", without="loading")
    assert scene.do(scene.cast.submits(BEN)) == {}
    reads_in(scene, **{BEN: ENGLISH})


def test_a_russian_channel_has_russian_cards_and_threads_and_english_readers_english_forms(russian_channel):
    scene = russian_channel
    scene.do(scene.cast.types(ANA, "82 run_now source=segment:5"))
    scene.sees_modal(ANA, "Sends now to segment 5", without="loading")
    card = scene.do(scene.cast.asks_in_form(ANA))
    assert "Ожидает согласования" in texts(card)
    reads_in(scene, **{OTTO: RUSSIAN})
    scene.presses(OTTO, card, "launch:approve")
    scene.is_told(OTTO, "Для этого нужна роль: согласующий")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "Платформа приняла запуск.")
    scene.sees_card(card, "Отправка завершена")
    assert all("launch" not in reply.lower() for reply in scene.replies(card))


def test_home_is_in_its_readers_language(russian_channel):
    scene = russian_channel
    scene.do(scene.workspace.open_home(ANA))
    home = scene.until(lambda: scene.workspace.snapshot(ANA)["home"], "Ana sees Home")
    assert "Launch a campaign" in texts(home)
    scene.do(scene.workspace.open_home(OTTO))
    home = scene.until(lambda: scene.workspace.snapshot(OTTO)["home"], "Otto sees Home")
    assert "Обновить" in texts(home)
