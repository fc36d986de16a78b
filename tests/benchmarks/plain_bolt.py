"""What one would write by hand: plain Bolt with a fixed modal and a call from the listener.

No roles, no journal, no approval by anybody else; one process, Bolt's default five threads. It is served by the same
WSGI server with the same settings as the bot, so that the comparison is about the bot.
"""

import os
import signal
import sys

import requests
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.web import served

TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "Launch the campaign?"}}
MODAL = {"type": "modal", "callback_id": "ask", "title": {"type": "plain_text", "text": "Launch"}, "blocks": [TEXT]}

client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@app.command("/campaign-activate")
def ask(ack, body, client):
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=MODAL)


@app.action("launch:approve")
def approve(ack, body, client):
    ack()
    campaign, channel, card = body["actions"][0]["value"], body["channel"]["id"], body["message"]["ts"]
    asked = {"token": os.environ["ALTCRAFT_TOKEN"], "id": int(campaign), "run_now": True}
    url = f"{os.environ['ALTCRAFT_URL']}/api/v1.1/campaigns/activate/"
    answer = requests.post(url, json=asked, timeout=30).json()
    client.chat_postMessage(channel=channel, thread_ts=card, text=f"{campaign}: {answer['error_text']}")
    client.chat_update(channel=channel, ts=card, text=f"{campaign}: launched")


with served(SlackRequestHandler(app), int(os.environ["PORT"]), "127.0.0.1"):
    sys.stderr.write("ready: listening\n")
    signal.pause()
