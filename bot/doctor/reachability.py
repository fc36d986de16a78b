"""Goes the way to a server step by step, for each step that fails has advice of its own. Nothing is asked of it."""

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import NoReturn
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from bot.route import Route, Unusable, refused_by_proxy

PATIENCE = 5.0
"""Seconds for each step."""

EXPIRED = 10
NOT_YET_VALID = 9
OTHER_NAME = frozenset({62, 64})
"""OpenSSL's numbers for why a certificate is not taken; the others are about who issued it."""


class Unreachable(Exception):
    """No connection comes about; the text says why, and what to mend."""


@dataclass(frozen=True)
class Way:
    """To `server`, as people call it, whose `address` stands in `setting`."""

    server: str
    address: str
    setting: str
    route: Route

    def walk(self) -> None:
        """Connects and says goodbye. Raises Unreachable."""
        try:
            trusting = self.route.trusting()
        except Unusable as unusable:
            _unreachable(str(unusable).rstrip("."), unusable)
        connection = self._connection(trusting)
        try:
            connection.connect()
        except (ConnectTimeoutError, NewConnectionError) as error:
            self._no_first_step(error)
        except ssl.SSLCertVerificationError as error:
            self._distrusted(error)
        except (OSError, HTTPException) as error:
            self._no_further(error)
        finally:
            connection.close()

    @property
    def _host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def _port(self) -> int:
        parts = urlsplit(self.address)
        return parts.port or (443 if parts.scheme == "https" else 80)

    def _connection(self, trusting: ssl.SSLContext) -> HTTPConnection:
        over_tls = urlsplit(self.address).scheme == "https"
        proxy = urlsplit(self.route.proxy)
        host, port = (proxy.hostname or "", proxy.port or 80) if self.route.proxy else (self._host, self._port)
        if not over_tls:
            return HTTPConnection(host, port, timeout=PATIENCE)
        connection = HTTPSConnection(host, port, timeout=PATIENCE, ssl_context=trusting)
        if self.route.proxy:
            connection.set_tunnel(self._host, self._port, self.route.proxy_headers, scheme="http")
        return connection

    def _no_first_step(self, error: Exception) -> NoReturn:
        if self.route.proxy:
            self._no_proxy(error)
        hint = f"If the way out of your network leads through a proxy, name that in {self.route.name}_PROXY"
        if isinstance(error, NameResolutionError):
            _unreachable(
                f"{self.server}'s host {self._host} has no address: check {self.setting} for mistakes, and this "
                f"machine's DNS. {hint}",
                error,
            )
        if not isinstance(error, NewConnectionError):
            _unreachable(
                f"{self._host} does not answer on port {self._port} within {PATIENCE:g} s: a firewall may drop what "
                f"this machine sends. {hint}",
                error,
            )
        if isinstance(error.__cause__, ConnectionRefusedError):
            _unreachable(
                f"{self._host} refuses connections on port {self._port}: check the port in {self.setting}, and that "
                "something runs there",
                error,
            )
        _unreachable(f"No connection to {self._host} on port {self._port}: {_reason(error)}. {hint}", error)

    def _no_proxy(self, error: Exception) -> NoReturn:
        place, setting = self.route.proxy_address, f"{self.route.name}_PROXY"
        if isinstance(error, NameResolutionError):
            _unreachable(
                f"The proxy {place} has no address: check {setting} for mistakes, and this machine's DNS", error
            )
        if not isinstance(error, NewConnectionError):
            _unreachable(f"The proxy {place} does not answer within {PATIENCE:g} s: check its port in {setting}", error)
        _unreachable(
            f"The proxy {place} cannot be reached ({_reason(error)}): check its port in {setting}, and that it runs",
            error,
        )

    def _no_further(self, error: Exception) -> NoReturn:
        """The first host took the connection: what failed is the proxy's leading on, or the greeting of TLS."""
        status, place = refused_by_proxy(error), self.route.proxy_address
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            has = "does not take the user and the password in" if self.route.proxy_headers else "wants a password:"
            _unreachable(
                f"The proxy {place} {has} {self.route.name}_PROXY, which is written http://user:password@host:port. In "
                "a password write %40 for @, %3A for :, %2F for /, %23 for # and %25 for %",
                error,
            )
        if status:
            _unreachable(
                f"The proxy {place} does not lead on to {self._host}:{self._port} (HTTP {status}): have whoever looks "
                "after it allow that",
                error,
            )
        if self.route.proxy and not isinstance(error, ssl.SSLError):
            _unreachable(
                f"What answers at {place} does not lead on as a proxy does ({type(error).__name__}): check "
                f"{self.route.name}_PROXY",
                error,
            )
        if isinstance(error, (ssl.SSLError, TimeoutError)):
            # Some that expect plain HTTP answer in it, others wait for its end.
            _unreachable(
                f"{self._host}:{self._port} does not speak TLS: check whether {self.setting} should begin with http:// "
                "or name another port",
                error,
            )
        _unreachable(f"No connection to {self._host} on port {self._port}: {_reason(error)}", error)

    def _distrusted(self, error: ssl.SSLCertVerificationError) -> NoReturn:
        what, bundle = f"{self.server}'s certificate", f"{self.route.name}_CA_BUNDLE"
        so = "so nothing is sent to it"
        if error.verify_code == EXPIRED:
            _unreachable(f"{what} has expired, {so}: have it renewed, and check this machine's clock", error)
        if error.verify_code == NOT_YET_VALID:
            _unreachable(f"{what} is not valid yet, {so}: check this machine's clock", error)
        if error.verify_code in OTHER_NAME:
            _unreachable(
                f"{what} is for another name than {self._host}, {so}: check that {self.setting} names the host that "
                "the certificate is for",
                error,
            )
        if self.route.ca_bundle:
            _unreachable(
                f"{what} was issued by nobody whom the bot trusts ({error.verify_message}), {so}: {bundle} "
                f"({self.route.ca_bundle}) holds another authority than the one that issued it, or not all up to it",
                error,
            )
        _unreachable(
            f"{what} was issued by nobody whom the bot trusts ({error.verify_message}), {so}. If it is your company's "
            f"own authority, or its proxy looks into TLS, name the file with that authority's certificate in {bundle}",
            error,
        )


def _unreachable(why: str, error: Exception) -> NoReturn:
    raise Unreachable(f"{why}.") from error


def _reason(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return (cause.strerror if isinstance(cause, OSError) else "") or type(cause).__name__
