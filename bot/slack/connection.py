"""A client for Slack's Web API that keeps its connections open.

The SDK opens one for each call: two further round trips, for TCP and TLS, before the call itself can leave.
"""

import copy
import ssl
from typing import Any, Self
from urllib.request import Request

import urllib3
from slack_sdk import WebClient

KEPT_OPEN = 16
"""Connections; further ones are opened for a rush, and closed after it."""


class KeptConnection(WebClient):
    """The SDK's client over urllib3's pool. It repeats nothing by itself: Slack may have taken what broke on the way.

    A call raises OSError where Slack cannot be reached, as the SDK's own client does.
    """

    def __init__(self, token: str, *, base_url: str, timeout: int) -> None:
        super().__init__(token, base_url=base_url, timeout=timeout, retry_handlers=[])
        # Read once: reading the machine's certificates takes some 40 ms.
        kept: dict[str, Any] = {"maxsize": KEPT_OPEN, "ssl_context": ssl.create_default_context()}
        # The SDK has looked up the environment's proxy.
        self._pool = urllib3.ProxyManager(self.proxy, **kept) if self.proxy else urllib3.PoolManager(**kept)

    def __deepcopy__(self, _known: dict[int, object]) -> Self:
        """Bolt makes a copy for each request; all of them share the connections."""
        return copy.copy(self)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """What the SDK does with urllib, and only there; it reads the answer and its status itself."""
        try:
            answer = self._pool.request(
                "POST",
                url,
                body=req.data if isinstance(req.data, bytes) else None,
                headers=dict(req.header_items()),
                timeout=self.timeout,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.TimeoutError as error:
            raise TimeoutError(type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError(type(error).__name__) from error
        return {"status": answer.status, "headers": dict(answer.headers), "body": answer.data.decode()}
