"""What is done to a mail before the browser sees it."""

import pytest

from bot.picture.document import document


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="refresh" content="0">',
        "<META/HTTP-EQUIV=refresh>",
        "<mEtA content=0 http-equiv='&#114;efresh'>",
    ],
)
def test_no_meta_of_a_mail_is_left_however_it_is_written(meta):
    ours = document("").lower().count("<meta")
    assert document(f"<p>before{meta}after").lower().count("<meta") == ours


@pytest.mark.parametrize("before", ["", "\n  ", "\ufeff", "<!-- made -- by > hand -->\n", '<?xml version="1.0"?>\n'])
def test_the_doctype_stays_first_so_that_the_layout_stays(before):
    start = f"{before}<!DOCTYPE html>"
    assert document(f"{start}<html>").startswith(start)


@pytest.mark.parametrize("html", ["", "<p>x", "<!-- never closed", "<!doctype never closed", "<?"])
def test_without_a_whole_doctype_the_rules_come_first(html):
    assert document(html).endswith(html)


def test_variables_stay_as_they_are_written():
    assert "{apicontent.name} {% if a < b %}" in document("<p>{apicontent.name} {% if a < b %}</p>")


@pytest.mark.parametrize("link", ['<link rel="prefetch" href="https://example.com">', "<LINK/rel=prefetch>"])
def test_no_link_element_is_left(link):
    assert "<link" not in document(f"<head>{link}</head>").lower()
