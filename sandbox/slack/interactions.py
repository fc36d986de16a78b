"""What a person does in the Slack client, from the click to what that person then sees."""

from sandbox.slack.ack import OPERATION_TIMEOUT, Ack, DeliveryFailed
from sandbox.slack.block_kit.defaults import elements_of
from sandbox.slack.block_kit.objects import Checker, option_groups, options
from sandbox.slack.command_text import as_sent
from sandbox.slack.delivery import COMMANDS, EVENTS, INTERACTIVE, Delivery
from sandbox.slack.files import Files
from sandbox.slack.form_state import complaints, values_of
from sandbox.slack.messages import Messages
from sandbox.slack.payloads import Payloads
from sandbox.slack.records import Channel, Ephemeral, Execution, Function, Json, Message, Reply, SlackError
from sandbox.slack.response_urls import content_of
from sandbox.slack.state import State
from sandbox.slack.view_stack import OpenView, Views

TROUBLE = "We had some trouble connecting. Try again?"
NOT_OPEN = "This view is no longer open."
GONE = "This message is no longer there."
INVALID_RESPONSE = "invalid_command_response"
OPTIONS_LIMIT = 100


class Interactions:
    """Delivers what a person did, waits for the ack, and applies it."""

    def __init__(
        self,
        *,
        state: State,
        messages: Messages,
        views: Views,
        files: Files,
        payloads: Payloads,
        delivery: Delivery,
    ) -> None:
        self._state = state
        self._messages = messages
        self._views = views
        self._files = files
        self._payloads = payloads
        self._delivery = delivery

    async def command(self, user: str, channel: Channel, command: str, text: str) -> Reply:
        known = self._state.commands.get(command)
        if known is None:
            return Reply(ok=False, error=f"{command} is not a valid command.", code="unknown_command")
        sent = as_sent(self._state, text, should_escape=known.should_escape)
        try:
            ack = await self._delivery.send(COMMANDS, self._payloads.command(user, channel, command, sent))
            self._show_answer(user, channel, ack)
        except DeliveryFailed as failed:
            return Reply(ok=False, error=_command_failure(command, failed.code), code=failed.code)
        except SlackError as wrong:
            sentence = _command_failure(command, INVALID_RESPONSE)
            return Reply(ok=False, error=f"{sentence} ({wrong.error})", code=INVALID_RESPONSE)
        return Reply()

    async def shortcut(self, user: str, channel: Channel, callback_id: str) -> Reply:
        if callback_id not in self._state.shortcuts:
            return Reply(ok=False, error="That shortcut is not there any more.", code="unknown_shortcut")
        try:
            await self._delivery.send(INTERACTIVE, self._payloads.shortcut(user, channel, callback_id))
        except DeliveryFailed as failed:
            return Reply(ok=False, error=TROUBLE, code=failed.code)
        return Reply()

    async def say(self, user: str, channel: Channel, text: str, thread_ts: str | None) -> str:
        """Keep what a person wrote; an app that is named there, and is in the channel, hears of it."""
        message = self._messages.post_by_person(channel, user, text, thread_ts, [])
        names_bot = f"<@{self._state.identity.bot_user_id}>" in text
        if names_bot and not channel.is_dm and self._state.bot_is_in(channel) and self._hears_mentions():
            await self._tell(EVENTS, self._payloads.mentioned(message))
        return message.ts

    def _hears_mentions(self) -> bool:
        return "app_mentions:read" in self._state.scopes

    async def press(self, user: str, source: Message | Ephemeral | OpenView, action: Json, given: Json | None) -> Reply:
        blocks = source.content["blocks"] if isinstance(source, OpenView) else source.blocks
        values = values_of(blocks, given, self._file)
        whole = _shown_element(blocks, action) | action
        if isinstance(source, OpenView):
            payload = self._payloads.view_action(user, source, whole, values)
        else:
            payload = self._payloads.message_action(user, source, whole, values)
        try:
            await self._delivery.send(INTERACTIVE, payload)
        except DeliveryFailed as failed:
            return Reply(ok=False, error=TROUBLE, code=failed.code)
        return Reply()

    async def submit(self, user: str, view: OpenView, given: Json | None) -> Reply:
        values = values_of(view.content["blocks"], given, self._file)
        errors = complaints(view.content["blocks"], values)
        if errors:
            return Reply(ok=False, errors=errors, code="incomplete")
        try:
            ack = await self._delivery.send(INTERACTIVE, self._payloads.submission(user, view, values))
            return self._apply(view, ack)
        except DeliveryFailed as failed:
            return Reply(ok=False, error=TROUBLE, code=failed.code)
        except SlackError as wrong:
            return Reply(ok=False, error=TROUBLE, code=wrong.error)

    async def close(self, user: str, view: OpenView, *, everything: bool) -> Reply:
        everything = everything or bool(view.content.get("clear_on_close"))
        closed = self._views.clear(user) if everything else self._views.remove(view)
        for one in closed:
            if one.content.get("notify_on_close"):
                await self._tell(INTERACTIVE, self._payloads.closed(user, one, cleared=everything))
        return Reply()

    async def options(
        self, user: str, source: Message | Ephemeral | OpenView, action: Json, given: Json | None
    ) -> list[Json]:
        """Return the options the app offers for what was typed; none when it does not answer in time."""
        if isinstance(source, OpenView):
            values = values_of(source.content["blocks"], given, self._file)
            payload = self._payloads.view_source(user, "block_suggestion", source, values)
        else:
            payload = self._payloads.message_source(user, "block_suggestion", source)
        try:
            ack = await self._delivery.send(INTERACTIVE, payload | action)
        except DeliveryFailed:
            return []
        return _options_in(ack.json)

    async def open_home(self, user: str, tab: str) -> Reply:
        dm = self._state.dm_of(user)
        return await self._tell(EVENTS, self._payloads.home_opened(user, dm, self._views.home(user), tab))

    async def run_step(self, function: Function, inputs: Json) -> Execution:
        execution = Execution(self._state.ids.new("Fx"), self._state.ids.new("Wx"), function, inputs)
        self._state.executions[execution.id] = execution
        await self._tell(EVENTS, self._payloads.function_executed(execution))
        return execution

    async def _tell(self, kind: str, payload: Json) -> Reply:
        """Deliver what the person sees no answer to."""
        try:
            await self._delivery.send(kind, payload)
        except DeliveryFailed as failed:
            return Reply(ok=False, code=failed.code)
        return Reply()

    def _show_answer(self, user: str, channel: Channel, ack: Ack) -> None:
        if ack.empty:
            return
        content = content_of(ack.json or {"text": ack.text})
        if ack.json.get("response_type") == "in_channel":
            self._messages.post_unasked(channel, content)
        elif content.text or content.blocks:
            self._messages.show(channel, user, content)

    def _apply(self, view: OpenView, ack: Ack) -> Reply:
        """Do what the ack of a submission says; raises SlackError when it says nothing Slack understands."""
        if ack.empty:
            self._views.remove(view)
            return Reply()
        match ack.json.get("response_action"):
            case "errors":
                return Reply(ok=False, errors=_errors_for(view, ack.json.get("errors")), code="errors")
            case "clear":
                self._views.clear(view.user)
            case "update":
                content = self._checked(ack, view)
                self._views.replace(view, content)
            case "push":
                self._views.put_on_top(view.user, self._checked(ack, None))
            case _:
                raise SlackError("invalid_response_action")
        return Reply()

    def _checked(self, ack: Ack, instead_of: OpenView | None) -> Json:
        content = ack.json.get("view")
        if not isinstance(content, dict):
            raise SlackError("invalid_arguments")
        self._views.check(content, "modal", instead_of)
        return content

    def _file(self, file_id: str) -> Json:
        return self._files.as_json(self._files.find(file_id))


def _command_failure(command: str, code: str) -> str:
    if code == OPERATION_TIMEOUT:
        return f"{command} failed because the app did not respond. Please try again or contact the app developer."
    return f'{command} failed with the error "{code}"'


def _errors_for(view: OpenView, errors: object) -> dict[str, str]:
    """Return the modal's messages; raises SlackError where one is for a block that is no input of the view."""
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors")
    return {str(block_id): str(text) for block_id, text in errors.items()}


def _options_in(answer: Json) -> list[Json]:
    """Return the options of an answer; none where one of them breaks Slack's limits."""
    checker = Checker("modal")
    if answer.get("option_groups"):
        option_groups(checker, answer["option_groups"], "/option_groups")
        found = [] if checker.problems else [o for group in answer["option_groups"] for o in group["options"]]
    else:
        found = answer.get("options") or []
        if found:
            options(OPTIONS_LIMIT)(checker, found, "/options")
    return [] if checker.problems else found


def _shown_element(blocks: list[Json], action: Json) -> Json:
    """Return what the clicked element itself brings into the payload: a button's text, value and style."""
    for block in blocks:
        for element in elements_of(block):
            if (block["block_id"], element.get("action_id")) == (action["block_id"], action["action_id"]):
                kept = ("type", "text", "value", "style", "placeholder", "confirm")
                return {key: element[key] for key in kept if key in element}
    return {}
