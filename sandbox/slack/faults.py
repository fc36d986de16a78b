"""What can go wrong at Slack: the per-channel posting limit, and faults that a test or the page switches on."""

import asyncio
from dataclasses import dataclass

from sandbox.slack.records import Clock, Limits, RateLimited, SlackError


@dataclass
class Failure:
    """The next `times` calls of `method` fail: with an error's name, with an HTTP status, or by a dropped connection.

    With `after`, the method does its work first, so that only the answer is lost; `drop` implies it.
    """

    method: str
    error: str | None = None
    status: int | None = None
    drop: bool = False
    times: int = 1
    after: bool = False


class ConnectionDropped(Exception):
    """The connection has to end here without an answer."""


class HttpFailure(Exception):
    """The answer has to be this HTTP status, with a page instead of JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class PostBuckets:
    """One token bucket a channel: `post_burst` posts at once, then `posts_per_second`."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, channel: str) -> None:
        """Use up one post; raises RateLimited when the channel has had its share."""
        now = self._clock()
        tokens, at = self._buckets.get(channel, (self._limits.post_burst, now))
        tokens = min(self._limits.post_burst, tokens + (now - at) * self._limits.posts_per_second)
        if tokens < 1:
            self._buckets[channel] = (tokens, now)
            raise RateLimited((1 - tokens) / self._limits.posts_per_second)
        self._buckets[channel] = (tokens - 1, now)


class Faults:
    """The switches. Each call returns at once; `clear` puts everything right again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: list[Failure] = []
        self._slow: dict[str, float] = {}
        self._limited_channels: dict[str, float] = {}
        self._limited_methods: dict[str, float] = {}
        self.group_reading_needs_upgrade = False
        self.scopes_untold = False

    def fail(
        self,
        method: str,
        failure: str | int | None = None,
        times: int = 1,
        *,
        after: bool = False,
        drop: bool = False,
    ) -> None:
        """Let the next `times` calls fail: `failure` is an error's name ("internal_error") or an HTTP status (500)."""
        status = failure if isinstance(failure, int) else None
        error = failure if isinstance(failure, str) else None
        self._failures.append(Failure(method, error, status, drop, times, after or drop))

    def drop(self, method: str, times: int = 1) -> None:
        """Do the next `times` calls, then drop the connection instead of answering."""
        self.fail(method, times=times, drop=True)

    def slow(self, method: str, seconds: float) -> None:
        """Answer `method` only after `seconds` from now on; 0 ends it."""
        self._slow[method] = seconds

    def rate_limit_channel(self, channel: str, seconds: float) -> None:
        """Refuse every chat.postMessage to `channel` for `seconds`."""
        self._limited_channels[channel] = self._clock() + seconds

    def rate_limit(self, method: str, seconds: float) -> None:
        """Refuse every call of `method` for `seconds`."""
        self._limited_methods[method] = self._clock() + seconds

    def require_upgrade_for_groups(self, required: bool = True) -> None:
        """Answer user-group methods with `plan_upgrade_required`, as a workspace on the free plan does."""
        self.group_reading_needs_upgrade = required

    def keep_scopes_untold(self, untold: bool = True) -> None:
        """Answer without the header that tells the app's scopes, as a server between the app and Slack might."""
        self.scopes_untold = untold

    def clear(self) -> None:
        self._failures.clear()
        self._slow.clear()
        self._limited_channels.clear()
        self._limited_methods.clear()
        self.group_reading_needs_upgrade = False
        self.scopes_untold = False

    def check_channel(self, channel: str) -> None:
        """Raises RateLimited while `channel` is limited."""
        self._check(self._limited_channels, channel)

    async def before(self, method: str) -> Failure | None:
        """Wait or raise as the switches say; returns the failure that has to come after the method's work, if any."""
        await asyncio.sleep(self._slow.get(method, 0))
        self._check(self._limited_methods, method)
        failure = self._next_failure(method)
        if failure is None or failure.after:
            return failure
        self.raise_for(failure)
        return None

    def raise_for(self, failure: Failure) -> None:
        if failure.drop:
            raise ConnectionDropped
        if failure.status is not None:
            raise HttpFailure(failure.status)
        raise SlackError(failure.error or "internal_error")

    def _next_failure(self, method: str) -> Failure | None:
        for failure in self._failures:
            if failure.method in {method, "*"}:
                failure.times -= 1
                if failure.times <= 0:
                    self._failures.remove(failure)
                return failure
        return None

    def _check(self, limited: dict[str, float], key: str) -> None:
        left = limited.get(key, 0) - self._clock()
        if left > 0:
            raise RateLimited(left)
