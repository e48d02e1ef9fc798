"""The bare application: documentation, the way there, and who may call it from a browser."""

from __future__ import annotations

import httpx2
import pytest


async def test_the_front_door_leads_to_the_documentation(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")
    assert (await client.get("/docs")).headers["content-type"].startswith("text/html")


async def test_there_is_one_documentation_only(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/redoc")).status_code == 404


@pytest.mark.parametrize(("origin", "allowed"), [("https://bank.example", True), ("https://evil.example", False)])
async def test_only_pages_of_known_origin_read_answers(
    client: httpx2.AsyncClient, origin: str, *, allowed: bool
) -> None:
    answer = await client.get("/health", headers={"Origin": origin})
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


async def test_a_browser_may_send_the_headers_we_read(client: httpx2.AsyncClient) -> None:
    answer = await client.options(
        "/health",
        headers={
            "Origin": "https://bank.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, idempotency-key, content-type, x-request-id",
        },
    )
    assert answer.status_code == 200


async def test_every_documented_route_says_what_its_failures_look_like(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert operations
    for operation in operations:
        assert operation["summary"]
        content = operation["responses"]["default"]["content"]
        assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert "HTTPValidationError" not in document["components"]["schemas"]
