"""The egress guard: which addresses an action may open a connection to.

A URL comes from a tenant, so it may not lead into the installation's own network. The check is made
on the address that is connected to, after the name was resolved, and that very address is used:
a name that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore
import httpx

from py_actions.errors import Fail

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Beyond what `ipaddress` calls not global: these reach inner services or hide an inner address.
_DENIED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # carrier-grade NAT, and one cloud's metadata service
        "168.63.129.16/32",  # a cloud's host agent on a public address
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
    )
)


def _refused(message: str) -> Fail:
    return Fail(message, "egress_refused", "refused")


def is_public(address: Address) -> bool:
    """Whether this is an ordinary address of the public internet."""
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _DENIED if network.version == address.version)
    )


@dataclass(frozen=True)
class Allowance:
    """One entry of AUTOMATION_EGRESS_ALLOW: a host, address or network, and perhaps one port."""

    host: str | None
    network: Network | None
    port: int | None

    @classmethod
    def parse(cls, text: str) -> Allowance:
        """Read `host`, `host:port`, `10.0.0.0/8`, `10.1.2.3:8080` or `[::1]:8080`."""
        host, port = text.strip().lower(), None
        if host.startswith("["):
            host, _, rest = host[1:].partition("]")
            port = int(rest[1:]) if rest else None
        elif host.count(":") == 1:
            host, _, number = host.partition(":")
            port = int(number)
        try:
            return cls(None, ipaddress.ip_network(host), port)
        except ValueError:
            if not host or "/" in host:
                raise ValueError(f"not a host, address or network: {text!r}") from None
            return cls(host.rstrip("."), None, port)

    def covers(self, host: str, address: Address, port: int) -> bool:
        """Whether this entry permits the connection."""
        if self.port is not None and self.port != port:
            return False
        if self.network is not None:
            return address.version == self.network.version and address in self.network
        return host == self.host


class Egress:
    """The rules of one installation."""

    def __init__(self, allow: Iterable[str] = (), ports: Iterable[int] = (80, 443)) -> None:
        self.allowances = tuple(Allowance.parse(entry) for entry in allow)
        self.ports = frozenset(ports)

    def check_url(self, text: str) -> httpx.URL:
        """The parsed URL of a request; refuses what cannot be meant honestly."""
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise Fail(f"not a URL: {error}", "invalid_url", "invalid") from None
        if url.scheme not in ("http", "https"):
            raise _refused("only http and https URLs are called")
        if not url.host:
            raise Fail("the URL names no host", "invalid_url", "invalid")
        if url.userinfo:
            raise _refused("a URL with a user name or password is not called")
        if _is_odd_number(url.host):
            raise _refused("an address must be written as four decimal numbers")
        return url

    def permits(self, host: str, address: Address, port: int) -> bool:
        """Whether a connection may be opened to this address and port."""
        if any(allowance.covers(host, address, port) for allowance in self.allowances):
            return True
        return port in self.ports and is_public(address)

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to; refuses when there is none."""
        host = host.strip("[]").rstrip(".").lower()
        if _is_odd_number(host):
            raise _refused("an address must be written as four decimal numbers")
        found = await self.resolve(host, port)
        allowed = [text for text in found if self.permits(host, ipaddress.ip_address(text), port)]
        if not allowed:
            raise _refused(f"{host}:{port} is not a destination that actions may call")
        return allowed

    async def resolve(self, host: str, port: int) -> list[str]:
        """All addresses of a host, in the resolver's order."""
        try:
            entries = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"cannot resolve {host}: {error}") from None
        return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in entries))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets to addresses that the guard permits, and to no others."""

    def __init__(self, egress: Egress, inner: httpcore.AsyncNetworkBackend) -> None:
        self._egress = egress
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first permitted address of the host that answers."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._egress.addresses(host, port):
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: actions do not speak to sockets of this machine."""
        raise _refused("unix sockets are not called")

    async def sleep(self, seconds: float) -> None:
        """Pause between connection attempts."""
        await self._inner.sleep(seconds)


def _is_odd_number(host: str) -> bool:
    """Whether the resolver would read this host as a number: 2130706433, 0x7f.1, 127.1."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not last.isdigit() and not last.startswith("0x"):
        return False
    try:
        return str(ipaddress.IPv4Address(host)) != host
    except ValueError:
        return True
