"""What was copied from an example and never replaced: it is read without a mistake, and means nobody and nothing."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot.doctor.finding import Finding
from bot.policy.policy import Policy
from bot.settings import Settings

_EXAMPLE_ID = re.compile(r"[A-Z]0(123ABCD|EXAMPLE.*)")
"""The ids of policy.example.toml, and of the bot's own texts."""

EXAMPLE_DOMAINS = ("example.com", "example.org", "example.net", "example")
"""Domains that belong to nobody (RFC 2606)."""


def findings(settings: Settings | None, policy: Policy | None) -> Iterator[Finding]:
    """`settings` and `policy` are None where they cannot be read."""
    if settings is not None:
        yield from _addresses(settings)
        yield from _ids([settings.slack.launch_channel], "LAUNCH_CHANNEL")
    if policy is not None:
        for role, role_list in policy.roles.items():
            yield from _ids(role_list.members, f"the role {role}")
        for rule in policy.rules:
            yield from _ids(rule.when.channels, f"rule “{rule.name}”")


def _addresses(settings: Settings) -> Iterator[Finding]:
    addresses = {
        "ALTCRAFT_URL": settings.altcraft.url,
        "ALTCRAFT_CAMPAIGN_LINK": settings.altcraft.campaign_link,
        "ALTCRAFT_PROXY": settings.altcraft.route.proxy,
        "SLACK_PROXY": settings.slack.route.proxy,
    }
    for name, address in addresses.items():
        host = urlsplit(address).hostname or ""
        if any(host == domain or host.endswith(f".{domain}") for domain in EXAMPLE_DOMAINS):
            yield Finding(f"{name} leads to {host}, which is an example's and belongs to nobody. Set your own.")


def _ids(ids: Iterable[str], where: str) -> Iterator[Finding]:
    for one in ids:
        if _EXAMPLE_ID.fullmatch(one):
            yield Finding(f"{one}, in {where}, is an example's id. Copy yours from Slack.")
