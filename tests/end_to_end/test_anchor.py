"""The record is anchored in its channel once for a day, however often the bot is started."""

import pytest

from sandbox.cast import LAUNCHES, texts
from tests.end_to_end.scene import open_scene

TOLD = {"en": "The record as of", "ru": "Журнал по состоянию на"}


@pytest.mark.parametrize("language", TOLD)
def test_what_has_happened_is_anchored_once_however_often_the_bot_is_started(language):
    with open_scene(settings={"AUDIT_CHANNEL": LAUNCHES, "CHANNEL_LOCALE": language}) as scene:

        def anchors():
            messages = scene.workspace.state.channels[LAUNCHES].messages.values()
            return [one for one in messages if TOLD[language] in texts([one.text])]

        scene.asks("82 run_now")
        for _ in range(2):
            scene.kill_bot()
            scene.start_bot()
            scene.until(anchors, "the record is anchored")
            # What comes after it was started: by then it has looked.
            scene.asks("82 run_now")
        assert len(anchors()) == 1
