"""Whether the platform can be reached and takes what the bot will send. Nothing is activated: reads alone are sent."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

from bot.altcraft.client import AltcraftClient, Connection, TokenIn, WireFormat
from bot.altcraft.failure import Failed
from bot.altcraft.probe import Probed
from bot.altcraft_settings import AltcraftSettings
from bot.campaign.request import RequestId
from bot.doctor import received, templates
from bot.doctor.finding import Finding
from bot.doctor.reachability import Unreachable, Way
from bot.policy.policy import Policy
from bot.texts import listed

PATIENCE = 5.0
"""Seconds for one answer."""

DOCUMENTED = {
    400: "that the request is malformed or wrong",
    401: "that an API token is needed: ALTCRAFT_TOKEN is wrong, or was deleted under Settings > Tokens",
    402: "that the tariff's limit is exhausted: ask whoever has the contract",
    403: "that something is not permitted: give the token a role that may view and run, and the groups it may launch",
}
"""What the platform's guide says of an error code. It documents no other."""

UNDOCUMENTED = "something that the platform's guide does not explain: ask the platform's support"

ALL_THERE_IS = "Nothing else about the platform could be checked."


def findings(settings: AltcraftSettings, policy: Policy | None) -> Iterator[Finding]:
    """All that is wrong at the platform. `policy` is None where it cannot be read."""
    try:
        connection = Connection(
            url=settings.url,
            token=settings.token,
            format=WireFormat(settings.format),
            token_in=TokenIn(settings.token_in),
            timeout=PATIENCE,
            route=settings.route,
        )
    except ValueError as error:
        yield Finding(f"{error} Check ALTCRAFT_URL and ALTCRAFT_TOKEN.")
        return
    try:
        Way("The platform", connection.root, "ALTCRAFT_URL", settings.route).walk()
        request_id = RequestId(str(uuid.uuid4()))
        first = _probe(connection, request_id)
        if first.error == 0:
            yield from _accepted(connection, settings, first, _probe(connection, request_id))
            yield from templates.findings(connection, policy)
            yield from received.findings(connection, policy)
        else:
            yield Finding(f"{_why_refused(first)} {_other_way(connection) or ALL_THERE_IS}")
    except Unreachable as unreachable:
        yield Finding(f"{unreachable} {ALL_THERE_IS}")
    except Failed as failed:
        yield Finding(
            f"The platform did not answer: {failed.cause}. Check that ALTCRAFT_URL is the platform, and that a proxy "
            f"before it lets POST requests to /api/v1.1 through. {ALL_THERE_IS}"
        )


def _probe(connection: Connection, request_id: RequestId) -> Probed:
    client = AltcraftClient(connection)
    try:
        return client.probe(request_id)
    finally:
        client.close()


def _why_refused(answer: Probed) -> str:
    if answer.error is not None:
        text = f": “{answer.error_text}”" if answer.error_text else ""
        meaning = DOCUMENTED.get(answer.error, UNDOCUMENTED)
        return f"The platform answers a read with error {answer.error}{text}. That means {meaning}."
    if answer.location:
        return (
            f"ALTCRAFT_URL leads elsewhere (HTTP {answer.status} to {answer.location}), and redirects are not "
            "followed, for a launch must not be sent twice: set the address that it leads to."
        )
    return (
        f"What answers at ALTCRAFT_URL is not the platform's API (HTTP {answer.status}; {answer.unclear}): set the "
        "address of your platform, without /api."
    )


def _other_way(connection: Connection) -> str:
    """Another place for the token, or another format, with which the same read goes well."""
    other_place = TokenIn.BODY if connection.token_in is TokenIn.HEADER else TokenIn.HEADER
    other_format = WireFormat.JSON if connection.format is WireFormat.XML else WireFormat.XML
    ways = {
        f"ALTCRAFT_TOKEN_IN={other_place}": replace(connection, token_in=other_place),
        f"ALTCRAFT_FORMAT={other_format}": replace(connection, format=other_format),
    }
    for setting, way in ways.items():
        try:
            if _probe(way, RequestId(str(uuid.uuid4()))).error == 0:
                return f"With {setting} it goes well: set that."
        except Failed:
            continue
    return ""


def _accepted(connection: Connection, settings: AltcraftSettings, first: Probed, second: Probed) -> Iterator[Finding]:
    if first.format is not connection.format:
        yield Finding(
            f"The platform answers in {first.format.upper()}, though ALTCRAFT_FORMAT is {connection.format}. The bot "
            f"reads both; set ALTCRAFT_FORMAT={first.format} if the platform's other tools use that.",
            may_run=True,
        )
    if first.duplicate:
        yield Finding(
            f"The platform calls a request a repeat ({listed(list(first.duplicate))}) that was never sent before. A "
            "launch would be told as sent earlier: ask the platform's support, or look at the proxy before it."
        )
        return
    yield from _deduplication(second.duplicate, claimed=settings.deduplicates)


def _deduplication(told: tuple[str, ...], *, claimed: bool) -> Iterator[Finding]:
    """What a repeated read shows, and what it cannot: whether launches are recognised, only a launch would."""
    if told:
        shown = f"The platform recognises a read that is repeated with the same Request-ID ({listed(list(told))})"
        advice = (
            "that fits ALTCRAFT_DEDUPLICATES=yes"
            if claimed
            else "ALTCRAFT_DEDUPLICATES=yes would let it settle some doubts by itself, once you know that it covers "
            "campaigns/activate"
        )
        yield Finding(f"{shown}; {advice}. Launches were not tried.", may_run=True)
    elif claimed:
        yield Finding(
            "ALTCRAFT_DEDUPLICATES=yes could not be confirmed: a repeated read was answered as a new one. The guide "
            "promises recognition only for requests that change something, which were not tried. If it is off, a "
            "launch in doubt could run twice: have API_DEDUPLICATION_ENABLE checked in its main.json, or set no.",
            may_run=True,
        )
