"""The platform's API: reads that raise PlatformError, and the four changes that always return an outcome."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.altcraft import answers
from bot.altcraft.answers import LogEntry, Segment, Status
from bot.altcraft.calls import PAGE, Calls, Observe
from bot.altcraft.connection import Connection, TokenIn
from bot.altcraft.errors import PlatformError, PlatformRefused, PlatformUnclear, PlatformUnreachable
from bot.altcraft.outcome import copy_of, outcome_of
from bot.altcraft.probe import Probed
from bot.altcraft.request_bodies import Prepared, prepare, prepare_addition, prepare_copy, prepare_stop
from bot.altcraft.templates import template
from bot.altcraft.wire import WireFormat
from bot.campaign.campaign import Campaign, Choice
from bot.campaign.request import ActivationRequest, Json, RequestId
from bot.campaign.schedule import Schedule
from bot.launch.copying import CopyOutcome
from bot.launch.outcome import Outcome
from bot.message.message import Template
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


def _unobserved(_call: str, _seconds: float, _outcome: str) -> None:
    """For whoever does not want to know."""


class AltcraftClient:
    """One platform. May be used from several threads. `observe` is told of every call, in the thread that made it.

    Raises Unusable (bot.route) where the way there cannot be used as it is set up.
    """

    def __init__(self, connection: Connection, observe: Observe = _unobserved) -> None:
        self._connection = connection
        self._calls = Calls(connection, observe)

    def prepare_activation(self, request: ActivationRequest, files: Mapping[str, bytes]) -> Prepared:
        """The body of an activation; `files` holds the attachments' bytes by SHA-256. Raises Invalid."""
        return prepare(
            request,
            files,
            wire=self._connection.format,
            token_fields=self._connection.token_fields,
            attach_keys=self._connection.attach_keys,
        )

    def activate(self, prepared: Prepared, request_id: RequestId) -> Outcome:
        """Makes the one dangerous call, exactly once. Never raises for what the network or the platform does."""
        return self._calls.change("/campaigns/activate/", prepared.body, request_id, outcome_of)

    def prepare_stop(self, campaign_id: int, *, abort_if_running: bool) -> Prepared:
        """The body of a stop; with `abort_if_running` what is still queued is dropped."""
        return prepare_stop(
            campaign_id,
            abort_if_running=abort_if_running,
            wire=self._connection.format,
            token_fields=self._connection.token_fields,
        )

    def deactivate(self, prepared: Prepared, request_id: RequestId) -> Outcome:
        """Switches a campaign off, in exactly one call. Never raises, as activate.

        Each stop needs an id of its own: a repeat within a day can be swallowed (guide, request deduplication).
        """
        return self._calls.change("/campaigns/deactivate", prepared.body, request_id, outcome_of)

    def prepare_copy(self, campaign_id: int, name: str) -> Prepared:
        """The body that has a campaign copied under that name."""
        return prepare_copy(campaign_id, name, wire=self._connection.format, token_fields=self._connection.token_fields)

    def copy(self, prepared: Prepared, request_id: RequestId) -> CopyOutcome:
        """Has a campaign copied, in exactly one call. Never raises, as activate."""
        return self._calls.change("/campaigns/clone", prepared.body, request_id, copy_of)

    def prepare_addition(self, segment_id: int, database_id: int, profile_id: str) -> Prepared:
        """The body that puts a profile into a static segment. Raises Invalid."""
        return prepare_addition(
            segment_id,
            database_id,
            profile_id,
            wire=self._connection.format,
            token_fields=self._connection.token_fields,
        )

    def add(self, prepared: Prepared, request_id: RequestId) -> Outcome:
        """Puts a profile into a static segment, in exactly one call. Never raises, as activate.

        What happens to one that is in it already is not documented; nobody is mailed by it.
        """
        return self._calls.change("/profiles/segstatic/add", prepared.body, request_id, outcome_of)

    def campaign(self, campaign_id: int) -> Campaign:
        return answers.campaign(self._calls.ask("/campaigns/get", {"id": campaign_id}).data, campaign_id)

    def broadcast(self, campaign_id: int) -> Campaign:
        """The richer view of a broadcast; without `kind`, `status` and `is_completed`."""
        return answers.campaign(self._calls.ask("/campaigns/broadcasts/get", {"id": campaign_id}).data, campaign_id)

    def regular(self, campaign_id: int) -> Campaign:
        """The richer view of a regular campaign; as broadcast."""
        return answers.campaign(self._calls.ask("/campaigns/regulars/get", {"id": campaign_id}).data, campaign_id)

    def schedule(self, campaign_id: int, kind: str) -> Schedule | None:
        """When a broadcast or a regular campaign starts by itself; None where the platform does not say."""
        path = {"broadcast": "/campaigns/broadcasts/get", "regular": "/campaigns/regulars/get"}.get(kind)
        return answers.schedule(self._calls.ask(path, {"id": campaign_id}).data, campaign_id) if path else None

    def status(self, campaign_id: int) -> Status:
        return answers.status(self._calls.ask("/campaigns/get_status", {"id": campaign_id}).data)

    def campaigns(self) -> Iterator[Campaign]:
        """All campaigns that the token may see, page by page. May raise at each page."""
        return self._calls.pages("/campaigns/list", answers.listed_campaign)

    def listed(self, campaign_id: int) -> Campaign | None:
        """The campaign as the list tells it: only there are its tags and access groups. None where it is not listed."""
        page = self._calls.ask("/campaigns/list", {"from_id": campaign_id, "limit": 1})
        found = filter(None, map(answers.listed_campaign, answers.objects(page.data)))
        return next((campaign for campaign in found if campaign.id == campaign_id), None)

    def log(self, campaign_id: int, from_time: datetime | None = None, limit: int = PAGE) -> list[LogEntry]:
        """The campaign's log, sorted by time. From which end `limit` cuts is not documented."""
        fields: dict[str, Json] = {"id": campaign_id, "limit": limit}
        if from_time is not None:
            fields["from_time"] = answers.rfc3339(from_time)
        return answers.log_entries(self._calls.ask("/campaigns/log_v2", fields).data)

    def segment(self, segment_id: int) -> Segment:
        return answers.segment(self._calls.ask("/segments/get/", {"id": segment_id}).data, segment_id)

    def segments(self) -> Iterator[Choice]:
        """All segments, as campaigns."""
        return self._calls.pages("/segments/list/", answers.listed)

    def segment_counters(self, segment_id: int, resource_id: int, database_id: int | None = None) -> dict[str, int]:
        """Subscribed and sendable profiles by channel. A dynamic segment needs its database's id."""
        fields: dict[str, Json] = {"id": segment_id, "resource_id": resource_id}
        if database_id is not None:
            fields[self._connection.segment_counters_database_key] = database_id
        return answers.sendable(self._calls.ask("/segments/get_counters", fields).data)

    def databases(self) -> Iterator[Choice]:
        """All databases, as campaigns."""
        return self._calls.pages("/databases/list/", answers.listed)

    def database_counters(self, database_id: int, resource_id: int) -> dict[str, int]:
        """Subscribed and sendable profiles by channel."""
        fields: dict[str, Json] = {"id": database_id, "resource_id": resource_id}
        return answers.sendable(self._calls.ask("/databases/get_counters", fields).data)

    def bounces(self, campaign_id: int, first: date, last: date, most: int) -> list[Bounce]:
        """Why e-mails of the campaign were put off on these days, in so many rows at most. No page says whose days."""
        days: dict[str, Json] = {"date_from": first.isoformat(), "date_to": last.isoformat()}
        # What servers say has quotes of its own, and no sample of this method has any.
        fields: dict[str, Json] = {**days, "campaign_id": campaign_id, "top": most}
        return answers.bounces(self._calls.ask("/reports/bounces", fields, quotes_are_marks=False).data)

    def template(self, template_id: int) -> Template:
        # People write subjects in quotes, and no sample of this method has any of its own.
        answer = self._calls.ask("/templates/get", {"id": template_id}, quotes_are_marks=False)
        return template(answer.data, template_id)

    def probe(self, request_id: RequestId) -> Probed:
        """Sends a harmless read, once, as a change would be sent, and says all that its answer shows. Raises Failed."""
        return self._calls.probe("/campaigns/list", {"from_id": 1, "limit": 1}, request_id)

    def close(self) -> None:
        """Ends reads that are under way and closes the pool."""
        self._calls.close()
