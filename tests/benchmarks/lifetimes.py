"""The bot's parts living through 10,000 launches in a process of their own, with its memory told on the way.

The journal, the steps and the publishing are the product's; the platform and Slack answer from memory, so that it
takes minutes and not hours. A line of JSON is written for each thousand launches.
"""

import gc
import itertools
import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from bot.altcraft.client import LogEntry, WireFormat
from bot.altcraft.request_bodies import Prepared, prepare
from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, Source, SourceKind
from bot.journal.engine import open_engine
from bot.journal.instance import signed_on
from bot.journal.journal import Journal
from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import PUBLISHING, STEPS, Queue
from bot.journal.schema import upgrade
from bot.launch.commands import Approve, Request
from bot.launch.delivery import DeliveryRules
from bot.launch.outcome import Accepted
from bot.launch.state import State
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands
from bot.policy.policy import Policy, RoleList
from bot.slack.api.languages import Languages
from bot.slack.channel import Channel
from bot.slack.profiles import Profiles
from bot.texts import ENGLISH
from bot.worker.activation import Activation
from bot.worker.doubts import Doubts
from bot.worker.following import Follow
from bot.worker.gate import Gate
from bot.worker.mentions import Mentions
from bot.worker.publishing import Publishing
from bot.worker.record_check import RecordCheck
from bot.worker.rereading import Rereading
from bot.worker.steps import Steps
from tests.builders import ANA, BEN, PREVIEW, AtOnce, asked
from tests.message.builders import checking

REPORT_EACH = 1_000

POLICY = Policy(
    roles={"requester": RoleList((ANA,)), "approver": RoleList((BEN,)), "admin": RoleList()},
    base=Demands(approvals=1),
)


class Platform:
    """Answers at once; a run is over when it is looked for. Counts the activations."""

    def __init__(self) -> None:
        self.activated: dict[str, int] = {}

    def preview(self, campaign_id: int, source: Source) -> Preview:
        assert PREVIEW.campaign is not None
        assert PREVIEW.audience is not None
        campaign, audience = replace(PREVIEW.campaign, id=campaign_id), replace(PREVIEW.audience, source=source)
        return replace(PREVIEW, campaign=campaign, audience=audience)

    def prepare_activation(self, request: ActivationRequest, files: Mapping[str, bytes]) -> Prepared:
        keys = ("header", "data")
        return prepare(request, files, wire=WireFormat.JSON, token_fields={"token": "none"}, attach_keys=keys)

    def activate(self, _prepared: Prepared, request_id: str) -> Accepted:
        self.activated[request_id] = self.activated.get(request_id, 0) + 1
        return Accepted()

    def log(self, _campaign_id: int, from_time: datetime | None = None) -> list[LogEntry]:
        del from_time
        now = datetime.now(UTC)
        if not self.activated:
            return []
        return [LogEntry("INFO", state, now + timedelta(seconds=1), "", "") for state in ("start", "end")]


class Slack:
    """Takes every message."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def api_call(self, _method: str, **_arguments: Any) -> dict[str, str]:
        return {"ts": f"1.{next(self._numbers)}"}


class Roles:
    def holds(self, person: str, role: str) -> bool:
        return person in POLICY.roles[role].members

    def held(self, _person: str, _among: object) -> frozenset[str]:
        return frozenset()


class Bot:
    """The parts put together as the service does, without its threads."""

    def __init__(self, journal: Journal, platform: Any, instance: Any) -> None:
        self.journal = journal
        self.platform = platform
        at_once: Any = AtOnce()
        rereading = Rereading(journal, platform, platform, at_once)
        roles: Any = Roles()
        gate = Gate(journal, PolicyContext(lambda: POLICY, roles, journal.collisions, checking(journal)), None)
        rules = DeliveryRules(resend_when_in_doubt=False)
        mentions = Mentions(lambda: POLICY)
        activation = Activation(journal, platform, rereading, gate, rules, mentions, RecordCheck(journal, mentions))
        due, self._untold = Queue(journal, STEPS, instance), Queue(journal, PUBLISHING, instance)
        doubts = Doubts(journal, due, platform, activation, rules, mentions)
        follow = Follow(journal, due, platform, lambda: POLICY)
        self._steps = Steps(journal, due, activation, None, None, doubts, follow, mentions)
        slack: Any = Slack()
        channel = Channel(slack, frozenset, Languages(Profiles(slack), at_once, ENGLISH))
        self._publishing = Publishing(journal, self._untold, PublishProgress(journal), channel, at_once)

    def live(self, number: int) -> None:
        """One launch until its run is over, told in Slack at its end. Raises AssertionError where it does not end."""
        launch_id = LaunchId(f"{number:08}")
        source = Source(SourceKind.SEGMENT, number)
        seen, expires_at = self.platform.preview(number, source), self.journal.now() + timedelta(hours=4)
        requested = replace(asked(campaign_id=number, source=source), preview=seen, expires_at=expires_at)
        self.journal.execute(launch_id, Request(ANA, requested))
        self.journal.execute(launch_id, Approve(BEN))
        self._steps.take(launch_id)
        self._steps.take(launch_id)
        self._publishing.publish(launch_id)
        lived = self.journal.load(launch_id)
        assert lived is not None
        assert lived.state == State.FINISHED, lived.state


def main(launches: int) -> None:
    process = psutil.Process()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        engine = open_engine(f"sqlite:///{folder}/journal.db")
        instance = stack.enter_context(signed_on(engine))
        upgrade(engine)
        platform = Platform()
        bot = Bot(Journal(engine), platform, instance)
        # As the bot does when it is ready.
        gc.freeze()
        for number in range(1, launches + 1):
            bot.live(number)
            if number % REPORT_EACH == 0 or number == launches:
                told = {
                    "launches": number,
                    "mib": process.memory_info().rss / 2**20,
                    "cpu": sum(process.cpu_times()[:2]),
                }
                sys.stdout.write(json.dumps({**told, "twice": sum(n != 1 for n in platform.activated.values())}) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
