"""An application of the kernel alone, over a database file of its own, and a client without a network."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.engines.embedded import EmbeddedServer
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock
from strongroom.kernel.web import TokenService, build_base_app

BODY_BYTES_MAX = 1000
SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="strongroom-"))
    folder.chmod(0o755)  # the server's user has to pass
    with EmbeddedServer(folder / "data", settings={"fsync": "off"}, durable=False) as server:
        yield server.start()
    shutil.rmtree(folder)


@pytest.fixture
def options(tmp_path: Path) -> DatabaseOptions:
    return DatabaseOptions(url=f"sqlite:///{tmp_path / 'web.db'}")


@pytest.fixture
async def database(options: DatabaseOptions) -> AsyncIterator[AsyncDatabase]:
    database = AsyncDatabase(options)
    yield database
    await database.close()


@pytest.fixture
def blocking_database(options: DatabaseOptions) -> Database:
    return Database(options)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def tokens(clock: FixedClock) -> TokenService:
    return TokenService(SECRET, access_ttl_s=600, clock=clock)


@pytest.fixture
def app(database: AsyncDatabase, tokens: TokenService) -> FastAPI:
    return build_base_app(
        title="Test",
        version="1.2.3",
        database=database,
        tokens=tokens,
        cors_origins=["https://bank.example"],
        max_body_bytes=BODY_BYTES_MAX,
    )


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        yield client
