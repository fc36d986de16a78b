"""Why there is no picture, as the painting process names it."""

from enum import StrEnum


class Failure(StrEnum):
    NOT_INSTALLED = "not installed"
    NO_SANDBOX = "no sandbox"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    TOO_LARGE = "too large"
    TOO_MANY_REQUESTS = "too many requests"
    BUSY = "busy"


class Failed(Exception):
    """There is no picture, for this reason."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure
