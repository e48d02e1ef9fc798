"""Where webhooks may be sent: to the public internet, so that nobody makes us call what only we can reach.

A name says nothing of where it leads, so it is judged twice: its text when it is registered, and the addresses it has
when something is sent, to one of which the connection is then bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from strongroom.systems.biotech.errors import UnsafeUrl

URL_CHARACTERS_MAX = 2048

#: not for the public: IANA IPv4 special-purpose registry, multicast, reserved, and a cloud's own metadata address
_CLOSED_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
#: all of IPv6 that is routed; outside lie loopback, link-local, unique local, multicast and every form of IPv4 in IPv6
_OPEN_IPV6 = IPv6Network("2000::/3")
_CLOSED_IPV6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: printable ASCII, without what browsers and servers read differently
_UNAMBIGUOUS = re.compile(r"[!-\[\]-~]+")
_INNER_NAMES = ("localhost", "local", "internal", "home.arpa")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL in parts. host: lower case, without brackets or the final dot; path: with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS = {"https": 443, "http": 80}


def check_target(url: str, *, allow_private: bool = False, allow_http: bool = False) -> Target:
    """The URL in parts, when something may be sent there as far as its text tells. Raises UnsafeUrl."""
    if not 1 <= len(url) <= URL_CHARACTERS_MAX or not _UNAMBIGUOUS.fullmatch(url):
        raise UnsafeUrl(reason=f"must be 1 to {URL_CHARACTERS_MAX} printable ASCII characters without a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeUrl(reason="is not a URL") from None
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not allow_http):
        raise UnsafeUrl(reason="must begin with https://")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnsafeUrl(reason="must have no user, password or fragment")
    if port == 0:
        raise UnsafeUrl(reason="must have a port from 1 to 65535")
    host = _checked_host((parts.hostname or "").removesuffix("."), "[" in parts.netloc, allow_private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def check_address(address: str, *, allow_private: bool = False) -> None:
    """Raises UnsafeUrl for an address that is not on the public internet, unless any is allowed."""
    if not allow_private and not is_public(address):
        raise UnsafeUrl(reason="leads to an address that is not public")


def is_public(address: str) -> bool:
    """Whether the address, IPv4 or IPv6, is one of the public internet; False for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _CLOSED_IPV4)
    return parsed in _OPEN_IPV6 and not any(parsed in network for network in _CLOSED_IPV6)


def _checked_host(host: str, in_brackets: bool, allow_private: bool) -> str:
    if in_brackets:
        try:
            IPv6Address(host)
        except ValueError:
            raise UnsafeUrl(reason="has no IPv6 address in its brackets") from None
        check_address(host, allow_private=allow_private)
        return host
    labels = host.split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise UnsafeUrl(reason="must have a host name of letters, digits and hyphens; write others in punycode")
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are addresses to some and names to others
        try:
            IPv4Address(host)
        except ValueError:
            raise UnsafeUrl(reason="must write an IPv4 address as four decimal numbers") from None
        check_address(host, allow_private=allow_private)
    elif not allow_private and any(host == name or host.endswith(f".{name}") for name in _INNER_NAMES):
        raise UnsafeUrl(reason="names a host that is not public")
    return host
