"""The page as a Russian team sees it: cards in the language of the channel, the rest in that of each person's Slack."""

import re

import pytest

from tests.browser import window
from tests.end_to_end.scene import open_house

NOT_THE_BOTS = re.compile(
    # What people typed or named, or can type, and what the platform says itself.
    r"«[^»]*»|promo=SPRING|{[^}]*}|[0-9a-f-]{8,}|[@#][a-z-]+|/campaign-[a-z]+(?: [a-z0-9_]+)*|"
    r"\b(?:help|Ana|Ben|run_now|olga|broadcast|email|Inactive|JSON|"
    # What Slack says by itself: the page speaks English.
    r"Launch a campaign|campaign-bot|APP|AM|PM|edited|optional|Choose a file or drop it here|Thread)\b"
)


@pytest.fixture(scope="module")
def house():
    with open_house({"CHANNEL_LOCALE": "ru"}) as house:
        for person in ("U0ANA", "U0BEN"):
            house.run(lambda person=person: house.workspace.reads_in(person, "ru-RU"))
        yield house


def english_on(visitor, hook):
    """Words that only the bot can have left in English there; what is quoted from a message is the team's own."""
    words = visitor.reads(hook)
    for quoted in visitor.all(f'[data-testid="{hook}"] blockquote'):
        words = words.replace(quoted.text, " ")
    return re.findall(r"[A-Za-z]{2,}", NOT_THE_BOTS.sub(" ", words))


def test_a_launch_and_its_stop(house, visitor):
    campaign = house.adds_campaign(name="Весна")
    house.switch(run_fate="hang")
    visitor.is_person("U0ANA")
    visitor.types(f"/campaign-activate {campaign} run_now")
    visitor.sees("modal", "Отправка сразу")
    visitor.sees("modal", "1 000")
    assert english_on(visitor, "modal") == []
    visitor.clicks("modal-submit")
    visitor.sees("messages", f"Ожидает согласования · кампания {campaign} «Весна»")

    visitor.is_person("U0BEN")
    visitor.presses("launch:approve")
    visitor.sees("confirm", "Согласовать этот запуск?")
    assert english_on(visitor, "confirm") == []
    visitor.says_yes()
    visitor.sees("messages", f"Идёт отправка · кампания {campaign} «Весна»")

    visitor.presses("launch:stop")
    visitor.sees("confirm", "Остановить кампанию?")
    visitor.sees("confirm", "Уже отправленные сообщения нельзя отозвать.")
    assert english_on(visitor, "confirm") == []
    visitor.says_yes()
    visitor.sees("messages", f"Остановлена · кампания {campaign} «Весна»")
    visitor.opens_thread()
    visitor.sees("thread", "Платформа приняла остановку: кампания выключена.")
    assert english_on(visitor, "thread") == []
    assert len(house.stops_of(campaign)) == 1


def test_home_and_a_history_that_is_shared(house, visitor):
    campaign = house.adds_campaign(name="Лето")
    visitor.is_person("U0ANA")
    visitor.types(f"/campaign-activate {campaign} run_now")
    visitor.sees("modal", "Отправка сразу")
    visitor.clicks("modal-submit")
    visitor.sees_no("modal")
    visitor.is_person("U0BEN")
    visitor.clicks("channel-D0BEN")
    visitor.clicks("dm-home")
    visitor.sees("home", "Ждёт вас")
    visitor.sees("home", f"кампания {campaign} «Лето»")
    assert english_on(visitor, "home") == []
    visitor.until(lambda: visitor.all('[data-testid="home"] [data-testid="action-home:card"]'))
    assert visitor.all('[data-testid="home"] [data-testid="action-launch:approve"]') == []

    visitor.clicks("channel-C0LAUNCH")
    visitor.presses("launch:approve")
    visitor.says_yes()
    visitor.until(lambda: len(house.sent) == 1)
    visitor.types(f"/campaign-history {campaign}")
    visitor.sees("ephemeral", f"Запуски кампании {campaign}")
    visitor.clicks("action-look:share", within="ephemeral")
    visitor.sees("ephemeral", "Показано в канале.")
    visitor.sees("messages", "Показывает @Ben")


@pytest.mark.parametrize("width", [390, 1400])
def test_a_history_is_seen_whole_and_people_and_channels_have_their_names(house, visitor, width):
    with window(visitor.browser, width, 900):
        visitor.arrives()
        visitor.is_person("U0ANA")
        visitor.types("/campaign-history")
        visitor.until(lambda: "сегодня" in visitor.all('td[data-heading="Запрошен"]')[0].text)
        visitor.until(lambda: visitor.browser.execute_script(SCROLLS_SIDEWAYS) == [])
        assert "Ben" in visitor.hook("person-U0BEN").text.splitlines()
        assert visitor.browser.execute_script(CUT_NAMES) == []


SCROLLS_SIDEWAYS = """
return [...document.querySelectorAll(".table-frame, .rail")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className);
"""
CUT_NAMES = """
return [...document.querySelectorAll(".person-text strong, .channel-link > span:nth-child(2)")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 || parseFloat(getComputedStyle(each).fontSize) < 11)
  .map((each) => each.textContent);
"""
