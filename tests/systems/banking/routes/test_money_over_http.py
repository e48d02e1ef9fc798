"""Claims that hold for every request about money: 2xx means stored, anything else means nothing happened."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from sqlalchemy import QueuePool, text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import AsyncDatabase, Attempts, Database

NewAccount = Callable[..., Awaitable[str]]
REQUESTS = 1000
AT_ONCE = 8
#: what a marked row does when its transaction commits, and what the caller is told
FATES = {
    "stored": 201,
    "23514": 422,
    "23505": 409,
    "40001": 503,
    "killed": 503,
}
FAIL_AT_COMMIT = (
    """
    CREATE FUNCTION public.meet_fate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.description = 'killed' THEN
        PERFORM pg_terminate_backend(pg_backend_pid());
      ELSIF NEW.description ~ '^[0-9]{5}$' THEN
        RAISE EXCEPTION 'no' USING ERRCODE = NEW.description;
      END IF;
      RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER fate AFTER INSERT ON banking.transactions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.meet_fate()
    """,
)
#: sessions of the application that hold a transaction open while nobody works in it
IDLE = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'")
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.mark.slow
async def test_every_2xx_is_stored_and_everything_else_is_not_even_when_commits_fail(
    async_database: AsyncDatabase,
    database: Database,
    ada: httpx2.AsyncClient,
    ben: httpx2.AsyncClient,
    teller: httpx2.AsyncClient,
    new_account: NewAccount,
) -> None:
    async_database.attempts = Attempts(count=2, pause_s_max=0.001)
    accounts = [await new_account(ada, "1000"), await new_account(ben, "1000")]
    for account_id in accounts:
        # so that no refusal of a limit comes in between
        await teller.put(f"/accounts/{account_id}/overdraft", json={"enabled": True, "limit": "100000"})
    with database.session() as session:
        for statement in FAIL_AT_COMMIT:
            session.execute(text(statement))
    dice = random.Random(20260301)
    turn = asyncio.Semaphore(AT_ONCE)
    before = database.read(stored_rows)

    async def order(number: int) -> tuple[str, httpx2.Response]:
        fate = dice.choices(list(FATES), weights=[60, 14, 14, 9, 3])[0]
        account_id = dice.choice(accounts)
        owner = ada if account_id == accounts[0] else ben
        body: dict[str, str] = {"amount": f"{dice.randint(1, 300) / 100:.2f}", "description": fate}
        kind = dice.choice(["deposits", "withdrawals", "transfers"])
        headers = {"Idempotency-Key": f"order-{number}"} if dice.random() < 0.5 else {}
        if kind == "transfers":
            body |= {"from_account_id": account_id, "to_account_id": accounts[accounts[0] == account_id]}
            body["amount"] = "1.00"
        path = "/transfers" if kind == "transfers" else f"/accounts/{account_id}/{kind}"
        async with turn:
            client = teller if kind == "deposits" else owner
            return fate, await client.post(path, json=body, headers=headers)

    answers = await asyncio.gather(*(order(number) for number in range(REQUESTS)))

    assert {(fate, answer.status_code) for fate, answer in answers} == set(FATES.items())
    acknowledged = Counter(answer.json()["journal_id"] for _, answer in answers if answer.is_success)
    assert set(acknowledged.values()) == {1}
    stored = database.read(stored_rows)
    assert {str(entry) for entry in stored["entries"] - before["entries"]} == set(acknowledged)
    assert stored["descriptions"] - before["descriptions"] == {"stored"}
    assert stored["keys"] == sum(
        answer.is_success and "idempotency-key" in answer.request.headers for _, answer in answers
    )
    assert await in_customers_hands(teller) == 2000 + sum(
        Decimal(answer.json()["amount"]) * {"deposit": 1, "withdrawal": -1}[answer.json()["transaction_type"]]
        if "transaction_type" in answer.json()
        else -Decimal(answer.json()["fee_amount"])
        for _, answer in answers
        if answer.is_success
    )
    assert all(check["holds"] for check in (await teller.get("/ledger/checks")).json())
    assert connections_out(async_database) == 0
    assert database.read(count, IDLE) == 0


async def test_an_order_whose_connection_died_is_made_once_when_sent_again_with_its_key(
    database: Database, ada: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    with database.session() as session:
        for statement in FAIL_AT_COMMIT:
            session.execute(text(statement))
    path, key = f"/accounts/{account_id}/withdrawals", {"Idempotency-Key": "again"}
    body = {"amount": "10", "description": "killed"}
    lost = await ada.post(path, json=body, headers=key)
    assert (lost.status_code, lost.json()["code"]) == (503, "COMMIT_INDETERMINATE")
    with database.session() as session:
        session.execute(text("DROP TRIGGER fate ON banking.transactions"))
    assert [(await ada.post(path, json=body, headers=key)).status_code for _ in range(2)] == [201, 201]
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "90.00"


async def test_a_cancelled_request_stores_nothing_and_returns_its_connection_clean(
    async_database: AsyncDatabase, database: Database, ada: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    lock = text("SELECT 1 FROM banking.accounts WHERE id = CAST(:id AS uuid) FOR UPDATE")
    with database.new_session() as holder:
        holder.execute(lock, {"id": account_id})
        calls = [
            asyncio.create_task(ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "1"})) for _ in range(3)
        ]
        await asyncio.to_thread(wait_for_waiting, database, len(calls))
        for call in calls:
            call.cancel()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(end) for end in ended] == [asyncio.CancelledError] * 3
        assert connections_out(async_database) == 0
        holder.rollback()
    assert database.read(count, IDLE) == 0
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "100.00"
    assert (await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "1"})).status_code == 201


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"amount": 1.5}', 422),
        (b'{"amount": 1e2}', 422),
        (b'{"amount": NaN}', 422),
        (b'{"amount": "1.5", "amont": "2"}', 422),
        (b'{"amount": "1.5", "description": "\\ud800"}', 422),
        (b'{"amount": "1.5", "description": "a\\u0000b"}', 422),
        (b'{"amount": "1.5", "payment_method": "barter"}', 422),
        (b'{"amount": "1.5"', 422),
        (b"[]", 422),
        (b"", 422),
        (b'{"amount": "' + b"1" * 20_000 + b'"}', 413),
    ],
)
async def test_a_body_that_is_no_order_is_refused_and_moves_nothing(
    ada: httpx2.AsyncClient, new_account: NewAccount, content: bytes, status: int
) -> None:
    account_id = await new_account(ada, "100")
    headers = {"Content-Type": "application/json"}
    refused = await ada.post(f"/accounts/{account_id}/withdrawals", content=content, headers=headers)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "100.00"


async def test_a_whole_number_is_an_amount(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    account_id = await new_account(ada, "100")
    taken = await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": 3})
    assert (taken.status_code, taken.json()["amount"]) == (201, "3.00")


async def test_an_unknown_word_is_answered_with_the_known_ones(
    ada: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    body = {"amount": "1", "payment_method": "barter"}
    refused = (await ada.post(f"/accounts/{account_id}/withdrawals", json=body)).json()
    assert [error["field"] for error in refused["errors"]] == ["payment_method"]
    assert "'cash', 'check', 'wire', 'ach'" in refused["errors"][0]["message"]


PUBLIC = {
    ("/api/banking/users", "post"),
    ("/api/banking/sign-in", "post"),
    ("/api/banking/sign-in/refresh", "post"),
    ("/api/banking/password-reset", "post"),
    ("/api/banking/password-reset", "put"),
}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        if path.startswith("/api/banking"):
            for method, operation in methods.items():
                yield path, method, operation


def test_the_openapi_document_is_valid_and_complete(app: FastAPI) -> None:
    document = app.openapi()
    OpenAPI.model_validate(document)
    schemas = document["components"]["schemas"]
    references = set(references_in(document))
    assert references <= {f"#/components/schemas/{name}" for name in schemas}
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names)) >= 40
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation.get("summary"), where
        assert operation.get("tags"), where
        assert bool(operation.get("security")) is ((path, method) not in PUBLIC), where
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert len(success) == 1, where
        if (path, method) not in PUBLIC:
            assert operation["responses"]["401"]["content"].keys() == {"application/problem+json"}, where


def test_no_amount_is_a_number_in_the_openapi_document(app: FastAPI) -> None:
    def kinds(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            if isinstance(schema.get("type"), str):
                yield schema["type"]
            for part in schema.values():
                yield from kinds(part)
        if isinstance(schema, list):
            for part in schema:
                yield from kinds(part)

    document = app.openapi()
    banking = {path: item for path, item in document["paths"].items() if path.startswith("/api/banking")}
    assert "number" not in set(kinds(banking)) | set(kinds(document["components"]["schemas"]))


@pytest.mark.parametrize("secret", ["not-a-token", "a.b.c"])
async def test_no_banking_route_answers_a_stranger(app: FastAPI, stranger: httpx2.AsyncClient, secret: str) -> None:
    anything = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"
    for path, method, _ in operations(app.openapi()):
        if (path, method) in PUBLIC:
            continue
        url = "http://bank" + "/".join(anything if part.startswith("{") else part for part in path.split("/"))
        for headers in ({}, {"Authorization": f"Bearer {secret}"}):
            answer = await stranger.request(method.upper(), url, headers=headers, json={})
            assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED"), f"{method} {path}"


def references_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references_in(value)
    if isinstance(part, list):
        for value in part:
            yield from references_in(value)


def stored_rows(session: Session) -> dict[str, Any]:
    """What the database holds: journal entries, texts of transactions, idempotency keys."""
    return {
        "entries": set(session.scalars(text("SELECT id FROM banking.journal_entries"))),
        "descriptions": set(session.scalars(text("SELECT description FROM banking.transactions"))),
        "keys": session.scalar(text("SELECT count(*) FROM banking.idempotency_keys")),
    }


def count(session: Session, query: Any) -> int:
    return int(session.execute(query).scalar_one())


def wait_for_waiting(database: Database, sessions: int) -> None:
    while database.read(count, WAITING) < sessions:
        time.sleep(0.01)


def connections_out(database: AsyncDatabase) -> int:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


async def in_customers_hands(teller: httpx2.AsyncClient) -> Decimal:
    """All customers' balances together, by the trial balance."""
    lines = (await teller.get("/ledger/trial-balance")).json()
    return -sum((Decimal(line["balance"]) for line in lines if line["code"] == "customers"), Decimal(0))
