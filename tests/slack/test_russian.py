"""Everything people see in Russian is Russian, and still what Slack takes."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.campaign.campaign import Campaign, Preview, SizeBasis
from bot.campaign.request import Attachment, LaunchId
from bot.launch.events import Entry
from bot.launch.story import Line
from bot.phrase import Phrase, told
from bot.policy.roles import Action
from bot.policy.standing import HeldRole, Standing, Unchecked
from bot.slack.api.channels import NOT_HERE
from bot.slack.api.errors import CHANNEL_GONE
from bot.slack.form import Form
from bot.slack.listeners import options
from bot.slack.views import needs, notices, stop_window
from bot.slack.views.card import card, card_elsewhere
from bot.slack.views.confirm import confirm_view, reason_view, typed_errors
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.modal import form_view
from bot.slack.views.notices import notice_view
from bot.slack.views.refusal import why_refused
from bot.slack.views.thread import reply
from bot.slack.views.whoami import whoami
from bot.slash.activate import parse
from bot.slash.stop import parse_stop
from bot.slash.words import CommandError
from bot.texts import speaking
from tests.builders import ANA, NOON, PREVIEW, asked, launch
from tests.slack.test_form import Directory
from tests.slack.test_views import (
    COLLISION,
    DEMANDING,
    EVENTS,
    REASONS,
    STANDINGS,
    WHO_TO_ASK,
    problems_of,
    view_problems,
    written,
)

OTHERS = (
    # What the examples of the other tests say as the platform, Slack or a team would.
    "the connection broke|the platform refused the connection|no route|the log was not readable|Slack did not answer|"
    "policy.toml has mistakes|Not on Fridays|The platform did not answer|The audience is &lt;too&gt; large|"
    "(?:[Nn]o )?&lt;!here&gt;|Black Friday|· Active|(?:list|segment) five"
)
KNOWN_WORDS = (
    # Names, and words that are typed or set as they stand.
    "Slack|Altcraft|JSON|ID|UTC|KB|campaign-bot|run_now|source|limit|content|reason|practice|help|true|false|segment|list|"
    "active|in-doubt|pending|rejected|since|until|export|ben|csv|email|REQUESTERS|APPROVERS|ADMINS|lead|broadcast|olga|launch:[a-z_]+|HTTP|at|promo|SPRING|x+|ab12|segmnt|keep-queue|canary|wait|test"
)
NOT_OURS = re.compile(
    rf"<[^>]*>|`[^`]*`|:[a-z_0-9]+[:…]|«[^»]*»|/campaign-[a-z]+|&lt;id&gt;|{OTHERS}|\b(?:{KNOWN_WORDS})\b"
)
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def texts(shown):
    """Every text that a person reads in a block, a view or an option."""
    if isinstance(shown, list | tuple):
        for one in shown:
            yield from texts(one)
    elif isinstance(shown, dict):
        if shown.get("type") in {"mrkdwn", "plain_text"}:
            yield shown["text"]
        else:
            for value in shown.values():
                yield from texts(value)


def english_in(*shown):
    """What of it is left in English."""
    return [text for text in (*texts(shown), *(one for one in shown if isinstance(one, str))) if _is_english(text)]


def _is_english(text):
    return ENGLISH.search(NOT_OURS.sub(" ", text)) is not None


@pytest.fixture(autouse=True)
def _in_russian():
    with speaking("ru"):
        yield


def test_the_search_for_english_finds_it():
    assert english_in("*Что:* Sends now to «Active».") != []
    assert english_in({"type": "mrkdwn", "text": "Run finished"}) != []
    assert english_in("Отправка завершена: <@U0ANA> `run_now`") == []


@pytest.mark.parametrize("name", STANDINGS)
def test_each_card_is_russian_and_one_that_slack_takes(name):
    message = card(STANDINGS[name], NOON)
    assert english_in(message.text, [written(block) for block in message.blocks]) == []
    assert problems_of(message) == []


@pytest.mark.parametrize("name", EVENTS)
def test_each_reply_is_russian_and_one_that_slack_takes(name):
    actor, event = EVENTS[name]
    message = reply(STANDINGS["running"], Line(Entry(LaunchId("L1"), 7, NOON, actor, event), "0123" * 16))
    assert english_in(message.text, [written(block) for block in message.blocks]) == []
    assert problems_of(message) == []


@pytest.mark.parametrize("reason", REASONS, ids=str)
def test_each_refusal_is_russian(reason):
    assert english_in(why_refused(reason, WHO_TO_ASK)) == []
    assert english_in(why_refused(reason, dict.fromkeys(WHO_TO_ASK, ()))) == []


@pytest.mark.parametrize("cause", CHANNEL_GONE.values())
def test_a_card_outside_its_channel_is_russian(cause):
    message = card_elsewhere(STANDINGS["requested"], cause)
    assert english_in([written(block) for block in message.blocks]) == []
    assert problems_of(message) == []


KNOWLEDGE = [
    Knowledge(None),
    Knowledge(PREVIEW, DEMANDING, (COLLISION,), notice=NOT_HERE, edits=True),
    Knowledge(Preview(problems=(Phrase("Segment {id} could not be read.", id="5"),))),
    Knowledge(Preview(campaign=Campaign(id=82, name="", is_active=False, default_source=asked().request.source))),
]
FORMS = [
    Form(),
    Form(campaign_id=82),
    Form.of(asked(limit=5, at=NOON, content={}, reason="Почему", practice=True).request),
    Form(campaign_id=82, limit="viele"),
    Form(campaign_id=82, source="segment:5"),
]


@pytest.mark.parametrize("knowledge", KNOWLEDGE)
@pytest.mark.parametrize("form", FORMS)
def test_the_modal_is_russian_and_one_that_slack_takes(form, knowledge):
    view = form_view(form, knowledge, "{}")
    assert english_in(written(view)) == []
    assert view_problems(view) == []


def test_the_smaller_views_are_russian_and_ones_that_slack_takes():
    much = STANDINGS["much asked for"]
    views = [
        reason_view("L1", "82"),
        notice_view("Готово", told(Phrase("The platform accepted the launch."))),
        *(
            confirm_view(action, one, "L1:abc")
            for action in (Action.APPROVE, Action.BREAK_GLASS)
            for one in (much, HOLDING)
        ),
    ]
    for view in views:
        assert english_in(written(view)) == []
        assert view_problems(view) == []
    assert english_in(*typed_errors(Action.BREAK_GLASS, much, {}, "").values()) == []


HOLDING = launch(requested=asked(demands=DEMANDING, attachments=(Attachment("a", "text/plain", 1, "0" * 64),)))


def test_the_answers_to_one_person_are_russian():
    answers = [
        notices.usage("/campaign-activate"),
        notices.clock_unknown("/campaign-activate", "82"),
        notices.not_in_direct_messages("/campaign-activate", "82"),
        notices.not_opened("/campaign-activate", "82"),
        notices.went_wrong("ab12"),
        *needs.limits(DEMANDING),
    ]
    assert english_in(*answers) == []


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 9000,
        "help me",
        "practice",
        "82 practice",
        "82 help",
        "run_now",
        "-82-",
        "hepl",
        "82 limit=1 limit=2",
        "82 content={} content={}",
        "82 content.=a",
        "82 content.a=",
        "82 content.a=1 content.a=2",
        "82 83",
        "82 wibble",
        "82 runnow",
        "82 reason=one wibble",
        '82 reason="one" wibble',
        "82 run_now=maybe",
        "82 run_now=tru",
        "82 run_now source=5",
        "82 run_now source=segmnt:5",
        "82 source=segment:5",
        "82 source=segment:0",
        "82 limit=1.000",
        "82 limit=many",
        "82 limit=",
        "82 limit=0",
        "82 limit=" + "9" * 30,
        "82 at=soon",
        "82 at=2026-13-01T09:00",
        "82 at=2026-12-01",
        "82 at=9:00",
        "82 at=завтра в 9",
        "82 at=завтро 9:00",
        "82 at=воскресенье 9:00",
        "82 at=воскресенье 18:00",
        "82 at=через 2 дня",
        "82 content={",
        '82 content={"a":1,"a":2}',
        "82 content={a}",
        "82 content=[1]",
        '82 content={"a": NaN}',
        '82 content={"a": 1e999}',
        "82 content='{}",
        "82 content=" + "[" * 60,
        '82 content={"a',
        '82 reason="open',
        f'82 reason="{"r" * 1001}"',
    ],
)
def test_what_is_wrong_with_a_command_is_told_in_russian(typed):
    sunday = datetime(2026, 11, 29, 12, tzinfo=UTC)
    with pytest.raises(CommandError) as wrong:
        parse(typed, now=sunday)
    # What a JSON parser says of the place at which it stops is its own word.
    said = re.sub(r"\(символ [^)]*\)", "", notices.wrong_command("/campaign-activate", typed, wrong.value))
    said = said.replace(f"`{typed}`", "")
    assert english_in(re.sub(r"hepl|wibble|tru|one|NaN|1e999", "", said)) == []


@pytest.mark.parametrize(
    "standing",
    [
        Standing((), frozenset()),
        Standing(
            (HeldRole("requester", "U0ANA", False), HeldRole("lead", "S0LEADS", True)), frozenset(Action), ("lead",)
        ),
        Standing(
            (),
            frozenset(),
            unchecked=(Unchecked("approver", Phrase("Slack did not answer for the user group {group}", group="S0")),),
        ),
    ],
)
def test_what_somebody_is_told_of_themselves_is_russian(standing):
    assert english_in(whoami(ANA, standing, WHO_TO_ASK)) == []


@pytest.mark.parametrize("preview", [None, PREVIEW, Preview(problems=(Phrase("The bot is stopping."),))])
@pytest.mark.parametrize("live", [None, STANDINGS["running"]])
def test_the_window_that_stops_a_campaign_is_russian_and_one_that_slack_takes(preview, live):
    view = stop_window.stop_view(82, preview, live, live, "{}", keep_queue=False)
    assert english_in(written(view)) == []
    assert view_problems(view) == []


def test_the_other_answers_about_a_stop_are_russian():
    command = "/campaign-stop"
    assert (
        english_in(
            stop_window.usage(command), stop_window.not_opened(command, 82), stop_window.asked(STANDINGS["stop asked"])
        )
        == []
    )


@pytest.mark.parametrize("typed", ["soon", "82 83", "82 keep-queue 83", "82 keepqueue", "82 hepl", "82 wibble"])
def test_what_is_wrong_with_a_stop_command_is_told_in_russian(typed):
    with pytest.raises(CommandError) as wrong:
        parse_stop(typed)
    assert english_in(notices.wrong_command("/campaign-stop", typed, wrong.value)) == []


def test_what_the_selects_offer_is_russian():
    assert english_in(options.sources(Directory(), "5")) == []


@pytest.mark.parametrize(("size", "words"), [(1, "1 профиль"), (3, "3 профиля"), (48210, "48\xa0210 профилей")])
def test_sizes_are_counted_as_russian_does(size, words):
    assert words in card(launch(requested=_sized(size))).blocks[1]["text"]["text"]


def _sized(size):
    assert PREVIEW.audience is not None
    audience = replace(PREVIEW.audience, size=size, basis=SizeBasis.PROFILES)
    return replace(asked(), preview=replace(PREVIEW, audience=audience))
