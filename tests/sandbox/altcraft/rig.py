"""What the stand-in platform's tests stand on: the platform on a real socket, a new one for each test."""

from contextlib import asynccontextmanager
from datetime import timedelta

import requests
from defusedxml.ElementTree import fromstring

from sandbox.altcraft.api import altcraft_app
from sandbox.altcraft.objects import utc_now
from sandbox.altcraft.seed import seeded_platform
from sandbox.server import InThread, serve
from sandbox.slack.hub import Hub
from tests.waiting import until

TOKEN = "TKN-EXAMPLE"
OK = {"error": 0, "error_text": "Successful operation"}


class AltcraftRig:
    """One server in a thread; `fresh` puts a new platform behind it, with runs that take no time worth waiting for."""

    def __init__(self):
        self._thread = InThread(self._served)
        self.url = self._thread.value

    def close(self):
        self._thread.close()

    def fresh(self):
        self.ahead = timedelta()
        self.hub = Hub()
        self.platform = seeded_platform(self.hub, TOKEN, lambda: utc_now() + self.ahead)
        self._app = altcraft_app(self.platform)
        self.switch(run_seconds=0.1, start_delay_seconds=0.02)

    def switch(self, **changes):
        self.on_loop(lambda: self.platform.switch(**changes))

    def on_loop(self, act):
        """Call a plain function where the platform lives."""

        async def called():
            return act()

        return self._thread.call(called())

    def snapshot(self):
        return self.on_loop(self.platform.snapshot)

    def send(self, method, body, *, headers=None, timeout=5, **more):
        """Post a body as it is: a dict as JSON with the token in it, bytes as XML."""
        url = f"{self.url}/api/v1.1/{method}"
        if isinstance(body, bytes):
            named = {"Content-Type": "application/xml"} | (headers or {})
            return requests.post(url, data=body, headers=named, timeout=timeout, **more)
        return requests.post(url, json={"token": TOKEN} | body, headers=headers, timeout=timeout, **more)

    def ask(self, method, /, **fields):
        return self.send(method, fields).json()

    def ask_xml(self, method, /, inner):
        body = f"<xml><token>{TOKEN}</token>{inner}</xml>".encode()
        return fromstring(self.send(method, body).content)

    def launch(self, campaign_id=82, *, headers=None, timeout=5, **fields):
        """Activate with run_now; returns the response."""
        body = {"id": campaign_id, "run_now": True} | fields
        return self.send("campaigns/activate/", body, headers=headers, timeout=timeout)

    def runs(self):
        return self.snapshot()["runs"]

    def run_in_state(self, state):
        return until(lambda: next((run for run in self.runs() if run["state"] == state), None))

    def log(self, campaign_id=82, **fields):
        return self.ask("campaigns/log_v2", id=campaign_id, **fields)["data"]

    def states(self, campaign_id=82):
        return [entry["state"] for entry in self.log(campaign_id)]

    @asynccontextmanager
    async def _served(self):
        async def newest(scope, receive, send):
            await self._app(scope, receive, send)

        async with serve({"altcraft": newest}) as urls:
            yield urls["altcraft"]
