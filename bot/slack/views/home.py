"""The app's Home tab: what waits for its reader, what they asked for, what runs, and what was launched last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
)
from slack_sdk.models.views import View

from bot.launch.looking import PAGE, Found, HomeLists, Shelf, shelf_of
from bot.launch.policy import Action
from bot.launch.request import LaunchId, UserId
from bot.launch.state import Launch
from bot.slack.views import help as helping
from bot.slack.views import sentences
from bot.slack.views.blocks import context, section
from bot.slack.views.buttons import VOUCH_NOT_RUN, buttons
from bot.slack.views.card import PRACTICE, headline
from bot.slack.views.looking import LAUNCH, link
from bot.slack.views.text import clip, person, when
from bot.texts import _

REFRESH = "home:refresh"
ANYTHING = "any"
"""The value of the button that launches no campaign in particular."""


@dataclass(frozen=True)
class Reader:
    """Whose tab it is, and what of it they may approve: others' buttons are left out where they would be refused."""

    person: UserId
    approvable: frozenset[LaunchId]

    def buttons(self, launch: Launch) -> list[ButtonElement]:
        left_out: set[str] = set()
        if launch.id not in self.approvable:
            left_out.add(Action.APPROVE)
        if launch.requester != self.person:
            left_out.add(Action.EDIT)
        if launch.requester == self.person:
            left_out.add(VOUCH_NOT_RUN)
        return [one for one in buttons(launch) if one.action_id not in left_out]


def home(lists: HomeLists | None, obstacle: str, link_to: Callable[[Found], str], now: datetime, whose: UserId) -> View:
    """The person's tab as it is at that moment. `obstacle` says why there are no lists, or what is left out of them.

    `link_to` gives a card's address, "" where there is none.
    """
    launch = ButtonElement(text=_("Launch a campaign"), action_id=LAUNCH, value=ANYTHING, style="primary")
    refresh = ButtonElement(text=_("Refresh"), action_id=REFRESH, value="now")
    blocks: list[Block] = [ActionsBlock(block_id="top", elements=[launch, refresh])]
    if obstacle:
        blocks.append(section(f":warning: {obstacle}", "obstacle"))
    if lists:
        reader = Reader(whose, frozenset(one.launch.id for one in lists.waiting))
        blocks.extend(_lists(lists, reader, link_to))
    blocks.extend([DividerBlock(), section(helping.everything(), "help")])
    blocks.append(
        context(_("As of {moment}. It is brought up to date when you open it.").format(moment=when(now)), "as-of")
    )
    return View(type="home", blocks=blocks)


def _lists(lists: HomeLists, reader: Reader, link_to: Callable[[Found], str]) -> list[Block]:
    return [
        *_list("waiting", _("Waits for you"), _("Nothing waits for your approval."), lists.waiting, reader, link_to),
        *_list("own", _("Your requests"), _("Nothing of yours is open or ended lately."), lists.own, reader, link_to),
        *_list("running", _("Running now"), _("Nothing is on its way or running."), lists.running, reader, link_to),
        *_list("over", _("Last launches"), _("None yet."), lists.over, reader, link_to),
    ]


def _list(
    name: str, title: str, nothing: str, found: Sequence[Found], reader: Reader, link_to: Callable[[Found], str]
) -> list[Block]:
    blocks: list[Block] = [HeaderBlock(text=PlainTextObject(text=title))]
    if not found:
        blocks.append(context(nothing, f"none-{name}"))
    for one in found:
        usable = reader.buttons(one.launch)
        blocks.append(section(_described(one, link_to(one)), f"about-{one.launch.id}"))
        if usable:
            blocks.append(ActionsBlock(block_id=f"do-{one.launch.id}", elements=usable))
    if len(found) >= PAGE:
        more = _("There may be more: `{command}` shows all.").format(command=helping.HISTORY)
        blocks.append(context(more, f"more-{name}"))
    return blocks


def _described(found: Found, card_link: str) -> str:
    launch = found.launch
    practice = _(PRACTICE) if launch.request.practice else ""
    title = link(sentences.campaign_title(launch.request, launch.preview), card_link)
    asked = _("Asked for by {who}, {moment}.").format(who=person(launch.requester), moment=when(launch.requested_at))
    lines = [f"*{practice}{headline(launch)}* · {title}"]
    if shelf_of(launch) is not Shelf.OVER:
        lines.append(clip(sentences.will_happen(launch.request, launch.preview), 1000))
    lines.append(asked)
    if shelf_of(launch) is Shelf.IN_DOUBT:
        lines.append(_("Look in the platform whether the campaign ran, and say so here."))
    if shelf_of(launch) is Shelf.WAITING:
        expires = _("Expires {moment}.").format(moment=when(launch.expires_at))
        lines.append(f"{sentences.still_needed(launch)} {expires}")
    return "\n".join(lines)
