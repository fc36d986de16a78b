"""What the page's tests stand on: the stand-ins on sockets, and a small Slack app with a modal and a card."""

import tempfile
import threading
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from slack_bolt import App
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient

from sandbox.altcraft.seed import seeded_platform
from sandbox.page.app import page_app
from sandbox.server import InThread, serve
from sandbox.setups import PolicyDesk
from sandbox.slack.api import slack_app
from sandbox.slack.hub import Hub
from sandbox.slack.records import Limits
from sandbox.team import BOT_TOKEN, SIGNING_SECRET, seeded_workspace

EVIL_NAME = "<img src=x onerror=window.pwned=1>"
PLANNED = 1_796_112_000
"""1 December 2026: 09:00 in Berlin, 08:00 in London, 03:00 in New York."""
CAMPAIGNS = {"82": EVIL_NAME, "83": "Newsletter", "84": "Cyber Monday"}


def text(words, kind="plain_text"):
    return {"type": kind, "text": words}


def option(campaign):
    return {"text": text(f"{campaign} {CAMPAIGNS[campaign]}"), "value": campaign}


def field(block_id, label, element, **more):
    return {"type": "input", "block_id": block_id, "label": text(label), "element": element, **more}


def modal(summary):
    """Return the modal; `reason` tells the app at each character, `campaign` is searched at the app."""
    at_each_character = {"trigger_actions_on": ["on_character_entered"]}
    reason = {"type": "plain_text_input", "action_id": "reason", "dispatch_action_config": at_each_character}
    campaign = {"type": "external_select", "action_id": "campaign", "min_query_length": 1}
    limit = {"type": "number_input", "action_id": "limit", "is_decimal_allowed": False}
    audience = {"type": "radio_buttons", "action_id": "audience", "options": [option("82"), option("83")]}
    return {
        "type": "modal",
        "callback_id": "launch",
        "title": text("Launch a campaign"),
        "submit": text("Request"),
        "blocks": [
            {"type": "section", "block_id": "summary", "text": text(summary, "mrkdwn")},
            field("campaign", "Campaign", campaign | {"initial_option": option("82")}),
            field("reason", "Reason", reason, dispatch_action=True, hint=text(summary)),
            field("limit", "Limit", limit, optional=True),
            field("audience", "Audience", audience, optional=True),
            field("files", "Files", {"type": "file_input", "action_id": "files"}, optional=True),
        ],
    }


def plan_modal(words, launch, moment=None):
    """Return the modal that a card's Plan opens: when it is to start, and which launch it is about."""
    when = {"type": "datetimepicker", "action_id": "when"} | ({"initial_date_time": moment} if moment else {})
    return {
        "type": "modal",
        "callback_id": "plan",
        "private_metadata": launch,
        "title": text("Plan a launch"),
        "submit": text("Plan"),
        "blocks": [{"type": "section", "block_id": "words", "text": text(words)}, field("when", "Start", when)],
    }


def card(words, *, has_button):
    question = {
        "title": text("Sure?"),
        "text": text("It is a mass mailing."),
        "confirm": text("Yes"),
        "deny": text("No"),
    }
    approve = {
        "type": "button",
        "action_id": "approve",
        "text": text("Approve"),
        "style": "primary",
        "confirm": question,
    }
    plan = {"type": "button", "action_id": "plan", "text": text("Plan"), "value": "L7:abc"}
    actions = {"type": "actions", "block_id": "buttons", "elements": [approve, plan]}
    return [{"type": "section", "text": text(words, "mrkdwn")}, *([actions] if has_button else [])]


class PageApp:
    """The app on its own socket; `states` keeps what was submitted, `pressed` who pressed Approve, `opened` forms."""

    def __init__(self, token, signing_secret, slack_url):
        client = WebClient(token, base_url=f"{slack_url}/api/")
        self.app = App(client=client, signing_secret=signing_secret, token_verification_enabled=False)
        self.states = []
        self.pressed = []
        self.opened = []
        self.server = SlackAppDevelopmentServer(0, "/slack/events", self.app, http_server_logger_enabled=False)._server
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        self.app.command("/campaign-activate")(self.command)
        self.app.action("reason")(self.typed)
        self.app.options("campaign")(self.search)
        self.app.view("launch")(self.submitted)
        self.app.action("approve")(self.approve)
        self.app.action("plan")(self.plan)
        self.app.view("plan")(self.planned)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def command(self, ack, client, body):
        if body["text"] == "help":
            ack("Say `82 run_now`.")
            return
        ack()
        opened = client.views_open(trigger_id=body["trigger_id"], view=modal("Nothing typed yet"))
        self.opened.append(opened["view"]["id"])

    def typed(self, ack, client, body):
        ack()
        view = body["view"]
        summary = f"{len(body['actions'][0]['value'])} characters"
        client.views_update(view_id=view["id"], view=modal(summary))

    def search(self, ack, body):
        ack(options=[option(each) for each, name in CAMPAIGNS.items() if body["value"].lower() in name.lower()])

    def submitted(self, ack, client, body):
        values = body["view"]["state"]["values"]
        if values["limit"]["limit"]["value"] == "13":
            ack(response_action="errors", errors={"limit": "Thirteen is not sent."})
            return
        self.states.append(values)
        ack()
        name = EVIL_NAME.replace("<", "&lt;").replace(">", "&gt;")
        posted = client.chat_postMessage(channel="C0LAUNCH", text="A launch", blocks=card(f"*{name}*", has_button=True))
        client.chat_postMessage(channel="C0LAUNCH", text="Requested by <@U0ANA>", thread_ts=posted["ts"])

    def approve(self, ack, client, body):
        ack()
        user = body["user"]["id"]
        self.pressed.append(user)
        if user == "U0OTTO":
            client.chat_postEphemeral(channel="C0LAUNCH", user=user, text="You are not an approver.")
            return
        ts = body["message"]["ts"]
        client.chat_update(channel="C0LAUNCH", ts=ts, text="Done", blocks=card("*Approved*", has_button=False))

    def plan(self, ack, client, body):
        ack()
        view = plan_modal("When is it to start?", body["actions"][0]["value"], PLANNED)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def planned(self, ack, body):
        view, said = body["view"], body["view"]["state"]["values"]["when"]["when"]
        self.states.append((view["private_metadata"], said["selected_date_time"]))
        ack(response_action="update", view=plan_modal("It is planned.", "L7:abc"))


class FakeBot:
    """A bot process that is only a word."""

    def __init__(self):
        self.word = "running"
        self.log = ["the bot began"]

    def status(self):
        return self.word

    async def start(self):
        self.word = "running"

    async def kill(self):
        self.word = "stopped"

    def log_tail(self):
        return self.log


class PageWorld:
    """The stand-in Slack and the page on one event loop in a thread, and the app beside them."""

    def __init__(self):
        self.bot = FakeBot()
        self._folder = tempfile.TemporaryDirectory(prefix="page-world-")
        self._thread = InThread(self._served)
        self.url = self._thread.value

    @asynccontextmanager
    async def _served(self):
        hub = Hub()
        self.workspace = seeded_workspace(hub, limits=Limits(ack_seconds=1.0))
        self.platform = seeded_platform(hub, "platform-token")
        self.policy = PolicyDesk(Path(self._folder.name) / "policy.toml", hub)
        apps = {
            "slack": slack_app(self.workspace),
            "page": page_app(self.workspace, self.platform, self.policy, self.bot),
        }
        async with serve(apps) as urls:
            self.app = PageApp(BOT_TOKEN, SIGNING_SECRET, urls["slack"])
            self.workspace.delivery.request_url = self.app.url
            yield urls["page"]
            await self.workspace.stop()
            self.app.stop()

    def run(self, act):
        """Do something that belongs to the sandbox's event loop, in it."""

        async def done():
            return act()

        return self._thread.call(done())

    def close_modals(self):
        for person in self.workspace.state.people:
            self.run(partial(self.workspace.views.clear, person))

    def writes(self, policy):
        self.run(partial(self.policy.write, policy))

    def close(self):
        self._thread.close()
        self._folder.cleanup()
