"""A message as people read it, whatever it is made of."""

import re
import time

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import elements, kept, markup
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
    versions,
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
        'style="overflow:hidden;height:0"',
        'style="opacity: .0 !important"',
        'style="visibility:collapse"',
        'style="display:block;display:none"',
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
    html = from_html('<a href="https://x.example/a?b=1">Buy now</a><br>Today for {lead.name}<a href="{link}">Go</a>')
    text = from_text("• BUY now: https://x.example\n\ntoday, for {lead.name}\nGo {link}")
    assert say_the_same(html, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Only €9⁹⁹", "Only €8⁹⁹"),
        ("$10", "€10"),
        ("Sale (50%)", "Sale (40%)"),
        ("With (SPRING25)", "With (SPRING20)"),
        ("{price}", "{old_price}"),
        ("20%", "20"),
        ("~100~ 80", "100 80"),
        ("−5 %", "5 %"),
        ("9.99", "9 99"),
    ],
)
def test_two_texts_do_not_say_the_same_where_an_amount_or_a_code_differs(one, other):
    assert not say_the_same(from_text(one), from_text(other))


def test_a_dash_before_an_amount_is_a_minus_however_it_is_written():
    assert say_the_same(from_text("- Today −5 %"), from_text("Today –5 %"))


@pytest.mark.parametrize(
    "shown",
    [
        *('style="opacity:0.9"', 'style="max-height:0"', "data-x=1", 'style="font-size:9px"'),
        *('style="overflow:hidden;height:auto"', 'style="overflow:hidden;max-width:none"', 'style="opacity:inherit"'),
        *('style="overflow:hidden;width:0;min-width:100%"', 'hidden style="display:block"', 'style="display:none!ie"'),
        *("style=\"background:url('data:;display:none;')\"", 'style="display:{{ shown }}"'),
    ],
)
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
        ("a<template>b</template><svg><title>b</title><text>c</text></svg><TITLE>d</title >e", "ace"),
        ("<table><tr><td>a</div></p><td>b</table>", "a b"),
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
        ('<table style="text-decoration:line-through"><tr><td>5<td>6</table>', "~5~ ~6~"),
        ("<s><table><tr><td>5</td></tr></table></s>6", "~5~\n6"),
        ('<ul style="text-decoration:line-through"><li>5<li>6</ul>', "• ~5~\n • ~6~"),
        ("<del>Was <p>5</p> or 6</del> now 4", "~Was~\n\n~5~\n\n~or 6~ now 4"),
        ('<p style="text-decoration:line-through">5<div>6</div>', "~5~\n\n6"),
        ("<s><s>5</s></s><s></s><s> </s>6", "~5~ 6"),
        ("<p><s>5</p><p>6</s>7", "~5~\n\n~6~\n\n7"),
        ("<table><tr><td><s>5</td><td>6</td></table>", "~5~ 6"),
        ('<s style="text-decoration:none">5</s>', "5"),
        ('<s>5 <b style="display:inline-block">6</b></s>', "~5~ 6"),
        ('<a href="https://x.example"><s>5</s></a>6', "~5~ (https://x.example)6"),
        ("<style>.old{text-decoration:line-through}</style><b class='x Old'>5</b>6", "~5~6"),
        ("<b class=old>5</b>6<style>/* } */ @import 'x'; td , .old { text-decoration : line-through }</style>", "~5~6"),
        (
            "<style>.a .b>i{text-decoration:line-through}</style><p class=a><b class=b><i>5</i></b></p><i>6</i>",
            "~5~\n\n6",
        ),
        ("<style>@media (max-width:9px){.b{text-decoration:line-through}}.c{top:0}</style><b class=b>5</b>", "5"),
        ("<style>@media screen{.b{text-decoration:line-through}}</style><b class=b>5</b>", "~5~"),
        ("<style>.b{text-decoration:line-through}#b{text-decoration:none}</style><b class=b id=b>5</b>", "5"),
        (
            "<style>.b{text-decoration:line-through!important}</style><b class=b style='text-decoration:none'>5</b>",
            "~5~",
        ),
        ("<style>.b{text-decoration:line-through}</style><b class=b style='text-decoration:none'>5</b>", "5"),
        ("<style>.b:hover,u+.b{text-decoration:line-through}</style><u></u><b class=b>5</b>", "5"),
        ('<b style="font-family:&quot;A&quot;;text-decoration:&#108;ine-through">5</b>', "~5~"),
        ("<small>9</small> 9<small>99</small>, 5<small>0</small>%", "9 9⁹⁹, 5⁰%"),
        ('<b style="font-size:40px">9</b><b style="font-size:12pt">9<i>9</i></b>', "9⁹⁹"),
        ("9<b style='font:9px \"A\"'>99</b>", "9⁹⁹"),
        ('<b style="font:bold 40px/1 Arial">9</b><b style="font-size:40px">99</b>', "999"),
        ('<font size="6">9</font><font size="2">99</font>', "9⁹⁹"),
        ('9<b style="vertical-align:top">99</b><br>9<b style="vertical-align:.5em">99</b>', "9⁹⁹\n9⁹⁹"),
        ('9<b style="position:relative;top:-5px">99</b> 9<b style="position:relative;top:5px">99</b>', "9⁹⁹ 999"),
        ("<style>sup{vertical-align:baseline}</style>9<sup>99</sup>", "9⁹⁹"),
        ("9<sub>99</sub> H<sub>2</sub>O ½ 1<sup>1</sup>/<sub>2</sub>", "9₉₉ H2O ½ 1¹/2"),
        ('<i style="display:block">10</i><i style="display:block">50% off</i>', "10\n50% off"),
    ],
)
def test_what_a_price_turns_on_is_told_by_signs(html, text):
    assert from_html(html).text == text


def test_what_a_style_sheet_hides_is_hidden_and_what_it_hides_on_some_screens_is_not():
    read = from_html("<style>.a{display:none}@media(max-width:9px){.b{display:none}}</style><p class=a>A<p class=b>B")

    assert (read.text, read.hidden) == ("B", "A")


@pytest.mark.parametrize("media", ["handheld", "tv, print", "amzn-kf8", "not screen", "screen and (min-width:9px)"])
def test_what_a_style_sheet_hides_elsewhere_is_read(media):
    hidden = ".a{display:none}"
    for html in (f"<style>@media {media}{{{hidden}}}</style>", f'<style media="{media}">{hidden}</style>'):
        assert from_html(f"{html}<p class=a>A").text == "A"


@pytest.mark.parametrize("media", ["", "all", "only screen", "print,\nScreen"])
def test_what_a_style_sheet_hides_on_every_screen_is_hidden(media):
    assert from_html(f"<style>@media {media}{{.a{{display:none}}}}</style><p class=a>A").hidden == "A"
    assert from_html(f'<style media="{media}">.a{{display:none}}</style><p class=a>A').hidden == "A"


@pytest.mark.parametrize("before", ["content:'}'", 'content:"/*"', "content:'it\\'s }'", "content:'never ends\n"])
def test_what_is_quoted_in_a_style_sheet_changes_none_of_its_rules(before):
    read = from_html(f"<style>.b{{{before}}} .a{{display:none}}</style><p class=a>A<p class=b>B")

    assert (read.text, read.hidden) == ("B", "A")


def test_what_is_visible_again_in_what_is_not_is_read():
    inner = '<p style="visibility:visible">B</p><img alt=C style="visibility:visible">'
    read = from_html(f'x<div style="visibility:hidden">A{inner}D</div>y<img alt=E style="visibility:hidden">')

    assert (read.text.split(), read.hidden.split()) == (["x", "B", "C", "y"], ["A", "D", "E"])
    assert from_html(f'<div style="display:none">{inner}</div>').text == ""


def test_letters_without_a_size_are_hidden_and_what_has_one_again_is_not():
    read = from_html('5<b style="font-size:0">0</b> %<div style="font:0/0 a">a<p style="font-size:14px">b</p>c</div>')

    assert (read.text, read.hidden) == ("5 %\n\nb", "0\na\nc")


def test_a_picture_that_is_hidden_says_nothing():
    assert from_html('<img alt="50 %" style="display:none">').text == ""


def test_what_only_outlook_shows_is_told_with_its_links_where_it_says_something_else():
    html = """<!--[if (gte mso 9)|(IE)]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><table><tr><td><![endif]-->
        <!--[if mso]><p>Was 90</p><v:roundrect href="https://old.example/"><w:anchorlock/><center>Buy</center>
        </v:roundrect><![endif]--><!--[if !mso]><!--><p>Now 80</p><a href="https://new.example/">Buy</a><!--<![endif]-->
        <!--[if mso]><p>Now 80</p><![endif]--><!--[if !mso]>nobody<![endif]--><!-- [if mso] in words -->"""
    read = from_html(html)

    assert read.text == "Now 80\n\nBuy (https://new.example/)"
    assert " ".join(read.outlook.split()) == "Was 90 Buy (https://old.example/)"
    assert [link.host for link in read.links] == ["new.example", "old.example"]


def test_the_places_of_a_picture_that_are_clicked_are_links():
    assert from_html('<map><area href="https://x.example/a" alt="Coats"><area alt=b></map>').links == (
        Link("https://x.example/a", "x.example", "Coats"),
    )


def test_an_email_that_is_sent_as_amp_is_read_by_that_too():
    amp = {"html": "<p>H", "text": "T", "amp": '<a href="https://amp.example/">A</a>'}

    assert [one.text for one in versions(channel("email", **amp))] == ["H", "T", "A (https://amp.example/)"]
    assert [link.host for link in readable(channel("email", is_amp="true", **amp)).links] == ["amp.example"]
    assert len(versions(channel("email", is_amp="false", **amp))) == 2


@pytest.mark.parametrize("name", ["amp4email-boilerplate", "amp-boilerplate"])
def test_what_amp_hides_until_it_runs_is_read(name):
    read = from_html(f"<style {name}>body{{visibility:hidden}}</style><body><p>A</p><p style=display:none>B")

    assert (read.text, read.hidden) == ("A", "B")


def test_what_amp_fills_in_is_read():
    table = '<script type="text/plain" template="amp-mustache"><p>B</p></script>'
    html = f'<amp-list><template type="amp-mustache"><p>{{{{ price }}}} A</p></template>{table}</amp-list>'

    assert from_html(f"{html}<template>C</template><script>D</script>").text == "{{ price }} A\n\nB"


def test_the_end_of_what_a_block_has_broken_off_ends_nothing_around_it():
    html = '<div style="text-decoration:line-through"><b><div><p><b><p>7</p></b></p></div>5</b></div>4'

    assert from_html(html).text == "~7~\n\n~5~\n4"


tables = st.recursive(
    st.sampled_from(["5", "<b>6</b>", "<p>7</p>", "<br>8", "<i>9</i>", "<table><tr><td>1<td>2</table>"]),
    lambda inner: st.tuples(
        st.sampled_from(["b", "p", "div", "table><tr><td", "ul", "li", "s"]), st.lists(inner, max_size=4)
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0].partition('>')[0]}>"),
)


@given(tables)
def test_every_word_of_what_is_struck_out_stands_between_signs(html):
    """In a cell: out of anything else, an end tag that ends nothing of its own would end what is struck out."""
    read = from_html(f'<table><tr><td style="text-decoration:line-through">{html}</table>4').text

    shown = re.sub(r"~[^~]*~", "", read)
    assert re.findall(r"\d", shown) == ["4"]


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
    found = plain(HOSTILE[name])

    for html in (found.html, found.hidden, found.outlook):
        assert len(html) <= kept.MOST_KEPT + markup.LONGEST_VALUE * 8
        assert html.count("<") <= 4 * markup.MOST_TAGS
        assert (
            max((tag.count("=") for tag in html.split("<") if tag.startswith("a ")), default=0) < markup.LONGEST_VALUE
        )
        assert depth(html) <= markup.DEEPEST


def depth(html):
    deepest = level = 0
    for tag in markup._TAG.finditer(html):
        if tag[2] not in elements.EMPTY:
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
