"""A channel is told once a week what was launched: once, however often the bot is started."""

from datetime import UTC, datetime

import pytest

from sandbox.cast import LAUNCHES, texts
from tests.end_to_end.scene import open_scene, with_its_clock_ahead

TOLD = {"en": "Nothing was launched.", "ru": "Ничего не запускалось."}


WEDNESDAY = 2


@pytest.mark.parametrize("language", TOLD)
def test_a_week_is_told_in_its_channel_once_however_often_the_bot_is_started(language):
    # On a Monday before nine there is nothing to tell yet.
    on_wednesday = with_its_clock_ahead(24 * ((WEDNESDAY - datetime.now(UTC).weekday()) % 7))
    with open_scene(settings={"DIGEST_CHANNEL": LAUNCHES, "CHANNEL_LOCALE": language}, command=on_wednesday) as scene:

        def digests():
            messages = scene.workspace.state.channels[LAUNCHES].messages.values()
            return [one for one in messages if TOLD[language] in texts([one.text])]

        scene.until(digests, "the digest is told")
        scene.kill_bot()
        scene.start_bot()
        # What comes after it was started: by then it has looked.
        scene.asks("82 run_now")
        assert len(digests()) == 1
