"""The launch desk: the use cases, from asking for a launch to settling a doubt."""

from bot.desk.asking import Advice, Asked
from bot.desk.deciding import Decision
from bot.desk.desk import Desk, new_launch_id

__all__ = ["Advice", "Asked", "Decision", "Desk", "new_launch_id"]
