"""What holds around every request: its id, its bound, and COMMIT before the response."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import anyio
import httpx2
import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, Request
from sqlalchemy import QueuePool, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Message

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import NotFound, StillReferenced
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.sessions.request_sessions import open_scope, register
from strongroom.kernel.web import TokenService, build_base_app

TABLES = (
    "DROP TABLE IF EXISTS children",
    "DROP TABLE IF EXISTS parents",
    "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
    "CREATE TABLE children (id INTEGER PRIMARY KEY,"
    " parent_id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)",
)
ADD_PARENT = text("INSERT INTO parents (id) VALUES (1)")
COUNT_PARENTS = text("SELECT count(*) FROM parents")
COUNT_SLEEPERS = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
#: breaks a deferred foreign key, so that only the COMMIT fails
ADD_ORPHAN = text("INSERT INTO children (id, parent_id) VALUES (1, 99)")


SLEEP_AT_COMMIT = (
    "CREATE OR REPLACE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER dozing AFTER INSERT ON parents DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION doze()",
)
DIE_AT_COMMIT = (
    "CREATE OR REPLACE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER dying AFTER INSERT ON parents DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION die()",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def options(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseOptions:
    if request.param == "sqlite":
        return DatabaseOptions(url=f"sqlite:///{tmp_path / 'web.db'}")
    return DatabaseOptions(url=request.getfixturevalue("postgresql_url"))


@pytest.fixture(autouse=True)
def tables(blocking_database: Database) -> Iterator[None]:
    with blocking_database.session() as session:
        for table in TABLES:
            session.execute(text(table))
    yield
    blocking_database.close()


@pytest.fixture
def count_parents(blocking_database: Database) -> Callable[[], int]:
    """Counts what is stored, over a connection of its own."""

    def count() -> int:
        return int(blocking_database.read(lambda session: session.execute(COUNT_PARENTS).scalar_one()))

    return count


@pytest.fixture
def blocking_app(app: FastAPI, blocking_database: Database) -> FastAPI:
    app.state.blocking_database = blocking_database
    return app


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.database.new_session() as session:
        register(session)
        yield session


def get_blocking_session(request: Request) -> Iterator[Session]:
    with request.app.state.blocking_database.new_session() as session:
        register(session)
        yield session


InSession = Annotated[AsyncSession, Depends(get_session)]
InBlockingSession = Annotated[Session, Depends(get_blocking_session)]


async def test_a_request_without_an_id_gets_one(client: httpx2.AsyncClient) -> None:
    assert UUID((await client.get("/health")).headers["x-request-id"]).version == 7


async def test_a_sane_request_id_is_kept(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/health", headers={"X-Request-ID": "trace-1_a.b"})
    assert answer.headers["x-request-id"] == "trace-1_a.b"


@pytest.mark.parametrize("offered", ["", "two words", "a" * 129, "id;drop", "caf\xe9"])
async def test_a_request_id_that_could_spoil_a_log_is_replaced(client: httpx2.AsyncClient, offered: str) -> None:
    answer = await client.get("/health", headers=[(b"X-Request-ID", offered.encode("latin-1"))])
    assert UUID(answer.headers["x-request-id"]).version == 7


async def test_a_failure_nobody_foresaw_still_answers_the_browser_that_asked(
    app: FastAPI, client: httpx2.AsyncClient
) -> None:
    @app.get("/failing")
    async def failing() -> None:
        raise RuntimeError

    answer = await client.get("/failing", headers={"Origin": "https://bank.example"})
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == "https://bank.example"
    assert answer.headers["x-request-id"] == answer.json()["instance"]


async def test_a_failure_in_the_middle_of_a_response_breaks_it_off(app: FastAPI, client: httpx2.AsyncClient) -> None:
    @app.get("/halfway")
    async def halfway() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"half"
            raise RuntimeError("torn")

        return StreamingResponse(parts())

    with pytest.raises(RuntimeError, match="torn"):
        await client.get("/halfway")


@pytest.fixture
def echoing(app: FastAPI) -> FastAPI:
    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.post("/parsed")
    async def parsed(body: dict[str, str]) -> int:
        return len(body)

    return app


async def in_parts(size: int, part: int = 100) -> AsyncIterator[bytes]:
    for _ in range(size // part):
        yield b"x" * part


async def test_a_body_at_the_limit_is_read(echoing: FastAPI, client: httpx2.AsyncClient) -> None:
    assert (await client.post("/echo", content=b"x" * 1000)).json() == 1000
    assert (await client.post("/echo", content=in_parts(1000))).json() == 1000


@pytest.mark.parametrize("path", ["/echo", "/parsed"])
async def test_a_body_announced_above_the_limit_is_refused(
    echoing: FastAPI, client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.post(path, content=b"x" * 1001)
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
    assert answer.json()["detail"] == "the request body is larger than 1000 bytes"


async def test_a_body_announced_above_the_limit_is_not_even_received(echoing: FastAPI) -> None:
    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody should ask for this body")

    sent = Sent()
    await echoing({**scope_of("/echo"), "headers": [(b"content-length", b"1001")]}, receive, sent)
    assert sent.statuses == [413]


@pytest.mark.parametrize("path", ["/echo", "/parsed"])
async def test_a_body_that_grows_above_the_limit_unannounced_is_refused(
    echoing: FastAPI, client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.post(path, content=in_parts(1100))
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


async def test_some_paths_take_more_and_no_others(database: AsyncDatabase, tokens: TokenService) -> None:
    larger = build_base_app(
        title="Test",
        version="1",
        database=database,
        tokens=tokens,
        max_body_bytes=1000,
        larger_bodies={"/files": 2000},
    )

    @larger.post("/{place}")
    async def echo(place: str, request: Request) -> int:
        return len(await request.body())

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(larger), base_url="http://test") as client:
        assert (await client.post("/files", content=b"x" * 2000)).json() == 2000
        assert (await client.post("/files", content=in_parts(2100))).status_code == 413
        assert (await client.post("/files", content=b"x" * 2001)).status_code == 413
        assert (await client.post("/file", content=b"x" * 1001)).status_code == 413


async def test_a_row_is_stored_before_the_response_begins(
    app: FastAPI, count_parents: Callable[[], int], database: AsyncDatabase
) -> None:
    @app.post("/parents", status_code=201)
    async def add_parent(session: InSession) -> None:
        await session.execute(ADD_PARENT)
        assert count_parents() == 0

    seen: list[tuple[int, int, int]] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append((message["status"], count_parents(), connections_out(database)))

    await app(scope_of("/parents"), receive_nothing, send)
    assert seen == [(201, 1, 0)]


async def test_a_row_of_a_blocking_session_is_stored_before_the_response_begins(
    blocking_app: FastAPI, count_parents: Callable[[], int]
) -> None:
    @blocking_app.post("/parents", status_code=201)
    def add_parent(session: InBlockingSession) -> None:
        session.execute(ADD_PARENT)

    seen: list[tuple[int, int]] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append((message["status"], count_parents()))

    await blocking_app(scope_of("/parents"), receive_nothing, send)
    assert seen == [(201, 1)]


async def test_a_commit_that_fails_is_an_error_response_and_stops_what_was_to_follow(
    app: FastAPI, client: httpx2.AsyncClient, count_parents: Callable[[], int]
) -> None:
    followed: list[str] = []

    @app.post("/children", status_code=201)
    async def add_child(session: InSession, afterwards: BackgroundTasks) -> str:
        await session.execute(ADD_PARENT)
        await session.execute(ADD_ORPHAN)
        afterwards.add_task(followed.append, "mail")
        return "stored"

    answer = await client.post("/children")
    assert (answer.status_code, answer.json()["code"]) == (409, "STILL_REFERENCED")
    assert answer.headers["x-request-id"] == answer.json()["instance"]
    assert count_parents() == 0
    assert followed == []


async def test_a_commit_that_fails_replaces_the_response_of_a_blocking_route(
    blocking_app: FastAPI, client: httpx2.AsyncClient
) -> None:
    @blocking_app.post("/children", status_code=201)
    def add_child(session: InBlockingSession) -> None:
        session.execute(ADD_ORPHAN)

    assert (await client.post("/children")).status_code == 409


async def test_after_a_commit_that_failed_nothing_of_the_response_is_sent(app: FastAPI) -> None:
    @app.post("/children", status_code=201)
    async def add_child(session: InSession) -> str:
        await session.execute(ADD_ORPHAN)
        return "stored"

    sent = Sent()
    await app(scope_of("/children"), receive_nothing, sent)
    assert sent.statuses == [409]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert b"stored" not in sent[1]["body"]


async def test_a_commit_that_fails_replaces_a_stream(app: FastAPI, client: httpx2.AsyncClient) -> None:
    @app.post("/children")
    async def add_child(session: InSession) -> StreamingResponse:
        await session.execute(ADD_ORPHAN)

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"row"
                await asyncio.sleep(0)

        return StreamingResponse(endless())

    assert (await client.post("/children")).status_code == 409


@pytest.mark.parametrize("options", ["postgresql"], indirect=True)
async def test_a_connection_lost_during_commit_is_never_called_a_success(
    app: FastAPI, client: httpx2.AsyncClient, blocking_database: Database
) -> None:
    with blocking_database.session() as session:
        for statement in DIE_AT_COMMIT:
            session.execute(text(statement))

    @app.post("/parents", status_code=201)
    async def add_parent(session: InSession) -> None:
        await session.execute(ADD_PARENT)

    answer = await client.post("/parents")
    assert (answer.status_code, answer.json()["code"]) == (503, "COMMIT_INDETERMINATE")
    assert answer.headers["retry-after"] == "1"


async def test_a_response_that_says_no_stores_nothing(
    app: FastAPI, client: httpx2.AsyncClient, count_parents: Callable[[], int]
) -> None:
    @app.post("/parents")
    async def add_parent(session: InSession) -> JSONResponse:
        await session.execute(ADD_PARENT)
        return JSONResponse({"no": True}, 400)

    assert (await client.post("/parents")).status_code == 400
    assert count_parents() == 0


@pytest.mark.parametrize(("error", "status"), [(NotFound(what="parent"), 404), (RuntimeError(), 500)])
async def test_an_exception_stores_nothing(
    app: FastAPI, client: httpx2.AsyncClient, count_parents: Callable[[], int], error: Exception, status: int
) -> None:
    @app.post("/parents")
    async def add_parent(session: InSession) -> None:
        await session.execute(ADD_PARENT)
        raise error

    assert (await client.post("/parents")).status_code == status
    assert count_parents() == 0


@pytest.mark.parametrize("ending", ["error", "cancelled task", "cancelled scope"])
async def test_a_request_that_ends_badly_stores_nothing_and_returns_its_connection(
    app: FastAPI, count_parents: Callable[[], int], database: AsyncDatabase, ending: str
) -> None:
    has_written = asyncio.Event()
    sent = Sent()
    cancel_scope = anyio.CancelScope()
    async with database.new_session() as session:  # still open when the request has ended

        @app.post("/parents")
        async def add_parent() -> None:
            assert register(session)
            await session.execute(ADD_PARENT)
            has_written.set()
            if ending == "error":
                raise RuntimeError
            await asyncio.sleep(60)

        async def serve() -> None:
            with cancel_scope:
                await app(scope_of("/parents"), receive_nothing, sent)

        serving = asyncio.ensure_future(serve())
        await has_written.wait()
        assert connections_out(database) == 1
        if ending == "cancelled task":
            serving.cancel()
        if ending == "cancelled scope":
            cancel_scope.cancel()
        await asyncio.wait([serving])
        assert sent.statuses == ([500] if ending == "error" else [])
        assert connections_out(database) == 0
    assert count_parents() == 0


@pytest.mark.parametrize("options", ["postgresql"], indirect=True)
async def test_a_commit_under_way_when_its_request_is_cancelled_comes_to_its_end(
    app: FastAPI, count_parents: Callable[[], int], database: AsyncDatabase, blocking_database: Database
) -> None:
    with blocking_database.session() as session:
        for statement in SLEEP_AT_COMMIT:
            session.execute(text(statement))

    @app.post("/parents")
    async def add_parent(session: InSession) -> None:
        await session.execute(ADD_PARENT)

    sent = Sent()

    def wait_for_commit() -> None:
        while not blocking_database.read(lambda session: session.execute(COUNT_SLEEPERS).scalar_one()):
            time.sleep(0.01)

    async def cancel_during_commit() -> None:
        await asyncio.to_thread(wait_for_commit)
        cancel_scope.cancel()

    with anyio.CancelScope() as cancel_scope:
        cancelling = asyncio.ensure_future(cancel_during_commit())
        await app(scope_of("/parents"), receive_nothing, sent)
    await cancelling
    assert count_parents() == 1
    assert sent.statuses == [200]
    assert connections_out(database) == 0


async def test_when_one_of_two_sessions_cannot_commit_the_next_is_rolled_back(
    database: AsyncDatabase, tmp_path: Path, count_parents: Callable[[], int]
) -> None:
    elsewhere = Database(DatabaseOptions(url=f"sqlite:///{tmp_path / 'other.db'}"))
    with open_scope() as sessions, elsewhere.new_session() as first:
        for table in TABLES:
            first.execute(text(table))
        first.execute(ADD_ORPHAN)
        assert register(first)
        async with database.new_session() as second:
            await second.execute(ADD_PARENT)
            assert register(second)
            with pytest.raises(StillReferenced):
                await sessions.commit_all()
            assert not first.in_transaction()
            assert not second.in_transaction()
    elsewhere.close()
    assert count_parents() == 0


def test_outside_of_a_request_a_session_is_its_owners_to_commit(blocking_database: Database) -> None:
    with blocking_database.new_session() as session:
        assert not register(session)


class Sent(list[Message]):
    """What an application sent, message by message; the place of a server."""

    async def __call__(self, message: Message) -> None:
        self.append(message)

    @property
    def statuses(self) -> list[int]:
        return [message["status"] for message in self if message["type"] == "http.response.start"]


def connections_out(database: AsyncDatabase) -> int:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def scope_of(path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }


async def receive_nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}
