"""The running bot: its parts are started and stopped in order."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta
from functools import partial

from bot import logs, mail_reading
from bot.altcraft.client import AltcraftClient, Connection, TokenIn, WireFormat
from bot.altcraft.directory import PlatformDirectory
from bot.altcraft.overview import PlatformOverview
from bot.altcraft_settings import AltcraftSettings
from bot.campaign.request import ActivationRequest
from bot.chart import drawing
from bot.desk import build_desks
from bot.desk.denials import Denials
from bot.health import Health
from bot.journal.anchors import Anchors
from bot.journal.backlog import backlog
from bot.journal.digests import Digests
from bot.journal.engine import open_engine
from bot.journal.file_store import FileStore
from bot.journal.fillings import Fillings
from bot.journal.instance import signed_on
from bot.journal.journal import Journal
from bot.journal.messages import KeptMessages
from bot.journal.queue import PICTURES, WORKFLOWS, Queue
from bot.journal.rekeying import check_keys
from bot.journal.schema import upgrade
from bot.journal.testing import MadeTests
from bot.journal.workflow_steps import WorkflowSteps
from bot.launch.events import ChannelId
from bot.metrics import Metrics
from bot.picture.renderer import Renderer
from bot.picture.rendering import render
from bot.policy.checking import Checking
from bot.policy.context import PolicyContext
from bot.policy.roles import Role
from bot.policy_source import PolicySource
from bot.receiver import Receiver
from bot.receiving import BESIDE_PEOPLE, receiver
from bot.recipients_key import vault_of
from bot.serving import listening, once_slack_answers, opened
from bot.settings import Settings
from bot.slack.anchors import ChannelAnchors
from bot.slack.api.client import Observe
from bot.slack.api.health import SlackHealth, asking
from bot.slack.api.permalinks import Permalinks
from bot.slack.api.users import Users
from bot.slack.build import Access, SlackApi, build_app, connect, workflows
from bot.slack.channel import Channel
from bot.slack.charts import ThreadCharts
from bot.slack.digest import ChannelDigest
from bot.slack.pictures import ThreadPictures
from bot.stamps import Authority
from bot.threads import Pool, ThreadPools
from bot.worker.anchors import DailyAnchor
from bot.worker.answering import Answering
from bot.worker.build import WorkerSettings, build_worker
from bot.worker.digests import WeeklyDigest
from bot.worker.picturing import Picturing
from bot.worker.recipient_sweep import RecipientSweep
from bot.worker.recurring import Recurring
from bot.worker.rereading import Rereading
from bot.worker.thread_pictures import Exhibit, FirstDays, Mails

GRACE = 10.0
"""Seconds that a stop may take beyond the longest call to the platform."""

log = logging.getLogger(__name__)


class UnusableAddress(Exception):
    """The platform cannot be reached with what is set; the text says what to mend."""


@contextmanager
def running(settings: Settings, stopping: threading.Event) -> Iterator[None]:
    """The whole bot, started; stopped in order at the end of the block.

    Once `stopping` is set, the process ends within a bound, whatever hangs: what it held goes on elsewhere.
    Raises Stopped where that comes before Slack can be reached, and PolicyUnreadable for a policy with mistakes.
    """
    with ExitStack() as stack:
        policy = PolicySource(settings.policy)
        policy()
        stack.enter_context(_ending_within(settings.altcraft.timeout + GRACE, stopping))
        engine = open_engine(settings.database_url)
        stack.callback(engine.dispose)
        instance = stack.enter_context(signed_on(engine))
        upgrade(engine)
        journal, metrics, reach = Journal(engine, keys=settings.journal_keys.keys), Metrics(), SlackHealth()
        with journal.reading() as connection:
            check_keys(connection, journal.keys)
        metrics.watch(lambda: backlog(journal))
        journal.observers.join(metrics.appended)
        journal.observers.join(logs.appended)
        platform = _platform(settings.altcraft, _telling(metrics.platform_called, logs.platform_called))
        stack.callback(platform.close)
        messages, pools = KeptMessages(journal), ThreadPools()
        directory = PlatformDirectory(platform, messages.keep, wants_labels=policy.asks_for_labels)
        stack.callback(directory.close)
        stack.callback(pools.close)
        observe = _telling(metrics.slack_called, logs.slack_called, reach.noted)
        slack = connect(_access(settings), policy, pools[Pool.PEOPLE], observe)
        checking = Checking(messages, messages.sent_to, journal.now, mail_reading.read)
        fillings = Fillings(journal, vault_of(settings.recipients_keys))
        context = PolicyContext(policy, slack.members, journal.collisions, checking, MadeTests(journal).was_tested)
        rereading = Rereading(journal, platform, directory, pools[Pool.READING])
        channel = Channel(
            slack.patient,
            lambda: slack.members.known_holders(Role.ADMIN),
            slack.languages,
            context.zone,
            settings.altcraft.campaign_link,
            context.offers_tests,
            context.brakes,
            lambda: fillings.keeps and context.names_receivers(),
        )
        tuning = WorkerSettings(settings.altcraft.deduplicates, timedelta(seconds=settings.slack.settling))
        exhibits = tuple(_exhibits(settings, slack, messages))
        unseen = Queue(journal, PICTURES, instance, tuning.settling)
        picturing = Picturing(journal, unseen, exhibits) if exhibits else None
        steps, waiting = WorkflowSteps(journal), Queue(journal, WORKFLOWS, instance)
        sendable = partial(_check_sendable, platform, journal)
        desks = build_desks(journal, context, rereading.anew, sendable, steps, directory.preview, fillings)
        answering = Answering(journal, steps, waiting, workflows(slack, desks, directory))
        worker = build_worker(
            journal, instance, platform, rereading, context, channel, answering, picturing, fillings, pools, tuning
        )
        # Before Slack: what is approved or under way does not wait for it.
        worker.start()
        stack.callback(worker.stop)
        for recurring in _recurring(settings, slack, journal, context, fillings):
            recurring.start()
            stack.callback(recurring.stop)
        health = Health(journal.ping, worker.silent_for)
        doors = stack.enter_context(
            opened(
                settings,
                health,
                metrics.page,
                slack.clock,
                stack.enter_context(_receiver(settings, journal, metrics)),
            )
        )
        stack.callback(pools.finish, Pool.LISTENERS, Pool.DECISIONS)
        # A field of a form that is open keeps the words it was opened with, so names have to be there before.
        directory.read_ahead()
        overview = PlatformOverview(platform, directory, pools[Pool.READING], journal.now)
        app = once_slack_answers(lambda: build_app(slack, desks, directory, overview, pools), stopping)
        health.slack = lambda: reach.problem(asking(slack.quick))
        stack.enter_context(listening(settings, slack.patient, app, doors, health, stopping))
        yield


def _receiver(settings: Settings, journal: Journal, metrics: Metrics) -> AbstractContextManager[Receiver | None]:
    """None where the platform's hooks are not received."""
    if settings.events is None:
        return nullcontext()
    return receiver(settings.events, journal, metrics, vault_of(settings.recipients_keys), BESIDE_PEOPLE)


@contextmanager
def _ending_within(seconds: float, stopping: threading.Event) -> Iterator[None]:
    """Ends the process that many seconds after `stopping` is set, unless the block has ended by then."""
    ended = threading.Event()

    def watch() -> None:
        stopping.wait()
        if not ended.wait(seconds):
            log.error("not everything could be finished in %.0f s; the next start goes on from the journal", seconds)
            os._exit(1)

    threading.Thread(target=watch, name="stop", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _check_sendable(platform: AltcraftClient, journal: Journal, request: ActivationRequest) -> None:
    platform.prepare_activation(request, FileStore(journal).attached(request))


def _recurring(
    settings: Settings, slack: SlackApi, journal: Journal, context: PolicyContext, fillings: Fillings
) -> Iterator[Recurring]:
    """What is looked at again and again, beside what launches need."""
    yield Recurring("count of refusals", Denials(journal).settle)
    yield Recurring("bound of profile ids", RecipientSweep(fillings, context.policy).sweep)
    if settings.slack.digest_channel:
        yield Recurring("digest", _digest(settings, slack, journal, context).tell_if_due)
    if settings.slack.audit_channel:
        yield Recurring("anchor", _anchor(settings, slack, journal).tell_if_due)


def _exhibits(settings: Settings, slack: SlackApi, messages: KeptMessages) -> Iterator[Exhibit]:
    if settings.pictures:
        thread = ThreadPictures(slack.patient, settings.channel_language, settings.image_hosts)
        yield Mails(messages, Renderer(make=partial(render, hosts=settings.image_hosts)).pictures, thread)
    if drawing.installed():
        yield FirstDays(ThreadCharts(slack.patient, settings.channel_language, drawing.drawn))


def _digest(settings: Settings, slack: SlackApi, journal: Journal, context: PolicyContext) -> WeeklyDigest:
    people, links = Users(slack.profiles), Permalinks(slack.quick)
    channel = ChannelDigest(
        slack.patient, settings.slack.digest_channel, settings.channel_language, people.name, links.to_card
    )
    return WeeklyDigest(Digests(journal), channel, context.zone, journal.now)


def _anchor(settings: Settings, slack: SlackApi, journal: Journal) -> DailyAnchor:
    channel = ChannelAnchors(slack.patient, settings.slack.audit_channel, settings.channel_language)
    stamp = Authority(settings.slack.authority).stamp if settings.slack.authority else None
    return DailyAnchor(Anchors(journal), channel, journal.now, stamp)


def _telling(*observers: Observe) -> Observe:
    """One observer of calls that tells all of these."""

    def tell(call: str, seconds: float, outcome: str) -> None:
        for observer in observers:
            observer(call, seconds, outcome)

    return tell


def _access(settings: Settings) -> Access:
    return Access(
        bot_token=settings.slack.bot_token,
        signing_secret=settings.slack.signing_secret,
        api_url=settings.slack.api_url,
        route=settings.slack.route,
        channel_language=settings.channel_language,
        launch_channel=ChannelId(settings.slack.launch_channel) if settings.slack.launch_channel else None,
    )


def _platform(altcraft: AltcraftSettings, observe: Observe) -> AltcraftClient:
    """Raises UnusableAddress."""
    try:
        connection = Connection(
            url=altcraft.url,
            token=altcraft.token,
            format=WireFormat(altcraft.format),
            token_in=TokenIn(altcraft.token_in),
            timeout=altcraft.timeout,
            segment_counters_database_key=altcraft.database_key,
            attach_keys=altcraft.attach_keys,
            route=altcraft.route,
        )
    except ValueError as error:
        raise UnusableAddress(f"{error} Check ALTCRAFT_URL and ALTCRAFT_TOKEN.") from error
    return AltcraftClient(connection, observe)
