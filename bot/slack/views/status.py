"""How a campaign stands: what the platform says of it, and what this bot last launched of it."""

from collections.abc import Callable

from bot.campaign.campaign import Absent, Campaign
from bot.campaign.overview import CampaignStatus, RunTold
from bot.campaign.request import UserId
from bot.launch.search import Found
from bot.launch.state import State
from bot.slack.views import results, sent, sentences, technical
from bot.slack.views.blocks import Element, button, section
from bot.slack.views.buttons import receivers_buttons
from bot.slack.views.headline import headline
from bot.slack.views.looking import LAUNCH, link
from bot.slack.views.message import Message
from bot.slack.views.run import troubles
from bot.slack.views.schedule import times_of
from bot.slack.views.stop_window import STOP_CAMPAIGN
from bot.slack.views.text import escape, person, quoted, when
from bot.texts import _

_MAY_RUN = frozenset({State.LAUNCHING, State.LAUNCHED, State.RUNNING, State.IN_DOUBT})


def status(standing: CampaignStatus, last: Found | None, card_link: str, name_of: Callable[[UserId], str]) -> Message:
    """What is not known is said to be unknown. `last` is the newest launch of the campaign from here.

    `name_of` gives a person's name, "" where there is none.
    """
    campaign = standing.preview.campaign
    title = _title(standing)
    if _is_absent(standing):
        told = [sentences.no_campaign(standing.campaign_id), last_launch(last, card_link, name_of)]
        return Message(title, (section(f"*{title}*", "title"), section("\n".join(told), "facts")))
    lines = [
        *(_of_platform(campaign) if campaign else [_("The platform tells nothing of it.")]),
        _audience(standing),
        _schedule(standing),
        _run(standing),
        last_launch(last, card_link, name_of),
    ]
    editor = sentences.last_editor(campaign) if campaign else ""
    if editor:
        lines.append(_("*Last edited by:* {who}").format(who=editor))
    problems = technical.problems((*standing.preview.problems, *standing.problems))
    blocks = [section(f"*{title}*", "title"), section("\n".join(lines), "facts")]
    if problems:
        blocks.append(section("\n".join(problems), "problems"))
    return Message(title, tuple(blocks))


def status_buttons(standing: CampaignStatus, last: Found | None, *, offers_receivers: bool = False) -> list[Element]:
    """What can be done with the campaign. To stop it is red only where something runs, or may run.

    With `offers_receivers`, it can be asked who received its last launch.
    """
    if _is_absent(standing) and not _may_run(last):
        return []
    value = str(standing.campaign_id)
    style = None if _is_over(standing, last) else "danger"
    return [
        button(_("Launch…"), LAUNCH, value),
        button(_("Stop…"), STOP_CAMPAIGN, value, style=style),
        *(receivers_buttons(last.launch) if last and offers_receivers else []),
    ]


def _is_over(standing: CampaignStatus, last: Found | None) -> bool:
    """Whether all that is told says that nothing runs, and nothing starts by itself; what is not known is not over."""
    campaign = standing.preview.campaign
    is_off = campaign is not None and (campaign.is_active is False or campaign.is_completed is True)
    has_run_out = standing.log_read and (standing.run is None or standing.run.ended_at is not None)
    return is_off and has_run_out and not _may_run(last)


def _may_run(last: Found | None) -> bool:
    return last is not None and last.launch.state in _MAY_RUN


def _is_absent(standing: CampaignStatus) -> bool:
    """Whether the platform has plainly said that it does not have the campaign."""
    return Absent.CAMPAIGN in standing.preview.missing


def _title(standing: CampaignStatus) -> str:
    campaign = standing.preview.campaign
    name = f" {quoted(campaign.name)}" if campaign and campaign.name else ""
    return _("Campaign (mailing) {number}{name}").format(number=standing.campaign_id, name=name)


def _of_platform(campaign: Campaign) -> list[str]:
    kind = ", ".join(sent.nature(campaign)) or _("not told")
    active = {True: _("active"), False: _("not active"), None: _("whether it is active is not told")}
    completed = [_("completed")] if campaign.is_completed else []
    word = "" if campaign.status.lower() in _said_by_flags(campaign) else campaign.status
    status = [_("status {text}").format(text=quoted(word, 80))] if word else []
    state = ", ".join([active[campaign.is_active], *completed, *status])
    return [_("*Kind:* {kind}").format(kind=kind), _("*State:* {state}").format(state=state)]


def _said_by_flags(campaign: Campaign) -> set[str]:
    """Words of the platform that add nothing to what the campaign's flags say."""
    active = {True: {"active"}, False: {"inactive"}, None: set[str]()}[campaign.is_active]
    return active | ({"completed"} if campaign.is_completed else set())


def _audience(standing: CampaignStatus) -> str:
    audience = standing.preview.audience
    if audience is None:
        return _("*Its own audience:* not known")
    told = f"{sentences.source(audience.source, audience.name)}, {sentences.size(audience)}"
    return _("*Its own audience:* {audience}").format(audience=told)


def _schedule(standing: CampaignStatus) -> str:
    if standing.schedule is None:
        return _("*Schedule:* not told")
    if standing.schedule.is_empty:
        return _("*Schedule:* the platform names no restriction")
    return _("*Schedule:* {times}").format(times=times_of(standing.schedule))


def _run(standing: CampaignStatus) -> str:
    if not standing.log_read:
        return _("*Last run:* not known, for its log could not be read")
    if standing.run is None and standing.log_since:
        return _("*Last run:* none in its log since {moment}").format(moment=when(standing.log_since))
    return _("*Last run:* {run}").format(run=_told(standing.run)) if standing.run else _("*Last run:* none in its log")


def _told(run: RunTold) -> str:
    started = _("started {moment}").format(moment=when(run.started_at))
    ended = _("ended {moment}").format(moment=when(run.ended_at)) if run.ended_at else _("its log shows no end yet")
    return f"{started}, {ended}, {troubles(run)}"


def last_launch(last: Found | None, card_link: str, name_of: Callable[[UserId], str]) -> str:
    """The line about the newest launch from here."""
    if last is None:
        return _("*Last launch from here:* none")
    launch = last.launch
    text = _("*Last launch from here:* {stands} ({card}, asked for by {who}, {moment})")
    card = link(_("its card"), card_link) if card_link else _("no card")
    who = escape(name_of(launch.requester)) or person(launch.requester)
    told = text.format(stands=headline(launch), card=card, who=who, moment=when(launch.requested_at))
    numbers = results.line(launch, last.counts)
    return f"{told}\n{numbers}" if numbers else told
