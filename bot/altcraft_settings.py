"""How the platform is reached, and how it differs from another, out of the environment."""

import re
from dataclasses import dataclass, field

from bot.route import Route
from bot.variables import Reader, is_address


@dataclass(frozen=True)
class AltcraftSettings:
    url: str
    token: str = field(repr=False)
    format: str
    token_in: str
    timeout: float
    """Seconds that a whole answer may take."""
    deduplicates: bool
    database_key: str
    """`list_id` or `db_id`: the guide renamed it between editions."""
    attach_keys: tuple[str, str]
    """How an element of `attach` names the file's name and its data: the platform's guide does not say."""
    campaign_link: str
    """The address of a campaign's page with `{id}` for its id; "" where none is set, for the guide does not say it."""
    route: Route


def altcraft_settings(reader: Reader) -> AltcraftSettings:
    keys = tuple(reader.listed("ALTCRAFT_ATTACH_KEYS")) or ("header", "data")
    if len(keys) != 2:  # noqa: PLR2004 -- a name and its data
        reader.problems.append("ALTCRAFT_ATTACH_KEYS takes two names with a comma between them, such as header,data.")
    return AltcraftSettings(
        url=reader.url(
            "ALTCRAFT_URL", needed="the address of your Altcraft Platform, such as https://cloud.example.com"
        ),
        token=reader.required("ALTCRAFT_TOKEN", "an API token from Settings > Tokens in Altcraft"),
        format=reader.choice("ALTCRAFT_FORMAT", "json", "xml"),
        token_in=reader.choice("ALTCRAFT_TOKEN_IN", "body", "header"),
        timeout=reader.seconds("ALTCRAFT_TIMEOUT", default=30.0),
        deduplicates=reader.choice("ALTCRAFT_DEDUPLICATES", "no", "yes") == "yes",
        database_key=reader.choice("ALTCRAFT_DATABASE_KEY", "list_id", "db_id"),
        attach_keys=(keys[0], keys[-1]),
        campaign_link=_campaign_link(reader),
        route=Route("ALTCRAFT", reader.proxy("ALTCRAFT_PROXY"), reader.text("ALTCRAFT_CA_BUNDLE")),
    )


def _campaign_link(reader: Reader) -> str:
    link = reader.text("ALTCRAFT_CAMPAIGN_LINK")
    readable = re.fullmatch(r"https?://[^\s<>|{}]*\{id\}[^\s<>|{}]*", link) and is_address(link.replace("{id}", "1"))
    if link and not readable:
        reader.problems.append(
            f"ALTCRAFT_CAMPAIGN_LINK is “{link}”. It takes the address of a campaign's page, as your browser shows it, "
            "with {id} in place of the campaign's id: https://altcraft.example.com/campaigns/{id}, say."
        )
        return ""
    return link
