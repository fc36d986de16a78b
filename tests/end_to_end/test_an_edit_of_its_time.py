"""An edit counts for the request on which its form was opened; what has changed since is not undone by it."""

import json

import pytest

from sandbox.cast import ANA, BEN, texts, typed

CHANGED = "the request has changed since you opened this form"


def limit(number):
    return typed(number, "number_input")


@pytest.fixture
def late(scene):
    """Ana's edit form, and her launch, which was voided by a change in the platform since she opened it."""
    card = scene.asks("82 run_now limit=5")
    scene.presses(ANA, card, "launch:edit")
    scene.sees_form(ANA, "Edit the request")
    scene.run(lambda: scene.platform.edit_campaign(82, name="Cyber Monday", by="olga"))
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "no approval counts")
    return scene, card


def test_an_edit_never_undoes_what_has_changed_since_its_form_was_opened(late):
    scene, card = late
    scene.submits(ANA, limit=limit("7"))
    scene.sees_modal(ANA, CHANGED)
    assert "launch:edit" not in scene.audit(card)
    assert "at most 5 messages" in texts(scene.sees_card(card, "Waiting for approval", "Cyber Monday"))


def test_what_was_typed_into_a_late_edit_is_not_lost(late):
    scene, _card = late
    scene.submits(ANA, limit=limit("7"), reason=typed("Seven are enough"))
    scene.sees_modal(ANA, CHANGED)
    assert len(scene.run(lambda: scene.workspace.views.stack(ANA))) == 2


def test_a_late_edit_with_a_file_brings_its_form_back_as_it_was_filled_in(late):
    scene, card = late
    file_id = scene.do(scene.workspace.upload(ANA, "a.pdf", "application/pdf", b"%PDF"))
    scene.submits(ANA, limit=limit("7"), files={"type": "file_input", "files": [file_id]})
    scene.sees_modal(ANA, CHANGED)
    (form,) = scene.run(lambda: [view.content["blocks"] for view in scene.workspace.views.stack(ANA)])
    assert '"initial_value": "7"' in json.dumps(form)
    assert "launch:edit" not in scene.audit(card)


def test_a_form_from_before_edits_named_what_they_edit_changes_nothing(scene):
    card = scene.asks("82 run_now limit=5")
    scene.presses(ANA, card, "launch:edit")
    scene.sees_form(ANA, "Edit the request")

    def as_it_was():
        (form,) = scene.workspace.views.stack(ANA)
        carried = json.loads(form.content["private_metadata"])
        form.content["private_metadata"] = json.dumps({**carried, "edits": True})

    scene.run(as_it_was)
    scene.submits(ANA, limit=limit("7"))
    scene.sees_modal(ANA, CHANGED)
    assert "at most 5 messages" in texts(scene.sees_card(card, "Waiting for approval"))
