"""Block Kit as the JSON that Slack takes: texts, elements, blocks, and the surfaces that they stand on.

What is not given is left out. Slack's limits are checked in every test, by the stand-in; here texts are cut only where
people or the platform may have written more than Slack takes.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NewType

from bot.slack.views.bounds import clip
from bot.slack.views.text import SECTION_LIMIT, words_alone

OPTION_LIMIT = 75

Text = NewType("Text", dict[str, Any])
Option = NewType("Option", dict[str, Any])
OptionGroup = NewType("OptionGroup", dict[str, Any])
Confirm = NewType("Confirm", dict[str, Any])
Element = NewType("Element", dict[str, Any])
"""What stands in an actions block or an input: a button, a select, a field."""
Block = NewType("Block", dict[str, Any])
View = NewType("View", dict[str, Any])
"""A modal or a Home tab."""


def plain(text: str, *, emoji: bool | None = None) -> Text:
    """Text without markup; with `emoji`, Slack shows `:tada:` as a picture."""
    return Text(_given(type="plain_text", text=text, emoji=emoji))


def mrkdwn(text: str) -> Text:
    return Text({"type": "mrkdwn", "text": text})


def section(text: str, block_id: str) -> Block:
    """Mrkdwn, cut where it is too long."""
    return Block({"type": "section", "block_id": block_id, "text": mrkdwn(clip(text, SECTION_LIMIT))})


def plain_section(text: str, block_id: str) -> Block:
    """A section in which Slack parses nothing."""
    return Block({"type": "section", "block_id": block_id, "text": plain(text, emoji=False)})


def context(text: str, block_id: str | None = None) -> Block:
    """Mrkdwn in small print, cut where it is too long."""
    return Block(_given(type="context", block_id=block_id, elements=[mrkdwn(clip(text, SECTION_LIMIT))]))


def header(text: str) -> Block:
    return Block({"type": "header", "text": plain(text)})


def divider() -> Block:
    return Block({"type": "divider"})


def actions(elements: Iterable[Element], block_id: str) -> Block:
    return Block({"type": "actions", "block_id": block_id, "elements": list(elements)})


def input_block(
    block_id: str,
    label: str,
    element: Element,
    *,
    hint: str | None = None,
    optional: bool | None = None,
    dispatch_action: bool | None = None,
) -> Block:
    """A field with its label. With `dispatch_action`, Slack sends what is filled in before the form is submitted."""
    return Block(
        _given(
            type="input",
            block_id=block_id,
            label=plain(label, emoji=True),
            element=element,
            hint=plain(hint, emoji=True) if hint else None,
            optional=optional,
            dispatch_action=dispatch_action,
        )
    )


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: Confirm | None = None,
) -> Element:
    words = plain(text, emoji=True)
    return element("button", action_id, text=words, value=value, style=style, url=url, confirm=confirm)


def text_input(
    action_id: str, max_length: int, *, multiline: bool | None = None, initial_value: str | None = None
) -> Element:
    return element(
        "plain_text_input", action_id, max_length=max_length, multiline=multiline, initial_value=initial_value
    )


def radio_buttons(action_id: str, options: Sequence[Option], initial_option: Option | None) -> Element:
    return element("radio_buttons", action_id, options=list(options), initial_option=initial_option)


def external_select(action_id: str, placeholder: str, initial_option: Option | None) -> Element:
    """A select that asks the bot for its options, from the first character on and before it."""
    return element(
        "external_select",
        action_id,
        placeholder=plain(placeholder, emoji=True),
        initial_option=initial_option,
        min_query_length=0,
    )


def element(kind: str, action_id: str, **given: object) -> Element:
    """Any other element, by Slack's own names for what it takes; None is left out."""
    return Element(_given(type=kind, action_id=action_id, **given))


def option(text: str, value: str, description: str | None = None) -> Option:
    words = plain(words_alone(text, OPTION_LIMIT) or "–", emoji=False)
    return Option(_given(text=words, value=value, description=plain(description) if description else None))


def option_group(label: str, options: Sequence[Option]) -> OptionGroup:
    return OptionGroup({"label": plain(label), "options": list(options)})


def confirm(title: str, text: str, yes: str, no: str, style: str | None = None) -> Confirm:
    """The question that a button asks before it acts; its text alone has markup."""
    return Confirm(_given(title=plain(title), text=mrkdwn(text), confirm=plain(yes), deny=plain(no), style=style))


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    close: str,
    submit: str | None = None,
    private_metadata: str | None = None,
) -> View:
    return View(
        _given(
            type="modal",
            callback_id=callback_id,
            title=plain(title, emoji=True),
            submit=plain(submit, emoji=True) if submit else None,
            close=plain(close, emoji=True),
            private_metadata=private_metadata,
            blocks=list(blocks),
        )
    )


def home_tab(blocks: Iterable[Block]) -> View:
    return View({"type": "home", "blocks": list(blocks)})


def _given(**parts: object) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value is not None}
