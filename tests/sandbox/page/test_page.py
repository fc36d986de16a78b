"""In a real browser, the page behaves as Slack does: modals, messages, and answers that one person sees."""

import json
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import requests
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.sandbox.page.world import EVIL_NAME, PLANNED
from tests.waiting import until


def test_a_slash_shows_the_commands_and_enter_takes_and_sends_one(visitor):
    composer = visitor.find("composer")
    composer.send_keys("/")
    visitor.find("command-/campaign-activate")
    composer.send_keys(Keys.ENTER, "help", Keys.ENTER)

    answer = visitor.find("ephemeral")

    assert "Only visible to you" in answer.text
    assert "Say 82 run_now." in answer.text


def test_what_a_person_types_stays_when_the_app_updates_the_view(visitor):
    visitor.open_modal()
    reason = visitor.find("action-reason")
    reason.send_keys("First", Keys.ARROW_LEFT)

    until(lambda: "5 characters" in visitor.find("modal-body").text)
    visitor.browser.switch_to.active_element.send_keys("-")

    assert visitor.find("action-reason").get_attribute("value") == "Firs-t"


def test_an_external_select_is_searched_and_chosen_by_keyboard(visitor):
    visitor.open_modal()
    visitor.fill_required()
    campaign = visitor.find("action-campaign")
    campaign.click()
    campaign.send_keys("e")
    until(lambda: len(visitor.browser.find_elements(By.CSS_SELECTOR, "[role=option][data-value]")) == 3)
    campaign.send_keys("w", Keys.BACKSPACE, "wsl")
    until(lambda: len(visitor.browser.find_elements(By.CSS_SELECTOR, "[role=option][data-value]")) == 1)
    campaign.send_keys(Keys.ENTER)
    visitor.find("modal-submit").click()
    visitor.gone("modal")

    assert visitor.world.app.states[0]["campaign"]["campaign"]["selected_option"]["value"] == "83"


def test_errors_stand_at_their_field_and_the_modal_stays(visitor):
    visitor.open_modal()
    visitor.find("modal-submit").click()
    until(lambda: "required" in visitor.find("field-reason").text)
    visitor.fill_required()
    visitor.find("action-limit").send_keys("13")
    visitor.find("modal-submit").click()

    until(lambda: "Thirteen is not sent." in visitor.find("field-limit").text)
    assert "required" not in visitor.find("field-reason").text
    assert visitor.world.app.states == []


def test_files_choices_and_text_reach_the_app_as_slack_sends_them(visitor, tmp_path):
    paper = tmp_path / "banner.txt"
    paper.write_text("Black Friday")
    visitor.open_modal()
    visitor.fill_required("It is time")
    visitor.find("action-files").send_keys(str(paper))
    until(lambda: "banner.txt" in visitor.find("files-files").text)
    visitor.find("action-audience").find_elements(By.CSS_SELECTOR, "label")[1].click()
    until(lambda: "Uploading" not in visitor.find("field-files").text)
    visitor.find("modal-submit").click()
    visitor.gone("modal")

    sent = visitor.world.app.states[0]
    assert sent["reason"]["reason"]["value"] == "It is time"
    assert sent["audience"]["audience"]["selected_option"]["value"] == "83"
    assert [file["name"] for file in sent["files"]["files"]["files"]] == ["banner.txt"]


def test_a_campaigns_name_is_never_markup(visitor):
    visitor.open_modal()
    assert EVIL_NAME in visitor.find("action-campaign").get_attribute("value")
    visitor.fill_required()
    visitor.find("modal-submit").click()

    until(lambda: EVIL_NAME in visitor.find("thread-messages").text)

    assert visitor.browser.find_elements(By.CSS_SELECTOR, ".stage img") == []
    assert visitor.browser.execute_script("return window.pwned === undefined")


DRAWN = {
    "*bold* _it_ ~gone~ `a*b*`": "<strong>bold</strong> <em>it</em> <del>gone</del> <code>a*b*</code>",
    "*two _in_ one*": "<strong>two <em>in</em> one</strong>",
    "2*3*4 snake_case_name": "2*3*4 snake_case_name",
    "* not bold* and *not\nthis*": "* not bold* and *not<br>this*",
    "&lt;b&gt; &amp;amp; <b>": "&lt;b&gt; &amp;amp; &lt;b&gt;",
    "<javascript:alert(1)|click>": "&lt;javascript:alert(1)|click&gt;",
    "<https://a.example/?x=1&amp;y=2|a *b*>": '<a href="https://a.example/?x=1&amp;y=2" target="_blank" '
    'rel="noreferrer noopener">a *b*</a>',
    "<@U0ANA> <!subteam^S0LEADS>": '<span class="mention">@Ana</span> <span class="mention">@leads</span>',
    "<#C0LAUNCH>": '<span class="mention">#launches</span>',
    "<!channel>": '<span class="mention mention-loud">@channel</span>',
    "<!date^nonsense^{date}|in May>": "in May",
    "&gt; said\n&gt; twice\nafter": "<blockquote>said<br>twice</blockquote>after",
    "a\n```\nx < *y*\n```\nb": "a<pre>x &lt; *y*</pre>b",
    ":no_such_emoji: 10:30:45": ":no_such_emoji: 10:30:45",
}
DRAW = """
const [texts, done] = arguments;
const names = {user: () => "Ana", channel: () => "launches", group: () => "leads"};
import("/mrkdwn.js").then(({mrkdwn}) => done(texts.map((text) => {
  const place = document.createElement("div");
  place.append(mrkdwn(text, names));
  return place.innerHTML;
})));
"""


def test_slacks_markup_is_drawn_as_slack_draws_it(visitor):
    drawn = visitor.browser.execute_async_script(DRAW, list(DRAWN))

    assert dict(zip(DRAWN, drawn, strict=True)) == DRAWN


def test_a_refused_click_is_answered_to_that_person_alone(visitor):
    ts, _ = visitor.card()
    visitor.be("U0OTTO")
    before = len(visitor.all("ephemeral"))
    visitor.find(f"message-{ts}").find_element(By.CSS_SELECTOR, "[data-testid=action-approve]").click()
    visitor.find("confirm-yes").click()
    until(lambda: len(visitor.all("ephemeral")) == before + 1)
    assert "not an approver" in visitor.all("ephemeral")[-1].text

    visitor.be("U0BEN")

    visitor.gone("ephemeral")


def test_a_confirm_dialog_stands_between_a_button_and_the_app(visitor):
    _, shown = visitor.card()
    shown.find_element(By.CSS_SELECTOR, "[data-testid=action-approve]").click()
    visitor.find("confirm-no").click()
    visitor.gone("confirm")
    shown.find_element(By.CSS_SELECTOR, "[data-testid=action-approve]").click()
    visitor.find("confirm-yes").click()

    until(lambda: "Approved" in shown.text)

    assert visitor.world.app.pressed == ["U0ANA"]


def test_an_app_that_does_not_answer_shows_slacks_own_sentence(visitor):
    visitor.open_modal()
    visitor.fill_required()
    world = visitor.world
    url = world.workspace.delivery.request_url
    until(lambda: "characters" in visitor.find("modal-body").text)
    world.workspace.delivery.request_url = "http://127.0.0.1:9/"
    visitor.find("modal-submit").click()

    until(lambda: "We had some trouble connecting" in visitor.find("modal-error").text)

    world.workspace.delivery.request_url = url
    visitor.find("modal-submit").click()
    visitor.gone("modal")


def test_the_bot_is_killed_and_started_from_the_page(visitor):
    visitor.find("tab-bot").click()
    visitor.find("bot-kill").click()
    until(lambda: visitor.find("bot-status").text.lower() == "stopped")
    visitor.world.bot.log = ["the bot is back"]
    visitor.find("bot-start").click()

    until(lambda: visitor.find("bot-status").text.lower() == "running")
    until(lambda: visitor.find("bot-log").text == "the bot is back")


def test_a_button_without_a_question_opens_its_modal_at_once(visitor):
    _, shown = visitor.card()
    shown.find_element(By.CSS_SELECTOR, "[data-testid=action-plan]").click()
    until(lambda: "When is it to start?" in visitor.find("modal-body").text)
    visitor.find("modal-submit").click()
    until(lambda: "It is planned." in visitor.find("modal-body").text)

    assert visitor.all("confirm") == []
    assert visitor.world.app.states == [("L7:abc", PLANNED)]


@pytest.mark.parametrize(("person", "shown"), [("U0ANA", "09:00"), ("U0CLEO", "08:00"), ("U0DAN", "03:00")])
def test_a_moment_is_read_and_chosen_on_the_persons_own_clocks(visitor, person, shown):
    ts, _ = visitor.card()
    visitor.be(person)
    visitor.find(f"message-{ts}").find_element(By.CSS_SELECTOR, "[data-testid=action-plan]").click()
    when = visitor.find("action-when")

    assert when.get_attribute("value") == f"2026-12-01T{shown}"
    visitor.sets(when, "2026-07-01T12:30")
    visitor.find("modal-submit").click()

    sent = until(lambda: visitor.world.app.states)[0][1]
    there = ZoneInfo(visitor.world.workspace.state.people[person].tz)
    assert datetime.fromtimestamp(sent, there).isoformat()[:16] == "2026-07-01T12:30"


def test_another_set_up_is_chosen_and_read(visitor):
    visitor.find("tab-rails").click()
    assert "Empty: the lists in the bot’s environment" in visitor.find("setup-text").text
    Select(visitor.find("setup")).select_by_visible_text("Bank-like")

    until(lambda: "break_glass = true" in visitor.find("setup-text").text)

    assert visitor.world.policy.file.read_text().startswith("# Bank-like: two approvals")


def test_a_policy_written_by_a_test_is_shown_as_another_one(visitor):
    visitor.world.writes("# Mine\n")
    visitor.find("tab-rails").click()

    until(lambda: visitor.find("setup-text").text == "# Mine")
    assert Select(visitor.find("setup")).first_selected_option.text == "Another policy"
    Select(visitor.find("setup")).select_by_value("0-none")
    until(lambda: len(Select(visitor.find("setup")).options) == 9)


def test_a_campaign_is_renamed_and_a_segment_grows_behind_the_bots_back(visitor):
    visitor.find("tab-platform").click()
    name = visitor.find("edit-name")
    until(lambda: name.get_attribute("value") == "Black Friday: early access")
    name.clear()
    name.send_keys("Black Friday: too early", Keys.ENTER)
    visitor.sees("campaign-82", "Black Friday: too early")
    Select(visitor.find("edit-audience")).select_by_value("list:1")
    size = visitor.find("edit-size")
    assert size.get_attribute("value") == "214600"
    size.clear()
    size.send_keys("2146")
    visitor.find("edit-audience-do").click()

    visitor.sees("campaign-82", "Customers · 1,984")


def test_a_templates_subject_is_changed_behind_the_bots_back_and_may_be_emptied(visitor):
    def subject():
        return visitor.world.platform.templates[78].channels["email"]["subject"]

    visitor.find("tab-platform").click()
    words = visitor.find("edit-words")
    until(lambda: words.get_attribute("value") == "{lead._fname}, you are in a day early")
    words.clear()
    words.send_keys("Too <b>early</b>", Keys.ENTER)
    until(lambda: subject() == "Too <b>early</b>")
    # Keeps the focus, so that the page does not fill in meanwhile what it has just heard.
    words.send_keys(Keys.CONTROL, "a", Keys.NULL, Keys.BACKSPACE, Keys.ENTER)
    until(lambda: subject() == "")

    def another_template_is_chosen():
        # The page draws the options anew when it hears of the change.
        with suppress(StaleElementReferenceException):
            Select(visitor.find("edit-template")).select_by_value("80 sms sms")
            return words.get_attribute("value").startswith("{lead._fname}, your parcel waits")

    until(another_template_is_chosen)


@pytest.mark.parametrize(("person", "shown"), [("U0ANA", "20 Nov, 09:11"), ("U0DAN", "20 Nov, 03:11")])
def test_the_platforms_times_are_those_of_the_persons_own_clocks(visitor, person, shown):
    day, time = shown.split(", ")
    visitor.find("tab-platform").click()
    visitor.be(person)
    until(lambda: time in visitor.find("campaign-44").text)
    assert set(day.split()) <= set(visitor.find("campaign-44").text.replace(",", " ").split())


def test_a_name_or_a_size_that_cannot_be_is_told_where_it_was_typed(visitor):
    visitor.find("tab-platform").click()
    for hook in ("edit-name", "edit-size"):
        field = visitor.find(hook)
        until(lambda field=field: field.get_attribute("value"))
        field.clear()
        field.send_keys(Keys.ENTER)
        form = field.find_element(By.XPATH, "..")
        until(lambda form=form: "Type what it is to be." in form.text)


TOO_WIDE = """
return [...document.querySelectorAll("html, .channel, .thread, .inspector, .composer")]
  .filter((part) => part.scrollWidth > part.clientWidth)
  .map((part) => `${part.tagName}.${part.className}: ${part.scrollWidth} > ${part.clientWidth}`);
"""


def test_on_a_laptop_everything_has_its_room_and_the_console_has_no_error(visitor):
    ts, _ = visitor.card()
    visitor.world.app.app.client.chat_postMessage(channel="C0LAUNCH", text="A step", thread_ts=ts)
    visitor.find(f"replies-{ts}").click()
    visitor.find("tab-rails").click()
    assert visitor.browser.execute_script(TOO_WIDE) == []
    visitor.find("tab-platform").click()
    visitor.find("composer").send_keys("/campaign-activate 82 run_now source=segment:5 " + "reason=" * 20)

    assert visitor.find("thread").is_displayed()
    assert visitor.browser.execute_script(TOO_WIDE) == []
    errors = [entry for entry in visitor.browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert errors == [], json.dumps(errors, indent=1)


def test_somebody_reads_slack_in_another_language_at_a_press(visitor, world):
    visitor.find("tab-slack").click()
    visitor.find("language").click()

    visitor.sees("language", "Let Ana read Slack in English")

    assert world.app.app.client.users_info(user="U0ANA", include_locale=True)["user"]["locale"] == "ru-RU"
    visitor.find("language").click()
    visitor.sees("language", "Let Ana read Slack in Russian")


def test_a_file_that_the_app_sends_is_offered_for_saving_and_never_shown(visitor, world):
    """A page that is sent as a file must not run as the sandbox's own."""
    client = world.app.app.client
    channel = client.conversations_open(users="U0ANA")["channel"]["id"]
    client.files_upload_v2(channel=channel, content="<script>alert(1)</script>", filename="record.html")
    visitor.find(f"channel-{channel}").click()

    chip = until(lambda: visitor.browser.find_elements(By.CSS_SELECTOR, "a.file-chip"))[0]
    answer = requests.get(chip.get_attribute("href"), timeout=5)

    assert (chip.text, chip.get_attribute("download")) == ("record.html", "record.html")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''record.html"
