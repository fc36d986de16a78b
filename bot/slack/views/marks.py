"""What people wrote with links, people and channels in it, as Slack's fields give them: shown as what they stand for.

A field gives `<https://shop.example/a|our shop>`, `<@U123>` or `<#C123|launches>`. A link is shown with its host, so
that no label can hide where it leads; and nobody is called by being named.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.campaign.request import UserId
from bot.slack.views.bounds import clip
from bot.slack.views.plaintext import harmless
from bot.slack.views.text import ampersands, inert, one_line
from bot.texts import _

MOST_LOOKED_UP = 5
"""People in one text whose names are asked for: an ack waits for it."""

LONGEST_NAME = 80

_LABEL = r"(?:\|(?P<{}>[^<>]*))?"
_MARK = re.compile(
    rf"<(?P<link>https?://[^<>|\s]+){_LABEL.format('label')}>"
    rf"|<@(?P<person>[UW][A-Z0-9]+){_LABEL.format('name')}>"
    rf"|<#(?P<channel>[CG][A-Z0-9]+){_LABEL.format('room')}>"
    r"|(?P<url>https?://[^\s<>|\"“”«»]*[^\s<>|\"“”«».,;:!?()\[\]'’…])"
)
_CALL = re.compile(r"<!(?:subteam\^(?P<group>S[A-Z0-9]+)|(?P<all>here|channel|everyone))(?:\|@?(?P<name>[^<>]*))?>")


def named(text: str, name_of: Callable[[UserId], str]) -> str:
    """The text with names where Slack's field gave marks of people and groups: what is stored calls nobody.

    `name_of` gives "" where a name is not known. Links and channels stay, for only as marks do they lead anywhere.
    """
    looked_up: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        person = found["person"]
        if person is None:
            return found[0]
        # Where Slack is slow to tell one, it is asked for no other.
        if person not in looked_up and len(looked_up) < MOST_LOOKED_UP and "" not in looked_up.values():
            looked_up[person] = name_of(UserId(person))
        return f"@{(looked_up.get(person) or found['name'] or person)[:LONGEST_NAME]}"

    called = _CALL.sub(lambda found: f"@{found['all'] or found['name'] or found['group']}", text)
    return _MARK.sub(name, called)


def remark(text: str, limit: int = 200) -> str:
    """People's own words in quotes, in mrkdwn, in so many characters."""
    told = _put(harmless(one_line(text)), _in_mrkdwn, inert)
    return _("“{text}”").format(text=clip(told, limit))


def plain(text: str, *, whole: bool = False) -> str:
    """The same without quotes, where nothing is parsed; with `whole`, a label stands beside its whole address."""
    return _put(text, lambda found: _in_plain(found, whole=whole), str)


def _put(text: str, mark: Callable[[re.Match[str]], str], between: Callable[[str], str]) -> str:
    parts, at = [], 0
    for found in _MARK.finditer(text):
        parts += [between(text[at : found.start()]), mark(found)]
        at = found.end()
    return "".join([*parts, between(text[at:])])


def _in_mrkdwn(found: re.Match[str]) -> str:
    url = found["link"] or found["url"]
    if url is None:
        # A channel is called by nothing; where the reader may see it, Slack shows its name.
        return f"<#{found['channel']}>" if found["channel"] else inert(_in_plain(found))
    host, label = _host(url), (found["label"] or "").strip()
    if not host:
        return inert(found[0])
    if label in ("", url, host):
        return f"<{ampersands(url)}>"
    return f"<{ampersands(url)}|{inert(label.replace('|', '¦'))} ({inert(host)})>"


def _in_plain(found: re.Match[str], *, whole: bool = False) -> str:
    if found["person"]:
        return f"@{found['name'] or found['person']}"
    if found["channel"]:
        return f"#{found['room'] or found['channel']}"
    url, label = found["link"] or found["url"], (found["label"] or "").strip()
    host = _host(url)
    if not host:
        return found[0]
    return url if label in ("", url, host) else f"{label} ({url if whole else host})"


def _host(url: str) -> str:
    """Where it leads; "" for what is no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
