"""The stand-in Altcraft platform's state, and what activating and deactivating a campaign does to it."""

import hmac
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from sandbox.altcraft.hooks import RATES, Hooks
from sandbox.altcraft.objects import (
    LAUNCHABLE_KINDS,
    MALFORMED,
    Campaign,
    Database,
    Json,
    LogEntry,
    Refused,
    Segment,
    Source,
    resized,
    rfc3339,
    to_milliseconds,
    utc_now,
)
from sandbox.altcraft.runs import Course, Order, Run, Runs
from sandbox.altcraft.switches import CHOICES, HELP, Switches
from sandbox.altcraft.templates import Template, edited
from sandbox.altcraft.wire import shown

_T = TypeVar("_T")
_A = TypeVar("_A", Segment, Database)

CALLS_KEPT = 50
MOST_PEOPLE = 1_000_000_000
MOST_SHOWN = 200
"""Campaigns and runs in a snapshot; a test may add 50,000, and no page can draw them."""


class Changes(Protocol):
    """Who wants to know that something is another one now; the sandbox's Hub."""

    def changed(self) -> None: ...


@dataclass(frozen=True)
class Activation:
    """What campaigns/activate was asked; the overrides count only with `run_now`."""

    campaign_id: int
    run_now: bool = False
    source_type: str | None = None
    source_id: int | None = None
    limit: int | None = None
    content: Json | None = None
    attach: tuple[object, ...] = ()
    request_id: str | None = None


@dataclass
class Call:
    """A call as the page shows it, without the token. `answer` is None where none was given."""

    at: str
    method: str
    body: object
    request_id: str | None
    answer: object = None


class Platform:
    """Everything the stand-in knows. Lives on one event loop; `clock` gives aware times."""

    def __init__(self, hub: Changes, token: str, clock: Callable[[], datetime] = utc_now) -> None:
        self.campaigns: dict[int, Campaign] = {}
        self.segments: dict[int, Segment] = {}
        self.databases: dict[int, Database] = {}
        self.templates: dict[int, Template] = {}
        self.logs: dict[int, list[LogEntry]] = {}
        self.switches = Switches()
        self.clock = clock
        self.hooks = Hooks(clock)
        self.runs = Runs(clock, self._log, hub.changed, self._run_ended)
        self._hub = hub
        self._token = token
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)

    def switch(self, **changes: object) -> None:
        """Change how the platform behaves; raises ValueError, with a sentence, for an unknown switch or wrong value."""
        self.switches = self.switches.changed(changes)
        self._hub.changed()

    def check_token(self, token: str | None) -> None:
        if token is None or not hmac.compare_digest(token.encode(), self._token.encode()):
            raise Refused(self.switches.code_bad_token, "API token is missing or wrong")

    def take_fault(self, change: str) -> str:
        """Return what is to happen to a change; uses up a switch that is for one only."""
        fault = str(getattr(self.switches, change))
        if fault != "normal" and self.switches.only_next:
            self.switch(**{change: "normal"})
        return fault

    def status(self, campaign: Campaign) -> str:
        return campaign.status if campaign.is_active or campaign.is_completed else self.switches.inactive_status

    def campaign(self, campaign_id: int) -> Campaign:
        return self._found(self.campaigns, campaign_id, "campaign")

    def segment(self, segment_id: int) -> Segment:
        return self._found(self.segments, segment_id, "segment")

    def put(self, segment: Segment) -> None:
        """Have a segment stand as this one does."""
        self.segments[segment.id] = segment
        self._hub.changed()

    def database(self, database_id: int) -> Database:
        return self._found(self.databases, database_id, "database")

    def template(self, template_id: int) -> Template:
        return self._found(self.templates, template_id, "template")

    def activate(self, asked: Activation) -> None:
        """Switch a campaign on and, with `run_now`, start a run. Raises Refused, and then nothing has changed."""
        self._check_rights()
        campaign = self.campaign(asked.campaign_id)
        self._check_state(campaign, asked)
        source = self._source(campaign, asked)
        campaign.is_active, campaign.is_completed = True, False
        if asked.run_now:
            self._run(campaign, Order(source, asked.limit, asked.content, asked.attach, asked.request_id))
        self._hub.changed()

    def deactivate(self, campaign_id: int, *, abort_if_running: bool) -> None:
        """Switch a campaign off; what runs goes on, or is aborted. Raises Refused."""
        self._check_rights()
        campaign = self.campaign(campaign_id)
        if not campaign.is_active and self.switches.already_inactive_answer == "refuse":
            raise Refused(MALFORMED, "the campaign is not active")
        campaign.is_active = False
        if abort_if_running:
            self.runs.abort(campaign_id, log_end=self.switches.aborted_run_logs_end)
        self._hub.changed()

    def start_elsewhere(self, campaign_id: int) -> None:
        """Start a run that nobody asked the API for: a schedule, or a person in the platform's own pages."""
        campaign = self.campaign(campaign_id)
        self._run(campaign, Order(campaign.source))
        self._hub.changed()

    def edit(self, campaign_id: int, user: str, **changes: object) -> None:
        """Change a campaign's fields as a person would in the editor, which moves who edited it last, and when."""
        edited = replace(self.campaign(campaign_id), **changes)  # type: ignore[arg-type]  # the caller names the fields
        edited.updated_user, edited.update_time = user, self.clock()
        self.campaigns[campaign_id] = edited
        self._hub.changed()

    def edit_campaign(self, campaign_id: int, *, name: str | None = None, by: str = "olga") -> None:
        """Rename a campaign in the editor or, without a name, only save it again. Raises Refused, or ValueError."""
        if name is None:
            self.edit(campaign_id, by)
        elif name.strip():
            self.edit(campaign_id, by, name=name.strip())
        else:
            raise ValueError("A campaign needs a name.")

    def edit_template(self, template_id: int, sid: str, fields: Mapping[str, object], *, by: str = "olga") -> None:
        """Change a channel's fields in the editor; campaigns stay as they are. Raises Refused, or ValueError."""
        self.templates[template_id] = edited(self.template(template_id), sid, fields, by, self.clock())
        self._hub.changed()

    def resize(self, kind: str, source_id: int, count: int) -> None:
        """Let a "list" or "segment" have so many people, of whom as large a share as before can be sent to.

        Raises Refused where there is none, ValueError for another kind or a count that cannot be.
        """
        if not 0 <= count <= MOST_PEOPLE:
            raise ValueError(f"A size is a whole number from 0 to {MOST_PEOPLE}.")
        match kind:
            case "list":
                self.databases[source_id] = resized(self.database(source_id), count)
            case "segment":
                self.segments[source_id] = resized(self.segment(source_id), count)
            case _:
                raise ValueError(f"“{kind}” is neither a list nor a segment.")
        self._hub.changed()

    def add_many(self, count: int) -> None:
        """Add that many inactive broadcasts after the highest id, with holes between their ids."""
        campaign_id = max(self.campaigns, default=0)
        for number in range(count):
            campaign_id += 1 + number % 3
            name = f"Generated mailing {number + 1}"
            self.campaigns[campaign_id] = Campaign(campaign_id, name, "broadcast", Source("list", 1))
        self._hub.changed()

    def note(self, method: str, body: object, request_id: str | None) -> Call:
        """Keep a call for the page, and return it so that its answer can be put in."""
        call = Call(rfc3339(self.clock()), method, shown(body, self._token), request_id)
        self._calls.append(call)
        self._hub.changed()
        return call

    def note_answer(self, call: Call, answer: object) -> None:
        call.answer = shown(answer, self._token)
        self._hub.changed()

    def snapshot(self) -> Json:
        """Return what the page shows; sizes are profiles that can be sent to in the campaign's channel."""
        campaigns = [self.campaigns[each] for each in sorted(self.campaigns)[:MOST_SHOWN]]
        now = self.clock()
        return {
            "campaigns": [self._row(campaign) for campaign in campaigns],
            "templates": [self.templates[each].row() for each in sorted(self.templates)[:MOST_SHOWN]],
            "audiences": [*_audiences("list", self.databases), *_audiences("segment", self.segments)],
            "runs": [run.snapshot(now) for run in self.runs.all[-MOST_SHOWN:]],
            "requests": [asdict(call) for call in self._calls],
            "switches": asdict(self.switches),
            "switch_help": dict(HELP),
            "switch_choices": dict(CHOICES),
        }

    def _row(self, campaign: Campaign) -> Json:
        audience = self._audience(campaign.source)
        return {
            "id": campaign.id,
            "name": campaign.name,
            "type": campaign.type,
            "is_active": campaign.is_active,
            "is_completed": campaign.is_completed,
            "status": self.status(campaign),
            "channel": campaign.channel,
            "source": f"{campaign.source.type}:{campaign.source.id}",
            "audience_name": audience.name if audience else None,
            "audience_size": self._size(campaign.source, campaign.channel),
            "updated_user": campaign.updated_user,
            "update_time": rfc3339(campaign.update_time),
            "running": bool(self.runs.going(campaign.id)),
        }

    def _found(self, there: dict[int, _T], wanted: int, what: str) -> _T:
        if wanted not in there:
            raise Refused(self.switches.code_unknown_id, f"{what} {wanted} does not exist")
        return there[wanted]

    def _check_rights(self) -> None:
        if not self.switches.token_may_launch:
            raise Refused(self.switches.code_no_rights, "the token may not launch")

    def _check_state(self, campaign: Campaign, asked: Activation) -> None:
        switches = self.switches
        if campaign.is_active and switches.already_active_answer == "refuse":
            raise Refused(MALFORMED, "the campaign is active already")
        if asked.limit is not None and asked.limit < 0:
            raise Refused(MALFORMED, "override_limit is negative")
        if not asked.run_now:
            return
        if campaign.type not in LAUNCHABLE_KINDS and switches.other_kinds_run_now == "refuse":
            raise Refused(MALFORMED, f"a {campaign.type} is not launched this way")
        if switches.repeat_run == "refuse" and (campaign.is_completed or self.runs.going(campaign.id)):
            raise Refused(MALFORMED, "the campaign is running or has completed")

    def _source(self, campaign: Campaign, asked: Activation) -> Source:
        """Return the source that counts: without `run_now` the overrides say nothing, as the guide has it."""
        if not asked.run_now or (asked.source_type is None and asked.source_id is None):
            return campaign.source
        if asked.source_type is not None and asked.source_id is not None:
            override = Source(asked.source_type, asked.source_id)
            if self._audience(override):
                return override
        if self.switches.bad_override == "own_source":
            return campaign.source
        raise Refused(MALFORMED, "the override names no existing source")

    def _audience(self, source: Source) -> Segment | Database | None:
        if source.type == "list":
            return self.databases.get(source.id)
        return self.segments.get(source.id) if source.type == "segment" else None

    def _size(self, source: Source, channel: str) -> int:
        audience = self._audience(source)
        return audience.sendable.get(channel, 0) if audience else 0

    def _run(self, campaign: Campaign, order: Order) -> None:
        switches = self.switches
        course = Course(switches.run_fate, switches.run_seconds, switches.start_delay_seconds, switches.run_errors)
        if order.limit is None and campaign.limit:
            order = replace(order, limit=campaign.limit)
        self.runs.begin(campaign, order, self._size(order.source, campaign.channel), course)

    def _run_ended(self, run: Run) -> None:
        campaign = self.campaigns[run.campaign_id]
        if run.state == "finished" and campaign.type == "broadcast" and not self.runs.going(campaign.id):
            campaign.is_active, campaign.is_completed = False, True
        self.hooks.tell(run, RATES[self.switches.hooks], repeat=self.switches.hooks_repeat)

    def _log(self, campaign_id: int, entry: LogEntry) -> None:
        self.logs.setdefault(campaign_id, []).append(replace(entry, time=to_milliseconds(entry.time)))


def _audiences(kind: str, there: Mapping[int, _A]) -> list[Json]:
    return [{"kind": kind, "id": each, "name": there[each].name, "count": there[each].count} for each in sorted(there)]
