"""What is typed behind the options: a moment, a campaign, a state."""

import argparse
from datetime import datetime

from bot.campaign.request import number_in
from bot.slash.export import day_or_moment
from bot.slash.moment import NoMoment


def moment(text: str) -> datetime:
    """A day's beginning or a moment, on this machine's clocks."""
    try:
        return day_or_moment(text)
    except NoMoment as wrong:
        example = "2026-11-01 or 2026-11-01T09:00"
        raise argparse.ArgumentTypeError(f"“{text}” cannot be read. It takes a day or a moment: {example}.") from wrong


def campaign(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"“{text}” is no campaign id, such as 82.")
    return number
