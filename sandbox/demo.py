"""Plays a story through the stand-ins and prints the channel: what a team would see, without the page."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable

from sandbox.cast import ANA, BEN, CLEO, DAN, LAUNCHES, Cast, Json, NotSeen
from sandbox.stage import Stage, staged

NAMES = {"U0ANA": "Ana", "U0BEN": "Ben", "U0CLEO": "Cleo", "U0DAN": "Dan", "U0OTTO": "Otto"}

SIGNS = {
    "hourglass_flowing_sand": "…",
    "white_check_mark": "✓",
    "rocket": "»",
    "mega": "»",
    "no_entry": "✗",
    "x": "✗",
    "warning": "!",
    "eyes": "?",
    "memo": "=",
}


def play() -> int:
    """Plays the story. Returns 0 only if all of it happened."""
    try:
        return asyncio.run(_play())
    except (NotSeen, OSError, TimeoutError) as error:
        sys.stderr.write(f"\nThe story broke off: {error}\n")
        return 1


async def _play() -> int:
    async with staged() as stage:
        stage.platform.switch(run_seconds=1.0, start_delay_seconds=0.2, round_trip_ms=20)
        cast = Cast(stage)
        for title, chapter in _CHAPTERS:
            _say(f"\n━━ {title} ━━\n")
            card = await chapter(stage, cast)
            _print_channel(cast, card)
        return _reckon(stage)


async def _launched(_stage: Stage, cast: Cast) -> Json:
    command = '82 run_now source=segment:5 reason="Black Friday, first wave"'
    _say(f"Ana types   /campaign-activate {command}")
    card = await cast.asks(ANA, command)
    _say("Ana presses Approve on her own request")
    await cast.presses(ANA, card, "launch:approve")
    told = await cast.is_told(ANA, "somebody else has to approve")
    _say(f"            only Ana sees: {_plain(told['text'])}")
    _say("Ben presses Approve")
    await cast.presses(BEN, card, "launch:approve")
    await cast.sees_reply(card, "The run ended")
    return await cast.sees_card(card, "Run finished")


async def _refused(stage: Stage, cast: Cast) -> Json:
    stage.platform.switch(activation="refuse", refuse_code=402, refuse_text="The tariff limit is exhausted")
    stage.platform.switch(only_next=True)
    _say("(the platform will refuse the next activation)")
    _say("Ana types   /campaign-activate 83 run_now limit=1000")
    card = await cast.asks(ANA, "83 run_now limit=1000")
    _say("Cleo presses Approve")
    await cast.presses(CLEO, card, "launch:approve")
    await cast.sees_reply(card, "tariff is used up")
    return await cast.sees_card(card, "Refused by the platform")


async def _in_doubt(stage: Stage, cast: Cast) -> Json:
    stage.platform.switch(activation="reset", only_next=True)
    _say("(the connection will break before the platform answers)")
    _say("Ana types   /campaign-activate 4107 run_now content.promo=COMEBACK")
    card = await cast.asks(ANA, "4107 run_now content.promo=COMEBACK")
    _say("Ben presses Approve")
    await cast.presses(BEN, card, "launch:approve")
    await cast.sees_card(card, "In doubt")
    await cast.sees_reply(card, "shows no start")
    _say("Dan looks in the platform, sees no run, and presses “It did not run”")
    await cast.presses(DAN, card, "launch:vouch_not_run")
    await cast.sees_reply(card, "did not run")
    return await cast.sees_card(card, "Not launched")


Chapter = Callable[[Stage, Cast], Awaitable[Json]]

_CHAPTERS: tuple[tuple[str, Chapter], ...] = (
    ("A launch, approved by a teammate", _launched),
    ("A launch that the platform refuses", _refused),
    ("A launch in doubt, settled by a person", _in_doubt),
)


def _reckon(stage: Stage) -> int:
    """What the platform itself says happened is what the story promised."""
    runs = stage.platform.snapshot()["runs"]
    ran = [(run["campaign_id"], run["source"], run["state"]) for run in runs]
    if ran != [(82, "segment:5", "finished")]:
        _say(f"\nThe platform's runs are not what the story tells: {ran}")
        return 1
    _say("\nThe platform ran exactly one campaign: 82 to segment 5. All of the story happened.")
    return 0


def _print_channel(cast: Cast, card: Json) -> None:
    _say("\n  #launches")
    _say("  ┌ " + "\n  │ ".join(_lines(card)))
    for reply in cast.thread(card, LAUNCHES):
        _say("  └─ " + "\n     ".join(_lines(reply)))


def _lines(message: Json) -> list[str]:
    """A message as lines of plain text, its buttons in brackets."""
    lines = [] if message["blocks"] else [_plain(message["text"])]
    for block in message["blocks"]:
        match block["type"]:
            case "section":
                lines.extend(_plain(block["text"]["text"]).split("\n"))
            case "context":
                lines.append("   " + " ".join(_plain(one["text"]) for one in block["elements"]))
            case "actions":
                lines.append(" ".join(f"[{one['text']['text']}]" for one in block["elements"]))
    lines.extend(f"[{file['title']}: {file['name']}]" for file in message["files"])
    return lines


def _plain(text: str) -> str:
    text = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<@(\w+)>", lambda found: NAMES.get(found[1], found[1]), text)
    text = re.sub(r":([a-z_]+):", lambda found: SIGNS.get(found[1], found[0]), text)
    text = re.sub(r"\*([^*\n]+)\*", r"\1", text).replace("`", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
