"""Whether a campaign's copy may be made and sent now: what is switched on for it must not start by itself."""

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.campaign.campaign import Campaign, Directory
from bot.campaign.schedule import Schedule, may_start
from bot.journal.journal import Journal
from bot.launch.state import Launch
from bot.launch.testing import SCHEDULE_CLEAR_FOR
from bot.message.message import digest_of
from bot.phrase import Phrase
from bot.policy.canary import ScheduleRules


class CopyCheck:
    """Reads the campaign that is to be copied, and once it is there its copy."""

    def __init__(self, journal: Journal, platform: AltcraftClient, directory: Directory) -> None:
        self._journal = journal
        self._platform = platform
        self._directory = directory

    def obstacle(self, launch: Launch, original: Campaign | None, rules: ScheduleRules | None) -> Phrase | None:
        """Why the test or the canary must not go on, as a sentence; None where it may."""
        if rules is None or original is None:
            return Phrase("Nothing is known of the campaign, so it was not sent.")
        table = "[canary]" if launch.request.is_canary else "[test]"
        if launch.request.is_test and not launch.is_on_copy:
            return self._on_original(original, rules)
        if launch.target == original.id:
            return self._may_start(original.id, original.kind, rules, table)
        copy = self._directory.preview(launch.target, launch.request.source)
        named = copy.campaign.name if copy.campaign else ""
        ours = launch.copy is not None and named == launch.copy.name
        if copy.campaign is None or not ours or digest_of(copy.messages) != digest_of(launch.preview.messages):
            return Phrase(
                "The copy {id} that was made for it does not send what was to be sent, or could not be read.",
                id=str(launch.target),
            )
        return self._may_start(launch.target, copy.campaign.kind, rules, table)

    def _on_original(self, original: Campaign, rules: ScheduleRules) -> Phrase | None:
        """A campaign that is tested itself stays switched on: a schedule would start it, to everybody, some day."""
        named = str(original.id)
        if not rules.on_original:
            return Phrase("The policy no longer lets a test run on the campaign itself. Ask for the test anew.")
        if original.is_active:
            # Whatever its schedule starts, it would start without the test as well.
            return None
        schedule = self._schedule(original.id, original.kind)
        if isinstance(schedule, Phrase):
            return schedule
        if schedule is not None and schedule.is_empty and rules.no_schedule == "never_starts":
            return None
        return Phrase(
            "Campaign {id} is switched off, and the test would leave it switched on: by its own schedule it could "
            "start later, to everybody. A campaign that is tested itself is switched on already, or its schedule names "
            "no times and an admin has written no_schedule = “never_starts” under [test] in the policy.",
            id=named,
        )

    def _may_start(self, campaign_id: int, kind: str, rules: ScheduleRules, table: str) -> Phrase | None:
        named = str(campaign_id)
        schedule = self._schedule(campaign_id, kind)
        if isinstance(schedule, Phrase):
            return schedule
        if schedule is None:
            return Phrase(
                "The platform tells no schedule for campaign {id}, so nobody can say whether it would start by itself "
                "once it is switched on.",
                id=named,
            )
        if schedule.is_empty and rules.no_schedule == "never_starts":
            return None
        if schedule.is_empty:
            return Phrase(
                "The schedule of campaign {id} names no times, and the platform's guide does not say whether such a "
                "campaign starts by itself once it is switched on. Where yours do not, an admin can write "
                "no_schedule = “never_starts” under {table} in the policy.",
                id=named,
                table=table,
            )
        return self._too_soon(schedule, named, rules, table)

    def _schedule(self, campaign_id: int, kind: str) -> Schedule | Phrase | None:
        """The schedule, None where the platform tells none; or as a sentence why it could not be read."""
        try:
            return self._platform.schedule(campaign_id, kind)
        except PlatformError as error:
            return Phrase(
                "The schedule of campaign {id} could not be read: {cause}", id=str(campaign_id), cause=error.sentence
            )

    def _too_soon(self, schedule: Schedule, named: str, rules: ScheduleRules, table: str) -> Phrase | None:
        now = self._journal.now()
        if not may_start(schedule, now, now + SCHEDULE_CLEAR_FOR, rules.schedule_zone):
            return None
        return Phrase(
            "By its own schedule, campaign {id} could start within the next hour, to everybody. Try it later; where "
            "the schedule names no time zone, an admin can write schedule_zone under {table} in the policy.",
            id=named,
            table=table,
        )
