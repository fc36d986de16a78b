"""Checks that what is set up can work, and says how to mend what cannot. Nothing is changed, posted or launched."""

from bot.doctor.examination import examine, tell_unreadable

__all__ = ["examine", "tell_unreadable"]
