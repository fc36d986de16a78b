"""First to a few: has a launch's canary opened, waits for its numbers, and lets the rest go where the policy does."""

from bot.campaign.campaign import Preview
from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.numbers import Numbers
from bot.journal.queue import Queue
from bot.launch import canary as canaries
from bot.launch.canarying import Failed, Ran, canary_id, course, request_of
from bot.launch.commands import Observe, Request
from bot.launch.delivery import DeliveryRules
from bot.launch.events import Expired, GaveUp, HeldBack, Reminded, Requested
from bot.launch.outcome import NotSent
from bot.launch.state import Launch
from bot.launch.timing import LONGEST_WAIT, expiry, held_until, wait_after
from bot.phrase import Phrase
from bot.policy.canary import CanaryRules, demands_of, too_many
from bot.policy.context import PolicyContext
from bot.policy.fingerprint import is_read
from bot.policy.policy import PolicyUnreadable
from bot.policy.refusals import Refused
from bot.results.brakes import Standing, Verdict, judge
from bot.worker.gate import Gate, Veto
from bot.worker.mentions import Mentions
from bot.worker.record_check import RecordCheck
from bot.worker.rereading import Rereading

LOOKS_APART = LONGEST_WAIT / 10
"""How long the bot waits at most between two looks at how a canary goes."""


class Canaries:
    """Takes an approved launch on, from its approval to where the rest may go."""

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        context: PolicyContext,
        rereading: Rereading,
        gate: Gate,
        rules: DeliveryRules,
        mentions: Mentions,
        record_check: RecordCheck,
    ) -> None:
        self._journal = journal
        self._numbers = Numbers(journal)
        self._queue = queue
        self._context = context
        self._rereading = rereading
        self._gate = gate
        self._rules = rules
        self._mentions = mentions
        self._record_check = record_check

    def go_on(self, launch: Launch) -> None:
        """The next step: begins the canary, looks how it goes, judges its numbers, or waits for somebody's word."""
        if launch.canary is None:
            self._begin(launch)
            return
        canary = self._opened(launch, launch.canary)
        news = self._news(launch, launch.canary, canary) if canary else None
        if news:
            self._note(launch, news)
        elif not self._calls(launch, launch.canary):
            self._again_later(launch, launch.canary)

    def _begin(self, launch: Launch) -> None:
        if launch.plan is None or held_until(launch, self._journal.now()):
            return
        if self._rules.out_of_time(launch.first_miss_at, self._journal.now()):
            self._journal.execute(launch.id, Observe(GaveUp(), launch.fingerprint))
            return
        try:
            rules = self._context.policy().canary
        except PolicyUnreadable as unreadable:
            unread = NotSent(Phrase("the policy cannot be read: {cause}", cause=unreadable.cause))
            self._journal.execute(launch.id, Observe(unread, launch.fingerprint))
            return
        first = self._rereading.directory.preview(launch.request.campaign_id, launch.plan.source)
        veto = self._veto(launch, first, rules)
        if veto:
            self._journal.execute(launch.id, Observe(veto, launch.fingerprint))
            return
        if self._record_check.holds_back(launch):
            return
        begun = canaries.CanaryBegun(canary_id(launch), rules.on_original)
        # Committed before it is opened: the canary's id follows from what was approved, so there is one at most.
        after = self._journal.execute(launch.id, Observe(begun, launch.fingerprint))
        if isinstance(after, Launch) and after.canary:
            self._open(after, after.canary, first)

    def _veto(self, launch: Launch, first: Preview, rules: CanaryRules) -> Veto | None:
        """Why its canary is not begun now: the launch itself must be free to go, and its canary not too large."""
        if self._journal.in_doubt(launch.target, launch.id):
            return NotSent(Phrase("another launch of this campaign is in doubt"))
        if first.missing or not is_read(first):
            return NotSent(Phrase("the canary's segment could not be read"))
        veto = self._gate.check(launch, self._rereading.recent(launch).preview)
        if veto:
            return veto
        grown = too_many(first.audience, launch.preview.audience, rules.at_most)
        return HeldBack((grown,)) if grown else None

    def _opened(self, launch: Launch, standing: canaries.CanaryStanding) -> Launch | None:
        """The canary; opened now where a kill came between. None where it cannot be opened yet."""
        canary = self._journal.load(standing.launch_id)
        if canary or launch.plan is None or standing.step is not canaries.CanaryStep.BEGUN:
            return canary
        first = self._rereading.directory.preview(launch.request.campaign_id, launch.plan.source)
        if first.missing or not is_read(first):
            return None
        return self._open(launch, standing, first)

    def _open(self, launch: Launch, standing: canaries.CanaryStanding, first: Preview) -> Launch | None:
        request = request_of(launch)
        if request is None:
            return None
        demands = demands_of(launch.demands)
        requested = Requested(
            request=request,
            channel=launch.channel,
            preview=self._context.held(first),
            expires_at=expiry(request, demands, self._journal.now()),
            demands=demands,
            rules=launch.rules,
            report=launch.report,
            belongs_to=launch.id,
            on_original=standing.on_original,
        )
        opened = self._journal.execute(standing.launch_id, Request(launch.requester, requested))
        return self._journal.load(standing.launch_id) if isinstance(opened, Refused) else opened

    def _news(self, launch: Launch, standing: canaries.CanaryStanding, canary: Launch) -> canaries.CanaryNews | None:
        how = course(canary)
        if isinstance(how, Ran) and self._journal.doubts(canary):
            how = Failed(canaries.DISTRUSTED)
        if isinstance(how, Failed):
            return (
                canaries.CanaryFailed(how.how, self._mentions.to_release(launch))
                if standing.failed != how.how
                else None
            )
        if standing.failed == canaries.HALTED:
            # Also once the bot has switched its copy off by itself, which takes the place of that stop.
            return None
        match standing.step:
            case canaries.CanaryStep.BEGUN | canaries.CanaryStep.FAILED if isinstance(how, Ran) and launch.plan:
                return canaries.CanaryRan(self._journal.now() + launch.plan.wait)
            case _ if how is None:
                return None
            case canaries.CanaryStep.WAITING if standing.until and standing.until <= self._journal.now():
                return self._judged(launch, canary)
            case canaries.CanaryStep.JUDGED if self._goes_by_itself(launch, standing, canary):
                return canaries.CanaryReleased(by_rule=True, rules=launch.rules)
            case _:
                return None

    def _judged(self, launch: Launch, canary: Launch) -> canaries.CanaryJudged:
        counts = self._numbers.counts(canary.id)
        verdict = self._verdict(canary.id)
        alone = launch.plan is not None and launch.plan.auto and verdict and verdict.standing is Standing.OFF
        mention = () if alone else self._mentions.to_release(launch)
        return canaries.CanaryJudged(counts=counts, verdict=verdict, mention=mention)

    def _goes_by_itself(self, launch: Launch, standing: canaries.CanaryStanding, canary: Launch) -> bool:
        """Whether the policy lets the rest go without anybody's word: the brakes are asked once more."""
        if launch.plan is None or not launch.plan.auto or not standing.may_go_by_itself:
            return False
        verdict = self._verdict(canary.id)
        return verdict is not None and verdict.standing is Standing.OFF

    def _verdict(self, canary_id: LaunchId) -> Verdict | None:
        brakes = self._context.brakes()
        return judge(brakes, self._numbers.counts(canary_id)) if brakes else None

    def _calls(self, launch: Launch, standing: canaries.CanaryStanding) -> bool:
        """Calls people once more shortly before it is too late to release the rest, and ends it then."""
        now, ends, again = self._journal.now(), standing.expires_at, standing.calls_again_at
        if ends and ends <= now:
            self._journal.execute(launch.id, Observe(Expired(), launch.fingerprint))
            return True
        if again and again <= now:
            reminded = Reminded(self._mentions.to_release(launch), last=True, rest=True)
            self._journal.execute(launch.id, Observe(reminded, launch.fingerprint))
            return True
        return False

    def _again_later(self, launch: Launch, standing: canaries.CanaryStanding) -> None:
        now = self._journal.now()
        moments = [now + wait_after(standing.at, now, most=LOOKS_APART), standing.calls_again_at, standing.expires_at]
        if standing.step is canaries.CanaryStep.WAITING:
            moments.append(standing.until)
        self._queue.postpone(launch.id, launch.version, min(one for one in moments if one))

    def _note(self, launch: Launch, news: canaries.CanaryNews) -> None:
        self._journal.execute(launch.id, Observe(news, launch.fingerprint))
