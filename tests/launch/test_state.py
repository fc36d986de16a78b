"""A launch is made, and made anew, as any other frozen value: only quicker."""

from dataclasses import MISSING, FrozenInstanceError, fields, replace

import pytest

from bot.launch.events import Approved
from bot.launch.state import Launch, State
from tests.builders import BEN, launch

WHOLE = launch((BEN, Approved()))
VALUES = {field.name: getattr(WHOLE, field.name) for field in fields(Launch)}
REQUIRED = {field.name for field in fields(Launch) if field.default is MISSING and field.default_factory is MISSING}


def test_what_is_not_given_is_as_the_fields_say():
    made = Launch(**{name: VALUES[name] for name in REQUIRED})
    for field in fields(Launch):
        if field.name not in REQUIRED:
            default = field.default if field.default_factory is MISSING else field.default_factory()
            assert getattr(made, field.name) == default


def test_it_cannot_be_made_without_what_it_needs_nor_with_what_it_has_not():
    for name in REQUIRED:
        with pytest.raises(TypeError, match=name):
            Launch(**{other: value for other, value in VALUES.items() if other != name})
    with pytest.raises(TypeError, match="colour"):
        Launch(**VALUES, colour="red")
    with pytest.raises(TypeError, match="colour"):
        WHOLE.but(colour="red")


def test_what_is_made_anew_is_what_a_copy_of_the_fields_would_be():
    anew = WHOLE.but(state=State.LAUNCHED, rejection="no")
    assert anew == replace(WHOLE, state=State.LAUNCHED, rejection="no")
    assert (WHOLE.state, WHOLE.rejection) == (State.APPROVED, "")
    with pytest.raises(FrozenInstanceError):
        anew.state = State.FINISHED


def test_what_was_computed_is_computed_anew():
    before = WHOLE.fingerprint
    changed = WHOLE.but(revision=WHOLE.revision + 1, request=replace(WHOLE.request, reason="Another one"))
    assert changed.fingerprint != before
    assert changed.fingerprint == launch_without_memory(changed).fingerprint
    assert WHOLE.fingerprint == before


def launch_without_memory(one):
    return Launch(**{field.name: getattr(one, field.name) for field in fields(Launch)})
