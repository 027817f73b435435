"""One HTTP client for all actions: guarded, capped in time and bytes, following no redirects."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from py_actions.context import ActionContext
from py_actions.egress import Egress, GuardedBackend
from py_actions.errors import Fail, Retry
from py_actions.settings import action_settings

MAX_RESPONSE = 64 * 1024
MAX_HEADERS = 50
USER_AGENT = "automation-worker"

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\t\x20-\x7e]{0,8192}")
# The client decides these; a configuration that set one could smuggle a second request.
_RESERVED = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"}
)


@dataclass(frozen=True)
class Answer:
    """What came back, up to MAX_RESPONSE bytes of it; `complete` says whether that is all."""

    status: int
    headers: httpx.Headers
    body: bytes
    complete: bool

    def text(self) -> str:
        """The body as text; bytes that are none become replacement characters."""
        kind = {"content-type": self.headers.get("content-type", "")}
        charset = httpx.Response(self.status, headers=kind).charset_encoding
        try:
            return self.body.decode(charset or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


@lru_cache(maxsize=1)
def _ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport, with every socket opened by the egress guard."""

    def __init__(self, egress: Egress, limits: httpx.Limits) -> None:
        super().__init__(trust_env=False, limits=limits)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=GuardedBackend(egress, httpcore.AnyIOBackend()),
        )


class HttpClient:
    """Sends the requests of all actions of one worker."""

    def __init__(self, egress: Egress, connections: int = 100) -> None:
        self.egress = egress
        limits = httpx.Limits(
            max_connections=connections, max_keepalive_connections=20, keepalive_expiry=15
        )
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(egress, limits), trust_env=False, follow_redirects=False
        )

    async def send(
        self,
        context: ActionContext,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        query: Any = None,
        content: bytes | None = None,
    ) -> Answer:
        """Send one request within the attempt's time; transport failures are raised as Retry."""
        target = self.egress.check_url(url)
        if query:
            target = target.copy_merge_params(query)
        seconds = min(action_settings().http_timeout, context.remaining())
        request = httpx.Request(
            method,
            target,
            # A compressed answer could unpack to far more than the cap.
            headers={"user-agent": USER_AGENT, "accept-encoding": "identity", **headers},
            content=content,
            extensions={"timeout": httpx.Timeout(seconds).as_dict()},
        )
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(request)
        except (TimeoutError, httpx.TimeoutException):
            message = f"no complete answer from {target.host} within {seconds:.3g} s"
            raise Retry(None, message, "timeout", code="timeout") from None
        except httpx.ConnectError as error:
            message = f"cannot connect to {target.host}: {error}"
            raise Retry(None, message, "connection", code="connect_failed") from None
        except httpx.LocalProtocolError as error:
            raise Fail(f"the request cannot be sent: {error}", "bad_request", "invalid") from None
        except httpx.TransportError as error:
            message = f"the connection to {target.host} broke: {type(error).__name__}"
            raise Retry(None, message, "connection", code="connection_lost") from None

    async def _exchange(self, request: httpx.Request) -> Answer:
        response = await self._client.send(request, stream=True)
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_RESPONSE:
                    break
        finally:
            await response.aclose()
        complete = len(body) <= MAX_RESPONSE
        return Answer(response.status_code, response.headers, bytes(body[:MAX_RESPONSE]), complete)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def checked_headers(pairs: dict[str, Any], context: ActionContext) -> dict[str, str]:
    """The headers of a configuration, secrets resolved; refuses what could split the request."""
    if len(pairs) > MAX_HEADERS:
        raise Fail(f"more than {MAX_HEADERS} headers", "invalid_header", "invalid")
    checked = {}
    for name, value in pairs.items():
        text = context.resolve_reference(value)
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(text):
            raise Fail(f"the header {name[:100]!r} is not a legal one", "invalid_header", "invalid")
        if name.lower() in _RESERVED:
            raise Fail(f"the header {name!r} is set by the client", "invalid_header", "invalid")
        checked[name.lower()] = text
    return checked


_client: HttpClient | None = None


def http_client() -> HttpClient:
    """The client that all actions of this process share."""
    global _client
    if _client is None:
        settings = action_settings()
        egress = Egress(settings.egress_allow, settings.egress_ports)
        _client = HttpClient(egress, settings.http_connections)
    return _client


async def close_http_client() -> None:
    """Close the shared client, if any action used it."""
    global _client
    if _client is not None:
        await _client.aclose()
        _client = None
