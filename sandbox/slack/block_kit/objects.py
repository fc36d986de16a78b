"""The small parts of Block Kit, each with its limits: texts, options, confirm dialogs, and plain values.

A check takes a Checker, the value and the value's JSON pointer, and writes down what is wrong in Slack's words.
"""

from collections.abc import Callable, Mapping, Sequence

Check = Callable[["Checker", object, str], None]

CONVERSATION_KINDS = frozenset({"im", "mpim", "private", "public"})


class Checker:
    """Collects the problems of one message or view on `surface` ("message", "modal" or "home")."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[str] = []

    def add(self, problem: str, at: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{at}]")

    def shape(self, value: object, at: str, required: Mapping[str, Check], optional: Mapping[str, Check]) -> bool:
        """Check an object's fields by name; returns whether it was an object at all."""
        if not isinstance(value, dict):
            self.add("must provide an object", at)
            return False
        for name in required:
            if value.get(name) is None:
                self.add(f"missing required field: {name}", at)
        for name, item in value.items():
            check = required.get(name) or optional.get(name)
            if check is None:
                self.add(f"invalid additional property: {name}", at)
            elif item is not None:
                check(self, item, f"{at}/{name}")
        return True

    def items(self, value: object, at: str, most: int, least: int = 1) -> Sequence[object]:
        """Check that the value is an array of so many items; returns them."""
        if not isinstance(value, list):
            self.add("must provide an array", at)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            self.add(f"no less than {least} items allowed", at)
        return value


def anything(_checker: Checker, _value: object, _at: str) -> None:
    """Accept every value."""


def string(most: int, least: int = 0) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        if not isinstance(value, str):
            checker.add("must provide a string", at)
        elif len(value) > most:
            checker.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            checker.add(f"must be more than {least - 1} characters", at)

    return check


def boolean(checker: Checker, value: object, at: str) -> None:
    if not isinstance(value, bool):
        checker.add("must provide a boolean", at)


def integer(least: int, most: int) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            checker.add("must provide an integer", at)
        elif not least <= value <= most:
            checker.add(f"must be between {least} and {most}", at)

    return check


def one_of(*allowed: str) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        if value not in allowed:
            checker.add(f"must be a valid enum value: {', '.join(allowed)}", at)

    return check


def strings(most: int, each: Check) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        for index, item in enumerate(checker.items(value, at, most)):
            each(checker, item, f"{at}/{index}")

    return check


def text(most: int, *kinds: str) -> Check:
    """Return the check of a text object of 1 to `most` characters, of these kinds (both when none is named)."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def check(checker: Checker, value: object, at: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is not None and kind not in allowed:
            checker.add(f"must be a valid enum value: {', '.join(allowed)}", f"{at}/type")
            return
        own: dict[str, Check] = {"emoji": boolean} if kind == "plain_text" else {"verbatim": boolean}
        checker.shape(value, at, {"type": anything, "text": string(most, 1)}, own)

    return check


def plain(most: int) -> Check:
    return text(most, "plain_text")


def confirm(checker: Checker, value: object, at: str) -> None:
    required = {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}
    checker.shape(value, at, required, {"style": one_of("primary", "danger")})


def option(*, markdown: bool = False, url: bool = False) -> Check:
    label = text(75) if markdown else plain(75)
    optional: dict[str, Check] = {"description": label} | ({"url": string(3000)} if url else {})

    def check(checker: Checker, value: object, at: str) -> None:
        checker.shape(value, at, {"text": label, "value": string(150, 1)}, optional)

    return check


def options(most: int, *, markdown: bool = False, url: bool = False) -> Check:
    each = option(markdown=markdown, url=url)

    def check(checker: Checker, value: object, at: str) -> None:
        for index, item in enumerate(checker.items(value, at, most)):
            each(checker, item, f"{at}/{index}")

    return check


def option_groups(checker: Checker, value: object, at: str) -> None:
    for index, group in enumerate(checker.items(value, at, 100)):
        checker.shape(group, f"{at}/{index}", {"label": plain(75), "options": options(100)}, {})


def dispatch_config(checker: Checker, value: object, at: str) -> None:
    actions = strings(2, one_of("on_enter_pressed", "on_character_entered"))
    checker.shape(value, at, {"trigger_actions_on": actions}, {})


def conversation_filter(checker: Checker, value: object, at: str) -> None:
    optional = {
        "include": strings(4, one_of(*sorted(CONVERSATION_KINDS))),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
    if checker.shape(value, at, {}, optional) and not value:
        checker.add("must have at least one field", at)
