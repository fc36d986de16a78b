"""Certificates of an authority that nobody knows but the test."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import trustme


class Authority:
    """Issues certificates; its own lies in `file`."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.file))

    def serving(self, *names: str, until: datetime | None = None, since: datetime | None = None) -> ssl.SSLContext:
        """What a server of those names shows to whoever connects."""
        issued = self._authority.issue_cert(*names, not_after=until, not_before=since)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        return context

    def expired(self, *names: str) -> ssl.SSLContext:
        return self.serving(*names, since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(2021, 1, 1, tzinfo=UTC))

    def not_valid_yet(self, *names: str) -> ssl.SSLContext:
        return self.serving(*names, since=datetime(2120, 1, 1, tzinfo=UTC), until=datetime(2121, 1, 1, tzinfo=UTC))
