"""The whole examination: the settings and the policy first, then Slack, the platform and the database at once."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from bot.bounded import Bounded, NoAnswer
from bot.doctor import at_rest, database, hooks, leftovers, platform, slack, tokens, views
from bot.doctor.finding import Finding
from bot.doctor.policy import policy_findings
from bot.picture import chromium
from bot.picture.addresses import is_public, resolve
from bot.picture.reasons import NoPicture
from bot.picture.rendering import render
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy_source import PolicySource
from bot.redaction import hiding
from bot.route import Unusable
from bot.settings import Settings, SettingsError, read, read_policy_settings
from bot.slack.views.plaintext import one_line

LONGEST = 25.0
"""Seconds for each of them; what takes longer is told as not checked."""


def _own_clock() -> datetime:
    return datetime.now(UTC)


def examine(
    environment: Mapping[str, str],
    *,
    offline: bool = False,
    with_views: bool = False,
    clock: Callable[[], datetime] = _own_clock,
) -> int:
    """Writes what was found to the terminal; the exit status is 0 if the bot may run.

    Offline, only what this machine holds is looked at: the settings, the policy, and whether the database's driver,
    or its file, can be used. With views, Slack's validator is asked about each kind that the bot shows. `clock` is this
    machine's.
    """
    settings, findings = _settings(environment)
    findings += [Finding(remark, may_run=True) for remark in (settings.remarks if settings else ())]
    findings += at_rest.findings(environment, settings)
    findings += policy_findings(environment)
    policy = _policy(environment)
    findings += leftovers.findings(settings, policy)
    findings += tokens.findings(settings.slack) if settings is not None else ()
    if settings is not None and offline:
        findings += _on_this_machine(settings)
    if settings is not None and not offline:
        findings += _online(settings, policy, clock)
        findings += views.findings(slack.client_of(settings.slack)) if with_views else ()
    # What others answered is quoted, and may quote what they were sent.
    hide = hiding(settings.secrets if settings else ())
    told = [Finding(hide(finding.text), finding.may_run) for finding in findings]
    return _tell(told, _left_out(settings, offline=offline), offline=offline)


def tell_unreadable(problems: Iterable[str]) -> int:
    """Writes what keeps the settings from being read at all; the exit status is 1: the bot may not run."""
    return _tell([Finding(problem) for problem in problems], _left_out(None))


def _left_out(settings: Settings | None, *, offline: bool = False) -> str:
    missing = "" if settings else " campaign-bot init asks for what is missing, and writes .env."
    if offline:
        return f"Slack, the platform and a database server were not asked.{missing}\n"
    if settings is None:
        return f"Slack, the platform and the database are checked once the settings can be read.{missing}\n"
    return ""


def _tell(findings: Sequence[Finding], left_out: str, *, offline: bool = False) -> int:
    for finding in findings:
        sys.stdout.write(f"{'note:' if finding.may_run else 'MEND:'} {one_line(finding.text)}\n")
    sys.stdout.write(left_out)
    may_run = all(finding.may_run for finding in findings)
    runs = "As far as can be told offline, the bot may run." if offline else "The bot may run."
    sys.stdout.write(f"{runs if may_run else 'The bot must not run like this.'}\n")
    return 0 if may_run else 1


def _settings(environment: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    try:
        return read(environment), []
    except SettingsError as error:
        return None, [Finding(problem) for problem in error.problems]


def _policy(environment: Mapping[str, str]) -> Policy | None:
    try:
        return PolicySource(read_policy_settings(environment))()
    except (SettingsError, PolicyUnreadable):
        return None  # told already


def _on_this_machine(settings: Settings) -> Iterator[Finding]:
    """What needs no network; online, it is told on the way."""
    yield from (found for found in database.place_findings(settings.database_url) if not found.may_run)
    for route in (settings.slack.route, settings.altcraft.route):
        try:
            route.trusting()
        except Unusable as unusable:
            yield Finding(str(unusable))


def _online(settings: Settings, policy: Policy | None, clock: Callable[[], datetime]) -> Iterator[Finding]:
    sections: dict[str, Callable[[], Iterable[Finding]]] = {
        "Slack": lambda: slack.findings(settings.slack, policy, clock),
        "The platform": lambda: platform.findings(settings.altcraft, policy),
        "The database": lambda: database.findings(settings.database_url, clock),
        "The way of the platform's hooks": lambda: hooks.findings(settings),
        "Pictures of e-mails": lambda: _pictures(settings),
        "The hosts of images": lambda: _image_hosts(settings),
    }
    with ThreadPoolExecutor(len(sections)) as side_by_side:
        for found in side_by_side.map(_section, sections, sections.values()):
            yield from found


def _pictures(settings: Settings) -> Iterator[Finding]:
    if settings.pictures and not chromium.find():
        yield Finding(
            "No browser is installed that could make pictures of e-mails, so threads have none. To have them, install "
            "Debian's chromium-headless-shell; MESSAGE_PICTURES=no says that none are wanted.",
            may_run=True,
        )
    elif settings.pictures:
        # Whether a machine gives the browser what it needs shows only where it is tried.
        made = render("<p>A picture")
        if isinstance(made, NoPicture):
            yield Finding(
                f"A picture of an e-mail was tried. {made.why} docs/picture.md says what the browser needs; "
                "MESSAGE_PICTURES=no says that no pictures are wanted.",
                may_run=True,
            )
    if settings.image_hosts and not settings.pictures:
        yield Finding(
            "PICTURE_IMAGE_HOSTS names hosts for pictures of e-mails, and MESSAGE_PICTURES=no says that none are made. "
            "Take out one of the two.",
            may_run=True,
        )


def _image_hosts(settings: Settings) -> Iterator[Finding]:
    """Hosts from which no image will come; of those that begin with a dot, nobody knows the names."""
    named = [one for one in settings.image_hosts if not one.startswith(".")] if settings.pictures else []
    for host in named:
        try:
            addresses = resolve(host)
        except OSError:
            yield Finding(
                f"PICTURE_IMAGE_HOSTS holds {host}, which has no address here, so that its images are missing in "
                "pictures of e-mails. Check its spelling, and this machine's DNS.",
                may_run=True,
            )
            continue
        if not all(map(is_public, addresses)):
            yield Finding(
                f"PICTURE_IMAGE_HOSTS holds {host}, which has an address that is not public, so that its images are "
                "missing in pictures of e-mails: they are fetched from the public network alone. Take it out.",
                may_run=True,
            )


def _section(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return Bounded(lambda: list(check()), LONGEST)()
    except NoAnswer:
        return [Finding(f"{name} could not be checked: it took longer than {LONGEST:g} seconds. Try again.")]
    except Exception as error:  # noqa: BLE001 -- a check that breaks must not pass for one that found nothing
        return [Finding(f"{name} could not be checked: {type(error).__name__}. This is a mistake of campaign-bot's.")]
