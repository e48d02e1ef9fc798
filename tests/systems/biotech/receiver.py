"""A receiver of webhooks on this machine, which answers as it is told and remembers what reached it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in. answered: the status it got."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    answered: int

    @property
    def event(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.body)
        return document


@dataclass(frozen=True, slots=True)
class Reply:
    """How a request is answered. delay_s: before the answer; drip_s: between the bytes of its head; times: its head."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0
    drip_s: float = 0
    times: int = 1


OK = Reply()
#: what to answer to the n-th request, counted from 0
Script = Callable[[int, Mapping[str, str], bytes], Reply]


class Receiver:
    """url: where it listens; received: every request so far, in the order in which they were answered."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.script: Script = lambda number, headers, body: OK
        self._lock = threading.Lock()
        self._number = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def accepted(self) -> list[Received]:
        """What was answered with success."""
        return [one for one in self.received if 200 <= one.answered < 300]

    def take(self, request: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.rfile.read(int(headers["content-length"]))
        with self._lock:
            number, self._number = self._number, self._number + 1
        reply = self.script(number, headers, body)
        time.sleep(reply.delay_s)
        with self._lock:
            self.received.append(Received(request.path, headers, body, reply.status))
        lines = [f"HTTP/1.1 {reply.status} .", *(f"{name}: {value}" for name, value in reply.headers.items()), "", ""]
        head = "\r\n".join(lines).encode()
        try:
            for _ in range(0 if reply.drip_s else reply.times):
                request.wfile.write(head)
            for byte in head if reply.drip_s else b"":
                request.wfile.write(bytes([byte]))
                request.wfile.flush()
                time.sleep(reply.drip_s)
        except OSError:
            pass  # the sender has hung up
        request.close_connection = True


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()
