"""Puts the worker together."""

from dataclasses import dataclass
from datetime import timedelta

from bot import logs
from bot.altcraft.client import AltcraftClient
from bot.journal.corrections import Corrections
from bot.journal.fillings import Fillings
from bot.journal.instance import Instance
from bot.journal.journal import Journal
from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import FILLINGS, PUBLISHING, REPORTS, STEPS, STOPS, Queue
from bot.journal.testing import MadeTests
from bot.launch.delivery import DeliveryRules
from bot.launch.events import Entry
from bot.launch.story import Publisher
from bot.policy.context import PolicyContext
from bot.threads import SIZES, Pool, ThreadPools
from bot.worker.activation import Activation
from bot.worker.answering import Answering
from bot.worker.braking import Braking
from bot.worker.canaries import Canaries
from bot.worker.copy_check import CopyCheck
from bot.worker.copying import Copying
from bot.worker.doubts import Doubts
from bot.worker.filling import FillingSegments
from bot.worker.following import Follow
from bot.worker.gate import Gate
from bot.worker.mentions import Mentions
from bot.worker.picturing import Picturing
from bot.worker.publishing import Publishing
from bot.worker.record_check import RecordCheck
from bot.worker.reporting import Reporting
from bot.worker.rereading import Rereading
from bot.worker.runner import Runner, Work, Worker
from bot.worker.steps import Steps
from bot.worker.stopping import StopCalls


@dataclass(frozen=True)
class WorkerSettings:
    """What an installation says of its platform and its Slack."""

    deduplicates: bool
    """Whether the platform knows a call that it has had before."""
    settling: timedelta
    """How long a post that Slack did not answer may still arrive."""


def build_worker(
    journal: Journal,
    instance: Instance,
    platform: AltcraftClient,
    rereading: Rereading,
    context: PolicyContext,
    publisher: Publisher,
    answering: Answering,
    picturing: Picturing | None,
    fillings: Fillings,
    pools: ThreadPools,
    settings: WorkerSettings,
) -> Worker:
    """The worker of this process, not started yet, with a lane each for steps, stops, reports and telling Slack.

    There is one for workflows, too, and with `picturing` one for pictures.
    """
    rules, mentions = DeliveryRules(resend_when_in_doubt=settings.deduplicates), Mentions(context.policy)

    def runner(pool: Pool, queue: Queue, work: Work) -> Runner:
        return Runner(pool, journal, queue, logs.concerning(work), pools[pool], SIZES[pool].most)

    due = Queue(journal, STEPS, instance)
    record_check = RecordCheck(journal, mentions)
    gate = Gate(journal, context, CopyCheck(journal, platform, rereading.directory))
    activation = Activation(journal, platform, rereading, gate, rules, mentions, record_check)
    copying = Copying(journal, due, platform, rereading, gate, rules, mentions, record_check)
    doubts = Doubts(journal, due, platform, activation, rules, mentions)
    canaries = Canaries(journal, due, context, rereading, gate, rules, mentions, record_check)
    follow = Follow(journal, due, platform, context.policy)
    steps = Steps(journal, due, activation, copying, canaries, doubts, follow, mentions)
    stops = Queue(journal, STOPS, instance)
    braking = Braking(journal, stops, context.policy, mentions)
    stop_calls = StopCalls(journal, stops, platform, rules, mentions, record_check, braking)
    reports = Queue(journal, REPORTS, instance)
    untold = Queue(journal, PUBLISHING, instance, settings.settling)
    unfilled = Queue(journal, FILLINGS, instance)
    filling = runner(
        Pool.FILLINGS, unfilled, FillingSegments(journal, unfilled, fillings, platform, context.policy).fill
    )
    fillings.wakes(filling.wake)
    asked = runner(Pool.WORKFLOWS, answering.queue, answering.answer)
    answering.steps.wakes(asked.wake)
    showing = runner(Pool.PICTURES, picturing.queue, picturing.show) if picturing else None

    def told(entry: Entry) -> None:
        if picturing and showing and picturing.asked_by(entry):
            showing.wake()

    publishing = Publishing(
        journal,
        untold,
        PublishProgress(journal),
        publisher,
        pools[Pool.MESSAGES],
        told,
        MadeTests(journal).last,
        Corrections(journal).of,
    )
    return Worker(
        runner(Pool.STEPS, due, steps.take),
        runner(Pool.STOPS, stops, stop_calls.take),
        runner(Pool.PUBLISHING, untold, publishing.publish),
        runner(Pool.REPORTS, reports, Reporting(journal, reports, platform, context.policy).report),
        asked,
        filling,
        *([showing] if showing else []),
    )
