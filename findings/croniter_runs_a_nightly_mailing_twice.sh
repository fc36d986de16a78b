# croniter 7.0.0 (2026): a daily schedule comes twice in the night in which the clocks go back.
#
# Guess:     "30 2 * * *" in Europe/Berlin is once a day, as cron itself has it: of 02:30 that comes twice on 25 October
#            2026, the first counts.
# Behaviour: croniter gives both, 02:30+02:00 and 02:30+01:00, an hour apart. cronsim 2.8 gives the first alone. In the
#            night in which 02:30 does not come, both give 03:00 once.
# So:        whoever mails by such a schedule mails twice. The bot has no cron of its own: a start is one moment, asked
#            for where the clocks repeat it (bot/slash/typed_time.py), and what it tells daily goes by the day's date.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check croniter==7.0.0 cronsim==2.8 tzdata==2026.2
"$there/venv/bin/python" - <<'PY'
import sys
from datetime import datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTLY = "30 2 * * *"
BACK, ON = (datetime(2026, month, day, 12, tzinfo=BERLIN) for month, day in ((10, 24), (3, 28)))


def runs(start):
    """The next two runs as croniter has them, and as cronsim has them."""
    one, other = croniter(NIGHTLY, start), CronSim(NIGHTLY, start)
    return [one.get_next(datetime).isoformat() for _ in range(2)], [next(other).isoformat() for _ in range(2)]


twice, once = runs(BACK)
skipped = runs(ON)
print(f"croniter {version('croniter')}: {twice}")
print(f"cronsim {version('cronsim')}: {once}")
print(f"  where the hour is skipped: {skipped}")
surprising = (
    twice == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    and once == ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
    and [first for first, _ in skipped] == ["2026-03-29T03:00:00+02:00"] * 2
)
sys.exit(0 if surprising else "it behaves otherwise now")
PY
