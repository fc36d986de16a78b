"""Whether the segments for those who received a launch are there and empty. Nothing is put into them to try it."""

from collections.abc import Generator, Iterator

from bot.altcraft.client import AltcraftClient, Connection
from bot.altcraft.errors import PlatformError
from bot.doctor.finding import Finding
from bot.policy.policy import Policy


def findings(connection: Connection, policy: Policy | None) -> Iterator[Finding]:
    """Nothing where the policy names none."""
    rules = policy.received if policy else None
    if rules is None:
        return
    client, empty = AltcraftClient(connection), False
    try:
        for segment in rules.segments:
            empty = (yield from _looked_at(client, segment)) or empty
    finally:
        client.close()
    if not empty:
        yield Finding(
            "None of the policy's segments for those who received a launch is empty, so nobody can be told who got it. "
            "Make an empty static one in the platform, and name it in [received].",
            may_run=True,
        )
    yield Finding(
        "Whether the segments of [received] are static, and whether the token may write them, the platform does not "
        "tell: that shows when somebody asks who received a launch.",
        may_run=True,
    )


def _looked_at(client: AltcraftClient, segment_id: int) -> Generator[Finding, None, bool]:
    """Gives whether it is empty."""
    try:
        segment = client.segment(segment_id)
    except PlatformError as error:
        yield Finding(f"Segment {segment_id} of [received] cannot be read: {error.sentence}", may_run=True)
        return False
    if segment.count:
        yield Finding(
            f"Segment {segment_id} of [received] has {segment.count} people, so it is passed over: each is for one "
            "launch.",
            may_run=True,
        )
    return segment.count == 0
