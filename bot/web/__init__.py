"""The HTTP side: which paths there are, and the server that takes requests for them."""

from bot.web.routes import application
from bot.web.server import served

__all__ = ["application", "served"]
