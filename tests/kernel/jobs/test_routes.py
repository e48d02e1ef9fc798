"""Over HTTP people follow and stop the jobs they set off, and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import pytest

from strongroom.kernel.jobs import Job, defer
from strongroom.kernel.sessions import Actor, AsyncDatabase, Database
from strongroom.kernel.web import TokenService, build_base_app, build_jobs_router
from strongroom.testing.jobs import run_jobs
from tests.kernel.jobs.chores import CHORES, FAIL, NOTE

ADA, BOB = (Actor(uuid4(), name, frozenset({"clerk"})) for name in ("Ada", "Bob"))
ADMIN = Actor(uuid4(), "Root", frozenset({"admin"}))
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def tokens() -> TokenService:
    return TokenService("-" * 32)


@pytest.fixture
async def client(async_database: AsyncDatabase, tokens: TokenService) -> AsyncIterator[httpx2.AsyncClient]:
    app = build_base_app(title="Attic", version="0", database=async_database, tokens=tokens)
    app.include_router(build_jobs_router("attic"), prefix="/api/attic")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://attic") as client:
        yield client


def signed(tokens: TokenService, actor: Actor) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.of('attic').issue_access(actor)}"}


async def test_a_job_is_followed_by_whoever_deferred_it(
    client: httpx2.AsyncClient, tokens: TokenService, database: Database
) -> None:
    number = database.acting_as(ADA).write(defer, FAIL, code="secret" * 3)
    run_jobs(database, CHORES)
    answer = await client.get(f"/api/attic/jobs/{number}", headers=signed(tokens, ADA))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["id"], body["name"], body["status"], body["attempt"]) == (number, "attic.fail", "failed", 3)
    assert body["error_code"] == "VALIDATION_ERROR"
    assert "arguments" not in body


async def test_the_jobs_of_others_are_not_there(
    client: httpx2.AsyncClient, tokens: TokenService, database: Database
) -> None:
    number = database.acting_as(ADA).write(defer, NOTE, run_at=LATER)
    elsewhere = database.acting_as(ADA).write(defer, Job("cellar.note", lambda _: None))
    for actor, asked, expected in (
        (BOB, number, 404),
        (ADMIN, number, 200),
        (ADA, elsewhere, 404),
        (ADMIN, elsewhere, 404),
        (ADA, 2**63 - 1, 404),
        (ADA, 2**63, 422),
        (ADA, 0, 422),
    ):
        answer = await client.get(f"/api/attic/jobs/{asked}", headers=signed(tokens, actor))
        assert answer.status_code == expected, (actor, asked)
        if expected == 404:
            assert answer.json()["type"] == "/errors/JOB_NOT_FOUND"
    assert (await client.get(f"/api/attic/jobs/{number}")).status_code == 401
    assert (await client.post(f"/api/attic/jobs/{number}/cancel", headers=signed(tokens, BOB))).status_code == 404


async def test_a_job_is_cancelled_once(client: httpx2.AsyncClient, tokens: TokenService, database: Database) -> None:
    number = database.acting_as(ADA).write(defer, NOTE, run_at=LATER)
    answer = await client.post(f"/api/attic/jobs/{number}/cancel", headers=signed(tokens, ADA))
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")
    again = await client.post(f"/api/attic/jobs/{number}/cancel", headers=signed(tokens, ADA))
    assert (again.status_code, again.json()["type"]) == (409, "/errors/JOB_FINISHED")
