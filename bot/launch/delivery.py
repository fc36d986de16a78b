"""What holds of every delivery, whatever the policy says."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class DeliveryRules:
    """What holds whatever the policy says."""

    retry_for: timedelta = timedelta(minutes=30)
    resend_when_in_doubt: bool = False
    """Whether the platform is known to deduplicate, so that the identical request may be sent once more."""
