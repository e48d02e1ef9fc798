"""A key is 1 to 255 visible characters, sent once."""

from __future__ import annotations

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.kernel.web import IdempotencyKey


@pytest.fixture(autouse=True)
def keyed(app: FastAPI) -> None:
    @app.post("/keyed")
    async def keyed(key: IdempotencyKey) -> str | None:
        return key


@pytest.mark.parametrize("key", ["a", "x" * 255, '"quoted"', "!~", "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"])
async def test_a_key_arrives_as_it_was_sent(client: httpx2.AsyncClient, key: str) -> None:
    assert (await client.post("/keyed", headers={"Idempotency-Key": key})).json() == key


async def test_a_request_may_do_without_a_key(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/keyed")).json() is None


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"two words", b"tab\tbed", b"caf\xe9"])
async def test_a_key_of_another_kind_is_refused_by_name(client: httpx2.AsyncClient, key: bytes) -> None:
    answer = await client.post("/keyed", headers=[(b"Idempotency-Key", key)])
    assert answer.status_code == 422
    reason = "must be 1 to 255 visible ASCII characters"
    assert answer.json()["errors"] == [{"field": "Idempotency-Key", "message": reason}]


async def test_two_keys_are_refused(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/keyed", headers=[(b"Idempotency-Key", b"a"), (b"Idempotency-Key", b"b")])
    assert answer.status_code == 422


async def test_the_documentation_shows_the_header(client: httpx2.AsyncClient) -> None:
    parameters = (await client.get("/openapi.json")).json()["paths"]["/keyed"]["post"]["parameters"]
    assert [(p["name"], p["in"], p["required"]) for p in parameters] == [("Idempotency-Key", "header", False)]
