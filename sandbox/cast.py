"""The people of the sandbox, acting by program: they type, fill in, press and read, as the page's visitors do."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.slack.block_kit.defaults import elements_of
from sandbox.stage import Stage

Json = dict[str, Any]

ANA, BEN, CLEO, DAN, OTTO = "U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0OTTO"
LAUNCHES = "C0LAUNCH"
COMMAND = "/campaign-activate"
STOP_COMMAND = "/campaign-stop"
PATIENCE = 45.0
"""Seconds after which something that has not happened counts as not happening."""

_T = TypeVar("_T")


class NotSeen(AssertionError):
    """Something that was waited for did not happen."""


class Cast:
    """What people do, and what they see."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._slack = stage.workspace

    async def types(self, who: str, text: str, channel: str = LAUNCHES, command: str = COMMAND) -> None:
        """Types the command. Raises NotSeen where Slack shows an error instead of the app's answer."""
        reply = await self._slack.command(who, channel, command, text)
        if not reply.ok:
            raise NotSeen(f"{who} typed {text!r} and got: {reply.error}")

    async def sees_modal(self, who: str, *having: str, without: str = "") -> Json:
        """Waits for a modal with all these texts in it; gives the topmost of the person's stack."""

        def topmost() -> Json | None:
            views = self._slack.snapshot(who)["views"]
            found = views[-1] if views else None
            text = texts(found["view"]) if found else ""
            fits = found and all(one in text for one in having) and not (without and without in text)
            return found if fits else None

        def shown() -> str:
            views = self._slack.snapshot(who)["views"]
            return f"{who} sees a modal with {having}; it says {texts(views[-1:])}"

        return await self.until(topmost, shown)

    async def submits(self, who: str, **values: Json) -> dict[str, str]:
        """Submits the topmost modal with these fields changed; gives the errors at its fields."""
        view = self._slack.snapshot(who)["views"][-1]
        state = {name: {name: value} for name, value in values.items()}
        reply = await self._slack.submit(who, view["view_id"], state)
        if not reply.ok and not reply.errors:
            raise NotSeen(f"{who} submitted and got: {reply.error}")
        return reply.errors

    async def changes(self, who: str, field: str, value: Json, **others: Json) -> None:
        """Changes one field of the topmost modal, in the way that tells the app of it."""
        view = self._slack.snapshot(who)["views"][-1]
        state = {name: {name: one} for name, one in {**others, field: value}.items()}
        container = {"type": "view", "view_id": view["view_id"]}
        await self._slack.press(who, container=container, block_id=field, action_id=field, element=value, state=state)

    async def asks(self, who: str, text: str, channel: str = LAUNCHES, *, in_a_hurry: bool = False) -> Json:
        """Types the command, submits the form once it knows its campaign, or in a hurry at once; gives the new card."""
        await self.types(who, text, channel)
        await self.sees_modal(who, "What will happen", without="" if in_a_hurry else "loading")
        return await self.asks_in_form(who, channel)

    async def asks_in_form(self, who: str, channel: str = LAUNCHES, **values: Json) -> Json:
        """Submits the form with these fields changed; gives the new card."""
        before = {card["ts"] for card in self.cards(channel)}
        errors = await self.submits(who, **values)
        if errors:
            raise NotSeen(f"{who} asked for a launch and got: {errors}")
        return await self.until(
            lambda: next((card for card in self.cards(channel) if card["ts"] not in before), None), "a card appears"
        )

    async def presses(self, who: str, card: Json, action_id: str, channel: str = LAUNCHES) -> None:
        """Presses a button as this card shows it, whether or not the channel's card still has it.

        Where the card never had it, the press carries the launch's id alone.
        """
        block_id, value = _button(card, action_id) or ("actions", launch_of(card))
        reply = await self._slack.press(
            who,
            container={"type": "message", "channel": channel, "ts": card["ts"]},
            block_id=block_id,
            action_id=action_id,
            element={"type": "button", "value": value},
        )
        if not reply.ok:
            raise NotSeen(f"{who} pressed {action_id} and got: {reply.error}")

    async def presses_told(self, who: str, told: Json, action_id: str) -> None:
        """Presses a button of a message that this person alone sees."""
        await self._press(who, {"type": "ephemeral", "id": told["id"]}, _button(told, action_id), action_id)

    async def presses_in_modal(self, who: str, action_id: str) -> None:
        """Presses a button of the topmost modal."""
        top = self._slack.snapshot(who)["views"][-1]
        place = {"type": "view", "view_id": top["view_id"]}
        await self._press(who, place, _button(top["view"], action_id), action_id)

    async def presses_home(self, who: str, action_id: str, of: str = "") -> None:
        """Presses a button of the Home tab; with `of`, the one whose value begins with that launch's id."""
        home = self._slack.snapshot(who)["home"]
        place = {"type": "view", "view_id": home["id"]}
        await self._press(who, place, _button(home, action_id, of), action_id)

    async def opens_home(self, who: str, *having: str) -> Json:
        """Opens the Home tab, and waits until these texts stand there."""
        await self._slack.open_home(who)
        return await self.sees_home(who, *having)

    async def sees_home(self, who: str, *having: str, without: str = "") -> Json:
        def now() -> Json | None:
            home: Json | None = self._slack.snapshot(who)["home"]
            text = texts(home)
            fits = all(one in text for one in having) and not (without and without in text)
            return home if home and fits else None

        return await self.until(now, lambda: f"{who}'s Home says {having}: {texts(self._slack.snapshot(who)['home'])}")

    async def _press(self, who: str, container: Json, button: tuple[str, str] | None, action_id: str) -> None:
        if button is None:
            raise NotSeen(f"{who} sees no button {action_id}")
        block_id, value = button
        element = {"type": "button", "value": value}
        reply = await self._slack.press(
            who, container=container, block_id=block_id, action_id=action_id, element=element
        )
        if not reply.ok:
            raise NotSeen(f"{who} pressed {action_id} and got: {reply.error}")

    async def sees_card(self, card: Json, *having: str, channel: str = LAUNCHES) -> Json:
        """Waits until the card holds these texts."""

        def stands() -> Json:
            return next(one for one in self.cards(channel) if one["ts"] == card["ts"])

        def now() -> Json | None:
            shown = stands()
            return shown if all(text in texts(shown) for text in having) else None

        return await self.until(now, lambda: f"the card says {having}; it says {texts(stands())}")

    async def sees_reply(self, card: Json, having: str, channel: str = LAUNCHES) -> Json:
        """Waits for a reply in the card's thread."""
        return await self.until(
            lambda: next((one for one in self.thread(card, channel) if having in texts(one)), None),
            lambda: f"a reply says {having!r}; there are {[one['text'] for one in self.thread(card, channel)]}",
        )

    async def is_told(self, who: str, having: str) -> Json:
        """Waits for a message that only this person sees."""
        return await self.until(
            lambda: next((one for one in self._slack.snapshot(who)["ephemerals"] if having in texts(one)), None),
            lambda: (
                f"{who} is told {having!r}; told {[one['text'] for one in self._slack.snapshot(who)['ephemerals']]}"
            ),
        )

    def cards(self, channel: str = LAUNCHES) -> list[Json]:
        return [one for one in self._messages(channel) if not one["thread_ts"] or one["thread_ts"] == one["ts"]]

    def thread(self, card: Json, channel: str = LAUNCHES) -> list[Json]:
        """The replies under a card, oldest first."""
        return [one for one in self._messages(channel) if one["thread_ts"] == card["ts"] and one["ts"] != card["ts"]]

    async def until(self, seen: Callable[[], _T | None], what: str | Callable[[], str]) -> _T:
        """Waits until something is so, looking after every change. Raises NotSeen."""
        deadline = time.monotonic() + PATIENCE
        while True:
            revision = self._stage.workspace.hub.revision
            found = seen()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeen(f"not within {PATIENCE:.0f} s: {what if isinstance(what, str) else what()}")
            await self._stage.workspace.hub.wait_after(revision, min(left, 1.0))

    def _messages(self, channel: str) -> list[Json]:
        found: list[Json] = self._slack.snapshot(ANA)["messages"][channel]
        return found


def texts(shown: object) -> str:
    """Every text in a message or view, as one string."""
    match shown:
        case str():
            return shown
        case list():
            return "\n".join(texts(one) for one in shown)
        case dict():
            kept = (
                "text",
                "blocks",
                "elements",
                "fields",
                "label",
                "hint",
                "element",
                "initial_option",
                "title",
                "rows",
            )
            return "\n".join(texts(shown[name]) for name in kept if shown.get(name))
        case _:
            return ""


def _button(card: Json, action_id: str, of: str = "") -> tuple[str, str] | None:
    """The block id and value of a card's button; with `of`, of the one whose value begins so."""
    for block in card["blocks"]:
        for element in elements_of(block):
            if element.get("action_id") == action_id and str(element.get("value", "")).startswith(of):
                return block["block_id"], str(element.get("value", ""))
    return None


def launch_of(card: Json) -> str:
    """The launch a card is about, from its metadata."""
    return str(card["metadata"]["event_payload"]["launch_id"])


def option(value: str, text: str = "chosen") -> Json:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


def chosen(value: str, kind: str = "external_select") -> Json:
    """A select's or radio group's value, as a form's state holds it."""
    return {"type": kind, "selected_option": option(value)}


def typed(value: str, kind: str = "plain_text_input") -> Json:
    """A text or number field's value, as a form's state holds it."""
    return {"type": kind, "value": value}


def picked(moment: int | None) -> Json:
    """A moment, in seconds since 1970, as the picker of a day and a time holds it in a form's state; None for none."""
    return {"type": "datetimepicker", "selected_date_time": moment}


def attached(*file_ids: str) -> Json:
    """Uploaded files, as a form's state holds them."""
    return {"type": "file_input", "files": list(file_ids)}


def conversation(channel: str) -> Json:
    """A chosen channel, as a form's state holds it."""
    return {"type": "conversations_select", "selected_conversation": channel}
