"""What comes back from the app for something a person did: an ack, or why there is none."""

from dataclasses import dataclass, field

from sandbox.slack.records import Json

DISPATCH_FAILED = "dispatch_failed"
OPERATION_TIMEOUT = "operation_timeout"


@dataclass(frozen=True)
class Ack:
    """The app's answer: `json`, or a `text` that is not JSON; both empty means a bare ack."""

    json: Json = field(default_factory=dict)
    text: str = ""

    @property
    def empty(self) -> bool:
        return not self.json and not self.text


class DeliveryFailed(Exception):
    """No usable ack; `code` is DISPATCH_FAILED (not reached, or refused) or OPERATION_TIMEOUT."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
