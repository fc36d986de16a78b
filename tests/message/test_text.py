"""A message as people read it, whatever it is made of."""

import time

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import markup
from bot.message.markup import plain
from bot.message.message import Channel
from bot.message.text import (
    MOST_LINKS,
    MOST_TEXT,
    Link,
    first_lines,
    from_html,
    from_text,
    host_of,
    readable,
    say_the_same,
)
from tests.message.hostile import corpus

MAIL = """<html><head><title>Spring</title><style>.a{color:red}</style></head><body>
<div style="display:none; max-height:0">Only in the list of mails&nbsp;&zwnj;&nbsp;&zwnj;</div>
<!--[if mso]><table><tr><td>For Outlook</td></tr></table><![endif]-->
<h1>Spring <b>is</b> here</h1><p>Hello, {lead._fname}!<br>Second line</p>
<a href="https://shop.example/a?b=1&region=77&amp;timestamp=3">Shop <span>now</span></a>
<ul><li>One<li>Two</ul><img src="https://pixel.example/p.gif" alt="Logo">
<a href="{apicontent.link}">Yours</a><script>if (a < b) { track("x") }</script></body></html>"""

HOSTILE = corpus(2_000_000)


def channel(sid, **fields):
    return Channel(sid, tuple(fields.items()))


def test_a_mail_reads_as_its_reader_sees_it():
    assert from_html(MAIL).text.splitlines() == [
        "Spring is here",
        "",
        "Hello, {lead._fname}!",
        "Second line",
        "",
        "Shop now (https://shop.example/a?b=1&region=77&timestamp=3)",
        " • One",
        " • Two",
        "Logo Yours ({apicontent.link})",
    ]


def test_a_link_is_told_as_a_browser_reads_it_with_its_host():
    assert from_html(MAIL).links == (
        Link("https://shop.example/a?b=1&region=77&timestamp=3", "shop.example", "Shop now"),
        Link("{apicontent.link}", "", "Yours"),
    )


@pytest.mark.parametrize(
    "hiding",
    [
        'style="DISPLAY : none"',
        "hidden",
        "style='visibility:hidden'",
        'style="opacity:0;color:#fff"',
        'style="max-height:0px; overflow: hidden"',
    ],
)
def test_what_is_hidden_is_not_read(hiding):
    read = from_html(f"<div {hiding}><p>Not</p><a href=https://x.example>this</a></div><p>That</p>")

    assert (read.text, read.hidden) == ("That", "Not\n\nthis (https://x.example)")
    assert [link.host for link in read.links] == ["x.example"]


def test_what_is_hidden_in_several_places_is_told_in_order_and_filler_is_nothing():
    assert from_html("<p hidden>One<b hidden>two</b></p>a<i hidden>three</i>b").hidden == "Onetwo\nthree"
    assert from_html("<div hidden>&zwnj;&nbsp;&#847;&zwnj;</div>a").hidden == ""


def test_much_that_is_hidden_keeps_nothing_that_is_shown_from_being_read():
    assert from_html(f"<div hidden>{'word ' * 40_000}</div>{'word ' * 40_000}").cut == ()
    assert from_html(f"<div hidden>{'word ' * 60_000}</div>").cut != ()


def test_two_texts_say_the_same_where_only_their_lines_and_addresses_differ():
    assert say_the_same("Buy now (https://x.example/a?b=1)\nToday", "• BUY now: https://x.example\n\ntoday")
    assert not say_the_same("Only €9⁹⁹", "Only €8⁹⁹")


@pytest.mark.parametrize("shown", ['style="opacity:0.9"', 'style="max-height:0"', "data-x=1", 'style="font-size:0"'])
def test_what_is_not_hidden_is_read(shown):
    assert from_html(f"<div {shown}>This</div>").text == "This"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<p title=don't>It's</p>", "It's"),
        ("<p title='a > b'>c</p>", "c"),
        ("<ul><li>a<li>b</ul>", "• a\n • b"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("before<!-- not > this -->after", "beforeafter"),
        ("before<!-->after", "beforeafter"),
        ("a<template>b</template><svg><text>c</text></svg><TITLE>d</title >e", "ae"),
        ("kept<b never ends", "kept"),
        ("<h1>&lt;!channel&gt;</h1>", "<!channel>"),
        ("</p></div>a</span>", "a"),
        ("<a href=one>x<a href=two>y</a>", "x (one)y (two)"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_odd_html_reads_as_in_a_browser(html, text):
    assert from_html(html).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Only &euro;9<sup>99</sup>, was <s>&euro;12<sup>49</sup></s>", "Only €9⁹⁹, was ~€12⁴⁹~"),
        ("<del>100</del> <strike>90</strike> <ins>80</ins>", "~100~ ~90~ 80"),
        ('<p>Now 80<p style="Text-Decoration : line-through">Was 100<p>x', "Now 80\n\n~Was 100~\n\nx"),
        ('<span style="color:red;text-decoration-line:underline line-through">7</span>', "~7~"),
        ('<a href="https://x.example" style="text-decoration:none">Buy</a>', "Buy (https://x.example)"),
        ('19<span style="vertical-align:super;font-size:9px">90</span>', "19⁹⁰"),
        ("9<sup>{cents}</sup> and 9<sup>&#57;</sup> and 9<sup>99 €</sup>", "9^{cents} and 9^9 and 9^99 €"),
        ("1<sup>st</sup> of May, Brand<sup>®</sup>, terms<sup>1</sup>*", "1st of May, Brand®, terms¹*"),
        ('<td style="vertical-align:top">10</td>', "10"),
        ("<s style=display:none>5</s>6", "6"),
        ('<table style="text-decoration:line-through"><tr><td>5</td></tr></table>', "5"),
    ],
)
def test_what_a_price_turns_on_is_told_by_signs(html, text):
    assert from_html(html).text == text


def test_an_email_is_read_by_its_text_version_with_the_links_of_both():
    read = readable(channel("email", text="Hi, see https://b.example/x.", html=MAIL))

    assert read.text == "Hi, see https://b.example/x."
    assert [link.host for link in read.links] == ["shop.example", "", "b.example"]


def test_an_email_without_a_text_version_is_read_by_its_html():
    assert readable(channel("email", text=" \n", html="<p>Hi</p>")).text == "Hi"


def test_a_push_is_its_title_and_body_and_where_it_leads():
    read = readable(channel("push", title="Sale", body="Today only", icon="x", click_url="https://shop.example/"))

    assert (read.text, read.links) == ("Sale\nToday only", (Link("https://shop.example/", "shop.example"),))


def test_a_channel_that_nobody_here_knows_is_told_by_its_fields_names():
    assert (
        readable(channel("telegram_bot", message="Hi", buttons="", photo="a.png")).text == "message: Hi\nphoto: a.png"
    )


def test_a_message_without_anything_is_nothing():
    assert all(readable(channel(sid)).text == "" for sid in ("email", "sms", "push", "other"))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Shop.Example/x", "shop.example"),
        ("https://good.example@evil.example/", "evil.example"),
        ("https:\\\\evil.example\\x", "evil.example"),
        ("https:evil.example", "evil.example"),
        ("  http:///evil.example/x", "evil.example"),
        ("//shop.example/x", "shop.example"),
        ("https://[::1]:80/", "::1"),
        ("https://[broken", ""),
        ("mailto:a@b.example", ""),
        ("{apicontent.link}", ""),
        ("", ""),
    ],
)
def test_a_host_is_the_one_that_a_browser_would_go_to(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\n\n  One \n\nTwo\nThree", "One\nTwo …"),
        ("One\nTwo", "One\nTwo"),
        ("x" * 151, "x" * 149 + "…"),
        ("", ""),
    ],
)
def test_the_first_lines_say_where_something_is_missing(text, shown):
    assert first_lines(text) == shown


@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_html_is_read_in_little_time_and_memory(name):
    process = psutil.Process()
    before, begun = process.memory_info().rss, time.process_time()

    read = from_html(HOSTILE[name])

    assert time.process_time() - begun < 3
    assert process.memory_info().rss - before < 60 * 2**20
    assert len(read.text) <= MOST_TEXT
    assert len(read.links) <= MOST_LINKS


@pytest.mark.parametrize("name", HOSTILE)
def test_a_parser_gets_only_what_is_small_and_flat(name):
    kept = plain(HOSTILE[name])

    assert len(kept.html) <= markup.MOST_KEPT + markup.LONGEST_VALUE * 8
    assert kept.html.count("<") <= 2 * markup.MOST_TAGS
    assert (
        max((tag.count("=") for tag in kept.html.split("<") if tag.startswith("a ")), default=0) < markup.LONGEST_VALUE
    )
    assert depth(kept.html) <= markup.DEEPEST


def depth(html):
    deepest = level = 0
    for tag in markup._TAG.finditer(html):
        if tag[2] not in markup._EMPTY:
            level += -1 if tag[1] else 1
            deepest = max(deepest, level)
    assert level == 0
    return deepest


def test_what_was_too_large_is_said():
    [said] = from_html("<p>Hello, world</p>" * 100_000).cut
    assert said == (
        "The HTML is too large to be read whole: this is what its first 95,000 of 1,900,000 characters say."
    )
    [said] = from_html("<p>x " * 1000).cut or [""]
    assert not said
    assert from_html("<div>" * 300 + "x").cut == (
        "Parts of the HTML are nested so deeply that their layout was not kept.",
    )
    assert from_text("x" * (MOST_TEXT + 1)).cut == (
        "The text is too long: these are its first 200,000 of 200,001 characters.",
    )
    many = from_text(" ".join(f"https://a.example/{n}" for n in range(MOST_LINKS + 1)))
    assert (len(many.links), many.cut) == (MOST_LINKS, ("Only the first 1,000 links are shown.",))


def test_a_newsletter_of_a_usual_size_is_read_whole():
    rows = "".join(
        f'<tr><td><a href="https://shop.example/{n}?utm_source=mail&amp;utm_id={n}"><b>Offer {n}</b></a></td></tr>'
        for n in range(900)
    )
    read = from_html(f"<table>{rows}</table>")

    assert (read.cut, len(read.links)) == ((), 900)
    assert "Offer 899" in read.text


pieces = st.sampled_from(
    [
        *("<", ">", "</", "<!--", "-->", "<p>", "</p>", "<a href=", '"', "'", "<style>", "</style>", "<td hidden>"),
        *("</td>", "<table>", "&amp", "&#x1F600;", "x", " ", "=", "\n", "<br>", "<![CDATA[", "]]>", "<svg/>", "{a}"),
        *("\ud83d", "\x00"),
    ]
)


@given(st.one_of(st.lists(pieces, max_size=60).map("".join), st.text(st.characters(), max_size=200)))
def test_nothing_that_somebody_wrote_raises(html):
    for sid in ("email", "sms", "push", "other"):
        read = readable(channel(sid, text="", html=html, sms=html, title=html, click_url=html))
        first_lines(read.text).encode()
        read.text.encode()
        [link.address.encode() for link in read.links]
    assert depth(plain(html).html) <= markup.DEEPEST
