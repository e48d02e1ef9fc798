"""Biotech over HTTP: three people by token, two programs by key, and those whom nobody lets in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.values import new_id
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.systems.biotech.repositories import ClientRepository, NewKey
from strongroom.systems.biotech.routes import router
from tests.serving import serve
from tests.systems.biotech.outbox import OPTIONS

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
ROLES = ("viewer", "analyst", "admin")
NOBODYS_ID = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"
HOOK = {"name": "Hook", "url": "https://hooks.example.com/a", "event_types": ["score.changed", "new_signal"]}
ALERT = {"name": "High", "alert_type": "score_threshold", "condition": {"threshold": 80}}

NewCompany = Callable[..., Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Program:
    """An API client, and how it calls."""

    id: str
    key: str
    http: httpx2.AsyncClient


NewProgram = Callable[..., Awaitable[Program]]
Dial = Callable[..., Awaitable[httpx2.AsyncClient]]


@pytest.fixture
def app(async_database: AsyncDatabase) -> FastAPI:
    app = build_base_app(
        title="Biotech", version="1", database=async_database, tokens=TokenService(SECRET), max_body_bytes=200_000
    )
    app.state.cursors = Cursors(SECRET.encode())
    app.state.biotech_options = OPTIONS
    serve(app, router)
    return app


@pytest.fixture
async def dial(app: FastAPI) -> AsyncIterator[Dial]:
    """Gives a connection with these headers."""
    async with AsyncExitStack() as stack:

        async def connect(**headers: str) -> httpx2.AsyncClient:
            http = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app, raise_app_exceptions=False), base_url="http://biotech/api/biotech"
            )
            http.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
            return await stack.enter_async_context(http)

        yield connect


def token_of(*roles: str, system: str = "biotech") -> str:
    """An Authorization header's value."""
    actor = Actor(new_id(), roles[0].title(), frozenset(roles))
    return f"Bearer {TokenService(SECRET).of(system).issue_access(actor)}"


@pytest.fixture
async def viewer(dial: Dial) -> httpx2.AsyncClient:
    return await dial(Authorization=token_of("viewer"))


@pytest.fixture
async def analyst(dial: Dial) -> httpx2.AsyncClient:
    return await dial(Authorization=token_of("analyst"))


@pytest.fixture
async def admin(dial: Dial) -> httpx2.AsyncClient:
    return await dial(Authorization=token_of("admin"))


@pytest.fixture
def new_program(async_database: AsyncDatabase, dial: Dial) -> NewProgram:
    """Enters an API client."""

    def create(session: Session, name: str, values: dict[str, Any]) -> NewKey:
        return ClientRepository(session).create(name, **values)

    async def enter(name: str = "Fund One", **values: Any) -> Program:
        made = await async_database.write(create, name, values)
        return Program(str(made.client.id), made.key, await dial(X_API_Key=made.key))

    return enter


@pytest.fixture
async def program(new_program: NewProgram) -> Program:
    return await new_program("Fund One")


@pytest.fixture
async def other(new_program: NewProgram) -> Program:
    return await new_program("Fund Two")


@pytest.fixture
def new_company(analyst: httpx2.AsyncClient) -> NewCompany:
    """Enters a company, gives its id."""

    async def enter(ticker: str = "ABCD", **values: Any) -> str:
        body = {"name": f"{ticker} Bio", "market_cap_usd": "1500000000.00", "cash_position_usd": 250_000_000, **values}
        entered = await analyst.post("/companies", json={"ticker": ticker, **body})
        assert entered.status_code == 201, entered.text
        return str(entered.json()["id"])

    return enter


async def sent(http: httpx2.AsyncClient, method: str, path: str, status: int = 201, /, **body: Any) -> dict[str, Any]:
    """The answer to a request, which must have this status."""
    answer = await http.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())
