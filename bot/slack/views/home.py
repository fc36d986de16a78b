"""The app's Home tab: what waits for its reader, what they asked for, what runs, and what was launched last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.campaign.request import UserId
from bot.launch.search import HOME_LIST, RUNNING_PHASES, Found, HomeLists, Phase, phase_of
from bot.launch.state import Launch, State
from bot.policy.roles import Action
from bot.slack.views import help as helping
from bot.slack.views import results, sentences, start, stop
from bot.slack.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
    header,
    home_tab,
    section,
)
from bot.slack.views.bounds import clip
from bot.slack.views.buttons import ASK_AGAIN, VOUCH_NOT_RUN, VOUCH_RAN, buttons, read_button
from bot.slack.views.headline import headline, marked
from bot.slack.views.looking import LAUNCH, link
from bot.slack.views.next_step import next_step
from bot.slack.views.text import person, when
from bot.slack.views.warnings import glass, wishes
from bot.texts import _, listed

REFRESH = "home:refresh"
ANYTHING = "any"
"""The value of the button that launches no campaign in particular."""


CARD = "home:card"
"""The button that leads to a launch's card."""

ON_CARD_ALONE = frozenset({Action.APPROVE, Action.BREAK_GLASS})
"""Nobody approves what a few lines tell of: what has to be known stands on the card."""


_ACTIONS = {VOUCH_RAN: Action.VOUCH, VOUCH_NOT_RUN: Action.VOUCH, ASK_AGAIN: Action.REQUEST}
"""What a button takes whose id is not its action's."""

_NOT_FOR_REQUESTER: frozenset[str] = frozenset({VOUCH_NOT_RUN, Action.ASK_CHANGES})
_REQUESTERS_OWN = frozenset({Action.CANCEL, Action.STOP_HERE})
"""What takes no role where the launch is one's own."""

EVERYTHING = frozenset(Action)


@dataclass(frozen=True)
class Reader:
    """Whose tab it is. What would be refused to them is left out."""

    person: UserId
    now: datetime
    zone: ZoneInfo | None
    """The policy's."""
    may: frozenset[Action]
    """What their roles allow."""

    def buttons(self, launch: Launch, card_link: str) -> list[Element]:
        to_card = _("Look and decide") if self._can_decide(launch) else _("Open the card")
        return [
            *([button(to_card, CARD, launch.id, url=card_link)] if card_link else []),
            *(one for one in buttons(launch) if self._can_use(one["action_id"], launch)),
            *([] if launch.adopted else [read_button(launch)]),
        ]

    def _can_decide(self, launch: Launch) -> bool:
        own = launch.requester == self.person and not launch.takes_own_approval
        return launch.state == State.REQUESTED and Action.APPROVE in self.may and not own

    def _can_use(self, action_id: str, launch: Launch) -> bool:
        own = launch.requester == self.person
        if action_id in ON_CARD_ALONE or action_id in (_not_for_requester(launch) if own else {Action.EDIT}):
            return False
        return _ACTIONS.get(action_id, action_id) in self.may or (own and action_id in _REQUESTERS_OWN)


def _not_for_requester(launch: Launch) -> frozenset[str]:
    return _NOT_FOR_REQUESTER if launch.takes_own_release else _NOT_FOR_REQUESTER | {Action.RELEASE}


def home(
    lists: HomeLists | None,
    obstacle: str,
    link_to: Callable[[Found], str],
    now: datetime,
    whose: UserId,
    zone: ZoneInfo | None = None,
    may: frozenset[Action] = EVERYTHING,
) -> View:
    """The person's tab as it is at that moment. `obstacle` says why there are no lists, or what is left out of them.

    `link_to` gives a card's address, "" where there is none; `zone` is the policy's, None where that is not known.
    `may` is what the person's roles allow.
    """
    launch = button(_("Launch a campaign"), LAUNCH, ANYTHING, style="primary")
    refresh = button(_("Refresh"), REFRESH, "now")
    blocks = [actions([*([launch] if Action.REQUEST in may else []), refresh], "top")]
    if obstacle:
        blocks.append(section(f":warning: {obstacle}", "obstacle"))
    if lists:
        blocks.extend(_lists(lists, Reader(whose, now, zone, may), link_to))
    blocks.extend([divider(), section(helping.commands(), "help")])
    blocks.append(
        context(_("As of {moment}. It is brought up to date when you open it.").format(moment=when(now)), "as-of")
    )
    return home_tab(blocks)


def _lists(lists: HomeLists, reader: Reader, link_to: Callable[[Found], str]) -> list[Block]:
    elsewhere = any(phase_of(one.launch) is Phase.OVER for one in lists.own)
    over = _("None but yours above.") if elsewhere else _("None yet.")
    others = _list("others", _("Waits for others"), "", lists.others, reader, link_to) if lists.others else []
    return [
        *_list("waiting", _("Waits for you"), _("Nothing waits for your approval."), lists.waiting, reader, link_to),
        *_list("own", _("Your requests"), _("Nothing of yours is open or ended lately."), lists.own, reader, link_to),
        *others,
        *_list(
            "running",
            _("Scheduled or running"),
            _nothing_runs(lists),
            lists.running,
            reader,
            link_to,
        ),
        *_list("over", _("Last launches"), over, lists.over, reader, link_to),
    ]


def _nothing_runs(lists: HomeLists) -> str:
    """What stands in place of that list: what runs may stand above, for each launch is shown once."""
    if any(phase_of(one.launch) in RUNNING_PHASES for one in lists.waiting):
        return _("None but what stands above.")
    if any(phase_of(one.launch) in RUNNING_PHASES for one in lists.own):
        return _("None but yours above.")
    return _("Nothing is scheduled or running.")


def _list(
    name: str, title: str, nothing: str, found: Sequence[Found], reader: Reader, link_to: Callable[[Found], str]
) -> list[Block]:
    blocks = [header(title)]
    if not found:
        blocks.append(context(nothing, f"none-{name}"))
    for one in found:
        card_link = link_to(one)
        usable = reader.buttons(one.launch, card_link)
        blocks.append(section(_described(one, card_link, reader), f"about-{one.launch.id}"))
        if usable:
            blocks.append(actions(usable, f"do-{one.launch.id}"))
    if len(found) >= HOME_LIST:
        more = _("There may be more: `{command}` shows all.").format(command=helping.HISTORY)
        blocks.append(context(more, f"more-{name}"))
    return blocks


def _described(found: Found, card_link: str, reader: Reader) -> str:
    launch = found.launch
    title = link(sentences.campaign_title(launch.request, launch.preview), card_link)
    asked = _("Asked for by {who}, {moment}.").format(who=person(launch.requester), moment=when(launch.requested_at))
    lines = [f"*{marked(launch)}{headline(launch)}* · {title}"]
    if phase_of(launch) is not Phase.OVER:
        lines.append(clip(_happens(launch), 1000))
        lines.extend(filter(None, [start.told(launch, reader.now, reader.zone)]))
    if launch.approvals and phase_of(launch) is not Phase.WAITING:
        approvers = listed([person(one.by) for one in launch.approvals])
        asked = f"{asked}\n{_('*Approved by:* {people}').format(people=approvers)}"
    lines.extend([asked, *glass(launch), *wishes(launch), *filter(None, [results.line(launch, found.counts)])])
    lines.extend(next_step(launch, reader.person, reader.may))
    if phase_of(launch) is Phase.WAITING:
        expires = _("Expires {when}.").format(when=when(launch.expires_at))
        lines.append(f"{sentences.still_needed(launch)} {expires}")
        if not card_link:
            on_card = _("It is decided on its card, in {channel}.")
            lines.append(on_card.format(channel=f"<#{launch.channel}>"))
    return "\n".join(lines)


def _happens(launch: Launch) -> str:
    if launch.adopted:
        return stop.adopted_facts(launch).split("\n")[0]
    return sentences.what(launch)
