"""What platform and network said word for word stands behind *Details*; form and card say what it means."""

import pytest

from sandbox.cast import ANA, BEN, texts
from tests.end_to_end.scene import open_scene

MEANS = "made no sense"
RAW = "HTTP 500"


@pytest.fixture(scope="module", params=["json", "xml"])
def living(request):
    with open_scene(settings={"ALTCRAFT_FORMAT": request.param}) as scene:
        yield scene


@pytest.fixture
def scene(living):
    living.sweep()
    living.switch(reads="fail")
    yield living
    living.switch(reads="normal")


def test_the_form_says_what_a_fault_means_and_its_window_has_the_words(scene):
    form = scene.opens("82 run_now source=segment:5")
    assert MEANS in texts(form)
    assert RAW not in texts(form)

    scene.do(scene.cast.presses_in_modal(ANA, "launch:read_details"))

    scene.sees_modal(ANA, "Details", RAW)


def test_the_card_says_what_a_fault_means_and_its_window_has_the_words(scene):
    card = scene.asks("82 run_now source=segment:5")
    shown = texts(scene.sees_card(card, MEANS))
    assert RAW not in shown

    scene.presses(BEN, card, "launch:details")

    scene.sees_modal(BEN, "Details", RAW)


def test_a_form_whose_reads_were_answered_has_no_button_for_details(scene):
    scene.switch(reads="normal")
    assert "launch:read_details" not in str(scene.opens("82 run_now source=segment:5"))


def test_the_answer_to_a_look_says_what_a_fault_means(scene):
    scene.do(scene.cast.types(ANA, "82", command="/campaign-status"))
    told = texts(scene.is_told(ANA, MEANS))
    assert RAW not in told
