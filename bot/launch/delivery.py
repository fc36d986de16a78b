"""What holds of every delivery, whatever the policy says."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class DeliveryRules:
    """What holds whatever the policy says."""

    retry_for: timedelta = timedelta(minutes=30)
    """How long something is tried that never left."""
    resend_when_in_doubt: bool = False
    """Whether the platform is known to deduplicate, so that the identical request may be sent once more."""

    def out_of_time(self, missed_since: datetime | None, now: datetime) -> bool:
        """Whether it has been tried for so long that nothing is tried any more; `missed_since` is the first miss."""
        return missed_since is not None and now - missed_since > self.retry_for
