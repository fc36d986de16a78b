"""What people will receive, in few words: each message's essentials, and how its checks went."""

from collections.abc import Iterator

from bot.campaign.campaign import Campaign
from bot.message.finding import Check, Finding, Grade
from bot.message.message import EMAIL, NOT_COVERED, PUSH, SMS
from bot.message.report import Essentials, Report
from bot.message.sms import Parts
from bot.slack.views.bounds import clip
from bot.slack.views.technical import plainly
from bot.slack.views.text import quoted, said, shown
from bot.texts import _, mark, number, plural

MOST_SHOWN = 3
"""Messages that are shown; a split test may have sixteen."""
MOST_FINDINGS = 6
LONGEST_FINDING = 240
LONGEST_TEXT = 500
LONGEST_UNREAD = 400
LONGEST_WORD = 80
"""Characters of the platform's own word."""

_CHANNELS = {EMAIL: mark("E-mail"), SMS: mark("SMS"), PUSH: mark("Push")}
_KINDS = {"trigger": mark("trigger"), "splittest": mark("split test")}
"""Those that the platform's guide calls otherwise than its API; the others are the platform's own word."""

_GRADES = {Grade.FAILURE: ":x:", Grade.WARNING: ":warning:", Grade.PASS: ":white_check_mark:"}


def lines(report: Report, button: str | None = None) -> list[str]:
    """What is sent and what its checks found, one line each; nothing where no message is told.

    `button` is the label of the one below that shows all of it, None for the card's.
    """
    if not report.essentials:
        return []
    opens = _("Read everything") if button is None else button
    known = [one for one in report.essentials if not one.unread]
    shown_whole = [line for one in known[:MOST_SHOWN] for line in _essentials(one)]
    left = len(known) - MOST_SHOWN
    more = plural(
        "{n} more message is not shown here: “{button}” shows it.",
        "{n} more messages are not shown here: “{button}” shows them.",
        left,
        button=opens,
    )
    return [*shown_whole, *([f"_{more}_"] if left > 0 else []), *_checks(report, opens)]


def unread(report: Report) -> list[str]:
    """A warning for what an approval does not cover."""
    unknown = [one for one in report.essentials if one.unread]
    told = [
        f":warning: {said(NOT_COVERED)} {clip(plainly(one.unread), LONGEST_UNREAD)}" for one in unknown[:MOST_SHOWN]
    ]
    left = len(unknown) - MOST_SHOWN
    more = plural("{n} more could not be read.", "{n} more could not be read.", left)
    return [*told, *([more] if left > 0 else []), *_fetched(report)]


def channel_name(sid: str) -> str:
    """A channel as people call it; one that is not known by its own name."""
    return _(_CHANNELS[sid]) if sid in _CHANNELS else shown(sid, 60) or _("Message")


def nature(campaign: Campaign) -> list[str]:
    """By which channel the campaign goes out and of which kind it is, as far as the platform tells."""
    channel = channel_name(campaign.channel) if campaign.channel else ""
    return [one for one in (channel, shown(kind_name(campaign.kind), LONGEST_WORD)) if one]


def kind_name(kind: str) -> str:
    """A kind of campaign as the platform's guide calls it, or by the platform's own word."""
    return _(_KINDS[kind]) if kind in _KINDS else kind


def _size(sms: Parts) -> str:
    """`148 characters, 1 part (GSM 03.38)`."""
    length = plural("{n} character", "{n} characters", sms.length)
    parts = plural("{n} part", "{n} parts", sms.parts)
    at_least = parts if sms.is_whole else _("at least {parts}").format(parts=parts)
    return f"{length}, {at_least} ({sms.alphabet.value})"


def _essentials(one: Essentials) -> Iterator[str]:
    name = channel_name(one.channel)
    if one.sms:
        yield _("*{channel}:* {size}").format(channel=name, size=_size(one.sms))
    elif one.channel == EMAIL:
        sender = quoted(one.sender) if one.sender else _("a sender that the template does not name")
        subject = quoted(one.subject, 300) if one.subject.strip() else _("*no subject*")
        yield _("*{channel}:* {subject}, from {sender}").format(channel=name, subject=subject, sender=sender)
    else:
        title = quoted(one.subject, 300) if one.subject else ""
        yield f"*{name}:* {title}" if title else f"*{name}*"
    yield from (f">{shown(line, LONGEST_TEXT)}" for line in one.text.splitlines() if line.strip())
    if one.link:
        yield _(">opens {link}").format(link=shown(one.link, 200))


def _checks(report: Report, button: str) -> Iterator[str]:
    if not report.findings:
        yield plural("*Checks:* all {n} passed.", "*Checks:* all {n} passed.", report.passed)
        return
    counted = [
        plural("{n} failure", "{n} failures", failures) if (failures := len(report.of_grade(Grade.FAILURE))) else "",
        plural("{n} warning", "{n} warnings", warnings) if (warnings := len(report.of_grade(Grade.WARNING))) else "",
        plural("{n} passed", "{n} passed", report.passed) if report.passed else "",
    ]
    yield _("*Checks:* {counts}").format(counts=", ".join(filter(None, counted)))
    yield from (_finding(one) for one in report.findings[:MOST_FINDINGS])
    left = len(report.findings) - MOST_FINDINGS
    if left > 0:
        yield _("{n} more: “{button}” shows them.").format(n=number(left), button=button)


def _finding(one: Finding) -> str:
    # Why a message could not be read stands above, and that an approval does not cover it.
    sentence = _("The message could not be read.") if one.check is Check.READ else plainly(one.sentence)
    return f"{_GRADES[one.grade]} {clip(sentence, LONGEST_FINDING)}"


def _fetched(report: Report) -> Iterator[str]:
    for host in dict.fromkeys(one.fetched_from for one in report.essentials if one.fetched_from):
        yield _(
            ":warning: Part of the message is fetched from {host} when it is sent: an approval does not cover that."
        ).format(host=quoted(host))
