"""No address leads into the server's own network, however it is written."""

import ipaddress
import socket
from types import SimpleNamespace

import pytest

from components.data.sources.web import public_address
from components.data.sources.web.public_address import is_public, parse_address, resolve_public
from components.errors import DataError

REFUSED = {
    "loopback": "127.0.0.1",
    "all of loopback": "127.8.9.10",
    "loopback of IPv6": "::1",
    "private, 10": "10.1.2.3",
    "private, 172.16": "172.16.0.9",
    "private, 192.168": "192.168.1.1",
    "unique local of IPv6": "fd12:3456::1",
    "site local of IPv6": "fec0::1",
    "link-local": "169.254.1.1",
    "link-local of IPv6": "fe80::1",
    "metadata of most clouds": "169.254.169.254",
    "metadata of AWS over IPv6": "fd00:ec2::254",
    "metadata of Alibaba": "100.100.100.200",
    "metadata of Oracle": "192.0.0.192",
    "metadata of Azure": "168.63.129.16",
    "shared by a provider's customers": "100.64.0.1",
    "this host": "0.0.0.0",
    "unspecified of IPv6": "::",
    "multicast": "224.0.0.1",
    "multicast of IPv6": "ff02::1",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "for documents": "192.0.2.1",
    "loopback mapped into IPv6": "::ffff:127.0.0.1",
    "private mapped into IPv6": "::ffff:10.0.0.1",
    "metadata by NAT64": "64:ff9b::a9fe:a9fe",
    "private by 6to4": "2002:0a00:0001::1",
    "private by Teredo": "2001:0:4136:e378:8000:63bf:f5ff:fffe",
}


@pytest.mark.parametrize("ip", REFUSED.values(), ids=REFUSED)
def test_an_address_of_a_network_of_ones_own_is_refused(ip: str) -> None:
    assert not is_public(ipaddress.ip_address(ip))
    host = f"[{ip}]" if ":" in ip else ip
    with pytest.raises(DataError, match="private network"):
        resolve_public(parse_address(f"http://{host}/latest/meta-data"))


@pytest.mark.parametrize("ip", ["93.184.215.14", "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet_is_not(ip: str) -> None:
    assert is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "[::ffff:7f00:1]",
    ],
)
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(DataError, match=r"private network|can't be found"):
        resolve_public(parse_address(f"http://{host}/"))


def test_an_address_that_is_this_machines_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own = SimpleNamespace(family=socket.AF_INET, address="203.0.114.7")
    assert is_public(ipaddress.ip_address("203.0.114.7"))
    monkeypatch.setattr(public_address.psutil, "net_if_addrs", lambda: {"eth0": [own]})
    assert not is_public(ipaddress.ip_address("203.0.114.7"))


def test_a_host_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> list[object]:
        return [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.8", 443))]

    monkeypatch.setattr(public_address.socket, "getaddrinfo", answer)
    with pytest.raises(DataError, match="private network"):
        resolve_public(parse_address("https://example.org/"))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/a.csv",
        "gopher://example.org/",
        "data:text/csv,a",
        "//example.org/a.csv",
        "https://",
        "https://exa mple.org",
        "https://example.org:port/",
        "http://[::1",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(DataError, match="isn't a web address"):
        parse_address(address)


@pytest.mark.parametrize("address", ["http://me:secret@example.org/", "http://example.org@127.0.0.1/"])
def test_a_password_in_an_address_is_refused(address: str) -> None:
    with pytest.raises(DataError, match="user name or a password"):
        parse_address(address)


@pytest.mark.parametrize(
    "trick",
    [
        *("http://example.org\\@127.0.0.1/", "http://a\tb.org/", "http://a.org/\r\nHost: b"),
        # A host that was looked up as it stands would be asked under the name that it stands for.
        *("http://a%2eexample.org/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%2f.example.org/"),
        *("http://a!example.org/", "http://a;b.example.org/", "http://{a}.example.org/"),
    ],
)
def test_what_one_reader_of_addresses_takes_for_another_host_is_refused(trick: str) -> None:
    with pytest.raises(DataError, match="isn't a web address"):
        parse_address(trick)


@pytest.mark.parametrize("port", [21, 22, 25, 53, 110, 445])
def test_a_port_of_another_service_is_refused(port: int) -> None:
    with pytest.raises(DataError, match="isn't a web server's port"):
        parse_address(f"http://example.org:{port}/")


def test_an_address_is_written_as_it_goes_over_the_wire() -> None:
    assert parse_address("HTTPS://Bücher.example:8443/Straße?q=ä b#x".replace(" ", "%20")).url == (
        "https://xn--bcher-kva.example:8443/Stra%C3%9Fe?q=%C3%A4%20b"
    )
    assert parse_address("http://example.org").url == "http://example.org/"
