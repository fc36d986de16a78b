"""The question before an approval: whatever decides stands in it, however long the names are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.campaign.request import Canary
from bot.message.finding import Check, Finding, Grade
from bot.message.report import Report
from bot.phrase import Phrase
from bot.policy.demands import Demands, Freeze
from bot.policy.roles import Action
from bot.slack.form import Form
from bot.slack.views.buttons import buttons
from bot.slack.views.card import card
from bot.slack.views.confirm import confirm_view
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.modal import form_view
from bot.texts import LANGUAGES, number, speaking
from sandbox.cast import texts
from tests.builders import PREVIEW, asked, launch
from tests.slack.test_views import COLLISION, written


def read(view):
    return texts([written(block) for block in view])


def question_of(wanted):
    (approve,) = [one for one in buttons(launch(requested=wanted)) if one["action_id"] == "launch:approve"]
    return approve["confirm"]["text"]["text"]


def full_of_names(name, **parameters):
    """A request with long names and everything to warn of."""
    preview = replace(
        PREVIEW,
        campaign=replace(PREVIEW.campaign, name=name),
        audience=replace(PREVIEW.audience, name=name),
    )
    failed = tuple(Finding(Check.SUBJECT, Grade.FAILURE, Phrase("The subject is empty.")) for _ in range(3))
    return replace(asked(**parameters), preview=preview, report=Report(findings=failed), collisions=(COLLISION,))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["Active in the last 30 days, without those who complained", "x" * 400])
def test_the_question_before_an_approval_never_cuts_to_how_many_it_goes(language, name):
    with speaking(language):
        text, size = question_of(full_of_names(name)), number(48_210)
    assert size in text
    assert len(text) <= 300


FROZEN = (Freeze(date(2026, 12, 24), date(2027, 1, 1)),)
IN_SHORT = {
    ("en", False): "First to segment 8600 alone; the rest waits to be released.",
    ("en", True): "First to segment 8600 alone; the rest follows by itself unless a brake is on.",
    ("ru", False): "Сначала только на сегмент 8600; остальным — после отдельного решения.",
    ("ru", True): "Сначала только на сегмент 8600; остальным уйдёт само, если не сработает тормоз.",
}


@pytest.mark.parametrize("approvals", [1, 2])
@pytest.mark.parametrize("demands", [{}, {"hold": timedelta(minutes=90)}, {"freezes": FROZEN}])
@pytest.mark.parametrize(("language", "auto"), IN_SHORT)
def test_the_question_before_an_approval_says_who_receives_it_first(language, auto, demands, approvals):
    canary = Canary(8600, auto=auto)
    needed = Demands(approvals=approvals, **demands)
    with speaking(language):
        text = question_of(full_of_names("x" * 400, canary=canary, demands=needed, limit=1_000_000))
        plain = question_of(replace(asked(canary=canary), preview=PREVIEW))
        numbers = (number(48_210), number(1_000_000))
    assert all(one in text for one in (IN_SHORT[language, auto], *numbers, ":warning:"))
    assert len(text) <= 300
    assert "“Black Friday”" in plain or "«Black Friday»" in plain


def test_a_rehearsed_question_with_a_canary_still_says_that_nothing_is_sent():
    wanted = full_of_names("x" * 400, canary=Canary(8600), practice=True, limit=1_000_000)
    assert "This is practice: nothing is sent." in question_of(wanted)


def test_that_a_limit_counts_twice_is_told_wherever_a_canary_is():
    each = "The limit counts for each of the two."
    form = Form(campaign_id=82, run_now=True, source="segment:5", canary="segment:9", limit="1000")
    wanted = asked(canary=Canary(9), limit=1000)
    assert each in texts(form_view(form, Knowledge(PREVIEW, demands=Demands()), "{}"))
    assert each in read(card(launch(requested=wanted)).blocks)
    assert each in question_of(wanted)
    assert each in texts(confirm_view(Action.APPROVE, launch(requested=wanted), "{}"))
    without = replace(form, limit="")
    assert each not in texts(form_view(without, Knowledge(PREVIEW, demands=Demands()), "{}"))
    assert each not in read(card(launch(requested=asked(limit=1000))).blocks)
