"""The command as people type it into Slack."""

import pytest

from sandbox.cast import ANA, BEN, texts

D_ANA = "D0ANA"


def test_help_is_answered_to_the_person_alone(scene):
    scene.do(scene.cast.types(ANA, "help"))
    told = scene.is_told(ANA, "/campaign-activate 82 run_now source=segment:5")
    assert "mailing" in told["text"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("82 runnow", "Did you mean run_now?"),
        ("82 source=segment:5", "the platform ignores the source"),
        ("82 run_now content=[1]", "JSON object"),
    ],
)
def test_a_wrong_word_is_named_and_what_was_typed_is_not_lost(scene, text, says):
    scene.do(scene.cast.types(ANA, text))
    told = scene.is_told(ANA, says)
    assert f"/campaign-activate {text}" in told["text"]
    assert not scene.workspace.snapshot(ANA)["views"]


def test_the_empty_command_opens_the_form_with_a_campaign_picker(scene):
    scene.do(scene.cast.types(ANA, ""))
    modal = scene.do(scene.cast.sees_modal(ANA, "Choose a campaign"))
    assert "initial_option" not in modal["view"]["blocks"][0]["element"]


def test_typographic_quotes_and_slacks_escapes_are_put_right(scene):
    card = scene.asks("82 run_now reason=“Ana & Ben’s <first> wave”")
    assert "Ana &amp; Ben’s &lt;first&gt; wave" in texts(card)


def test_in_a_direct_message_the_person_is_told_what_to_do_before_anything_is_lost(scene):
    scene.do(scene.cast.types(ANA, "82 run_now", channel=D_ANA))
    told = scene.is_told(ANA, "not in a direct message")
    assert "/campaign-activate 82 run_now" in told["text"]


def test_in_a_channel_without_the_bot_the_form_says_how_to_invite_it_and_keeps_everything(scene):
    scene.do(scene.cast.types(ANA, "82 run_now", channel="C0RANDOM"))
    scene.do(scene.cast.sees_modal(ANA, "/invite @campaign-bot", "What will happen"))
    errors = scene.do(scene.cast.submits(ANA))
    assert "/invite @campaign-bot" in errors["campaign"]
    scene.run(lambda: scene.workspace.state.channels["C0RANDOM"].members.append("U0BOT"))
    assert scene.do(scene.cast.submits(ANA)) == {}
    card = scene.until(lambda: scene.cast.cards("C0RANDOM"), "the card appears")[0]
    scene.presses(BEN, card, "launch:cancel", channel="C0RANDOM")
