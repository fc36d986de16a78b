#!/usr/bin/env bash
# dkimpy 1.1.8 and mailauth 7.1.0 (npm): the header that makes unsubscribing one click is left out of the signature.
#
# Guess:     a mail with `List-Unsubscribe` and `List-Unsubscribe-Post` is signed over both. RFC 8058, chapter 4, demands
#            it: where `h=` does not name both, a mail program should offer no one-click unsubscribing.
# Behaviour: both sign what RFC 6376 (2011) recommends. `List-Unsubscribe` is in its list, `-Post` (2017) is not: the
#            mail goes out with both, its signature is valid, and covers the first alone. Nothing is raised or logged.
#            nodemailer 10.6.1 covers both; so does dkimpy with `include_headers`, and mailauth with `headerList`.
# So:        the mailbox shows no button, and whoever wants no more mail is left with "spam". The bot sends and signs no
#            mail, and what it checks of unsubscribing is the mail's own link (bot/message/message_checks.py): who signs
#            has to look at the `h=` of a test mail. Needs Node and OpenSSL.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check dkimpy==1.1.8
npm install --prefix "$there" --silent --no-audit --no-fund --ignore-scripts mailauth@7.1.0 nodemailer@10.6.1
cd "$there"
openssl genrsa -out key.pem 2048 2> /dev/null
printf '%s\r\n' 'From: news@shop.example' 'To: anna@client.example' 'Subject: Sale' \
  'Date: Mon, 30 Nov 2026 09:00:00 +0000' 'Message-ID: <1@shop.example>' \
  'List-Unsubscribe: <https://shop.example/u?id=1>' 'List-Unsubscribe-Post: List-Unsubscribe=One-Click' \
  '' 'Hello' > mail.eml
cat > sign.js <<'JS'
const { readFileSync, writeFileSync } = require("node:fs");
const { dkimSign } = require("mailauth/lib/dkim/sign");
const nodemailer = require("nodemailer");

const [privateKey, mail] = [readFileSync("key.pem", "utf8"), readFileSync("mail.eml")];
const by = { signingDomain: "shop.example", selector: "s", privateKey };
const dkim = { domainName: "shop.example", keySelector: "s", privateKey };

(async () => {
  const { signatures, errors } = await dkimSign(mail, { signatureData: [by] });
  if (errors.length) throw new Error("mailauth did not sign");
  writeFileSync("mailauth.eml", Buffer.concat([Buffer.from(signatures), mail]));
  const sent = await nodemailer.createTransport({ streamTransport: true, buffer: true, dkim }).sendMail({
    from: "news@shop.example",
    to: "anna@client.example",
    subject: "Sale",
    text: "Hello",
    headers: {
      "List-Unsubscribe": "<https://shop.example/u?id=1>",
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  });
  writeFileSync("nodemailer.eml", sent.message);
})();
JS
node sign.js
"$there/venv/bin/python" - <<'PY'
import base64
import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import dkim

BOTH = ["list-unsubscribe", "list-unsubscribe-post"]
AS_DER = ["openssl", "rsa", "-in", "key.pem", "-pubout", "-outform", "DER"]
public = subprocess.run(AS_DER, capture_output=True, check=True).stdout
RECORD = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def seen(mail):
    """Which of the two the mail has, which its signature covers, and whether that is valid."""
    head = re.sub(r"\r?\n[ \t]+", " ", mail.decode().replace("\r\n\r\n", "\n\n").split("\n\n")[0]).lower()
    signed = re.findall(r"[\w-]+", re.search(r"\bh=([^;]+)", head)[1])
    held = [name for name in BOTH if f"\n{name}:" in head]
    return held, [name for name in BOTH if name in signed], dkim.verify(mail, dnsfunc=lambda *_, **__: RECORD)


def node(name):
    return json.loads(Path("node_modules", name, "package.json").read_text())["version"]


mail, key = Path("mail.eml").read_bytes(), Path("key.pem").read_bytes()
found = {
    f"dkimpy {version('dkimpy')}": seen(dkim.sign(mail, b"s", b"shop.example", key) + mail),
    f"mailauth {node('mailauth')}": seen(Path("mailauth.eml").read_bytes()),
    f"nodemailer {node('nodemailer')}": seen(Path("nodemailer.eml").read_bytes()),
}
for name, (held, signed, valid) in found.items():
    print(f"{name}: the mail has {held}, signed are {signed}, valid: {valid}")
expected = [(BOTH, BOTH[:1], True), (BOTH, BOTH[:1], True), (BOTH, BOTH, True)]
sys.exit(0 if list(found.values()) == expected else "they behave otherwise now")
PY
