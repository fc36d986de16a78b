"""What stands in the form becomes a request, or an error at its field."""

from dataclasses import replace

import pytest

from bot.campaign.campaign import Choice
from bot.campaign.request import Source, SourceKind
from bot.slack.form import LARGEST_FILE, MOST_FILES, Form, FormErrors, SlackFile, request_of
from bot.slack.listeners.options import campaigns, sources
from tests.builders import asked


class Directory:
    def find_campaigns(self, text, limit=100):
        return [Choice(82, "Black Friday"), Choice(8, "Eight")][:limit]

    def find_sources(self, kind, text, limit=100):
        return [Choice(5, f"{kind} five")]


def file(size=1, name="a.pdf"):
    return SlackFile("F1", name, "application/pdf", size, "")


def test_a_request_survives_the_form():
    request = asked(limit=5, content={"a": [1, {"b": "ä"}]}, reason="because").request
    assert request_of(Form.of(request)) == request


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"campaign_id": None}, "campaign", "Choose the campaign"),
        ({"limit": "0"}, "limit", "from 1 up"),
        ({"limit": "9" * 6000}, "limit", "from 1 up"),
        ({"limit": "١"}, "limit", "from 1 up"),
        ({"source": "segment:0"}, "source", "Choose one from the list"),
        ({"source": "segment:" + "9" * 6000}, "source", "Choose one from the list"),
        ({"source": "segment:5", "run_now": False}, "source", "Choose “Send now”, or"),
        ({"content": "{"}, "content", "The braces in “Content” do not close."),
        (
            {"content": "82"},
            "content",
            "Line 1 is “82”. Write a name, an equals sign and the value, such as promo=S",
        ),
        ({"content": "[82]"}, "content", "“Content” takes a JSON object in braces, for example {"),
        ({"run_now": None}, "run_now", "Choose “Send now” or “Activate only”."),
        ({"content": '{"a": 1, "a": 2}'}, "content", "stands twice in “Content”"),
        ({"files": (file(LARGEST_FILE + 1),)}, "files", "larger than 10 MB"),
        ({"files": (file(),) * (MOST_FILES + 1)}, "files", "At most"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field(changes, field, says):
    form = Form(**{"campaign_id": 82, "run_now": True, **changes})
    with pytest.raises(FormErrors) as caught:
        request_of(form)
    assert list(caught.value.by_field) == [field]
    assert says in caught.value.by_field[field]


def test_all_fields_at_fault_are_named_at_once():
    with pytest.raises(FormErrors) as caught:
        request_of(Form(limit="x", content="["))
    assert set(caught.value.by_field) == {"campaign", "run_now", "limit", "content"}


def test_on_its_schedule_the_campaigns_own_audience_may_be_chosen_by_name():
    own = Source(SourceKind.SEGMENT, 5)
    form = Form(campaign_id=82, run_now=False, source="segment:5")
    assert request_of(form, own) == request_of(Form(campaign_id=82, run_now=False))
    assert request_of(replace(form, run_now=True), own).source == own
    with pytest.raises(FormErrors):
        request_of(replace(form, source="segment:6"), own)


def test_nothing_is_wrong_with_an_audience_before_it_is_said_when():
    with pytest.raises(FormErrors) as caught:
        request_of(Form(campaign_id=82, source="segment:5"))
    assert list(caught.value.by_field) == ["run_now"]


def test_a_typed_id_is_offered_first_even_where_nothing_is_known_of_it():
    assert [one["value"] for one in campaigns(Directory(), "82")] == ["82", "8"]
    assert campaigns(Directory(), "77")[0]["value"] == "77"
    assert len(campaigns(Directory(), "9" * 6000)) == 2


def test_the_audience_can_be_narrowed_to_one_kind():
    groups = sources(Directory(), "segment:12")
    assert [one["value"] for one in groups[-1]["options"]] == ["segment:12", "segment:5"]
    assert len(groups) == 1


def test_the_campaigns_own_audience_is_offered_only_to_whoever_typed_nothing_or_its_words():
    assert [one["value"] for one in sources(Directory(), "")[0]["options"]] == ["own"]
    assert [one["value"] for one in sources(Directory(), "own AUD")[0]["options"]] == ["own"]
    assert all(one["value"] != "own" for group in sources(Directory(), "gold") for one in group["options"])
