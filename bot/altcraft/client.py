"""The platform's API: reads that raise PlatformError, and the four changes that always return an outcome."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import TypeAlias, TypeVar

from bot.altcraft import answers
from bot.altcraft.activation import Prepared, prepare, prepare_addition, prepare_copy, prepare_stop
from bot.altcraft.answers import LogEntry, Segment, Status
from bot.altcraft.connection import Connection, TokenIn
from bot.altcraft.errors import PlatformError, PlatformRefused, PlatformUnclear, PlatformUnreachable
from bot.altcraft.failure import Failed
from bot.altcraft.outcome import copy_of, outcome_of, outcome_of_failure, word_for
from bot.altcraft.probe import Probed, probed
from bot.altcraft.templates import template
from bot.altcraft.transport import Answer, Transport
from bot.altcraft.watched import Limits
from bot.altcraft.wire import Envelope, Malformed, WireFormat, decode_envelope, encode
from bot.campaign.campaign import Campaign, Choice
from bot.campaign.request import ActivationRequest, Json, RequestId
from bot.campaign.schedule import Schedule
from bot.launch.copying import CopyOutcome
from bot.launch.outcome import NotSent, Outcome, RefusedByPlatform, Unknown
from bot.message.message import Template
from bot.phrase import Phrase
from bot.results.bounces import Bounce

__all__ = [
    "AltcraftClient",
    "Connection",
    "LogEntry",
    "PlatformError",
    "PlatformRefused",
    "PlatformUnclear",
    "PlatformUnreachable",
    "Prepared",
    "Segment",
    "Status",
    "TokenIn",
    "WireFormat",
]

PAGE = 1000
"""Items of one page: the default of every list (guide)."""
LONGEST_ERROR_TEXT = 500

log = logging.getLogger(__name__)

Observe: TypeAlias = Callable[[str, float, str], None]
"""Is told of each call: its method without slashes around it, the seconds it took, and a word for its outcome."""

_Item = TypeVar("_Item", Campaign, Choice)
_Judged = TypeVar("_Judged", Outcome, CopyOutcome)


def _unobserved(_call: str, _seconds: float, _outcome: str) -> None:
    """For whoever does not want to know."""


class AltcraftClient:
    """One platform. May be used from several threads. `observe` is told of every call, in the thread that made it.

    Raises Unusable (bot.route) where the way there cannot be used as it is set up.
    """

    def __init__(self, connection: Connection, observe: Observe = _unobserved) -> None:
        self._connection = connection
        self._observe = observe
        limits = Limits(connect=connection.connect_timeout, answer=connection.timeout)
        self._transport = Transport(limits, connection.route)
        in_body = connection.token_in is TokenIn.BODY
        self._token_fields: dict[str, Json] = {"token": connection.token} if in_body else {}

    def prepare_activation(self, request: ActivationRequest, files: Mapping[str, bytes]) -> Prepared:
        """The body of an activation; `files` holds the attachments' bytes by SHA-256. Raises Invalid."""
        return prepare(
            request,
            files,
            wire=self._connection.format,
            token_fields=self._token_fields,
            attach_keys=self._connection.attach_keys,
        )

    def activate(self, prepared: Prepared, request_id: RequestId) -> Outcome:
        """Makes the one dangerous call, exactly once. Never raises for what the network or the platform does."""
        return self._change("/campaigns/activate/", prepared.body, request_id, outcome_of)

    def prepare_stop(self, campaign_id: int, *, abort_if_running: bool) -> Prepared:
        """The body of a stop; with `abort_if_running` what is still queued is dropped."""
        return prepare_stop(
            campaign_id,
            abort_if_running=abort_if_running,
            wire=self._connection.format,
            token_fields=self._token_fields,
        )

    def deactivate(self, prepared: Prepared, request_id: RequestId) -> Outcome:
        """Switches a campaign off, in exactly one call. Never raises, as activate.

        Each stop needs an id of its own: a repeat within a day can be swallowed (guide, request deduplication).
        """
        return self._change("/campaigns/deactivate", prepared.body, request_id, outcome_of)

    def prepare_copy(self, campaign_id: int, name: str) -> Prepared:
        """The body that has a campaign copied under that name."""
        return prepare_copy(campaign_id, name, wire=self._connection.format, token_fields=self._token_fields)

    def copy(self, prepared: Prepared, request_id: RequestId) -> CopyOutcome:
        """Has a campaign copied, in exactly one call. Never raises, as activate."""
        return self._change("/campaigns/clone", prepared.body, request_id, copy_of)

    def prepare_addition(self, segment_id: int, database_id: int, profile_id: str) -> Prepared:
        """The body that puts a profile into a static segment. Raises Invalid."""
        return prepare_addition(
            segment_id, database_id, profile_id, wire=self._connection.format, token_fields=self._token_fields
        )

    def add(self, prepared: Prepared, request_id: RequestId) -> Outcome:
        """Puts a profile into a static segment, in exactly one call. Never raises, as activate.

        What happens to one that is in it already is not documented; nobody is mailed by it.
        """
        return self._change("/profiles/segstatic/add", prepared.body, request_id, outcome_of)

    def campaign(self, campaign_id: int) -> Campaign:
        return answers.campaign(self._ask("/campaigns/get", {"id": campaign_id}).data, campaign_id)

    def broadcast(self, campaign_id: int) -> Campaign:
        """The richer view of a broadcast; without `kind`, `status` and `is_completed`."""
        return answers.campaign(self._ask("/campaigns/broadcasts/get", {"id": campaign_id}).data, campaign_id)

    def regular(self, campaign_id: int) -> Campaign:
        """The richer view of a regular campaign; as broadcast."""
        return answers.campaign(self._ask("/campaigns/regulars/get", {"id": campaign_id}).data, campaign_id)

    def schedule(self, campaign_id: int, kind: str) -> Schedule | None:
        """When a broadcast or a regular campaign starts by itself; None where the platform does not say."""
        path = {"broadcast": "/campaigns/broadcasts/get", "regular": "/campaigns/regulars/get"}.get(kind)
        return answers.schedule(self._ask(path, {"id": campaign_id}).data, campaign_id) if path else None

    def status(self, campaign_id: int) -> Status:
        return answers.status(self._ask("/campaigns/get_status", {"id": campaign_id}).data)

    def campaigns(self) -> Iterator[Campaign]:
        """All campaigns that the token may see, page by page. May raise at each page."""
        return self._pages("/campaigns/list", answers.listed_campaign)

    def listed(self, campaign_id: int) -> Campaign | None:
        """The campaign as the list tells it: only there are its tags and access groups. None where it is not listed."""
        page = self._ask("/campaigns/list", {"from_id": campaign_id, "limit": 1})
        found = filter(None, map(answers.listed_campaign, answers.objects(page.data)))
        return next((campaign for campaign in found if campaign.id == campaign_id), None)

    def log(self, campaign_id: int, from_time: datetime | None = None, limit: int = PAGE) -> list[LogEntry]:
        """The campaign's log, sorted by time. From which end `limit` cuts is not documented."""
        fields: dict[str, Json] = {"id": campaign_id, "limit": limit}
        if from_time is not None:
            fields["from_time"] = answers.rfc3339(from_time)
        return answers.log_entries(self._ask("/campaigns/log_v2", fields).data)

    def segment(self, segment_id: int) -> Segment:
        return answers.segment(self._ask("/segments/get/", {"id": segment_id}).data, segment_id)

    def segments(self) -> Iterator[Choice]:
        """All segments, as campaigns."""
        return self._pages("/segments/list/", answers.listed)

    def segment_counters(self, segment_id: int, resource_id: int, database_id: int | None = None) -> dict[str, int]:
        """Subscribed and sendable profiles by channel. A dynamic segment needs its database's id."""
        fields: dict[str, Json] = {"id": segment_id, "resource_id": resource_id}
        if database_id is not None:
            fields[self._connection.segment_counters_database_key] = database_id
        return answers.sendable(self._ask("/segments/get_counters", fields).data)

    def databases(self) -> Iterator[Choice]:
        """All databases, as campaigns."""
        return self._pages("/databases/list/", answers.listed)

    def database_counters(self, database_id: int, resource_id: int) -> dict[str, int]:
        """Subscribed and sendable profiles by channel."""
        fields: dict[str, Json] = {"id": database_id, "resource_id": resource_id}
        return answers.sendable(self._ask("/databases/get_counters", fields).data)

    def bounces(self, campaign_id: int, first: date, last: date, most: int) -> list[Bounce]:
        """Why e-mails of the campaign were put off on these days, in so many rows at most. No page says whose days."""
        days: dict[str, Json] = {"date_from": first.isoformat(), "date_to": last.isoformat()}
        # What servers say has quotes of its own, and no sample of this method has any.
        fields: dict[str, Json] = {**days, "campaign_id": campaign_id, "top": most}
        return answers.bounces(self._ask("/reports/bounces", fields, quotes_are_marks=False).data)

    def template(self, template_id: int) -> Template:
        # People write subjects in quotes, and no sample of this method has any of its own.
        answer = self._ask("/templates/get", {"id": template_id}, quotes_are_marks=False)
        return template(answer.data, template_id)

    def probe(self, request_id: RequestId) -> Probed:
        """Sends a harmless read, once, as a change would be sent, and says all that its answer shows. Raises Failed."""
        ids = {"Request-ID": request_id, "X-Request-ID": request_id}
        body = self._body({"from_id": 1, "limit": 1})
        return probed(self._transport.once(self._url("/campaigns/list"), self._headers() | ids, body), self._tellable)

    def close(self) -> None:
        """Ends reads that are under way and closes the pool."""
        self._transport.close()

    def _change(
        self, path: str, body: bytes, request_id: RequestId, judge: Callable[[Answer], _Judged]
    ) -> _Judged | NotSent | Unknown | RefusedByPlatform:
        begun = time.monotonic()
        outcome = self._changed(path, body, request_id, judge)
        self._tell(path, begun, word_for(outcome))
        return outcome

    def _changed(
        self, path: str, body: bytes, request_id: RequestId, judge: Callable[[Answer], _Judged]
    ) -> _Judged | NotSent | Unknown | RefusedByPlatform:
        ids = {"Request-ID": request_id, "X-Request-ID": request_id}
        try:
            outcome = judge(self._transport.once(self._url(path), self._headers() | ids, body))
        except Failed as failed:
            return outcome_of_failure(failed)
        if isinstance(outcome, RefusedByPlatform):
            return RefusedByPlatform(outcome.code, self._tellable(outcome.text))
        return outcome

    def _pages(self, path: str, read: Callable[[Mapping[str, Json]], _Item | None]) -> Iterator[_Item]:
        """Each item once. Editions differ in whether the next page begins at its predecessor's last id or after it."""
        seen: set[int] = set()
        from_id = 1
        while True:
            page = self._ask(path, {"from_id": from_id, "limit": PAGE})
            known = len(seen)
            for item in filter(None, map(read, answers.objects(page.data))):
                if item.id not in seen:
                    seen.add(item.id)
                    yield item
            following = answers.whole(page.next_from_id)
            if len(seen) == known or following is None or following <= from_id:
                return
            from_id = following

    def _ask(self, path: str, fields: Mapping[str, Json], *, quotes_are_marks: bool = True) -> Envelope:
        begun = time.monotonic()
        try:
            envelope = self._asked(path, fields, quotes_are_marks=quotes_are_marks)
        except PlatformError as error:
            self._tell(path, begun, error.word)
            raise
        self._tell(path, begun, "ok")
        return envelope

    def _tell(self, path: str, begun: float, outcome: str) -> None:
        try:
            self._observe(path.strip("/"), time.monotonic() - begun, outcome)
        except Exception:
            # What the platform answered to a launch must not be lost to whoever counts the calls.
            log.exception("a call to the platform could not be told")

    def _asked(self, path: str, fields: Mapping[str, Json], *, quotes_are_marks: bool) -> Envelope:
        try:
            answer = self._transport.read(self._url(path), self._headers(), self._body(fields))
        except Failed as failed:
            raise (PlatformUnclear if failed.answered else PlatformUnreachable)(failed.cause) from None
        try:
            envelope = decode_envelope(answer.body, quotes_are_marks=quotes_are_marks)
        except Malformed as malformed:
            raise PlatformUnclear(
                Phrase("HTTP {status}, and {fault}", status=str(answer.status), fault=malformed.text)
            ) from None
        if envelope.error:
            raise PlatformRefused(envelope.error, self._tellable(envelope.error_text))
        if answer.status // 100 != 2:  # noqa: PLR2004 -- the class of success
            raise PlatformUnclear(Phrase("HTTP {status}, yet with error 0", status=str(answer.status)))
        return envelope

    def _body(self, fields: Mapping[str, Json]) -> bytes:
        return encode(self._connection.format, {**self._token_fields, **fields})

    def _url(self, path: str) -> str:
        # In the URL rather than in the body, so that a body is the guide's own sample; JSON is the default.
        question = "?format=xml" if self._connection.format is WireFormat.XML else ""
        return f"{self._connection.root}{path}{question}"

    def _headers(self) -> dict[str, str]:
        """A fixed set, for it may count when the platform compares requests; no version that an update would change."""
        content_type = self._connection.format.content_type
        headers = {
            "Content-Type": content_type,
            "Accept": content_type,
            "Accept-Encoding": "identity",
            "User-Agent": "campaign-bot",
        }
        if self._connection.token_in is TokenIn.HEADER:
            headers["Authorization"] = f"Bearer {self._connection.token}"
        return headers

    def _tellable(self, error_text: str) -> str:
        """The platform's words, without the token should they quote it."""
        return error_text.replace(self._connection.token, "•••")[:LONGEST_ERROR_TEXT]
