"""A fund over HTTP: a viewer, an analyst and an administrator, each with a client that is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.values import new_id
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.systems.portfolio.routes import router
from tests.serving import serve

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
ROLES = ("viewer", "analyst", "admin")
COMPANY = {
    "name": "Acme",
    "reporting_currency": "USD",
    "fund": "Fund I",
    "location_country": "Canada",
    "customer_type": "SMB",
    "revenue_type": "SaaS",
    "equity_raised": "20000000.00",
    "post_money_valuation": "50000000.00",
    "year_end_date": "2020-12-31",
}
FIGURES = {
    "currency": "USD",
    "total_revenue": "1200000.00",
    "recurring_revenue": "1000000.00",
    "gross_profit": "800000.00",
    "sales_marketing_expense": "300000.00",
    "total_operating_expense": "900000.00",
    "ebitda": "-100000.00",
    "net_income": "-120000.00",
    "cash_burn": "300000.00",
    "cash_balance": "6000000.00",
    "employees": 40,
}
DAYS = ("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31")

People = dict[str, httpx2.AsyncClient]
NewCompany = Callable[..., Awaitable[str]]
Submit = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def app(async_database: AsyncDatabase) -> FastAPI:
    app = build_base_app(
        title="Fund", version="1", database=async_database, tokens=TokenService(SECRET), max_body_bytes=100_000
    )
    app.state.cursors = Cursors(SECRET.encode())
    serve(app, router)
    return app


@pytest.fixture
async def people(app: FastAPI) -> AsyncIterator[People]:
    """A client for each role, one for `nobody` who has no token, and one for `customer` of another system."""
    tokens = TokenService(SECRET)
    issued = {
        role: tokens.of("portfolio").issue_access(Actor(new_id(), role.title(), frozenset({role}))) for role in ROLES
    }
    issued["customer"] = tokens.of("banking").issue_access(Actor(new_id(), "Eve", frozenset({"admin"})))
    async with AsyncExitStack() as stack:
        clients = {}
        for name in (*ROLES, "customer", "nobody"):
            client = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app, raise_app_exceptions=False), base_url="http://fund/api/portfolio"
            )
            clients[name] = await stack.enter_async_context(client)
            if name in issued:
                client.headers["Authorization"] = f"Bearer {issued[name]}"
        yield clients


@pytest.fixture
async def viewer(people: People) -> httpx2.AsyncClient:
    return people["viewer"]


@pytest.fixture
async def analyst(people: People) -> httpx2.AsyncClient:
    return people["analyst"]


@pytest.fixture
async def admin(people: People) -> httpx2.AsyncClient:
    return people["admin"]


@pytest.fixture
async def rates(admin: httpx2.AsyncClient) -> None:
    """1 USD = 1.25 CAD and 1 EUR = 1.10 USD at every end of a quarter of 2025."""
    pairs = (("USD", "CAD", "1.25"), ("EUR", "USD", "1.10"))
    body = [{"base": base, "quote": quote, "day": day, "rate": rate} for base, quote, rate in pairs for day in DAYS]
    put = await admin.put("/rates", json={"rates": body})
    assert put.json() == {"rates": 8}, put.text


@pytest.fixture
def new_company(analyst: httpx2.AsyncClient) -> NewCompany:
    """Enters a company, gives its id."""

    async def enter(name: str = "Acme", **values: Any) -> str:
        entered = await analyst.post("/companies", json={**COMPANY, "name": name, **values})
        assert entered.status_code == 201, entered.text
        return str(entered.json()["id"])

    return enter


@pytest.fixture
def submit(analyst: httpx2.AsyncClient, rates: None) -> Submit:
    """Submits a quarter, gives the input."""

    async def send(company_id: str, day: str = DAYS[-1], **figures: Any) -> dict[str, Any]:
        sent = await analyst.put(f"/companies/{company_id}/inputs/{day}", json={**FIGURES, **figures})
        assert sent.status_code == 200, sent.text
        return dict(sent.json())

    return send
