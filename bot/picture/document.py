"""A mail's HTML as it is given to the browser. Nothing here parses it: that is the browser's, in its sandbox."""

import re

_LEADING_OUT = re.compile("<(?:meta|link)", re.IGNORECASE)
_SPACE = " \t\r\n\f\ufeff"

_ASIDE = (("<!--", "-->"), ("<?", ">"))
"""What may stand before a doctype without ending its effect."""

_RULES = (
    # Beside the answers that the browser gets: a second hand that holds back all but images and the mail's own styles.
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src * data: cid:; style-src 'unsafe-inline'\">"
)


def document(html: str, hosts: tuple[str, ...] = ()) -> str:
    """The mail without its meta and link elements, and with rules of ours before everything but its doctype.

    Both can lead elsewhere, and a picture needs neither. Attributes can be written in many ways, the element's name in
    one; of what else a mail says in them, nothing shows that needs no network. `hosts` are those of which images are
    shown.
    """
    # An element that is parsed just as those are, and does nothing.
    harmless = _LEADING_OUT.sub("<bgsound", html)
    start = _after_doctype(harmless)
    return harmless[:start] + _RULES + _grey_boxes(hosts) + harmless[start:]


def _grey_boxes(hosts: tuple[str, ...]) -> str:
    """Where an image would be. Those that a mail brings along, and those that are fetched, are shown."""
    fetched = (f"{host}/" if host.startswith(".") else f"//{host}/" for host in hosts)
    shown = ['[src^="data:" i]', *(f'[src*="{part}" i]' for part in fetched)]
    others = "".join(f":not({one})" for one in shown)
    return f"<style>img{others}{{background-color:#d9d9d9}}</style>"


def _after_doctype(html: str) -> int:
    """Where the doctype ends; 0 where there is none. The rules before it would make the layout another."""
    place = 0
    while True:
        while place < len(html) and html[place] in _SPACE:
            place += 1
        ends = [end for start, end in _ASIDE if html.startswith(start, place)]
        if not ends:
            break
        closed = html.find(ends[0], place)
        if closed < 0:
            return 0
        place = closed + len(ends[0])
    if html[place : place + 9].lower() != "<!doctype":
        return 0
    return html.find(">", place) + 1
