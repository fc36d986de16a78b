"""A time-stamping authority of RFC 3161: OpenSSL's own, behind a small server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = An authority for tests
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
accuracy = secs:1
"""


class OwnAuthority:
    """Made anew in a folder; `root` is the file with the certificate of whoever certifies it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = folder / "root.pem"
        self.asked = 0
        (folder / "openssl.cnf").write_text(_CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = ("req", "-config", "openssl.cnf", "-newkey", "rsa:2048", "-nodes")
        self._run(*new, "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-extensions", "root")
        self._run(*new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps for tests")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-days", "30", "-out", "tsa.pem")
        self._run("x509", "-req", "-in", "tsa.csr", *signed, "-extfile", "openssl.cnf", "-extensions", "stamping")

    def reply(self, query: bytes) -> bytes:
        self.asked += 1
        (self._folder / "query.tsq").write_bytes(query)
        asked = ("ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr")
        self._run(*asked, "-signer", "tsa.pem", "-inkey", "tsa.key")
        return (self._folder / "reply.tsr").read_bytes()

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)


@contextmanager
def served(reply) -> Iterator[str]:
    """The address at which queries get these replies, while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            answer = reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments):
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
