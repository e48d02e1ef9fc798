"""Encryption of the line: each ssl_mode means to both drivers what libpq's documentation says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions, SslMode
from strongroom.kernel.engines.embedded import find_binaries, installed_versions
from strongroom.kernel.errors import DatabaseUnavailable
from strongroom.testing.databases import ThrowAwayServer
from tests.kernel.attic.drivers import on_driver
from tests.kernel.attic.watching import connect_plainly

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")


@dataclass(frozen=True)
class Certificates:
    """server: for `localhost`, signed by authority; stranger: an authority that signed nothing here."""

    folder: Path

    @property
    def authority(self) -> str:
        return str(self.folder / "authority.crt")

    @property
    def stranger(self) -> str:
        return str(self.folder / "stranger.crt")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(command: str) -> None:
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)

    new = "req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    for name in ("authority", "stranger"):
        openssl(f"{new} -x509 -days 2 -subj /CN={name} -keyout {name}.key -out {name}.crt")
    openssl(f"{new} -subj /CN=localhost -keyout server.key -out server.csr")
    openssl(
        "x509 -req -days 2 -in server.csr -CA authority.crt -CAkey authority.key -CAcreateserial "
        "-extfile names -out server.crt"
    )
    return Certificates(folder)


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ThrowAwayServer, DatabaseOptions]]:
    """Listens on TCP and does not encrypt."""
    with ThrowAwayServer(_encrypting_version(), settings=_listening()) as server:
        yield server, _with_password(server)


@pytest.fixture(scope="module")
def encrypting_server(certificates: Certificates) -> Iterator[DatabaseOptions]:
    """Listens on TCP and encrypts for whoever wants it."""
    with ThrowAwayServer(_encrypting_version(), settings=_listening()) as server:
        options = _with_password(server)
        owner = os.stat(next(Path(server.folder).rglob("PG_VERSION")))
        for name in ("server.key", "server.crt"):
            copied = shutil.copy(certificates.folder / name, server.folder / name)
            os.chown(copied, owner.st_uid, owner.st_gid)
            os.chmod(copied, 0o600)
        with connect_plainly(server.create_database()) as connection:
            connection.execute(f"ALTER SYSTEM SET ssl_cert_file = '{server.folder}/server.crt'")
            connection.execute(f"ALTER SYSTEM SET ssl_key_file = '{server.folder}/server.key'")
            connection.execute("ALTER SYSTEM SET ssl = on")
            connection.execute("SELECT pg_reload_conf()")
        yield options


@pytest.fixture(params=["psycopg", "asyncpg"])
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(("mode", "encrypted"), [("disable", False), ("prefer", True), ("require", True)])
@pytest.mark.parametrize("place", ["option", "url"])
def test_the_line_is_encrypted_when_the_mode_wants_it(
    driver: str, encrypting_server: DatabaseOptions, mode: SslMode, place: str, encrypted: bool
) -> None:
    options = replace(encrypting_server, ssl_mode=mode)
    if place == "url":
        options = replace(encrypting_server, url=f"{encrypting_server.url}?sslmode={mode}", ssl_mode="prefer")
    assert _is_encrypted(driver, options) is encrypted


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_a_certificate_of_the_right_authority_is_accepted(
    driver: str, encrypting_server: DatabaseOptions, certificates: Certificates, mode: SslMode
) -> None:
    assert _is_encrypted(driver, replace(encrypting_server, ssl_mode=mode, ssl_root_cert=certificates.authority))


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_a_certificate_of_another_authority_is_refused(
    driver: str, encrypting_server: DatabaseOptions, certificates: Certificates, mode: SslMode
) -> None:
    with pytest.raises(DatabaseUnavailable):
        _is_encrypted(driver, replace(encrypting_server, ssl_mode=mode, ssl_root_cert=certificates.stranger))


def test_only_verify_full_minds_the_name_in_the_certificate(
    driver: str, encrypting_server: DatabaseOptions, certificates: Certificates
) -> None:
    url = encrypting_server.url.replace("localhost", "127.0.0.1")
    by_address = replace(encrypting_server, url=url, ssl_root_cert=certificates.authority)
    assert _is_encrypted(driver, replace(by_address, ssl_mode="verify-ca"))
    with pytest.raises(DatabaseUnavailable):
        _is_encrypted(driver, replace(by_address, ssl_mode="verify-full"))


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_server_that_does_not_encrypt_is_refused_when_encryption_is_required(
    driver: str, plain_server: tuple[ThrowAwayServer, DatabaseOptions], certificates: Certificates, mode: SslMode
) -> None:
    with pytest.raises(DatabaseUnavailable):
        _is_encrypted(driver, replace(plain_server[1], ssl_mode=mode, ssl_root_cert=certificates.authority))


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_a_server_that_does_not_encrypt_will_do_when_encryption_is_only_preferred(
    driver: str, plain_server: tuple[ThrowAwayServer, DatabaseOptions], mode: SslMode
) -> None:
    assert not _is_encrypted(driver, replace(plain_server[1], ssl_mode=mode))


def _is_encrypted(driver: str, options: DatabaseOptions) -> bool:
    def ask(session: Session) -> bool:
        return bool(session.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")))

    with on_driver(driver, options, ()) as database:
        return database.read(ask)


def _encrypting_version() -> int:
    """A PostgreSQL that was built with OpenSSL."""
    for version in installed_versions():
        shown = subprocess.run(
            [find_binaries(version).tool("pg_config"), "--configure"], capture_output=True, text=True
        )
        if "openssl" in shown.stdout:
            return version
    pytest.skip("no PostgreSQL here was built with OpenSSL")


def _listening() -> dict[str, str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return {"listen_addresses": "127.0.0.1", "port": str(probe.getsockname()[1])}


def _with_password(server: ThrowAwayServer) -> DatabaseOptions:
    """Options that reach the server by TCP, as a role with a password."""
    options = server.create_database()
    with connect_plainly(options) as connection:
        connection.execute("CREATE ROLE maria LOGIN PASSWORD 'right'")
        port = connection.info.port
    return replace(options, url=f"postgresql://maria:right@localhost:{port}/{make_url(options.url).database}")
