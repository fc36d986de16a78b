#!/usr/bin/env bash
# rfc3161-client 1.0.9 and OpenSSL 3: a stamp that OpenSSL made with a chain of certificates cannot be read.
#
# Guess:     "openssl ts -reply" makes a response that rfc3161-client reads, with and without -chain.
# Behaviour: OpenSSL writes the certificates in the order in which it has them, the signer's first. In DER, the elements
#            of a SET OF are sorted, and rfc3161-client holds to that: where the signer's certificate sorts behind its
#            issuer's, as a longer one does, decode_timestamp_response raises ValueError (InvalidSetOrdering). Without
#            -chain the same authority's response is read.
# So:        what the library says is told in the log, the anchor goes without a stamp, and docs/audit.md says that such
#            an authority cannot be used.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check rfc3161-client==1.0.9
cd "$there"
cat > ca.cnf <<'CNF'
[req]
distinguished_name = name
prompt = no
[name]
CN = Root
[root]
basicConstraints = critical, CA:TRUE
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = ./serial
default_policy = 1.2.3.4.1
digests = sha512
signer_digest = sha256
CNF
echo 01 > serial
openssl req -config ca.cnf -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -extensions root 2> /dev/null
openssl req -config ca.cnf -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj "/CN=A signer with a longer name" 2> /dev/null
openssl x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -out tsa.pem -extfile ca.cnf \
  -extensions stamping 2> /dev/null
"$there/venv/bin/python" -c "
from rfc3161_client import TimestampRequestBuilder
open('query.tsq', 'wb').write(TimestampRequestBuilder().data(b'a digest').build().as_bytes())"
signer=(-config ca.cnf -queryfile query.tsq -signer tsa.pem -inkey tsa.key)
openssl ts -reply "${signer[@]}" -out alone.tsr 2> /dev/null
openssl ts -reply "${signer[@]}" -chain root.pem -out chain.tsr 2> /dev/null
openssl version
"$there/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from rfc3161_client import decode_timestamp_response

print(f"rfc3161-client {version('rfc3161-client')}")
seen = {}
for name in ("alone", "chain"):
    try:
        decode_timestamp_response(open(f"{name}.tsr", "rb").read())
        seen[name] = "read"
    except ValueError as error:
        seen[name] = "InvalidSetOrdering" if "InvalidSetOrdering" in str(error) else str(error)
    print(f"  {name}: {seen[name]}")
sys.exit(0 if seen == {"alone": "read", "chain": "InvalidSetOrdering"} else "it behaves otherwise now")
PY
