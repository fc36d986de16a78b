"""The HTTP side: which paths there are, and the server that takes requests for them."""

from bot.web.bounds import Bound
from bot.web.routes import Taking, application
from bot.web.server import EVERYWHERE, HOOK_THREADS, LOOPBACK, SERVER_THREADS, served

__all__ = ["EVERYWHERE", "HOOK_THREADS", "LOOPBACK", "SERVER_THREADS", "Bound", "Taking", "application", "served"]
