"""Hypothesis strategies for requests, nasty on purpose: quotes, braces, escapes, entities, other scripts."""

from datetime import timedelta

from hypothesis import strategies as st

from bot.campaign.request import ActivationRequest, Attachment, Canary, Source, SourceKind

NASTY = st.lists(
    st.sampled_from(
        [
            '"',
            "“",
            "”",
            "«",
            "'",
            "’",
            "\\",
            "{",
            "}",
            '\\"',
            "\\”",
            "\\u0026",
            "\\ud83d",
            "&amp;",
            "&amp;lt;",
            "&lt;",
            "&#38;",
            "&",
            "<@U1>",
            "<!channel>",
            "[",
            "]",
            "`",
            "👩\u200d👧",
            "\u2028",
            "\t",
            "\x00",
            "\x7f",
            "reason=",
            "\u00a0",
            "\u200b",
            "\n",
            "ж",
            "=",
            " ",
        ]
    )
    | st.text(max_size=3),
    max_size=8,
).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NASTY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=6,
)
IDS = st.integers(1, 2**63 - 1)
SOURCES = st.builds(Source, st.sampled_from(SourceKind), st.integers(1, 2**63 - 2))


# An audience of that id is the canary's own, which no launch can have.
CANARIES = st.builds(Canary, st.just(2**63 - 1), st.integers(1, 86_400).map(lambda seconds: timedelta(seconds=seconds)))


@st.composite
def requests(draw: st.DrawFn) -> ActivationRequest:
    """Valid requests without attachments."""
    run_now = draw(st.booleans())
    return ActivationRequest(
        campaign_id=draw(IDS),
        run_now=run_now,
        source=draw(st.none() | SOURCES) if run_now else None,
        limit=draw(st.none() | IDS),
        content=draw(st.none() | st.dictionaries(NASTY, JSON, max_size=3)),
        reason=draw(NASTY),
        canary=draw(st.none() | CANARIES) if run_now else None,
    )


REQUESTS = requests()
WITH_FILE = ActivationRequest(campaign_id=82, attachments=(Attachment("a.pdf", "application/pdf", 3, "0" * 64),))

TYPED = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            "82",
            "run_now",
            "run_now=",
            "RUN_NOW",
            "runnow",
            "false",
            "source=",
            "segment:5",
            "list:0",
            "limit=",
            "3",
            "9" * 30,
            "1e999",
            "NaN",
            "content=",
            "{",
            "}",
            '{"a":',
            '"b"',
            '"',
            "“",
            "”",
            "\\”",
            "'",
            "content.a=",
            "content.",
            "canary=",
            "wait=",
            "30m",
            "reason=",
            "words",
            "help",
            " ",
            " ",
            "\\",
            "\\ud800",
            "&amp;",
            "&lt;",
            "[1]",
            "{}",
            "\u00a0",
            "\u200b",
            "=",
            "١",
        ]
    )
).map("".join).flatmap(lambda text: st.sampled_from([text, f"82 {text}"]))
"""What a person might type or paste, most of it wrong."""
