"""How the platform is reached."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from bot.altcraft.wire import WireFormat, is_xml_name
from bot.campaign.request import Json
from bot.route import DIRECT, Route

API = "/api/v1.1"


class TokenIn(StrEnum):
    """Where the token goes. The guide discourages the URL, so that is not offered."""

    BODY = "body"
    HEADER = "header"


@dataclass(frozen=True)
class Connection:
    """How the platform is reached. Raises ValueError with a sentence for what cannot work.

    `url` is the platform's address, also in a folder of its host, with or without `/api` or `/api/v1.1` behind it.
    `timeout` is how many seconds an answer may take, `connect_timeout` how many a connection may.
    """

    url: str
    token: str = field(repr=False)
    format: WireFormat = WireFormat.JSON
    token_in: TokenIn = TokenIn.BODY
    timeout: float = 30.0
    connect_timeout: float = 3.05
    segment_counters_database_key: str = "list_id"
    """The guide renamed `db_id` to `list_id` between editions."""
    attach_keys: tuple[str, str] = ("header", "data")
    """Names of a File object's name and data: not documented; the default is `file_upload`'s."""
    route: Route = DIRECT

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("The platform's URL must look like https://example.altcraft.com.")
        if parts.username is not None or parts.password is not None:
            raise ValueError("The platform's URL must not hold a user or password: the API goes by its token.")
        if not re.fullmatch(r"[\x21-\x7e]+", self.token):
            raise ValueError("The platform's token must be plain characters with no spaces.")
        if self.format is WireFormat.XML and not all(is_xml_name(key) for key in self.attach_keys):
            raise ValueError("The names of an attachment's parts must be XML names.")

    @property
    def root(self) -> str:
        return re.sub(r"(/api(/v1\.1)?)?/*$", "", self.url) + API

    @property
    def token_fields(self) -> dict[str, Json]:
        """What each body begins with, where the token goes there."""
        return {"token": self.token} if self.token_in is TokenIn.BODY else {}
