"""An office over HTTP: a viewer, two analysts and an administrator, each with a client that is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import Actor, AsyncDatabase, Database
from strongroom.kernel.values import new_id
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.routes import router
from strongroom.systems.forecasting.rules import RoleEnum
from tests.serving import serve
from tests.systems.forecasting.building import SEASONAL, acting, add_model, add_user, month

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
ROLES = ("viewer", "analyst", "admin")
UPLOADS = "/api/forecasting/uploads"
CONFIRMED = '{"accept_detected": true, "category": "revenue"}'
CSV = "date,revenue\n" + "".join(f"{month(at):%Y-%m-%d},{value}.00\n" for at, value in enumerate(SEASONAL))

People = dict[str, httpx2.AsyncClient]
Send = Callable[..., Awaitable[httpx2.Response]]
NewModel = Callable[..., Awaitable[str]]


@pytest.fixture
def options(tmp_path: Path) -> ForecastingOptions:
    return ForecastingOptions(
        models_folder=tmp_path / "models",
        uploads_folder=tmp_path / "uploads",
        upload_bytes_max=50_000,
        upload_bytes_at_once=20_000,
        sign_in_attempts=3,
    )


@pytest.fixture
def app(async_database: AsyncDatabase, options: ForecastingOptions) -> FastAPI:
    app = build_base_app(
        title="Office",
        version="1",
        database=async_database,
        tokens=TokenService(SECRET),
        max_body_bytes=10_000,
        larger_bodies={UPLOADS: options.upload_bytes_max},
    )
    app.state.cursors = Cursors(SECRET.encode())
    app.state.forecasting_options = options
    serve(app, router)
    return app


@pytest.fixture
def actors(database: Database) -> dict[str, Actor]:
    """Whom the clients act as: users that are there, by the names of their clients."""

    def enter(session: Any) -> dict[str, Actor]:
        roles = {"viewer": RoleEnum.VIEWER, "analyst": RoleEnum.ANALYST, "admin": RoleEnum.ADMIN}
        names = {**roles, "other": RoleEnum.ANALYST}
        return {name: acting(add_user(session, name, role)) for name, role in names.items()}

    return database.write(enter)


@pytest.fixture
async def people(app: FastAPI, actors: dict[str, Actor]) -> AsyncIterator[People]:
    """A client for each role, for an `other` analyst, for `nobody` without a token and a `customer` of banking."""
    tokens = TokenService(SECRET)
    issued = {name: tokens.of("forecasting").issue_access(actor) for name, actor in actors.items()}
    issued["customer"] = tokens.of("banking").issue_access(Actor(new_id(), "Eve", frozenset({"admin"})))
    async with AsyncExitStack() as stack:
        clients = {}
        for name in (*actors, "customer", "nobody"):
            client = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app, raise_app_exceptions=False),
                base_url="http://office/api/forecasting",
            )
            clients[name] = await stack.enter_async_context(client)
            if name in issued:
                client.headers["Authorization"] = f"Bearer {issued[name]}"
        yield clients


@pytest.fixture
def viewer(people: People) -> httpx2.AsyncClient:
    return people["viewer"]


@pytest.fixture
def analyst(people: People) -> httpx2.AsyncClient:
    return people["analyst"]


@pytest.fixture
def other(people: People) -> httpx2.AsyncClient:
    return people["other"]


@pytest.fixture
def admin(people: People) -> httpx2.AsyncClient:
    return people["admin"]


@pytest.fixture
def nobody(people: People) -> httpx2.AsyncClient:
    return people["nobody"]


@pytest.fixture
def send(analyst: httpx2.AsyncClient) -> Send:
    """Sends a file as the analyst."""

    async def send_file(text: str = CSV, choices: str = CONFIRMED, *, path: str = "/uploads") -> httpx2.Response:
        file = {"file": ("revenue.csv", text.encode(), "text/csv")}
        return await analyst.post(path, files=file, data={"choices": choices})

    return send_file


@pytest.fixture
def new_model(send: Send, database: Database, actors: dict[str, Actor]) -> NewModel:
    """The analyst's series is stored, and a model of it without a file; the model's id."""

    async def make(name: str = "revenue") -> str:
        stored = await send()
        assert stored.status_code in (200, 201), stored.text
        owner = actors["analyst"].id
        assert isinstance(owner, UUID)
        return str(database.write(lambda session: add_model(session, owner, name).id))

    return make
