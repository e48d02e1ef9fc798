"""Sends one request to a webhook: no redirects, a bound on everything, and only to an address that was checked.

Between checking a name and connecting to it, the name may be pointed elsewhere (DNS rebinding). So the name is
resolved once, every address it has is checked, and the connection is made to one of those addresses; TLS still proves
the name.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpcore2
from httpcore2 import NetworkBackend, NetworkStream

from strongroom.systems.biotech.errors import UnsafeUrl
from strongroom.systems.biotech.rules.targets import check_address, check_target

#: the addresses of a host, as the machine's resolver has them; raises OSError when it has none
Resolver = Callable[[str], Sequence[str]]
#: h11 bounds one response; this bounds any number of provisional ones before it
_HEAD_BYTES_MAX = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said. Its body is not read: nothing follows from it, and it may be endless."""

    status: int
    retry_after: str | None = None


class NoAnswer(Exception):
    """Nothing was heard, or nothing was sent; the message is ours and safe to store."""


def addresses_of(host: str) -> list[str]:
    """What this machine's resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Sender:
    """How requests are sent. allow_private, allow_http: for development only; trust: authorities for TLS."""

    allow_private: bool = False
    allow_http: bool = False
    resolve: Resolver = addresses_of
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def post(self, url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Answer:
        """POST the body. timeout_s: for all of it together. Raises NoAnswer, or UnsafeUrl before anything is sent."""
        deadline = time.monotonic() + timeout_s
        target = check_target(url, allow_private=self.allow_private, allow_http=self.allow_http)
        backend = _BoundBackend(self._checked_addresses(target.host), deadline)
        request = httpcore2.Request(
            "POST",
            httpcore2.URL(
                scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
            ),
            headers=[
                ("Host", target.authority),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
                *headers.items(),
            ],
            content=body,
        )
        try:
            with httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=backend) as connections:
                response = connections.handle_request(request)
                try:
                    return Answer(response.status, _header(response.headers, b"retry-after"))
                finally:
                    response.close()
        except TimeoutError:
            raise NoAnswer(f"no answer within {timeout_s:g} s") from None
        except (httpcore2.ProtocolError, OSError) as error:
            raise NoAnswer(f"the connection failed ({type(error).__name__})") from None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self.trust()

    def _checked_addresses(self, host: str) -> Sequence[str]:
        try:
            addresses = self.resolve(host)
        except (OSError, UnicodeError):
            raise NoAnswer("the host name has no address") from None
        for address in addresses:  # all of them: which one is used must not be the receiver's choice
            check_address(address, allow_private=self.allow_private)
        if not addresses:
            raise UnsafeUrl(reason="has no address")
        return addresses


class _BoundBackend(NetworkBackend):
    """Connects to one of the given addresses whatever host it is told, and to nothing after the deadline."""

    def __init__(self, addresses: Sequence[str], deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        for tries_left in range(len(self._addresses), 1, -1):
            with suppress(OSError):  # one address that is silent must not use up the time of the others
                return self._connect(self._addresses[-tries_left], port, _left(self._deadline) / tries_left)
        return self._connect(self._addresses[-1], port, _left(self._deadline))

    def _connect(self, address: str, port: int, timeout_s: float) -> NetworkStream:
        return _BoundStream(socket.create_connection((address, port), timeout_s), self._deadline)


class _BoundStream(NetworkStream):
    """A connection on which the time, and what may be read, are bounded in all, not only from byte to byte."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._read_bytes = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(_left(self._deadline))
        part = self._connection.recv(max_bytes)
        self._read_bytes += len(part)
        if self._read_bytes > _HEAD_BYTES_MAX:
            raise httpcore2.RemoteProtocolError("the head of the answer is too long")
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        unsent = memoryview(buffer)
        while unsent:
            self._connection.settimeout(_left(self._deadline))
            unsent = unsent[self._connection.send(unsent) :]

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        self._connection.settimeout(_left(self._deadline))
        try:
            secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except BaseException:
            self.close()
            raise
        return _BoundStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._connection if info == "ssl_object" and isinstance(self._connection, ssl.SSLSocket) else None


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), None)
