"""What people gave along with a launch, as far as there is room for it: the reason, the content, the files."""

from collections.abc import Callable

from bot.campaign.request import ActivationRequest
from bot.slack.views.bounds import clip
from bot.slack.views.marks import remark
from bot.slack.views.text import quoted, shown
from bot.slack.views.values import told_value
from bot.texts import _, number

LEAST_ROOM = 400
"""Characters of each part that are there whatever else a card has to say."""

LEAST = 3 * LEAST_ROOM + 100
"""Characters that are left for all of it together, however much else there is."""

LONGEST_KEY, LONGEST_VALUE, LONGEST_NAME = 60, 120, 80
"""Characters of each where not all fit in whole."""


def lines(request: ActivationRequest, room: int) -> list[str]:
    """One line each, in so many characters together; where something is cut, a line says so and how to read it."""
    parts = [part for part in (_reason(request), _content(request), _files(request)) if part]
    told, cut, left = [], False, room - len(_cut())
    for nth, part in enumerate(parts):
        most = max(LEAST_ROOM, left // (len(parts) - nth) - 1)
        whole = part(None)
        line = whole if len(whole) <= most else clip(part(most), most)
        cut, left = cut or line != whole, left - len(line) - 1
        told.append(line)
    return [*told, *([_cut()] if cut else [])]


def everything(request: ActivationRequest) -> list[str]:
    """The same without any bound, for where there is room."""
    return [part(None) for part in (_reason(request), _content(request), _files(request)) if part]


Part = Callable[[int | None], str]
"""A part in about so many characters, or whole."""


def _cut() -> str:
    return _("_Not all of this is shown here: “Read everything” shows the whole._")


def _reason(request: ActivationRequest) -> Part | None:
    if not request.reason:
        return None
    return lambda most: _("*Reason:* {reason}").format(reason=remark(request.reason, most or 10 * len(request.reason)))


def _content(request: ActivationRequest) -> Part | None:
    content = request.content
    if content is None:
        return None

    def told(most: int | None) -> str:
        values = (_value(key, told_value(value), whole=most is None) for key, value in content.items())
        return _("*Content:* {content}").format(content=", ".join(values) or _("an empty object"))

    return told


def _value(key: str, value: str, *, whole: bool) -> str:
    if whole:
        return f"`{shown(key, 10 * len(key) + 1)}` = {quoted(value, 10 * len(value) + 1)}"
    return f"`{shown(key, LONGEST_KEY)}` = {quoted(value, LONGEST_VALUE)}"


def _files(request: ActivationRequest) -> Part | None:
    if not request.attachments:
        return None

    def told(most: int | None) -> str:
        files = (
            _("{file} ({n} KB)").format(
                file=quoted(file.name, LONGEST_NAME if most else 10 * len(file.name) + 1),
                n=number(max(1, file.size // 1024)),
            )
            for file in request.attachments
        )
        return _("*Attached:* {files}").format(files=", ".join(files))

    return told
