"""The wall before the server's own network: which addresses may be fetched from."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psutil

from components.errors import DataError
from components.settings import settings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024  # below it speak services that are no web servers, such as mail
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # carries an IPv4 address in its last four bytes
# Open to a cloud's or a provider's machines alone, though Python may take them for public.
_SERVICES = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "64:ff9b:1::/48")))
# Of what a host's name may hold, everything means the same to all who read it. A “%”, for one, doesn't.
_HOST_NAME = re.compile(r"[a-z0-9._-]*")
_UNSAFE_CHARACTERS = frozenset("\\\x7f") | {chr(code) for code in range(33)}


@dataclass(frozen=True)
class WebAddress:
    """An http(s) address in parts that can be asked for, each as it goes over the wire.

    Attributes:
        scheme: "http" or "https".
        host: of it, in ASCII.
        port: its own, or the usual one of the scheme.
        path: with the query, as "/data.csv?year=2024".
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The whole address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def check_allowed() -> None:
    """Hold that this server may fetch from the web.

    Raises:
        DataError: if a setting says no.
    """
    if not settings().fetch:
        raise DataError(
            "Fetching from the web is switched off on this server.",
            remedy="Download the file yourself, then upload it.",
        )


def parse_address(address: str) -> WebAddress:
    """Return an address in its parts; whatever stands after a “#” is dropped.

    Raises:
        DataError: if it isn't one of http or https that may be asked for.
    """
    address = address.strip()
    where = address[:80]
    if _UNSAFE_CHARACTERS & set(address):
        raise DataError("This isn't a web address.", where=where, remedy="Remove its spaces and backslashes.")
    try:
        parts = urlsplit(address)
        port = parts.port
        host = _plain_host(parts.hostname or "")
    except ValueError:  # UnicodeError is one
        raise _no_address_error(where) from None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise _no_address_error(where)
    if parts.username is not None or parts.password is not None:
        raise DataError(
            "The address holds a user name or a password, and everyone with your link would see it.",
            where=host,
            remedy="Download the file yourself, then upload it.",
        )
    if port is None:
        port = _DEFAULT_PORTS[parts.scheme]
    elif port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
        raise DataError(
            f"Port {port} isn't a web server's port.",
            where=host,
            remedy="Use port 80, 443, or one above 1023.",
        )
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    return WebAddress(parts.scheme, host, port, path + query)


def _plain_host(host: str) -> str:
    """Return a host in the one form that everybody reads alike: a number as usual, a name in ASCII.

    Raises:
        ValueError: if it is no host.
    """
    host = host.rstrip(".").encode("idna").decode()
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    with suppress(OSError):  # also 127.1, 0x7f000001 and 2130706433 are numbers to those who connect
        return str(ipaddress.IPv4Address(socket.inet_aton(host)))
    if not _HOST_NAME.fullmatch(host):
        raise ValueError
    return host


def resolve_public(address: WebAddress) -> IPAddress:
    """Return the IP address to connect to: one that leads out of the server's own network.

    Raises:
        DataError: if the host has none, or any that leads into it.
    """
    found = find_ips(address)
    if not found:
        raise DataError(
            "This host can't be found.", where=address.host, remedy="Check the address for misspellings."
        )
    check_public(address, found)
    return found[0]


def check_public(address: WebAddress, ips: Iterable[IPAddress]) -> None:
    """Refuse a host that has any IP address in the server's own network.

    Raises:
        DataError: if it has.
    """
    if not all(map(is_public, ips)):
        raise DataError(
            "This address leads into a private network, where nothing is fetched.",
            where=address.host,
            remedy="Use an address that everyone can reach, or upload the file.",
        )


def find_ips(address: WebAddress, written_only: bool = False) -> list[IPAddress]:
    """Return the IP addresses of a host; none where it isn't known.

    Args:
        address: of the host.
        written_only: ask nobody; only a host that is a number itself is known then.
    """
    with suppress(ValueError):
        return [ipaddress.ip_address(address.host.partition("%")[0])]
    if written_only:
        return []
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]


def is_public(ip: IPAddress) -> bool:
    """Return whether an IP address is one of the open internet, and none of this machine's own."""
    inner = _embedded_address(ip)
    if inner is not None:
        return is_public(inner)
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False))
        and not any(ip in network for network in _SERVICES)
        and str(ip) not in _own_addresses()
    )


def _embedded_address(ip: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for, if it does: packets would go there."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.teredo is not None:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour


def _own_addresses() -> set[str]:
    return {
        address.address.partition("%")[0]
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family in {socket.AF_INET, socket.AF_INET6}
    }


def _no_address_error(where: str) -> DataError:
    return DataError(
        "This isn't a web address.", where=where, remedy="Paste one that begins with https:// or http://."
    )
