"""The page answers its own browser tab, and no other web site."""

import re

import pytest
import requests

from sandbox.page.app import PAGE_FILES
from tests.sandbox.page.world import PageWorld


@pytest.fixture(scope="module")
def world():
    world = PageWorld()
    yield world
    world.close()


def kill(world, **headers):
    return requests.post(f"{world.url}/api/bot/kill", data="{}", headers=headers, timeout=5)


def test_a_form_on_another_site_cannot_kill_the_bot(world):
    as_form = kill(world, **{"Content-Type": "application/x-www-form-urlencoded"})
    from_afar = kill(world, **{"Content-Type": "application/json", "Origin": "https://evil.example"})
    cross_site = kill(world, **{"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"})

    assert [as_form.status_code, from_afar.status_code, cross_site.status_code] == [415, 403, 403]
    assert world.bot.status() == "running"


def test_a_name_that_only_resolves_to_this_machine_sees_nothing(world):
    answer = requests.get(f"{world.url}/api/state?as=U0ANA", headers={"Host": "rebound.example:8484"}, timeout=5)

    assert answer.status_code == 403
    assert "revision" not in answer.text


def test_the_pages_own_tab_may_act(world):
    answer = kill(world, **{"Content-Type": "application/json", "Origin": world.url, "Sec-Fetch-Site": "same-origin"})

    assert answer.json() == {"ok": True}
    assert world.bot.status() == "stopped"


def test_nothing_that_is_not_the_sandboxs_own_may_be_loaded(world):
    policy = requests.get(world.url, timeout=5).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    loaded = re.compile(r"""(?:src|href)=["']?https?:|@import|url\(["']?https?:|from ["']https?:""")
    assert [file.name for file in PAGE_FILES.iterdir() if loaded.search(file.read_text())] == []


def test_nobody_is_shown_a_stranger_s_workspace(world):
    answer = requests.get(f"{world.url}/api/state?as=U0NOBODY", timeout=5)

    assert answer.status_code == 404


def test_what_is_missing_in_a_request_is_named(world):
    answer = requests.post(f"{world.url}/api/command", json={"as": "U0ANA"}, timeout=5)

    assert answer.status_code == 400
    assert "command" in answer.json()["error"]
