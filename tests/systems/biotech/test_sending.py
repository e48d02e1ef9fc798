"""Claims about sending: what goes out, how long it may take, and where it may not go."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from strongroom.systems.biotech.errors import UnsafeUrl
from strongroom.systems.biotech.services.sending import Answer, NoAnswer, Sender
from tests.systems.biotech.receiver import Receiver, Reply, receiving

HERE = Sender(allow_private=True, allow_http=True)
NAME = "hooks.example.com"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_the_body_and_the_headers_arrive_as_they_were_given(receiver: Receiver) -> None:
    body = "é and \u2713".encode()
    assert HERE.post(receiver.url + "?a=b", {"X-One": "1"}, body, 5) == Answer(200)
    (received,) = receiver.received
    assert received.path == "/hook?a=b"
    assert received.body == body
    assert received.headers["x-one"] == "1"
    assert received.headers["host"] == f"127.0.0.1:{receiver.server.server_port}"


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.script = lambda number, headers, body: Reply(307, {"Location": receiver.url + "/elsewhere"})
    assert HERE.post(receiver.url, {}, b"{}", 5) == Answer(307)
    assert [one.path for one in receiver.received] == ["/hook"]


def test_what_a_receiver_asks_for_with_retry_after_is_passed_on(receiver: Receiver) -> None:
    receiver.script = lambda number, headers, body: Reply(429, {"Retry-After": "7"})
    assert HERE.post(receiver.url, {}, b"{}", 5) == Answer(429, "7")


@pytest.mark.parametrize("reply", [Reply(delay_s=2), Reply(drip_s=0.2), Reply(102, drip_s=0.2)])
def test_an_attempt_ends_when_its_time_is_over_even_if_bytes_keep_coming(receiver: Receiver, reply: Reply) -> None:
    receiver.script = lambda number, headers, body: reply
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="no answer within 0.5 s"):
        HERE.post(receiver.url, {}, b"{}", 0.5)
    assert time.monotonic() - started < 1.5


def test_a_receiver_that_does_not_read_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(NoAnswer, match="no answer within 0.5 s"):
        HERE.post(f"http://127.0.0.1:{deaf.getsockname()[1]}/", {}, b"x" * 20_000_000, 0.5)


@pytest.mark.parametrize(
    "reply", [Reply(102, times=10_000_000), Reply(200, {f"X-{number}": "y" * 1000 for number in range(300)})]
)
def test_an_endless_answer_is_cut_off_long_before_its_time_is_over(receiver: Receiver, reply: Reply) -> None:
    receiver.script = lambda number, headers, body: reply
    with pytest.raises(NoAnswer, match="RemoteProtocolError"):
        HERE.post(receiver.url, {}, b"{}", 30)


def test_where_nobody_listens_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NoAnswer, match="ConnectionRefusedError"):
        HERE.post(f"http://127.0.0.1:{port}/", {}, b"{}", 5)


def test_a_name_without_an_address_gets_no_answer() -> None:
    def resolve(host: str) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NoAnswer, match="no address"):
        Sender(resolve=resolve).post(f"https://{NAME}/", {}, b"{}", 5)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["::1"], ["10.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["fe80::1%lo"], ["0.0.0.0"],
        ["8.8.8.8", "127.0.0.1"], ["2606:4700::1111", "::1"], [],
    ],
)  # fmt: skip
def test_a_public_name_that_leads_inside_is_refused_before_anything_is_sent(
    receiver: Receiver, addresses: list[str]
) -> None:
    port = receiver.server.server_port
    with pytest.raises(UnsafeUrl):
        Sender(allow_http=True, resolve=lambda host: addresses).post(f"http://{NAME}:{port}/", {}, b"{}", 5)
    assert receiver.received == []


def test_a_name_that_changes_its_address_after_the_check_is_not_asked_again(receiver: Receiver) -> None:
    asked: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    sender = Sender(allow_private=True, allow_http=True, resolve=resolve)
    url = f"http://rebinding.example.com:{receiver.server.server_port}/"
    assert sender.post(url, {}, b"{}", 5) == Answer(200)  # the name has no address outside of this test
    assert asked == ["rebinding.example.com"]
    assert receiver.received[0].headers["host"].startswith("rebinding.example.com")


def test_when_one_address_is_silent_the_next_is_tried(receiver: Receiver) -> None:
    # the receiver listens on 127.0.0.1 alone
    sender = Sender(allow_private=True, allow_http=True, resolve=lambda host: ["127.0.0.3", "127.0.0.1"])
    assert sender.post(f"http://{NAME}:{receiver.server.server_port}/", {}, b"{}", 5) == Answer(200)


def test_the_connection_is_bound_to_an_address_while_tls_proves_the_name(tmp_path: Path) -> None:
    certificate, key = certificate_of(NAME, tmp_path)
    with serving_tls(certificate, key) as port:
        sender = Sender(allow_private=True, resolve=lambda host: ["127.0.0.1"], trust=lambda: trusting(certificate))
        assert sender.post(f"https://{NAME}:{port}/", {}, b"{}", 5) == Answer(204)
        with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
            sender.post(f"https://other.example.com:{port}/", {}, b"{}", 5)
        with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
            Sender(allow_private=True, resolve=lambda host: ["127.0.0.1"]).post(f"https://{NAME}:{port}/", {}, b"", 5)


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def certificate_of(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate for a name, signed by itself, and its key, in files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


class serving_tls:
    """A server that answers 204 over TLS while the block runs; gives its port."""

    def __init__(self, certificate: Path, key: Path) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A handshake that fails is what is being tested."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> int:
        self._thread.start()
        return self._server.server_port

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
