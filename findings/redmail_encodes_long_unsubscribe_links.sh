# redmail 0.6.0 with the email package of Python 3.10 to 3.13: a long link in List-Unsubscribe goes out as encoded words.
#
# Guess:     `List-Unsubscribe: <https://…>`, which mail services read for their unsubscribe button (RFC 2369, RFC 8058),
#            goes out as it was set: an address has nothing to encode, and a line may have 998 characters.
# Behaviour: where the address does not fit into 78 characters, as those with a recipient's token, all of it becomes
#            `=?utf-8?q?=3Chttps=3A//…`: RFC 2047 allows that in text and comments alone. Nothing is raised, and Python
#            reads its own mail back with the right link, so that a test of both ends is green. Django 5.2.19, which
#            writes by the older policy, sends the same header on a line of its own, unchanged.
# So:        whether a mail's unsubscribe button works shows in its bytes alone. Here the platform writes that header,
#            and what its templates hold is read in the body.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check redmail==0.6.0 django==5.2.19
"$there/venv/bin/python" - <<'PY'
import platform
import sys
from email import message_from_bytes, policy
from importlib.metadata import version

import redmail
from django.conf import settings
from django.core.mail import EmailMessage

LINK = f"<https://news.example.com/unsubscribe/{'a1b2c3d4' * 14}?list=5>"
PEOPLE = {"sender": "a@shop.example", "receivers": ["b@shop.example"]}

settings.configure()


def header(sent):
    """Of a mail's bytes, the header's lines."""
    return sent.split(b"List-Unsubscribe:")[1].split(b"\nContent-")[0].split(b"\n\n")[0]


sender = redmail.EmailSender(host="mail.example", port=25)
modern = sender.get_message(subject="Sale", text="Today", headers={"List-Unsubscribe": LINK}, **PEOPLE).as_bytes()
short = sender.get_message(subject="Sale", text="Today", headers={"List-Unsubscribe": "<https://a.example/u>"}, **PEOPLE)
older = EmailMessage("Sale", "Today", "a@shop.example", ["b@shop.example"], headers={"List-Unsubscribe": LINK})
found = {
    f"redmail {version('redmail')}, long": header(modern),
    f"redmail {version('redmail')}, short": header(short.as_bytes()),
    f"Django {version('django')}, long": header(older.message().as_bytes()),
}
print(f"Python {platform.python_version()}")
for name, lines in found.items():
    print(f"  {name}: {lines.strip()[:60]!r}…")
long, fits, plain = found.values()
read = message_from_bytes(modern, policy=policy.default)["List-Unsubscribe"]
surprising = (
    b"=?utf-8?q?" in long and b"https://" not in long and b"<https://a.example/u>" in fits
    and LINK.encode() in plain and read == LINK
)
sys.exit(0 if surprising else "it behaves otherwise now")
PY
