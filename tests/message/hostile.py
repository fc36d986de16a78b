"""HTML that nobody should have to read, each of about so many characters."""

MAKERS = {
    "deep blocks": "<div>",
    "deep tables": "<table><tr><td>",
    "deep lists": "<ul><li>",
    "deep text as it is": "<pre>",
    "deep drawings": "<svg>",
    "deep quotations": "<blockquote>",
    "formatting that is never closed": "<p><b style=x><i><u>",
    "marks": "<",
    "marks and names": "<a ",
    "quotes that never end": '<a x="',
    "links": '<a href="https://a.example/x?y=1&region=2">L</a> ',
    "links in links": "<a href=x>",
    "comments": "<!---->",
    "a comment that never ends": "<!-- ",
    "styles": "<style>.a{b:c}</style>",
    "a style that never ends": "<style>",
    "references": "&amp;&#x41;&notone;",
    "endings": "</table></span>",
    "options": "<select><option>",
    "plain paragraphs": "<p>Hello, world</p>",
    "hidden parts": '<div style="display:none">x',
    "rules": "<style>.a b c d{display:none}</style><b class=a>x",
    "rules without end": "<style>.a,",
    "parts that are struck out and left open": "<p><s>x",
    "cells that are left open": "<td><s><div>x</span>",
    "comments for Outlook": "<!--[if mso]><v:rect href=x>y<![endif]-->",
    "letters without a size": '<b style="font-size:0">x</b>',
    "classes": f'<b class="{"a " * 50}">x',
    "declarations": "<!DOCTYPE html><?xml x?>",
    "characters that are none": "\x00\ud800\uffff",
    "marks of Slack": "<!channel> <@U1> *x* &lt;!here&gt; ",
}


def corpus(characters: int) -> dict[str, str]:
    made = {name: piece * (characters // len(piece)) for name, piece in MAKERS.items()}
    made["formatting, each another"] = "".join(f"<b id=x{n}>" for n in range(characters // 12)) + "<p>" * 200
    made["a tag of attributes"] = f"<a {' '.join(f'a{n}=1' for n in range(characters // 9))}>x</a>"
    made["a picture in the mail"] = f'<img src="data:image/png;base64,{"A" * characters}">Hello'
    made["an address without end"] = f'<a href="https://a.example/{"A" * characters}">x</a>'
    made["blocks of a style sheet that never end"] = f"<style>{'a{' * (characters // 2)}"
    made["quotes of a style sheet that never end"] = "<style>" + "'\\\"" * (characters // 3)
    made["one long word"] = "x" * characters
    made["wrong charset"] = ("Весна пришла! " * (characters // 26)).encode().decode("latin-1")
    return made
