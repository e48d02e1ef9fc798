"""A bank over HTTP with two customers and a teller, each with a client that is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.systems.banking.models import User
from strongroom.systems.banking.routes import router
from tests.serving import serve

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
PEOPLE = {"ada": "user", "ben": "user", "teller": "admin"}


@pytest.fixture
def tokens() -> TokenService:
    return TokenService(SECRET)


@pytest.fixture
def app(async_database: AsyncDatabase, tokens: TokenService) -> FastAPI:
    app = build_base_app(title="Bank", version="1", database=async_database, tokens=tokens, max_body_bytes=10_000)
    app.state.cursors = Cursors(SECRET.encode())
    serve(app, router)
    return app


@pytest.fixture
async def ids(async_database: AsyncDatabase) -> dict[str, str]:
    """The user id of each person, by name."""

    def add(session: Session) -> dict[str, str]:
        people = {
            name: User(
                email=f"{name}@example.com",
                first_name=name.title(),
                last_name="Lovelace",
                password_hash="unusable",
                status="active",
                role=role,
                kyc_level="premium",
                kyc_status="approved",
            )
            for name, role in PEOPLE.items()
        }
        session.add_all(people.values())
        session.flush()
        return {name: str(user.id) for name, user in people.items()}

    return await async_database.write(add)


@pytest.fixture
async def ada(app: FastAPI, ids: dict[str, str], tokens: TokenService) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(app, ids, tokens, "ada") as client:
        yield client


@pytest.fixture
async def ben(app: FastAPI, ids: dict[str, str], tokens: TokenService) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(app, ids, tokens, "ben") as client:
        yield client


@pytest.fixture
async def teller(app: FastAPI, ids: dict[str, str], tokens: TokenService) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(app, ids, tokens, "teller") as client:
        yield client


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who has not signed in."""
    async with client_of(app) as client:
        yield client


@pytest.fixture
def new_account(teller: httpx2.AsyncClient) -> Callable[..., Awaitable[str]]:
    """Opens an account for whoever the client is signed in as, pays the balance in, gives its id."""

    async def open_account(
        client: httpx2.AsyncClient, balance: str = "0", currency: str = "USD", account_type: str = "checking"
    ) -> str:
        body = {"account_name": "Everyday", "account_type": account_type, "currency": currency}
        opened = await client.post("/accounts", json=body)
        assert opened.status_code == 201, opened.text
        account_id = str(opened.json()["id"])
        if balance != "0":
            paid = await teller.post(f"/accounts/{account_id}/deposits", json={"amount": balance})
            assert paid.status_code == 201, paid.text
        return account_id

    return open_account


@asynccontextmanager
async def signed_in(
    app: FastAPI, ids: dict[str, str], tokens: TokenService, name: str
) -> AsyncIterator[httpx2.AsyncClient]:
    token = tokens.of("banking").issue_access(Actor(UUID(ids[name]), name, frozenset({PEOPLE[name]})))
    async with client_of(app) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def client_of(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://bank/api/banking")
