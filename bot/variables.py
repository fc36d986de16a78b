"""Reads single variables of the environment, and says what is wrong with them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.slash.suggest import nearest

ALIKE = 0.88
"""From what likeness a name counts as misspelt: `PORTS` does, and neither `REPORT` nor the `DATABASE_PORT` and
`ALTCRAFT_PORT` that Kubernetes sets beside services of such names."""

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"\.?({_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
"""With a letter in its last part, which no address has."""
_QUOTED = re.compile(r"""(['"]).*\1|[“„].*[”“]|‘.*’|«.*»""", re.DOTALL)
_COMMENT = re.compile(r"\s+#.*|^#\s.*", re.DOTALL)
_PERSON_OR_GROUP = re.compile(r"[UWS][A-Z0-9]{2,}")


@dataclass(frozen=True)
class _Secret:
    what: str
    where: str
    looks: Callable[[str], bool]


_SECRETS = {
    "SLACK_BOT_TOKEN": _Secret(
        "a bot token (xoxb-…)",
        "OAuth & Permissions > Bot User OAuth Token",
        lambda value: value.startswith("xoxb-"),
    ),
    "SLACK_APP_TOKEN": _Secret(
        "an app-level token (xapp-…)",
        "Basic Information > App-Level Tokens, with the scope connections:write",
        lambda value: value.startswith("xapp-"),
    ),
    "SLACK_SIGNING_SECRET": _Secret(
        "a signing secret (32 digits and letters a to f)",
        "Basic Information > Signing Secret",
        lambda value: bool(re.fullmatch(r"[0-9a-f]{32}", value)),
    ),
}
"""What each is called, where it is found, and how it is told from the others."""


def is_address(value: str) -> bool:
    """Whether it has a host, and whatever else it has can be read."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # what the way there would stumble over
    except ValueError:
        return False
    return bool(host) and port != 0 and not re.search(r"[\s\\]", value)


def is_proxy(value: str) -> bool:
    """Whether it is the address of a host, perhaps with a user and a password, and nothing else."""
    if not is_address(value):
        return False
    parts = urlsplit(value)
    named = parts.netloc.rpartition("@")[0]
    return not (parts.path.strip("/") or parts.query or parts.fragment or "@" in named)


def is_exempt(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of those that machines reach without their proxy, or lies below one; `*` is all."""
    names = (domain.lower().lstrip(".") for domain in domains)
    return any(name in {"*", host} or (name and host.endswith(f".{name}")) for name in names)


def _is_text(value: str) -> bool:
    """Python gives bytes of the environment that are no UTF-8 as halves of surrogate pairs."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


class Reader:
    """Reads single variables and gathers what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._read: set[str] = set()
        self.problems: list[str] = []

    def misspelt(self) -> Iterator[str]:
        """What is wrong with names that nobody reads, where the one that was probably meant is not set."""
        unset = {name.lower(): name for name in self._read if not self.text(name)}
        for name in sorted(self._environment.keys() - self._read):
            meant = nearest(name, unset, ALIKE)
            if meant and self._environment[name].strip():
                yield f"{name} is set, and nothing reads it. Did you mean {unset[meant]}? Rename it, or take it out."

    def garbled(self) -> Iterator[str]:
        """What came with its quotes or a comment, or in letters that are no text."""
        for name in sorted(self._read):
            value = self._environment.get(name, "").strip()
            if _QUOTED.fullmatch(value):
                yield (
                    f"{name} has quotes around its value that are a part of it: docker --env-file, for one, leaves "
                    "them there. Write the value without them."
                )
            elif _COMMENT.search(value):
                yield (
                    f"{name} has a comment behind its value that is a part of it: docker --env-file and systemd, for "
                    "two, leave it there. Give the comment a line of its own."
                )
            if not _is_text(value):
                yield f"{name} holds letters that are not in UTF-8. Save the file that it comes from as UTF-8."

    def text(self, name: str, default: str = "") -> str:
        self._read.add(name)
        value = self._environment.get(name, "").strip()
        if _QUOTED.fullmatch(value):
            value = value[1:-1].strip()  # so that nothing else is said of it
        value = _COMMENT.split(value, maxsplit=1)[0]  # likewise
        return value.encode(errors="replace").decode() or default

    def required(self, name: str, what: str) -> str:
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is not set. It takes {what}.")
        return value

    def no_other(self, name: str, or_else: str = "") -> None:
        """Notes where one of Slack's three secrets stands in another's place, or the example's dots in its own."""
        value, own = self.text(name), _SECRETS[name]
        if value.endswith(("...", "…")):
            instead = f", or {or_else}" if or_else else ""
            self.problems.append(
                f"{name} still holds the dots of .env.example. Put your own there ({own.where}){instead}."
            )
        elif taken := next((other for other in _SECRETS if other != name and _SECRETS[other].looks(value)), ""):
            self.problems.append(
                f"{name} holds {_SECRETS[taken].what}, which belongs in {taken}. Set {own.what}: {own.where}."
            )

    def url(self, name: str, default: str = "", needed: str = "") -> str:
        value = self.required(name, needed) if needed else self.text(name, default)
        if value and not re.match(r"https?://", value, re.IGNORECASE):
            self.problems.append(f"{name} must be an address that begins with https:// (or http://).")
        elif value and not is_address(value):
            self.problems.append(
                f"{name} cannot be read as an address. Write https:// and a host, and where it needs one a port from "
                "1 to 65535, such as https://example.com:8443; an IPv6 address stands in brackets: https://[2001:db8::1]."
            )
        elif value and "@" in urlsplit(value).netloc:
            self.problems.append(f"{name} must not hold a user or a password: write https:// and then the host.")
        return value

    def proxy(self, *names: str) -> str:
        """The address of the first that is set; "" where none is. No message shows it, for it may hold a password."""
        name = next((one for one in names if self.text(one)), "")
        value = self.text(name) if name else ""
        if value and not re.match(r"http://", value, re.IGNORECASE):
            self.problems.append(
                f"{name} must begin with http://, such as http://proxy.example.com:3128. The bot knows no other kind "
                "of proxy. What goes through to the server is encrypted all the same."
            )
            return ""
        if value and not is_proxy(value):
            self.problems.append(
                f"{name} cannot be read as a proxy's address. Write http://proxy.example.com:3128, or "
                "http://user:password@proxy.example.com:3128 where it asks for that. In a password write %40 for @, "
                "%3A for :, %2F for /, %23 for # and %25 for %."
            )
            return ""
        return value

    def choice(self, name: str, default: str, other: str) -> str:
        value = self.text(name, default).lower()
        if value not in {default, other}:
            self.problems.append(f"{name} is “{value}”. It takes {default} or {other}.")
        return value

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if re.fullmatch(r"-?[0-9]{1,9}", value) and least <= int(value) <= most:
            return int(value)
        self.problems.append(f"{name} is “{value}”. It takes a whole number from {max(least, 0)} to {most}.")
        return default

    def seconds(self, name: str, *, default: float) -> float:
        value = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", value) and float(value) > 0:
            return float(value)
        self.problems.append(f"{name} is “{value}”. It takes a number of seconds above 0, such as 30.")
        return default

    def listed(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def hosts(self, name: str) -> tuple[str, ...]:
        """Names of hosts in small letters; one that begins with a dot stands for all names that end so."""
        hosts = tuple(one.lower() for one in self.listed(name))
        for wrong in (one for one in hosts if not _HOST_NAME.fullmatch(one)):
            self.problems.append(
                f"{name} holds “{wrong}”. It takes names of hosts with commas between them, such as "
                "img.example.com, or .cdn.example.com for all that end so: no https://, no path, no port, no number."
            )
        return hosts

    def channel(self, name: str) -> str:
        """The id of a Slack channel, "" where none is set."""
        channel = self.text(name)
        if channel and not re.fullmatch(r"[CG][A-Z0-9]{2,}", channel):
            self.problems.append(
                f"{name} is “{channel}”. It takes a channel id such as C0123ABCD, not a name: "
                "open the channel's details in Slack and copy the id at the bottom."
            )
        return channel

    def people(self, name: str) -> tuple[str, ...]:
        ids = self.listed(name)
        for wrong in (one for one in ids if not _PERSON_OR_GROUP.fullmatch(one)):
            self.problems.append(
                f"{name} holds “{wrong}”. It takes Slack user ids (U… or W…) and user-group ids (S…) with commas "
                "between them: names can be changed by anyone, ids cannot."
            )
        return ids
