"""What one answer of the platform shows of how it is set up. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.altcraft.outcome import DUPLICATE_HEADERS
from bot.altcraft.transport import Answer
from bot.altcraft.wire import Malformed, WireFormat, decode_envelope


@dataclass(frozen=True)
class Probed:
    """`error` is None where there is no envelope, and `unclear` is then why, as a clause.

    `duplicate` names the headers by which the platform says that it had the same request before.
    """

    status: int
    format: WireFormat
    error: int | None
    error_text: str = ""
    unclear: str = ""
    duplicate: tuple[str, ...] = ()
    location: str = ""
    """Where an HTTP redirect leads."""


def probed(answer: Answer, tellable: Callable[[str], str]) -> Probed:
    """Reads the answer; `tellable` takes the token out of the platform's words."""
    markup = answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    wire = WireFormat.XML if markup else WireFormat.JSON
    told = tuple(name for name in DUPLICATE_HEADERS if answer.headers.get(name, "").strip().lower() == "true")
    location = answer.headers.get("Location", "")
    try:
        envelope = decode_envelope(answer.body)
    except Malformed as malformed:
        return Probed(answer.status, wire, None, unclear=str(malformed), duplicate=told, location=location)
    text = tellable(envelope.error_text)
    return Probed(answer.status, wire, envelope.error, text, duplicate=told, location=location)
