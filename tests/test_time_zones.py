"""Time zones come with the bot: a machine that has none, or not the old names, runs it the same."""

import os
import subprocess
import sys

import pytest

READS = """
import sys
from bot.policy.demands import Demands
from bot.policy.file import read_policy
from bot.slack.api.users import Users

class Profiles:
    def of(self, person):
        return {"tz": sys.argv[1]}

print(read_policy("", {}, Demands()).zone)
print(read_policy(f'time_zone = "{sys.argv[1]}"', {}, Demands()).zone)
print(Users(Profiles()).zone("U0ANA"))
"""


@pytest.mark.parametrize("zone", ["Europe/Berlin", "US/Eastern"])
def test_a_machine_without_time_zones_reads_policies_and_peoples_clocks(zone):
    without = {**os.environ, "PYTHONTZPATH": ""}
    ran = subprocess.run(
        [sys.executable, "-c", READS, zone], env=without, check=False, capture_output=True, text=True, timeout=60
    )
    assert (ran.stderr, ran.stdout.split()) == ("", ["UTC", zone, zone])
