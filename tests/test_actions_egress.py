"""The egress guard: no socket is opened to an address that a tenant must not reach."""

from __future__ import annotations

import asyncio
import ipaddress

import httpcore
import pytest
from action_tools import make_context

from py_actions import http_client
from py_actions.egress import Allowance, Egress, is_public
from py_actions.errors import Fail, Retry

PUBLIC = "93.184.215.14"

NAMES = {
    "good.example": [PUBLIC],
    "metadata.example": ["169.254.169.254"],
    "inside.example": ["10.0.0.7"],
    "six.example": ["::ffff:10.0.0.7"],
    "loop.example": ["::1", "127.0.0.1"],
    "mixed.example": ["127.0.0.1", PUBLIC],
}

HOSTILE = """\
http://127.0.0.1/
http://127.0.0.1:80/
http://127.1/
http://127.0.1/
http://127.255.255.254/
http://2130706433/
http://0x7f000001/
http://0x7f.0.0.1/
http://0x7f.1/
http://017700000001/
http://0177.0.0.1/
http://0177.0.0.01/
http://127.0.0.1./
http://0/
http://0.0.0.0/
http://0.0.0.0:8080/
http://[::]/
http://[::1]/
http://[0:0:0:0:0:0:0:1]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[::ffff:10.0.0.1]/
http://[::127.0.0.1]/
http://[64:ff9b::7f00:1]/
http://[64:ff9b::169.254.169.254]/
http://[64:ff9b:1::a00:1]/
http://[2002:7f00:1::]/
http://[2002:a00:1::]/
http://[2001::1]/
http://[2001:db8::1]/
http://[fc00::1]/
http://[fd00:ec2::254]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[fec0::1]/
http://[ff02::1]/
http://[100::1]/
http://10.0.0.1/
http://10.255.255.255/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.0.1/
http://169.254.169.254/latest/meta-data/
http://169.254.170.2/
http://2852039166/
http://0xa9fea9fe/
http://100.64.0.1/
http://100.100.100.200/
http://168.63.129.16/
http://192.0.0.192/
http://192.0.2.1/
http://192.88.99.1/
http://198.18.0.1/
http://198.51.100.1/
http://203.0.113.1/
http://224.0.0.1/
http://239.255.255.250/
http://240.0.0.1/
http://255.255.255.255/
http://1572395022/
http://0x5db8d70e/
http://metadata.example/
http://inside.example/
http://six.example/
http://loop.example/
http://METADATA.EXAMPLE./
http://unknown.example/
http://user@good.example/
http://user:password@good.example/
http://good.example@127.0.0.1/
http://good.example:22/
http://good.example:5432/
http://good.example:6379/
http://good.example:99999/
https://127.0.0.1/
https://[::1]/
ftp://good.example/
file:///etc/passwd
gopher://127.0.0.1/
unix:///run/socket
http+unix://%2Frun%2Fsocket/
//good.example/
/relative
http://
http:///path
http://①②⑦.⓪.⓪.①/
http://127。0。0。1/
http://good.example\\@127.0.0.1/
http://127.0.0.1#@good.example/
http://127.0.0.1%2f@good.example/
http://[127.0.0.1]/
http://[::1/
http://good.example:80:80/
javascript:alert(1)
""".splitlines()


class Recorder(httpcore.AsyncNetworkBackend):
    """Opens nothing; remembers what it was asked to open."""

    opened: list[tuple[str, int]] = []  # noqa: RUF012

    async def connect_tcp(self, host, port, *arguments, **named):
        self.opened.append((host, port))
        raise httpcore.ConnectError("recorded")


class FakeNames(Egress):
    """Knows names of its own; numbers are read by the real resolver."""

    async def resolve(self, host: str, port: int) -> list[str]:
        if host in NAMES:
            return NAMES[host]
        if any(letter in host for letter in "ghijklmnopqrstuvwyz"):
            raise httpcore.ConnectError("no such host")
        return await super().resolve(host, port)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    monkeypatch.setattr(http_client.httpcore, "AnyIOBackend", Recorder)
    Recorder.opened = []
    return Recorder.opened


def call(url: str, *allow: str) -> Exception:
    """The error of one GET; without a network there is always one."""

    async def run() -> None:
        client = http_client.HttpClient(FakeNames(allow, [80, 443, 8080]), 5)
        try:
            await client.send(make_context(), "GET", url, headers={})
        finally:
            await client.aclose()

    with pytest.raises((Fail, Retry)) as caught:
        asyncio.run(run())
    return caught.value


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_url_opens_no_socket(opened, url):
    error = call(url)
    assert opened == []
    unresolved = error.error_class == "connection" and ("unknown" in url or "eth0" in url)
    assert unresolved or error.error_class in ("refused", "invalid")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://good.example/", (PUBLIC, 80)),
        ("https://good.example/", (PUBLIC, 443)),
        ("http://GOOD.example.:8080/x?y", (PUBLIC, 8080)),
        (f"http://{PUBLIC}/", (PUBLIC, 80)),
        ("http://mixed.example/", (PUBLIC, 80)),
        ("http://[2606:4700::1111]/", ("2606:4700::1111", 80)),
    ],
)
def test_public_address_is_connected_to_as_checked(opened, url, expected):
    assert call(url).code == "connect_failed"
    assert opened == [expected]


def test_a_name_that_changes_its_mind_is_resolved_once(opened, monkeypatch):
    answers = [[PUBLIC], ["127.0.0.1"]]
    monkeypatch.setitem(NAMES, "rebind.example", None)

    async def resolve(self, host, port):
        return answers.pop(0)

    monkeypatch.setattr(FakeNames, "resolve", resolve)
    call("http://rebind.example/")
    assert opened == [(PUBLIC, 80)]
    assert call("http://rebind.example/").code == "egress_refused"
    assert opened == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    ("allow", "url", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:5000/", ("127.0.0.1", 5000)),
        ("127.0.0.1:5000", "http://127.0.0.1:5000/", ("127.0.0.1", 5000)),
        ("10.0.0.0/8", "http://inside.example/", ("10.0.0.7", 80)),
        ("inside.example:9000", "http://inside.example:9000/", ("10.0.0.7", 9000)),
        ("[::1]:8080", "http://[::1]:8080/", ("::1", 8080)),
        ("::1", "http://[::1]:1/", ("::1", 1)),
        ("good.example:22", "http://good.example:22/", (PUBLIC, 22)),
    ],
)
def test_allowance_opens_what_it_names(opened, allow, url, expected):
    call(url, allow)
    assert opened == [expected]


@pytest.mark.parametrize(
    ("allow", "url"),
    [
        ("127.0.0.1:5000", "http://127.0.0.1:5001/"),
        ("127.0.0.1", "http://127.0.0.2/"),
        ("10.0.0.0/8", "http://192.168.0.1/"),
        ("inside.example", "http://metadata.example/"),
        ("good.example:22", "http://metadata.example:22/"),
    ],
)
def test_allowance_opens_nothing_else(opened, allow, url):
    assert call(url, allow).code == "egress_refused"
    assert opened == []


@pytest.mark.parametrize("entry", ["", "10.0.0.0/99", "a/b", "host:port", ":80"])
def test_nonsense_in_the_setting_is_an_error(entry):
    with pytest.raises(ValueError, match="."):
        Allowance.parse(entry)


def test_every_special_network_is_closed():
    special = """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
        192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
        224.0.0.0/4 240.0.0.0/4 ::/128 ::1/128 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 2001::/23
        2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"""
    for network in map(ipaddress.ip_network, special.split()):
        for address in (network[0], network[-1], network[network.num_addresses // 2]):
            assert not is_public(address), address
