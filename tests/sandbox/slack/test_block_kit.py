"""What the stand-in Slack refuses of Block Kit, and where it says the problem is."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.slack.block_kit.surfaces import check_message_blocks, check_view
from tests.sandbox.slack.rig import actions, button, modal, plain, reason_input, section


def option(value="a", label="A", **more):
    return {"text": plain(label), "value": value, **more}


def select(**more):
    return {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b")], **more}


def field(element, **more):
    return {"type": "input", "label": plain("Field"), "element": element, **more}


def table(rows=1, columns=1):
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * columns for _ in range(rows)]}


def dialog(**more):
    whole = {"title": plain("Sure?"), "text": plain("All get it."), "confirm": plain("Yes"), "deny": plain("No")}
    return whole | more


GOOD_MESSAGE = [
    {"type": "header", "text": plain("h" * 150)},
    section("s" * 3000),
    {"type": "section", "fields": [plain("f" * 2000)] * 10, "accessory": button("over", confirm=dialog())},
    {"type": "context", "elements": [plain("c"), {"type": "image", "image_url": "https://a/b.png", "alt_text": "d"}]},
    {"type": "divider"},
    actions(*[button(f"b{n}", "v" * 2000) for n in range(25)]),
    {"type": "markdown", "text": "m" * 12_000},
    table(100, 20),
]

BAD_MESSAGES = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "an unknown block": ([{"type": "banner"}], "unsupported type: banner [json-pointer:/blocks/0/type]"),
    "no type": ([{"text": plain("a")}], "missing required field: type [json-pointer:/blocks/0]"),
    "a section of 3001": (
        [section("s" * 3001)],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "an empty section": ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "a section of nothing": ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    "an unknown field": (
        [{"type": "divider", "size": 3}],
        "invalid additional property: size [json-pointer:/blocks/0]",
    ),
    "a field of 2001": (
        [{"type": "section", "fields": [plain("f" * 2001)]}],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    "11 fields": (
        [{"type": "section", "fields": [plain("f")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    "a header of 151": (
        [{"type": "header", "text": plain("h" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "a header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
        "must be a valid enum value: plain_text [json-pointer:/blocks/0/text/type]",
    ),
    "emoji in mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "h", "emoji": True}}],
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    "11 in a context": (
        [{"type": "context", "elements": [plain("c")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "a button in a context": (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    "26 buttons": (
        [actions(*[button(f"b{n}") for n in range(26)])],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "no buttons": ([actions()], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    "a button text of 76": (
        [actions(button() | {"text": plain("g" * 76)})],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    "a button value of 2001": (
        [actions(button("go", "v" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    "a button without text": (
        [actions({"type": "button", "action_id": "go"})],
        "missing required field: text [json-pointer:/blocks/0/elements/0]",
    ),
    "a style of its own": (
        [actions(button(style="loud"))],
        "must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    "an action id twice": (
        [actions(button("go"), button("go"))],
        '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    "a block id twice": (
        [actions(button("a")), actions(button("b"))],
        '`block_id` "buttons" already exists [json-pointer:/blocks/1/block_id]',
    ),
    "a confirm text of 301": (
        [actions(button(confirm=dialog(text=plain("c" * 301))))],
        "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
    ),
    "a confirm without deny": (
        [actions(button(confirm={k: v for k, v in dialog().items() if k != "deny"}))],
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    "101 options": (
        [actions(select(options=[option(str(n)) for n in range(101)]))],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    "an option text of 76": (
        [actions(select(options=[option(label="o" * 76)]))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    "an option value of 151": (
        [actions(select(options=[option("v" * 151)]))],
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    "an initial option of none": (
        [actions(select(initial_option=option("z")))],
        "initial option must match an option [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    "options and groups": (
        [actions(select(option_groups=[{"label": plain("G"), "options": [option()]}]))],
        "must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    "6 in an overflow": (
        [{**section(), "accessory": {"type": "overflow", "options": [option(str(n)) for n in range(6)]}}],
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    "a file input": (
        [field({"type": "file_input", "action_id": "f"})],
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
    "an alert": (
        [{"type": "alert", "text": plain("a")}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    "two tables": ([table(), table()], "only one table allowed [json-pointer:/blocks]"),
    "101 rows": ([table(101)], "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    "21 columns": ([table(1, 21)], "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    "12,001 of markdown": (
        [{"type": "markdown", "text": "m" * 6001}, {"type": "markdown", "text": "m" * 6000}],
        "markdown blocks must be less than 12001 characters in all [json-pointer:/blocks]",
    ),
    "an image without words": (
        [{"type": "image", "image_url": "https://a/b.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    "blocks that are no list": ({"type": "divider"}, "must provide an array [json-pointer:/blocks]"),
    "a block that is no object": (["divider"], "must provide an object [json-pointer:/blocks/0]"),
}

BAD_MODALS = {
    "a title of 25": (modal(title=plain("t" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    "no title": (
        {k: v for k, v in modal().items() if k != "title"},
        "missing required field: title [json-pointer:/view]",
    ),
    "a submit of 25": (
        modal(submit=plain("t" * 25)),
        "must be less than 25 characters [json-pointer:/view/submit/text]",
    ),
    "a close of 25": (modal(close=plain("t" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    "metadata of 3001": (
        modal(private_metadata="m" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "a callback id of 256": (
        modal(callback_id="c" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    "an input without submit": (
        {k: v for k, v in modal().items() if k != "submit"},
        "submit is required when an input block is present [json-pointer:/view/submit]",
    ),
    "a table": (modal(table()), "unsupported type: table [json-pointer:/view/blocks/0/type]"),
    "markdown": (
        modal({"type": "markdown", "text": "m"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    "11 checkboxes": (
        modal(field({"type": "checkboxes", "action_id": "c", "options": [option(str(n)) for n in range(11)]})),
        "no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]",
    ),
    "a button as an input": (
        modal(field(button())),
        "unsupported type: button [json-pointer:/view/blocks/0/element/type]",
    ),
    "11 files": (
        modal(field({"type": "file_input", "action_id": "f", "max_files": 11})),
        "must be between 1 and 10 [json-pointer:/view/blocks/0/element/max_files]",
    ),
    "a number of no kind": (
        modal(field({"type": "number_input", "action_id": "n"})),
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
    ),
    "two with the focus": (
        modal(
            field({"type": "plain_text_input", "action_id": "a", "focus_on_load": True}),
            field({"type": "plain_text_input", "action_id": "b", "focus_on_load": True}),
        ),
        "only one element can have focus_on_load set to true [json-pointer:/view/blocks]",
    ),
    "a placeholder of 151": (
        modal(field({"type": "plain_text_input", "action_id": "a", "placeholder": plain("p" * 151)})),
        "must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]",
    ),
    "a property Slack does not know": (
        modal(submit_disabled=True),
        "invalid additional property: submit_disabled [json-pointer:/view]",
    ),
    "a Home tab": ({**modal(), "type": "home"}, "must be a valid enum value: modal [json-pointer:/view/type]"),
}


def test_a_message_that_keeps_every_limit_is_taken():
    assert check_message_blocks(GOOD_MESSAGE) == []


@pytest.mark.parametrize(("blocks", "problem"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_message_over_a_limit_is_refused_with_the_place(blocks, problem):
    assert problem in check_message_blocks(blocks)


@pytest.mark.parametrize(("view", "problem"), BAD_MODALS.values(), ids=BAD_MODALS)
def test_a_modal_over_a_limit_is_refused_with_the_place(view, problem):
    assert problem in check_view(view, "modal")


def test_a_modal_with_every_kind_of_input_is_taken():
    inputs = [
        field({"type": "checkboxes", "action_id": "x", "options": [option()], "initial_options": [option()]}),
        field({"type": "radio_buttons", "action_id": "x", "options": [option()], "initial_option": option()}),
        field({"type": "datepicker", "action_id": "x", "initial_date": "2026-11-23"}),
        field({"type": "timepicker", "action_id": "x", "initial_time": "09:30"}),
        field({"type": "datetimepicker", "action_id": "x", "initial_date_time": 1_795_000_000}),
        field({"type": "email_text_input", "action_id": "x"}),
        field({"type": "url_text_input", "action_id": "x"}),
        field({"type": "number_input", "action_id": "x", "is_decimal_allowed": False, "min_value": "1"}),
        field({"type": "file_input", "action_id": "x", "filetypes": ["csv"], "max_files": 10}),
        field({"type": "plain_text_input", "action_id": "x", "multiline": True, "max_length": 300}),
        field(select(initial_option=option("b"))),
        field({"type": "external_select", "action_id": "x", "min_query_length": 1}),
        field({"type": "multi_users_select", "action_id": "x", "initial_users": ["U0ANA"]}),
        field({"type": "conversations_select", "action_id": "x", "default_to_current_conversation": True}),
        reason_input(dispatch_action=True, optional=True, hint=plain("Why")),
    ]
    assert check_view(modal(*inputs, {"type": "alert", "text": plain("a"), "level": "info"}), "modal") == []


def test_a_home_tab_has_neither_title_nor_submit():
    home = {"type": "home", "blocks": [section()]}

    assert check_view(home, "home") == []
    assert check_view(home | {"title": plain("T")}, "home") == [
        "invalid additional property: title [json-pointer:/view]"
    ]


def test_an_input_of_a_modal_only_is_refused_in_a_home_tab():
    home = {"type": "home", "blocks": [field({"type": "email_text_input", "action_id": "x"})]}

    assert check_view(home, "home") == ["unsupported type: email_text_input [json-pointer:/view/blocks/0/element/type]"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "a"]), inner, max_size=3)
    ),
)
LOOSE = {**select(initial_option=option("a")), "initial_options": [option("a")], "min_length": 1}


def places(value, path=()):
    """Return the path of every part of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


WHOLE = {
    **modal(field(LOOSE), *GOOD_MESSAGE[:-1], table(2, 2), field({"type": "plain_text_input", "action_id": "x"})),
    "close": plain("c"),
}
PLACES = [place for place in places(WHOLE) if len(place) and not set(place) & {*range(9, 100)}]


@settings(deadline=None)  # a busy machine is no finding
@given(place=st.sampled_from(PLACES), junk=ANYTHING)
def test_junk_in_any_place_is_a_refusal_and_never_a_crash(place, junk):
    view = copy.deepcopy(WHOLE)
    holder = view
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk

    assert isinstance(check_view(view, "modal"), list)
    assert isinstance(check_message_blocks(view["blocks"]), list)
