"""What is written without the SDK's own `to_dict` is what that would have written."""

import pytest

from bot.campaign.campaign import Choice
from bot.campaign.request import SourceKind
from bot.slack.views.blocks import option
from bot.slack.views.modal import campaign_option, option_group, own_audience_option, source_option
from bot.slack.views.plain import plain

LONG = Choice(82, "Black Friday: " + "x" * 100)


@pytest.mark.parametrize(
    "part",
    [
        option("Send now", "now", "One run starts as soon as it is approved."),
        option("Only activate :tada:", "activate"),
        campaign_option(LONG),
        option_group("Segments", [own_audience_option(), source_option(SourceKind.SEGMENT, LONG)]),
    ],
)
def test_options_and_their_groups(part):
    assert plain(part) == part.to_dict()
