"""Whether one setting is right, as far as that can be told while the others are not known yet."""

from collections.abc import Callable, Iterator, Mapping

from bot.bounded import Bounded, NoAnswer
from bot.doctor import leftovers, platform, slack, tokens
from bot.doctor.finding import Finding
from bot.doctor.reachability import Unreachable, Way
from bot.policy_source import PolicySource
from bot.redaction import hiding
from bot.settings import Settings, SettingsError, read
from bot.slack_settings import ENVIRONMENTS_PROXY, WITHOUT_PROXY

LONGEST = 25.0
"""Seconds for what others are asked."""

_UNKNOWN_YET = {
    "SLACK_BOT_TOKEN": "xoxb-unknown",
    "SLACK_APP_TOKEN": "xapp-unknown",
    "ALTCRAFT_URL": "https://unknown.invalid",
    "ALTCRAFT_TOKEN": "unknown",
}
"""What stands for the answers that are still to come, so that those that came can be read."""


_WAYS = frozenset(
    {"SLACK_API_URL", "SLACK_PROXY", "SLACK_CA_BUNDLE", "ALTCRAFT_PROXY", "ALTCRAFT_CA_BUNDLE"}
    | {"ALTCRAFT_FORMAT", "ALTCRAFT_TOKEN_IN"}
    | {*ENVIRONMENTS_PROXY, *WITHOUT_PROXY}
)
"""What says how others are reached and spoken to, and is not asked for."""

_NEEDS = {
    "LAUNCH_CHANNEL": "SLACK_BOT_TOKEN",
    "REQUESTERS": "SLACK_BOT_TOKEN",
    "APPROVERS": "SLACK_BOT_TOKEN",
    "ADMINS": "SLACK_BOT_TOKEN",
    "ALTCRAFT_TOKEN": "ALTCRAFT_URL",
}
"""Without what others cannot be asked about a setting."""

_ROLES = frozenset({"REQUESTERS", "APPROVERS", "ADMINS"})


def about(name: str, answers: Mapping[str, str], process: Mapping[str, str], *, offline: bool) -> list[Finding]:
    """What is wrong with the setting `name`, whose value is one of the `answers` so far; nothing is changed anywhere.

    The other answers have nothing to mend: what is wrong with them was told, and one that is missing is not known. How
    others are reached, `process` says: the environment, and what `.env` says already. Offline, nobody else is asked.
    """
    ways = {key: process[key] for key in _WAYS if key in process}
    # What is wrong with one role is told where that one is asked for.
    others = _ROLES - {name}
    given = {key: value for key, value in answers.items() if value and key not in others}
    try:
        settings = read({**_UNKNOWN_YET, **ways, **given})
    except SettingsError as error:
        told = [Finding(problem) for problem in error.problems if problem.startswith(name)]
        return told or [Finding(problem) for problem in error.problems]
    policy = PolicySource(settings.policy)()
    told_at_once = (*tokens.findings(settings.slack), *leftovers.findings(settings, policy))
    found = [one for one in told_at_once if _concerns(one, name)]
    ask = _ASKED.get(name)
    if found or offline or ask is None:
        return found
    needed = _NEEDS.get(name, "")
    if needed and not given.get(needed):
        return [Finding(f"{name} was not checked: that takes {needed}, which is to be mended first.", may_run=True)]
    hide = hiding(settings.secrets)
    try:
        return [Finding(hide(one.text), one.may_run) for one in Bounded(lambda: list(ask(settings)), LONGEST)()]
    except NoAnswer:
        return [Finding(f"{name} could not be checked: it took longer than {LONGEST:g} seconds.")]


def _concerns(finding: Finding, name: str) -> bool:
    role = {"REQUESTERS": "role requester", "APPROVERS": "role approver", "ADMINS": "role admin"}.get(name, name)
    return role in finding.text


def _platforms_address(settings: Settings) -> Iterator[Finding]:
    try:
        Way("The platform", settings.altcraft.url, "ALTCRAFT_URL", settings.altcraft.route).walk()
    except Unreachable as unreachable:
        yield Finding(str(unreachable))


def _roles(settings: Settings) -> Iterator[Finding]:
    return slack.roles(settings.slack, PolicySource(settings.policy)())


_ASKED: Mapping[str, Callable[[Settings], Iterator[Finding]]] = {
    "SLACK_BOT_TOKEN": lambda settings: slack.bot_token(settings.slack),
    "SLACK_APP_TOKEN": lambda settings: slack.transport(settings.slack),
    "LAUNCH_CHANNEL": lambda settings: slack.channel(settings.slack),
    "ALTCRAFT_URL": _platforms_address,
    "ALTCRAFT_TOKEN": lambda settings: platform.findings(settings.altcraft, None),
    "REQUESTERS": _roles,
    "APPROVERS": _roles,
    "ADMINS": _roles,
}
