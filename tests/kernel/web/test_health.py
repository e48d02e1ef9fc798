"""Monitoring reads these shapes; they hold on every route, in sickness and in health."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import psutil
import pytest
from fastapi import FastAPI

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.web import build_health_router
from strongroom.kernel.web.health import Probed

PATHS = ["/health", *(f"/api/health/{probe}" for probe in ("", "detailed", "database", "readiness", "liveness"))]
UNREACHABLE = "postgresql://someone:hunter2@127.0.0.1:1/nowhere"


class Ill:
    """A database whose probes break, which ours never do."""

    def __init__(self, message: str = "lost the connection") -> None:
        self.message = message

    def check(self) -> bool:
        raise ConnectionError(self.message)

    def info(self) -> dict[str, Any]:
        raise ConnectionError(self.message)


def client_of(database: Probed, clock: Callable[[], float] | None = None) -> httpx2.AsyncClient:
    app = FastAPI()
    router = build_health_router(database, clock=clock) if clock else build_health_router(database)
    app.include_router(router)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def unreachable() -> AsyncIterator[AsyncDatabase]:
    database = AsyncDatabase(DatabaseOptions(url=UNREACHABLE, connect_timeout_s=2))
    yield database
    await database.close()


def is_recent(timestamp: str) -> bool:
    age = datetime.now(UTC) - datetime.fromisoformat(timestamp)
    return timestamp.endswith("Z") and 0 <= age.total_seconds() + 0.001 < 60


async def test_the_basic_probe_names_the_service_and_its_database(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/health/")
    body = answer.json()
    assert answer.status_code == 200
    assert is_recent(body.pop("timestamp"))
    assert body == {
        "status": "healthy",
        "database": "connected",
        "database_healthy": True,
        "service": "hoardrun-backend",
        "message": "the service runs",
    }


async def test_the_basic_probe_answers_without_a_database(unreachable: AsyncDatabase) -> None:
    async with client_of(unreachable) as client:
        answer = await client.get("/api/health/")
    assert answer.status_code == 200
    assert (answer.json()["database"], answer.json()["database_healthy"]) == ("disconnected", False)


async def test_the_basic_probe_answers_when_its_question_breaks() -> None:
    async with client_of(Ill()) as client:
        answer = await client.get("/api/health/")
    body = answer.json()
    assert answer.status_code == 200
    assert (body["status"], body["database"], body["error"]) == ("healthy", "error", "lost the connection")
    assert body["database_healthy"] is False


async def test_the_detailed_probe_measures_the_machine(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/health/detailed")
    body = answer.json()
    assert answer.status_code == 200
    assert (body["status"], body["service"], body["version"]) == ("healthy", "fintech-backend", "1.2.3")
    assert body["environment"] == "development"
    assert is_recent(body["timestamp"])
    assert set(body["system"]) == {"python_version", "memory", "disk"}
    assert set(body["system"]["memory"]) == {"total", "available", "percent"}
    assert set(body["system"]["disk"]) == {"total", "free", "percent"}
    assert body["dependencies"] == {"external_services": "mocked", "database": True}


async def test_a_machine_that_cannot_be_measured_is_unhealthy(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("no /proc")

    monkeypatch.setattr(psutil, "virtual_memory", fail)
    answer = await client.get("/api/health/detailed")
    body = answer.json()
    assert answer.status_code == 503
    assert is_recent(body.pop("timestamp"))
    assert body == {"status": "unhealthy", "error": "no /proc"}


async def test_the_database_probe_shows_version_and_pool(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/health/database")
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "healthy")
    assert is_recent(body["timestamp"])
    database = body["database"]
    assert set(database) == {"database_url", "database_version", "pool_info", "connection_healthy"}
    assert database["database_version"].startswith("SQLite 3.")
    assert set(database["pool_info"]) == {"pool_size", "checked_in", "checked_out", "overflow"}
    assert all(type(figure) is int for figure in database["pool_info"].values())
    assert database["connection_healthy"] is True


async def test_the_database_probe_of_a_blocking_database_has_the_same_shape(blocking_database: Database) -> None:
    async with client_of(blocking_database) as client:
        answer = await client.get("/api/health/database")
    blocking_database.close()
    assert answer.status_code == 200
    assert answer.json()["database"]["connection_healthy"] is True


async def test_a_database_that_does_not_answer_is_unhealthy_and_keeps_its_password(
    unreachable: AsyncDatabase,
) -> None:
    async with client_of(unreachable) as client:
        answer = await client.get("/api/health/database")
    body = answer.json()
    assert (answer.status_code, body["status"]) == (503, "unhealthy")
    assert set(body["database"]) == {"database_url", "error", "connection_healthy"}
    assert body["database"]["database_url"] == "postgresql://***"
    assert body["database"]["connection_healthy"] is False
    assert "hunter2" not in answer.text


async def test_a_database_probe_that_breaks_is_unhealthy() -> None:
    async with client_of(Ill()) as client:
        answer = await client.get("/api/health/database")
    body = answer.json()
    assert answer.status_code == 503
    assert is_recent(body.pop("timestamp"))
    assert body == {"status": "unhealthy", "error": "lost the connection"}


async def test_a_service_with_its_database_is_ready(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/health/readiness")
    body = answer.json()
    assert is_recent(body.pop("timestamp"))
    assert (answer.status_code, body) == (200, {"status": "ready", "checks": {"database": "healthy"}})


async def test_a_service_without_its_database_is_not_ready(unreachable: AsyncDatabase) -> None:
    async with client_of(unreachable) as client:
        answer = await client.get("/api/health/readiness")
    body = answer.json()
    assert is_recent(body.pop("timestamp"))
    assert (answer.status_code, body) == (503, {"status": "not_ready", "checks": {"database": "unhealthy"}})


async def test_a_service_that_cannot_ask_is_not_ready() -> None:
    async with client_of(Ill()) as client:
        answer = await client.get("/api/health/readiness")
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["error"]) == ("not_ready", "lost the connection")


async def test_a_living_process_says_for_how_many_seconds() -> None:
    seconds = iter([100.0, 103.5])
    async with client_of(Ill(), clock=lambda: next(seconds)) as client:
        answer = await client.get("/api/health/liveness")
    body = answer.json()
    assert is_recent(body.pop("timestamp"))
    assert (answer.status_code, body) == (200, {"status": "alive", "uptime": 3.5})


async def test_a_process_whose_clock_broke_is_dead() -> None:
    seconds = [100.0]
    async with client_of(Ill(), clock=seconds.pop) as client:
        answer = await client.get("/api/health/liveness")
    assert answer.status_code == 503
    assert set(answer.json()) == {"status", "error", "timestamp"}
    assert answer.json()["status"] == "dead"


async def test_the_short_probe_names_version_and_environment(client: httpx2.AsyncClient) -> None:
    body = (await client.get("/health")).json()
    assert is_recent(body.pop("timestamp"))
    assert body == {
        "status": "healthy",
        "service": "fintech-backend",
        "version": "1.2.3",
        "environment": "development",
    }


async def test_a_probe_replaced_after_the_start_is_the_one_that_is_asked(
    client: httpx2.AsyncClient, database: AsyncDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "check", lambda: False)
    assert (await client.get("/api/health/readiness")).status_code == 503


@pytest.mark.parametrize(
    "message",
    [
        "cannot reach postgresql://ann:hunter2@db.internal:5432/bank",
        "bad DSN: host=db.internal user=ann password=hunter2 dbname=bank",
        "password='hunter2 with spaces' is wrong",
        'sslpassword: "hunter2"',
        "ann:hunter2@db.internal refused",
    ],
)
@pytest.mark.parametrize("probe", ["", "detailed", "database", "readiness"])
async def test_the_error_of_a_driver_is_shown_without_its_secrets(probe: str, message: str) -> None:
    async with client_of(Ill(message)) as client:
        answer = await client.get(f"/api/health/{probe}")
    assert answer.json()["error"]
    assert "hunter2" not in answer.text
    assert "ann:" not in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_probe_is_only_asked_with_get(client: httpx2.AsyncClient, path: str, method: str) -> None:
    assert (await client.request(method, path)).status_code == 405


@pytest.mark.parametrize("path", PATHS)
async def test_options_are_answered_with_and_without_a_browser(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.options(path)).headers["allow"] == "GET, OPTIONS"
    preflight = {"Origin": "https://bank.example", "Access-Control-Request-Method": "GET"}
    assert (await client.options(path, headers=preflight)).status_code == 200
