"""What is said on the command line about a launch, for the policy to be held against."""

import argparse
import re
from dataclasses import dataclass

from bot.policy.keys import KINDS


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What is taken as known about the launch; None or "" for what is not."""

    text: str
    by: str = ""
    audience: int | None = None
    channel: str = ""
    kind: str = ""
    tags: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    roles: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "What is not given is not known, and what is not known counts as matching."
    parser.add_argument("text", help='what would be typed after /campaign-activate, such as "82 run_now"')
    parser.add_argument("--by", type=_person, metavar="U…", help="who asks")
    parser.add_argument("--audience", type=_size, metavar="N", help="the size of the audience")
    parser.add_argument("--channel", type=_channel, metavar="C…", help="where it is asked for")
    parser.add_argument("--kind", choices=KINDS, help="the campaign's kind")
    parser.add_argument("--tag", action="append", help="a tag of the campaign; may be repeated")
    parser.add_argument("--group", action="append", help="an access group of the campaign; may be repeated")
    parser.add_argument(
        "--role", action="append", default=[], help="a role that who asks holds through a user group; may be repeated"
    )
    parser.add_argument("--policy", metavar="FILE", help="a policy file to try, instead of POLICY_FILE")


def supposed(chosen: argparse.Namespace) -> Supposed:
    return Supposed(
        text=chosen.text,
        by=chosen.by or "",
        audience=chosen.audience,
        channel=chosen.channel or "",
        kind=chosen.kind or "",
        tags=tuple(chosen.tag) if chosen.tag else None,
        groups=tuple(chosen.group) if chosen.group else None,
        roles=tuple(chosen.role),
    )


def _size(text: str) -> int:
    digits = re.sub(r"(?<=[0-9])[\s.,_'’](?=[0-9]{3})", "", text)
    if re.fullmatch(r"[0-9]{1,18}", digits):
        return int(digits)
    raise argparse.ArgumentTypeError(f"“{text}” is no whole number.")


def _person(text: str) -> str:
    if re.fullmatch(r"[UW][A-Z0-9]{2,}", text):
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is no Slack user id such as U0123ABCD: copy it from the profile.")


def _channel(text: str) -> str:
    if re.fullmatch(r"[CG][A-Z0-9]{2,}", text):
        return text
    raise argparse.ArgumentTypeError(
        f"“{text}” is no channel id such as C0123ABCD: copy it from the channel's details."
    )
