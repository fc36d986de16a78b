"""A channel is told once a week what was launched: once, however often the bot is started."""

import pytest

from sandbox.cast import LAUNCHES, texts
from tests.end_to_end.scene import open_scene

TOLD = {"en": "Nothing was launched.", "ru": "Ничего не запускалось."}


@pytest.mark.parametrize("language", TOLD)
def test_a_week_is_told_in_its_channel_once_however_often_the_bot_is_started(language):
    with open_scene(settings={"DIGEST_CHANNEL": LAUNCHES, "CHANNEL_LOCALE": language}) as scene:

        def digests():
            messages = scene.workspace.state.channels[LAUNCHES].messages.values()
            return [one for one in messages if TOLD[language] in texts([one.text])]

        scene.until(digests, "the digest is told")
        scene.kill_bot()
        scene.start_bot()
        # What comes after it was started: by then it has looked.
        scene.asks("82 run_now")
        assert len(digests()) == 1
