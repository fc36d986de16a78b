"""The people, channels and command that every sandbox and every test begins with."""

from dataclasses import replace

from sandbox.slack.hub import Hub
from sandbox.slack.records import (
    Channel,
    Function,
    Limits,
    Organisation,
    Parameter,
    Person,
    Shortcut,
    SlashCommand,
    UserGroup,
)
from sandbox.slack.state import USUAL_SCOPES
from sandbox.slack.workspace import Workspace

BOT_TOKEN = "xoxb-sandbox-bot"  # noqa: S105 - a made-up token of the stand-in
APP_TOKEN = "xapp-sandbox-app"  # noqa: S105 - likewise
JOURNAL_KEY = "sandbox-journal-key-that-protects-nothing"  # likewise
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - likewise

BOT_NAME = "campaign-bot"
PEOPLE = (
    Person("U0ANA", "ana", "Ana", "requester", tz="Europe/Berlin"),
    Person("U0BEN", "ben", "Ben", "approver", tz="Europe/Berlin"),
    Person("U0CLEO", "cleo", "Cleo", "approver", tz="Europe/London"),
    Person("U0DAN", "dan", "Dan", "admin", tz="America/New_York", is_admin=True),
    Person("U0OTTO", "otto", "Otto", "outsider", tz="Europe/Berlin"),
)
COMMANDS = (
    SlashCommand(
        "/campaign-activate", "82 run_now source=segment:5", "Launch a campaign, after your teammates' approval"
    ),
    SlashCommand("/campaign-stop", "82 keep-queue", "Stop a campaign"),
    SlashCommand("/campaign-status", "82", "How a campaign stands"),
    SlashCommand("/campaign-list", "spring active", "Find campaigns"),
    SlashCommand(
        "/campaign-history", "82 @ben since=2026-11-01 rejected | pending | export", "What was launched from here"
    ),
    SlashCommand("/campaign-whoami", "", "Your roles, and what you may do"),
)
SHORTCUT = Shortcut("campaign-launch", "Launch a campaign", "Opens the form")
STEP = Function(
    "ask_to_launch",
    "Ask to launch a campaign",
    {
        "person": Parameter("slack#/types/user_context", is_required=True),
        "campaign": Parameter("string", is_required=True),
        "when": Parameter("string", is_required=True),
        "audience": Parameter("string"),
        "limit": Parameter("string"),
        "reason": Parameter("string"),
        "channel": Parameter("slack#/types/channel_id"),
    },
    {
        "state": Parameter("string", is_required=True),
        "launch_id": Parameter("string", is_required=True),
        "outcome": Parameter("string", is_required=True),
        "link": Parameter("string"),
        "audience_size": Parameter("integer"),
        "limit": Parameter("integer"),
        "started_at": Parameter("slack#/types/timestamp"),
        "ended_at": Parameter("slack#/types/timestamp"),
        "errors": Parameter("integer"),
        "warnings": Parameter("integer"),
    },
)


def seeded_workspace(
    hub: Hub | None = None,
    *,
    bot_token: str = BOT_TOKEN,
    app_token: str = APP_TOKEN,
    signing_secret: str = SIGNING_SECRET,
    request_url: str | None = None,
    base_url: str = "",
    limits: Limits | None = None,
    organisation: Organisation | None = None,
    scopes: frozenset[str] = USUAL_SCOPES,
) -> Workspace:
    """Return a new workspace with five people, a user group, two channels and a direct message for each person.

    Without a `request_url` the app has to come by Socket Mode. `base_url` is where `slack_app` is served; left empty,
    it is learned from the app's first call. `scopes` are those the app was installed with.
    """
    workspace = Workspace(
        hub or Hub(),
        bot_token,
        app_token,
        signing_secret,
        bot_name=BOT_NAME,
        request_url=request_url,
        base_url=base_url,
        limits=limits,
        organisation=organisation,
        scopes=scopes,
    )
    state, bot = workspace.state, workspace.identity.bot_user_id
    for person in (*PEOPLE, Person(bot, BOT_NAME, BOT_NAME, is_bot=True)):
        state.people[person.id] = replace(person)
    everyone = [person.id for person in PEOPLE]
    state.channels["C0LAUNCH"] = Channel("C0LAUNCH", "launches", [*everyone, bot])
    state.channels["C0RANDOM"] = Channel("C0RANDOM", "random", list(everyone))
    for user in everyone:
        dm = user.replace("U0", "D0", 1)
        state.channels[dm] = Channel(dm, f"directmessage-{user}", [user, bot], is_private=True, dm_with=user)
    state.groups["S0LEADS"] = UserGroup("S0LEADS", "marketing-leads", "Marketing leads", ["U0CLEO"])
    for command in COMMANDS:
        state.commands[command.command] = replace(command)
    state.shortcuts[SHORTCUT.callback_id] = SHORTCUT
    state.functions[STEP.callback_id] = STEP
    return workspace
