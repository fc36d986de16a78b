"""The words of docs/benchmarks.md that no measurement writes: what is measured and how, and what was found."""

HOW = """
Written by `make bench`, which takes ten minutes to a quarter of an hour on two cores; `make bench-quick` measures 1 to 4 with few
samples in less than a minute, writes nothing, and fails where a promise breaks: a launch that is activated twice or
not at all, or one without an outcome in its thread. A time that is missed is told, and fails nothing; so is an ack that
comes later than the three seconds that Slack waits, which the tables call lost.

People wait at three places: between Enter and the form, between Approve and the outcome, and while they type in a
select. Each is measured over real sockets: the bot as it runs in life (HTTP, signed requests), beside `plain Bolt`
(`tests/benchmarks/plain_bolt.py`), forty lines that open a fixed form and call the platform from the listener, with no
roles, no journal and no approval. Both are served by the same web server. All sides take turns in one run; a ratio is
that of the medians, and its spread is the least and the most that a tenth of the run gives.

The stand-ins are a process of their own, lean ones made for this (`tests/benchmarks/stand_ins.py`), for those of the
sandbox check and keep everything and would be measured with the bot. A round trip is the time between a request's
arrival and its answer; the form counts as open when the answer leaves, so that one round trip stands for the command's
way to the bot and the call's way back. All moments are of the machine's one monotonic clock. 6 and 8 are measured while
one core lives through the launches of 7, which is the same for each of their sides.
""".strip()

FINDINGS = """
## What bounds it, and what was changed
""".strip()
