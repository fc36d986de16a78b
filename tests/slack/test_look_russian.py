"""What people look at in Russian is Russian, and still what Slack takes."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.overview import Campaigns, Listing
from bot.campaign.schedule import Schedule
from bot.launch.search import PENDING_PHASES, HomeLists, Page, Phase, Wanted
from bot.phrase import Phrase
from bot.slack.api.users import nameless
from bot.slack.form import Form
from bot.slack.lookup import Look, LookupKind
from bot.slack.views import notices
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.history import history
from bot.slack.views.home import home
from bot.slack.views.listing import listing_view
from bot.slack.views.looking import plain_message, shared, with_buttons
from bot.slack.views.modal import form_view
from bot.slack.views.status import status, status_buttons
from bot.slash.history import WORDS, parse_history
from bot.slash.queries import parse_list, parse_status
from bot.slash.words import CommandError
from bot.texts import speaking
from tests.builders import BEN, NOON
from tests.slack.test_look_views import CHOICES, FULL, HELPS, UNKNOWN, found, link_to
from tests.slack.test_russian import english_in
from tests.slack.test_views import STANDINGS, problems_of, view_problems, written

SHORTCUT = "Launch a campaign"
"""The name of the shortcut stands in the manifest, which knows no languages."""


@pytest.fixture(autouse=True)
def _in_russian():
    with speaking("ru"):
        yield


def cell_texts(shown):
    if isinstance(shown, list):
        return [text for one in shown for text in cell_texts(one)]
    if isinstance(shown, dict):
        own = [shown["text"]] if shown.get("type") in {"raw_text", "text"} else []
        return own + [text for value in shown.values() for text in cell_texts(value)]
    return []


ALL = tuple(STANDINGS.values())
"""More than fit into one table."""


def english_of(message):
    blocks = [written(block) for block in message.blocks]
    # The filter that was typed stands as it was typed, and so does a reason.
    texts = (re.sub("`[a-z-]+`|why", "", text) for text in english_in(message.text, blocks, *cell_texts(blocks)))
    return [text for text in texts if SHORTCUT not in text and english_in(text)]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(campaign_id=82),
        Wanted(requester=BEN),
        Wanted(phases=PENDING_PHASES),
        Wanted(phases=(Phase.IN_DOUBT,)),
        *WORDS.values(),
        replace(WORDS["rejected"], campaign_id=82, requester=BEN, since=NOON, until=NOON + timedelta(days=1)),
    ],
)
@pytest.mark.parametrize("standings", [(), ALL[:60], ALL[60:]], ids=["none", "some", "others"])
def test_the_history_is_russian(wanted, standings):
    page = Page(tuple(found(one) for one in standings), has_newer=True, has_older=True)
    shown = history(page, wanted, link_to, nameless, last=found(STANDINGS["finished"]))
    message = with_buttons(shown, Look(LookupKind.HISTORY, ""), "older", "newer")
    assert english_of(message) == []
    assert problems_of(message) == []
    assert english_of(shared(message, BEN)) == []
    assert not standings or "82 «Black Friday»" in message.text


TOLD = replace(
    FULL,
    preview=replace(
        FULL.preview,
        campaign=replace(FULL.preview.campaign, name="Весна", status="Пауза", updated_user="olga"),
        audience=replace(FULL.preview.audience, name="Все"),
    ),
)
UNREAD = Phrase("The campaign's log could not be read.")


@pytest.mark.parametrize(
    "standing",
    [
        TOLD,
        replace(TOLD, run=None, schedule=Schedule()),
        replace(TOLD, run=replace(TOLD.run, ended_at=None), schedule=None),
        replace(UNKNOWN, preview=replace(UNKNOWN.preview, problems=(UNREAD,)), problems=(UNREAD,)),
    ],
)
@pytest.mark.parametrize("last", [None, found(STANDINGS["requested"]), found(STANDINGS["requested"], None)])
def test_a_status_is_russian(standing, last):
    message = status(standing, last, link_to(last) if last else "", nameless)
    message = with_buttons(message, Look(LookupKind.STATUS, "82"), "", "", status_buttons(standing, None))
    assert english_of(message) == []
    assert problems_of(message) == []


@pytest.mark.parametrize(
    "listing", [Listing(), Listing("весна", True), Listing("весна", meant="actve"), Listing("", True)]
)
@pytest.mark.parametrize(
    "campaigns",
    [
        None,
        Campaigns(choices=(), matching=0, first=0, age=3.4),
        Campaigns(choices=tuple(replace(one, name="Весна") for one in CHOICES), matching=400, first=16, age=0),
    ],
)
def test_a_list_is_russian(campaigns, listing):
    assert english_of(listing_view(campaigns, listing)) == []


@pytest.mark.parametrize("obstacle", ["", "Не удалось проверить вашу роль."])
@pytest.mark.parametrize("standings", [(), tuple(STANDINGS.values())[:10]], ids=["none", "some"])
def test_home_is_russian(standings, obstacle):
    some = tuple(found(one) for one in standings)
    view = home(HomeLists(waiting=some, own=some, running=some, over=some), obstacle, link_to, NOON, BEN)
    assert [text for text in english_in(written(view)) if SHORTCUT not in text] == []


def test_the_help_and_the_form_that_asks_for_its_channel_are_russian():
    assert [text for one in HELPS for text in english_of(plain_message(one()))] == []
    view = form_view(Form(), Knowledge(None, asks_channel=True), "{}")
    assert english_in(written(view)) == []
    assert view_problems(view) == []


@pytest.mark.parametrize(
    ("parse", "typed"),
    [
        (parse_status, "8x"),
        (parse_status, "hepl"),
        (parse_status, "82 83"),
        (parse_list, "х" * 400),
        (parse_history, "слово"),
        (parse_history, "exprot"),
        (parse_history, "82 83"),
        (parse_history, "rejectd"),
        (parse_history, "since=soon"),
        (parse_history, "since=2026-11-02 until=2026-11-01"),
        (parse_history, "@nobody"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_in_russian(parse, typed):
    with pytest.raises(CommandError) as wrong:
        parse(typed)
    said = notices.wrong_command("/campaign-history", typed, wrong.value).replace(f"`{typed}`", "")
    assert english_in(said.replace(", ".join(WORDS), "")) == []
