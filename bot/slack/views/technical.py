"""Technical errors as what they mean and who can mend them; the raw words stand behind *Details*."""

from collections.abc import Iterable, Iterator, Mapping

from bot.campaign.campaign import Preview
from bot.launch.outcome import NotSent, Outcome, RefusedByPlatform, Unknown
from bot.launch.state import Launch
from bot.launch.stop import StopNotSent, StopOutcome, StopRefused, StopUnknown
from bot.message.report import Report
from bot.phrase import Phrase
from bot.slack.views.text import quoted, said
from bot.texts import _, mark

_UNREACHABLE = mark("the platform could not be reached (if it stays so, whoever runs campaign-bot can find out why)")
_SILENT = mark("the platform gave no whole answer (if it stays so, whoever administers the platform can find out why)")
_UNREADABLE = mark("the platform's answer made no sense (whoever runs campaign-bot can find out why)")
_UNWRITTEN = mark("the bot could not write the request (whoever runs campaign-bot can find out why)")

MEANINGS: Mapping[str, str] = {
    "the name of the platform's host could not be resolved": _UNREACHABLE,
    "the certificate of the platform's host is not trusted ({fault})": _UNREACHABLE,
    "no connection to the platform came about within {n} seconds": _UNREACHABLE,
    "the TLS handshake with the platform failed": _UNREACHABLE,
    "the platform's host refused the connection": _UNREACHABLE,
    "no connection to the platform came about ({fault})": _UNREACHABLE,
    "the request could not be put together ({fault})": _UNWRITTEN,
    "the request could not be written: {fault}": _UNWRITTEN,
    "the platform's answer was not complete within {n} seconds": _SILENT,
    "the platform did not answer within {n} seconds": _SILENT,
    "the connection broke in the middle of the platform's answer": _SILENT,
    "the platform closed the connection before it answered": _SILENT,
    "the platform reset the connection before it answered": _SILENT,
    "the connection to the platform broke before it answered": _SILENT,
    "the platform's answer was longer than {most} MiB": _UNREADABLE,
    "what the platform answered was not HTTP": _UNREADABLE,
    "the platform answered with HTTP {status}": _UNREADABLE,
    "the platform answered with HTTP {status}, yet with error 0": _UNREADABLE,
    "the platform's answer (HTTP {status}) could not be understood: {fault}": _UNREADABLE,
    "The platform's answer could not be understood: {cause}.": mark(
        "The platform's answer made no sense. Whoever runs campaign-bot can find out why."
    ),
}
"""What the causes mean that only whoever runs something can mend; a test holds them to where they are made."""

SIZE_UNKNOWN = "The size of the audience ({source}) is not known."

_ANSWERED = ("The platform answered with error {code}: “{text}”.", "The platform answered with error {code}.")

_CODES: Mapping[int, str] = {
    400: mark(
        "The platform finds something wrong in what was asked for. Whoever looks after the campaign there can mend it."
    ),
    401: mark("The platform wants a valid API token. Whoever runs campaign-bot can mend it."),
    402: mark("The limit of the platform's tariff is used up. Whoever looks after the tariff can mend it."),
    403: mark("Most likely the bot's API token lacks a right in the platform. Whoever administers it can mend it."),
}
"""The codes of the platform's guide, of which that for a missing right is cut off."""

_OTHER_CODE = mark(
    "What this error means, the platform's guide does not say. Whoever administers the platform can find out."
)


def meaning_of(code: int) -> str:
    """What an error of the platform means, and who can mend it, as sentences."""
    return _(_CODES.get(code, _OTHER_CODE))


def plainly(cause: str) -> str:
    """The cause without what only the technical can read, in the spoken language; any other as it is."""
    if not isinstance(cause, Phrase):
        return said(cause)
    if cause.template in MEANINGS:
        return _(MEANINGS[cause.template])
    if cause.template in _ANSWERED:
        return meaning_of(int(str(cause.values["code"])))
    text = said(cause)
    for part in _parts(cause):
        text = text.replace(said(part), plainly(part))
    return text


def problems(found: Iterable[str]) -> list[str]:
    """What could not be read, a line each; not that a size is unknown, for that is said where the audience stands."""
    told = (one for one in found if not (isinstance(one, Phrase) and one.template == SIZE_UNKNOWN))
    return [f":warning: {plainly(one)}" for one in told]


def is_technical(cause: str) -> bool:
    if not isinstance(cause, Phrase):
        return False
    return cause.template in MEANINGS or cause.template in _ANSWERED or any(map(is_technical, _parts(cause)))


def _parts(cause: Phrase) -> list[Phrase]:
    return [one for one in cause.values.values() if isinstance(one, Phrase)]


def words(launch: Launch) -> list[str]:
    """What platform and network said, one line each; nothing where the card says it all."""
    lines = [
        (_("The launch"), _outcome(launch.outcome)),
        (_("The look into the log"), _cause(launch.looked.cause if launch.looked else "")),
        (_("The run"), _cause(launch.log_unread.cause if launch.log_unread else "")),
        (_("The schedule"), _cause(launch.schedule.cause if launch.schedule else "")),
        (_("The stop"), _outcome(launch.stop.outcome if launch.stop else None)),
        (_("The look at the status"), _cause(launch.stop.looked.cause if launch.stop and launch.stop.looked else "")),
    ]
    told = [f"*{about}:* {text}" for about, text in lines if text]
    return [*of_reading(launch.preview, launch.report), *told]


def of_reading(preview: Preview, report: Report) -> list[str]:
    """The same of what was read to show it."""
    lines = [
        *((_("When reading"), _cause(one)) for one in preview.problems),
        *((_("The message"), _cause(one.unread)) for one in report.essentials),
    ]
    return [f"*{about}:* {text}" for about, text in lines if text]


def in_brackets(event: object) -> Iterator[str]:
    """The same of one event, for a record that has no window to open."""
    text = _outcome(event) if isinstance(event, _OUTCOMES) else _cause(getattr(event, "cause", ""))
    if text:
        yield f"({text})"


_OUTCOMES = (RefusedByPlatform, NotSent, Unknown, StopRefused, StopNotSent, StopUnknown)


def _outcome(outcome: Outcome | StopOutcome | None) -> str:
    match outcome:
        case RefusedByPlatform(code, text) | StopRefused(code, text):
            return _("error {code}").format(code=code) + (f" {quoted(text, 1000)}" if text else "")
        case NotSent(cause) | Unknown(cause) | StopNotSent(cause) | StopUnknown(cause):
            return _cause(cause)
        case _:
            return ""


def _cause(cause: str) -> str:
    return said(cause) if cause and is_technical(cause) else ""
