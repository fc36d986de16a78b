"""What Slack was told is taken is taken: a kill in the moment after the ack loses no decision."""

import asyncio
from contextlib import suppress

import pytest

from bot.launch.state import State
from sandbox.cast import ANA, BEN, DAN, NotSeen
from tests.crash.harness import world

AFTER_THE_ACK = "ack, after #1"


async def waiting(one):
    """Asked for, and told as far as it goes."""
    return await one.ask(one.new_campaign())


async def in_doubt(one):
    """The platform broke the connection, and the bot has looked in vain."""
    one.stage.platform.switch(activation="reset", only_next=True)
    launch_id = await waiting(one)
    await one.press(BEN, launch_id, "launch:approve", lambda state: state != State.REQUESTED)
    await one.wait(lambda: one.story(launch_id).launch.looked)
    return launch_id


async def is_told(one, launch_id):
    """All that has happened stands in Slack, so that nothing but the click is under way."""
    await one.wait(lambda: one.card(launch_id) and not one.story(launch_id).untold)


@pytest.mark.parametrize(
    ("before", "who", "button"),
    [(waiting, ANA, "launch:cancel"), (in_doubt, DAN, "launch:vouch_not_run"), (in_doubt, DAN, "launch:vouch_ran")],
)
def test_a_decision_that_was_acked_is_on_record_though_the_bot_dies_at_once(tmp_path, databases, before, who, button):
    """Pressed once, and never again."""

    async def play():
        (tmp_path / "0").mkdir()
        async with world(tmp_path / "0", databases(0)) as one:
            launch_id = await before(one)
            await is_told(one, launch_id)
            was = one.state(launch_id)
            one.arm(AFTER_THE_ACK)
            with suppress(NotSeen):
                await one.cast.presses(who, one.card(launch_id), button)
            await one.wait(lambda: one.deaths)
            kept = one.state(launch_id) != was
            return one.deaths, kept, (await one.verdict(launch_id)).broken if kept else ()

    deaths, kept, broken = asyncio.run(play())
    assert deaths == 1
    assert kept
    assert broken == ()
