"""A technical error is told as what it means and who can mend it; nothing of its own words is lost."""

import pytest

from bot.altcraft.errors import PlatformRefused, PlatformUnclear, PlatformUnreachable
from bot.launch.outcome import NotSent, RefusedByPlatform, Unknown
from bot.launch.stop import StopNotSeen, StopNotSent, StopRefused, StopUnknown
from bot.phrase import Phrase
from bot.slack.views.buttons import details_button
from bot.slack.views.card import card
from bot.slack.views.details import details_view
from bot.slack.views.technical import MEANINGS, meaning_of, plainly
from bot.slack.views.thread import whole
from bot.texts import is_known
from tests.builders import BEN, by_bot, launch
from tests.slack.stops import ASKED, BEGUN, CALL, LAUNCHED
from tests.slack.test_views import view_problems

REFUSED_CONNECTION = Phrase("the platform's host refused the connection")
NO_ANSWER = Phrase("the platform did not answer within {n} seconds", n=30)
UNTRUSTED = Phrase("the certificate of the platform's host is not trusted ({fault})", fault="expired")
STANDINGS = {
    "refused": (launch(*BEGUN, by_bot(RefusedByPlatform(403, "No rights"))), "error 403 “No rights”"),
    "not sent": (launch(*BEGUN, by_bot(NotSent(UNTRUSTED))), UNTRUSTED),
    "in doubt": (launch(*BEGUN, by_bot(Unknown(NO_ANSWER))), NO_ANSWER),
    "stop refused": (launch(*LAUNCHED, ASKED, CALL, by_bot(StopRefused(402, "Limit"))), "error 402 “Limit”"),
    "stop not sent": (launch(*LAUNCHED, ASKED, CALL, by_bot(StopNotSent(REFUSED_CONNECTION))), REFUSED_CONNECTION),
    "status unread": (
        launch(
            *LAUNCHED,
            ASKED,
            CALL,
            by_bot(StopUnknown("lost")),
            by_bot(StopNotSeen(cause=PlatformRefused(401, "no token").sentence)),
        ),
        "The platform answered with error 401: “no token”.",
    ),
}


def said_by(blocks):
    return "\n".join(str(block) for block in blocks)


@pytest.mark.parametrize("name", STANDINGS)
def test_the_card_says_who_can_mend_it_and_its_window_has_the_words(name):
    standing, raw = STANDINGS[name]
    shown = said_by(card(standing).blocks)
    assert raw not in shown
    assert "hoever " in shown
    assert [one["action_id"] for one in details_button(standing)] == ["launch:details"]
    view = details_view(standing)
    assert raw in said_by(view["blocks"])
    assert view_problems(view) == []


def test_what_needs_no_window_has_no_button_for_one():
    assert details_button(launch()) == []
    assert details_button(launch(*BEGUN, by_bot(NotSent(Phrase("another launch of this campaign is in doubt"))))) == []


@pytest.mark.parametrize("code", [400, 401, 402, 403, 440, 500])
def test_each_code_of_the_platform_is_told_with_somebody_who_can_mend_it(code):
    assert "Whoever" in meaning_of(code)


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (
            PlatformUnreachable(REFUSED_CONNECTION).sentence,
            "The platform could not be asked: the platform could not be",
        ),
        (PlatformRefused(402, "Limit").sentence, "The limit of the platform's tariff is used up."),
        (PlatformRefused(440, "").sentence, "What this error means, the platform's guide does not say."),
        (PlatformUnclear(Phrase("no JSON")).sentence, "The platform's answer made no sense."),
        (Phrase("the policy cannot be read: {cause}", cause="it is empty"), "the policy cannot be read: it is empty"),
        ("an old record's own words", "an old record's own words"),
    ],
)
def test_a_cause_is_told_plainly_however_it_is_wrapped(cause, told):
    assert plainly(cause).startswith(told)


@pytest.mark.parametrize("template", MEANINGS)
def test_what_is_told_plainly_is_still_said_so_where_it_is_made(template):
    assert is_known(template)
    assert is_known(MEANINGS[template])


def test_a_record_that_is_taken_away_keeps_the_words():
    refused = STANDINGS["refused"][0]
    entry = type("Told", (), {"actor": BEN, "event": refused.outcome})
    assert "(error 403 “No rights”)" in whole(refused, entry)
