"""What people will receive stands on the card in few words, and whole in the window; nothing of it pings anybody."""

from dataclasses import replace

from bot.message.checks import checks
from bot.message.finding import Asked, Check, CheckSettings, Finding, Grade
from bot.message.message import NOT_COVERED, MessageUnread, Unread
from bot.message.report import Essentials, Report, report
from bot.phrase import Phrase
from bot.slack.form import Form
from bot.slack.views import message_texts, sent
from bot.slack.views.card import card
from bot.slack.views.form_summary import Knowledge
from bot.slack.views.modal import form_view
from sandbox.cast import texts
from tests.builders import NOON, PREVIEW, asked, launch
from tests.message.builders import email, message, sms
from tests.slack.test_views import written

UNREAD = MessageUnread(Unread.NO_RIGHT, Phrase("Template 77 could not be read."), 77)


def found(*messages, content=None):
    asked = Asked(messages=messages, now=NOON, content=content or {}, size=10)
    return report(messages, checks(asked, CheckSettings()))


def test_an_e_mail_is_told_by_its_subject_its_sender_and_its_first_lines():
    first, *further = sent.lines(found(email()))

    assert first == "*E-mail:* “Spring is here”, from “The shop &lt;shop@shop.example&gt;”"
    assert further[0].startswith(">Hello, {lead.")
    assert further[-1].startswith("*Checks:* all ")


def test_an_sms_is_told_with_its_size():
    assert sent.lines(found(sms("Hello")))[:2] == ["*SMS:* 5 characters, 1 part (GSM 03.38)", ">Hello"]


def test_a_push_is_told_with_its_title_and_where_it_leads():
    push = message("push", {"title": "Sale", "body": "Now", "click_url": "https://shop.example"})

    assert sent.lines(found(push))[:3] == ["*Push:* “Sale”", ">Now", ">opens https://shop.example"]


def test_what_failed_comes_first_and_all_is_counted():
    lines = sent.lines(found(email(subject="", text="")))

    assert "*no subject*" in lines[0]
    at = next(nth for nth, line in enumerate(lines) if line.startswith("*Checks:* 1 failure, "))
    assert lines[at + 1].startswith(":x: The subject is empty")
    assert lines[at + 2].startswith(":warning: ")


def test_what_was_not_read_is_a_warning_that_an_approval_does_not_cover_it():
    unread = sent.unread(found(UNREAD))

    assert unread == [f":warning: {NOT_COVERED} Template 77 could not be read."]
    assert not any("E-mail" in line for line in sent.lines(found(UNREAD)))


def test_earlier_records_tell_nothing_of_it():
    assert sent.lines(Report()) == sent.unread(Report()) == []


def test_what_is_fetched_at_sending_is_said_not_to_be_covered():
    fetching = message(more=(("json_url", "https://feed.example/today"),))

    assert any("feed.example" in line and "does not cover" in line for line in sent.unread(found(fetching)))


def test_nothing_in_a_message_pings_anybody_on_the_card():
    hostile = email(subject="<!channel> *bold*", text="<@U0ANA> <!here>", from_name="<!everyone>")

    assert not any(mark in line for line in sent.lines(found(hostile)) for mark in ("<!", "<@"))


def test_the_window_tells_everything_of_a_message_and_cuts_nothing():
    long = email(text="x" * 50_000 + " {apicontent.promo} {lead._fname} https://shop.example/a")

    told = dict(message_texts.texts([long], {"promo": "SPRING"}))
    whole = "\n".join(text for _, text in message_texts.texts([long], {"promo": "SPRING"}))

    assert "x" * 50_000 in whole
    assert "From: The shop <shop@shop.example>" in whole
    assert "shop.example: https://shop.example/a" in told["Links, by host"]
    assert '{apicontent.promo} = "SPRING"' in told["Variables"]
    assert "{lead._fname}: each reader's own, or" in told["Variables"]
    assert "{apicontent.promo}: not given" in dict(message_texts.texts([long], {}))["Variables"]


HIDDEN = "Hidden when the mail is opened, such as the first words in an inbox"
AS_HTML = "The HTML version says other words than the text version"


def test_the_window_tells_what_the_html_says_where_its_words_are_others_than_the_texts():
    stale = email(text="Winter is over", html="<p>Spring is here</p><p hidden>Only today</p>")

    told = dict(message_texts.texts([stale], {}))
    assert (told["E-mail, template 77"], told[AS_HTML], told[HIDDEN]) == (
        "Winter is over",
        "Spring is here",
        "Only today",
    )


def test_the_window_tells_what_only_outlook_or_readers_of_amp_see():
    outlook = "<!--[if mso]><p>Was 90</p><![endif]--><p>Now 80</p>"
    one = email(text="Now 80", html=outlook, amp="<p>Now 70</p><p hidden>60</p>", is_amp="true")

    told = dict(message_texts.texts([one], {}))
    assert AS_HTML not in told
    assert told["Shown by Outlook alone"] == "Was 90"
    assert told["The AMP version says other words than the HTML version"] == "Now 70"
    assert told["Hidden when the AMP version is opened"] == "60"


def test_the_window_tells_once_what_both_versions_say():
    same = email(text="Spring\n\nis here: https://shop.example/x", html="<h1>Spring is</h1> <a href=x>here</a>")

    assert not {AS_HTML, HIDDEN} & dict(message_texts.texts([same], {})).keys()
    assert AS_HTML not in dict(message_texts.texts([email(text="")], {}))
    assert AS_HTML not in dict(message_texts.texts([sms("Hello")], {}))


def test_the_window_tells_of_an_object_the_value_that_the_message_uses():
    one = email(text="{apicontent.promo.code}")

    told = dict(message_texts.texts([one], {"promo": {"code": "SPRING", "secret": 1}}))

    assert told["Variables"].splitlines()[0] == '{apicontent.promo.code} = "SPRING"'


def test_the_window_tells_why_a_message_was_not_read_and_all_that_the_checks_found():
    one = found(UNREAD)

    [(title, text)] = message_texts.texts([UNREAD], {})
    assert (title, text) == ("Message", f"{NOT_COVERED} Template 77 could not be read.")
    assert len(dict(message_texts.findings(one.findings))) == 1


def test_what_is_left_out_is_said_to_stand_behind_the_button_that_is_there():
    many = Report(
        essentials=(Essentials(message_id=78, channel="email", subject="Sale"),) * (sent.MOST_SHOWN + 1),
        findings=(Finding(Check.BARE_ADDRESS, Grade.WARNING, Phrase("A link.")),) * (sent.MOST_FINDINGS + 2),
    )
    on_card = texts([written(block) for block in card(launch(requested=replace(asked(), report=many))).blocks])
    on_form = texts(form_view(Form(campaign_id=82), Knowledge(PREVIEW, report=many), "{}"))
    for shown, button, other in (
        (on_card, "Read everything", "Read the message"),
        (on_form, "Read the message", "Read everything"),
    ):
        assert f"1 more message is not shown here: “{button}” shows it." in shown
        assert f"2 more: “{button}” shows them." in shown
        assert other not in shown
