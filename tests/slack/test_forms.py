"""Open forms are remembered up to a bound; for one that is forgotten, nothing is looked up any more."""

from bot.campaign.request import LaunchId
from bot.launch.events import ChannelId
from bot.slack.form import Form
from bot.slack.open_forms import OpenForm, OpenForms
from tests.builders import ANA


def modal(view_id: str) -> OpenForm:
    return OpenForm(view_id, LaunchId("L1"), ChannelId("C0GROWTH"), ANA, Form())


def test_the_oldest_form_is_closed_once_there_are_more_than_are_remembered():
    forms = OpenForms(2)
    oldest, middle, newest = (modal(view_id) for view_id in ("V1", "V2", "V3"))
    for one in (oldest, middle, newest):
        forms[one.view_id] = one
    assert (list(forms), oldest.closed, middle.closed, newest.closed) == (["V2", "V3"], True, False, False)


def test_a_form_that_was_submitted_is_closed():
    forms = OpenForms(2)
    forms["V1"] = submitted = modal("V1")
    assert forms.pop("V1", None) is submitted
    assert submitted.closed
    assert forms.pop("V1", None) is None
