"""Businesses over HTTP: two that export and an administrator, each with a client that is signed in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.values import new_id
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.systems.export_readiness.imports.nomenclature import import_nomenclature
from strongroom.systems.export_readiness.models import User
from strongroom.systems.export_readiness.routes import router
from tests.serving import serve
from tests.systems.export_readiness.building import add_user

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
NAMES = ("asha", "bala", "admin", "customer", "nobody")
REPORT = {
    "product_name": "Turmeric powder",
    "destination_country": "United States",
    "hs_code": "0910.30",
    "price_range": "500-1500",
}
NOMENCLATURE = (
    "section,hscode,description,parent,level\n"
    '"II","09","Coffee, tea, mate and spices","TOTAL","2"\n'
    '"II","0910","Ginger, saffron, turmeric, thyme, bay leaves, curry and other spices","09","4"\n'
    '"II","091020","Spices; saffron","0910","6"\n'
    '"II","091030","Spices; turmeric (curcuma)","0910","6"\n'
)

People = dict[str, httpx2.AsyncClient]
NewReport = Callable[..., Awaitable[str]]


@pytest.fixture
def app(async_database: AsyncDatabase) -> FastAPI:
    app = build_base_app(
        title="Exports", version="1", database=async_database, tokens=TokenService(SECRET), max_body_bytes=200_000
    )
    app.state.cursors = Cursors(SECRET.encode())
    serve(app, router)
    return app


@pytest.fixture
async def people(app: FastAPI, async_database: AsyncDatabase) -> AsyncIterator[People]:
    """A client for `asha` and `bala`, who export, for `admin`, for `nobody`, and for a `customer` of another system."""

    def register(session: Session) -> list[User]:
        return [add_user(session, email=f"{name}@example.com") for name in NAMES[:2]]

    users = await async_database.write(register)
    tokens = TokenService(SECRET)
    here = tokens.of("export_readiness")
    issued = {
        name: here.issue_access(Actor(user.id, name, frozenset({"exporter"})))
        for name, user in zip(NAMES[:2], users, strict=True)
    }
    issued["admin"] = here.issue_access(Actor(new_id(), "Ada", frozenset({"admin"})))
    issued["customer"] = tokens.of("banking").issue_access(Actor(new_id(), "Eve", frozenset({"admin"})))
    async with AsyncExitStack() as stack:
        clients = {}
        for name in NAMES:
            client = await stack.enter_async_context(client_of(app))
            clients[name] = client
            if name in issued:
                client.headers["Authorization"] = f"Bearer {issued[name]}"
        yield clients


def client_of(app: FastAPI) -> httpx2.AsyncClient:
    """A client that has not signed in."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://exports/api/export_readiness")


def as_sent(body: Any) -> dict[str, Any]:
    """A body as anybody may write it, with halves of characters and numbers that JSON does not know."""
    return {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}


@pytest.fixture
async def asha(people: People) -> httpx2.AsyncClient:
    return people["asha"]


@pytest.fixture
async def bala(people: People) -> httpx2.AsyncClient:
    return people["bala"]


@pytest.fixture
async def admin(people: People) -> httpx2.AsyncClient:
    return people["admin"]


@pytest.fixture
async def nobody(people: People) -> httpx2.AsyncClient:
    return people["nobody"]


@pytest.fixture
async def nomenclature(async_database: AsyncDatabase) -> None:
    """Spices, as far as they are asked for."""
    await async_database.write(import_nomenclature, NOMENCLATURE.encode(), "codes.csv")


@pytest.fixture
def new_report(asha: httpx2.AsyncClient) -> NewReport:
    """Asks for a report in the name of asha, gives its id."""

    async def ask(**values: Any) -> str:
        made = await asha.post("/reports", json={**REPORT, **values})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    return ask
