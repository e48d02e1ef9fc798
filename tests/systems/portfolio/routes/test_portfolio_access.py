"""Claims about who may do what: each route, each role."""

from __future__ import annotations

import re

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.systems.portfolio.routes import router
from tests.systems.portfolio.routes.conftest import ROLES, People

NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"
PLACES = {
    "company_id": NOBODY,
    "input_id": NOBODY,
    "record_id": NOBODY,
    "recorded": "inputs",
    "fiscal_reporting_date": "2025-12-31",
}

#: the least role for every route that is not for viewers
ANALYSTS = {
    ("POST", "/companies"),
    ("PUT", "/companies/{company_id}"),
    ("PATCH", "/companies/{company_id}"),
    ("PUT", "/companies/{company_id}/status"),
    ("PUT", "/companies/{company_id}/inputs/{fiscal_reporting_date}"),
    ("PUT", "/companies/{company_id}/valuations/{fiscal_reporting_date}"),
    ("PATCH", "/inputs/{input_id}"),
    ("POST", "/imports"),
    ("POST", "/companies/{company_id}/quarters/{fiscal_reporting_date}/recompute"),
    ("POST", "/companies/{company_id}/recompute"),
}
ADMINISTRATORS = {
    ("DELETE", "/companies/{company_id}"),
    ("DELETE", "/inputs/{input_id}"),
    ("PUT", "/rates"),
    ("POST", "/rates/imports"),
    ("POST", "/recompute"),
}


def _routes() -> list[tuple[str, str]]:
    app = FastAPI()
    app.include_router(router)
    paths = app.openapi()["paths"]
    prefix = "/api/portfolio"
    return [(method.upper(), path.removeprefix(prefix)) for path, methods in paths.items() for method in methods]


ROUTES = _routes()


def _least(route: tuple[str, str]) -> str:
    return "admin" if route in ADMINISTRATORS else "analyst" if route in ANALYSTS else "viewer"


def test_every_route_that_is_named_exists() -> None:
    assert set(ROUTES) >= ANALYSTS | ADMINISTRATORS
    assert len(ROUTES) >= 40


def test_whatever_changes_something_is_not_for_viewers() -> None:
    reading = {("POST", "/imports/check")}
    changing = {route for route in ROUTES if route[0] != "GET"} - reading
    assert changing == ANALYSTS | ADMINISTRATORS


async def test_each_route_is_open_to_its_roles_and_to_nobody_else(people: People) -> None:
    wrong = []
    for method, path in ROUTES:
        least = _least((method, path))
        for name, client in people.items():
            answer = await _asked(client, method, path)
            may = name in ROLES and ROLES.index(name) >= ROLES.index(least)
            expected = may or (403 if name in ROLES else 401)
            fits = answer.status_code not in (401, 403, 500) if may else answer.status_code == expected
            if not fits:
                wrong.append((name, method, path, answer.status_code, answer.text[:200]))
    assert wrong == []


async def _asked(client: httpx2.AsyncClient, method: str, path: str) -> httpx2.Response:
    place = re.sub(r"\{(\w+)\}", lambda match: PLACES[match[1]], path)
    # an empty body is not valid, and whoever may not send one does not learn it
    return await client.request(method, place, json={} if method != "GET" else None)


@pytest.mark.parametrize("path", ["/companies", "/inputs", "/financials", "/metrics", "/rates"])
async def test_a_page_has_bounds(viewer: httpx2.AsyncClient, path: str) -> None:
    for wrong in ({"limit": 0}, {"limit": 1001}, {"cursor": "made up"}):
        refused = await viewer.get(path, params=wrong)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
    assert (await viewer.get(path, params={"limit": 1000})).json() == {"items": [], "next_cursor": None, "count": None}
