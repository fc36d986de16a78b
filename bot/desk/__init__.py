"""The launch desk: the use cases, from asking for a launch to settling a doubt."""

from bot.desk.asking import Advice, Asked
from bot.desk.deciding import Decision
from bot.desk.denials import new_launch_id
from bot.desk.desk import Desk
from bot.desk.stopping import StopDesk, StopRequest

__all__ = ["Advice", "Asked", "Decision", "Desk", "StopDesk", "StopRequest", "new_launch_id"]
