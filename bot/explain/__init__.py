"""Says which rules a launch would meet, and what it would need, without asking Slack or the platform anything."""

from bot.explain.arguments import add_arguments, supposed
from bot.explain.explanation import WRONG, explain

__all__ = ["WRONG", "add_arguments", "explain", "supposed"]
