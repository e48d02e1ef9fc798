"""Claims about the hourly limit over HTTP: what is counted, what is told, and that nobody gets past it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import AsyncDatabase
from strongroom.kernel.values import FixedClock
from tests.systems.biotech.routes.conftest import Dial, NewProgram, Program, token_of

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
RESET = str(int(NOW.replace(hour=13, minute=0).timestamp()))


@pytest.fixture
def clock(async_database: AsyncDatabase) -> FixedClock:
    clock = FixedClock(NOW)
    async_database.clock = clock
    return clock


async def test_over_the_limit_a_client_is_told_to_wait_and_after_the_hour_let_in(
    new_program: NewProgram, clock: FixedClock
) -> None:
    program = await new_program(rate_limit_per_hour=2)
    for remaining in ("1", "0"):
        answer = await program.http.get("/companies")
        assert answer.status_code == 200
        assert answer.headers["X-RateLimit-Remaining"] == remaining
    for _ in range(3):
        refused = await program.http.get("/companies")
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMIT_EXCEEDED")
        assert refused.headers["content-type"] == "application/problem+json"
        told = [refused.headers[f"X-RateLimit-{what}"] for what in ("Limit", "Remaining", "Reset")]
        assert told == ["2", "0", RESET]
        assert refused.headers["Retry-After"] == "1801"
    clock.advance(timedelta(seconds=1801))
    assert (await program.http.get("/companies")).headers["X-RateLimit-Remaining"] == "1"


async def test_one_client_uses_up_nothing_of_another(new_program: NewProgram) -> None:
    one, other = [await new_program(name, rate_limit_per_hour=1) for name in ("One", "Two")]
    assert (await one.http.get("/companies")).status_code == 200
    assert (await one.http.get("/companies")).status_code == 429
    assert (await other.http.get("/companies")).status_code == 200


async def test_people_have_no_limit_and_hear_of_none(dial: Dial, new_program: NewProgram) -> None:
    viewer = await dial(Authorization=token_of("viewer"))
    answer = await viewer.get("/companies")
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


async def test_of_many_requests_at_once_no_more_than_the_limit_are_let_in(new_program: NewProgram) -> None:
    program = await new_program(rate_limit_per_hour=5)
    answers = await asyncio.gather(*(program.http.get("/companies/statistics") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 15
    assert sorted(answer.headers["X-RateLimit-Remaining"] for answer in answers)[-5:] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("body", [b"{", b"[1", b"\xff", b'{"name": 1}', b"[" * 50_000])
async def test_a_body_that_makes_no_sense_counts_like_any_other(program: Program, body: bytes) -> None:
    answer = await program.http.post("/alerts", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["X-RateLimit-Remaining"] == "999"


async def test_what_is_refused_at_the_door_uses_nothing_up(new_program: NewProgram) -> None:
    program = await new_program(allowed_endpoints=["/scores"])
    for _ in range(3):
        refused = await program.http.get("/signals")
        assert refused.json()["code"] == "ENDPOINT_NOT_ALLOWED"
        assert refused.headers["X-RateLimit-Remaining"] == "1000"
    assert (await program.http.get("/scores/top")).headers["X-RateLimit-Remaining"] == "999"


async def test_when_requests_cannot_be_counted_nobody_is_let_in(
    program: Program, async_database: AsyncDatabase
) -> None:
    def break_counting(session: Session) -> None:
        session.execute(text("DROP TABLE biotech.rate_windows"))

    await async_database.write(break_counting)
    answer = await program.http.get("/companies")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


async def test_a_key_sent_twice_is_nobodys(program: Program, dial: Dial) -> None:
    http = await dial()
    answer = await http.get("/companies", headers=[("X-API-Key", program.key), ("X-API-Key", program.key)])
    assert answer.status_code == 401
