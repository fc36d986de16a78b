"""How a server out there is reached: through which proxy, trusting whose certificates, and why that did not work."""

import base64
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import certifi

_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
"""How http.client says that a proxy led no further."""


class Unusable(Exception):
    """A route that cannot be used as it is set up; the text says what to mend."""


@dataclass(frozen=True)
class Route:
    """The way to one server. The environment's own words, such as `netrc`, have no say in it.

    `proxy` is `http://host:port`, with `user:password@` in front of the host where it asks for them, "" for none.
    `ca_bundle` is the path of certificates in PEM that are trusted beside those that this machine trusts, "" for none;
    certifi's stand in where the machine names none. The settings' names begin with `name`.
    """

    name: str = ""
    proxy: str = field(default="", repr=False)
    ca_bundle: str = ""

    @property
    def proxy_address(self) -> str:
        """Without who goes through it, so that it can be shown."""
        return f"http://{urlsplit(self.proxy).netloc.rpartition('@')[2]}"

    @property
    def proxy_headers(self) -> dict[str, str]:
        """What names us to the proxy; empty where it does not ask."""
        parts = urlsplit(self.proxy)
        if parts.username is None:
            return {}
        named = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return {"Proxy-Authorization": f"Basic {base64.b64encode(named.encode()).decode()}"}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown: the proxy's password, as it is written, as it is meant, and as it is sent."""
        password = urlsplit(self.proxy).password
        if not password:
            return ()
        sent = self.proxy_headers["Proxy-Authorization"].removeprefix("Basic ")
        return tuple(dict.fromkeys((password, unquote(password), sent)))

    def trusting(self) -> ssl.SSLContext:
        """What verifies servers. Raises Unusable."""
        context = ssl.create_default_context()
        if not context.cert_store_stats()["x509_ca"]:
            # Not both where one is enough: reading them takes as long as a round trip.
            context.load_verify_locations(cafile=certifi.where())
        if not self.ca_bundle:
            return context
        what = f"{self.name}_CA_BUNDLE names {self.ca_bundle}, which"
        try:
            context.load_verify_locations(cafile=self.ca_bundle)
        except FileNotFoundError as error:
            raise Unusable(f"{what} is not there. Name the file with your authority's certificate.") from error
        except ssl.SSLError as error:
            raise Unusable(
                f"{what} holds no certificates in PEM, or damaged ones. PEM is text that begins with "
                "-----BEGIN CERTIFICATE-----; openssl x509 -inform der -in FILE -out FILE.pem makes it of the other "
                "kind."
            ) from error
        except OSError as error:
            raise Unusable(f"{what} cannot be read: {error.strerror}. Let the bot's user read it.") from error
        return context


DIRECT = Route()
"""No proxy, and nobody trusted but those whom the machine trusts."""


def causes(problem: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps: requests and urllib3 keep what happened in args, `reason` or `__cause__`."""
    seen: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or any(one is before for before in seen):
            continue
        seen.append(one)
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    yield from seen


def refused_by_proxy(problem: BaseException) -> int | None:
    """The HTTP status with which a proxy led no further; None where that is not what happened."""
    for one in causes(problem):
        told = _TUNNEL_REFUSED.search(str(one)) if isinstance(one, OSError) else None
        if told:
            return int(told[1])
    return None


def distrust(problem: BaseException) -> ssl.SSLCertVerificationError | None:
    """Why a server's certificate was not trusted; None where that is not what happened."""
    return next((one for one in causes(problem) if isinstance(one, ssl.SSLCertVerificationError)), None)
