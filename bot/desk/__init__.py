"""The launch desk: the use cases, from asking for a launch to settling a doubt."""

from bot.desk.asking import Advice, Asked
from bot.desk.build import Desks, build_desks
from bot.desk.deciding import Decision
from bot.desk.denials import new_launch_id
from bot.desk.desk import Desk
from bot.desk.stopping import StopDesk, StopRequest

__all__ = ["Advice", "Asked", "Decision", "Desk", "Desks", "StopDesk", "StopRequest", "build_desks", "new_launch_id"]
