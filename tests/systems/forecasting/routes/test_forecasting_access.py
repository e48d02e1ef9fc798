"""Claims about who may do what: each route, each role; and about the lists."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.systems.forecasting.routes import router
from tests.systems.forecasting.routes.conftest import ROLES, NewModel, People

NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"
PLACES = {"model_id": NOBODY, "upload_id": NOBODY, "report_id": NOBODY, "user_id": NOBODY, "job_id": "1"}
PREFIX = "/api/forecasting"

#: open to whoever comes
PUBLIC = {("POST", "/sign-in"), ("POST", "/sign-in/refresh")}
#: what everybody may change of themselves, and of their own jobs
OWN = {
    ("POST", "/sign-out-everywhere"),
    ("PUT", "/password"),
    ("PATCH", "/me"),
    ("POST", "/jobs/{job_id}/cancel"),
}
ANALYSTS = {
    ("POST", "/uploads/detect"),
    ("POST", "/uploads"),
    ("POST", "/uploads/{upload_id}/cancel"),
    ("POST", "/models/training"),
    ("POST", "/models/{model_id}/activate"),
    ("PUT", "/models/{model_id}/scores"),
    ("POST", "/models/{model_id}/forecasts"),
    ("PUT", "/models/{model_id}/forecasts"),
    ("PUT", "/models/{model_id}/actuals"),
    ("POST", "/models/{model_id}/risk"),
    ("POST", "/models/{model_id}/kpis"),
}
ADMINISTRATORS = {
    ("POST", "/users"),
    ("GET", "/users"),
    ("GET", "/users/{user_id}"),
    ("PATCH", "/users/{user_id}"),
    ("PUT", "/users/{user_id}/role"),
    ("PUT", "/users/{user_id}/standing"),
    ("PUT", "/users/{user_id}/password"),
    ("DELETE", "/users/{user_id}"),
    ("DELETE", "/uploads/{upload_id}"),
    ("DELETE", "/models/{model_id}"),
}

#: bodies that would be taken, where an empty one would not
VALID = {
    ("PUT", "/models/{model_id}/forecasts"): {"forecasts": [{"forecast_date": "2024-01-01", "predicted_value": "1"}]},
    ("PUT", "/models/{model_id}/actuals"): {"actuals": [{"forecast_date": "2024-01-01", "value": "1"}]},
    ("POST", "/models/{model_id}/kpis"): {"start": "2023-01-01", "end": "2024-01-01"},
}


def _document() -> dict[str, Any]:
    app = FastAPI()
    app.include_router(router)
    paths: dict[str, Any] = app.openapi()["paths"]
    return {path.removeprefix(PREFIX): methods for path, methods in paths.items()}


DOCUMENT = _document()
ROUTES = [(method.upper(), path) for path, methods in DOCUMENT.items() for method in methods]


def _least(route: tuple[str, str]) -> str:
    return "admin" if route in ADMINISTRATORS else "analyst" if route in ANALYSTS else "viewer"


def test_every_route_that_is_named_exists() -> None:
    assert set(ROUTES) >= PUBLIC | OWN | ANALYSTS | ADMINISTRATORS
    assert len(ROUTES) >= 50


def test_whatever_changes_something_is_not_for_viewers() -> None:
    changing = {route for route in ROUTES if route[0] != "GET"}
    assert changing - PUBLIC - OWN == ANALYSTS | {route for route in ADMINISTRATORS if route[0] != "GET"}


def test_every_route_says_what_it_does_and_how_it_refuses() -> None:
    for method, path in ROUTES:
        operation = DOCUMENT[path][method.lower()]
        assert operation["summary"][0].isupper(), (method, path)
        assert (method, path) in PUBLIC or "401" in operation["responses"], (method, path)
        named = path in ("/models/active", "/models/versions") or "{" in path
        assert not named or "404" in operation["responses"], (method, path)


async def test_each_route_is_open_to_its_roles_and_to_nobody_else(people: People) -> None:
    wrong = []
    for method, path in ROUTES:
        least = _least((method, path))
        for name in (*ROLES, "customer", "nobody"):
            answer = await _asked(people[name], method, path)
            may = (method, path) in PUBLIC or (name in ROLES and ROLES.index(name) >= ROLES.index(least))
            refused = 403 if name in ROLES else 401
            fits = answer.status_code not in (401, 403, 500) if may else answer.status_code == refused
            if not fits:
                wrong.append((name, method, path, answer.status_code, answer.text[:200]))
    assert wrong == []


async def _asked(
    client: httpx2.AsyncClient, method: str, path: str, places: dict[str, str] = PLACES, body: Any = None
) -> httpx2.Response:
    place = re.sub(r"\{(\w+)\}", lambda match: places[match[1]], path)
    # an empty body is not valid, and whoever may not send one does not learn it
    return await client.request(method, place, json=(body or {}) if method not in ("GET", "DELETE") else None)


@pytest.mark.parametrize("path", ["/uploads", "/series/points", "/models", "/users"])
async def test_a_page_has_bounds(admin: httpx2.AsyncClient, path: str) -> None:
    for wrong in ({"limit": 0}, {"limit": 1001}, {"cursor": "made up"}):
        refused = await admin.get(path, params=wrong)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
    assert (await admin.get(path, params={"limit": 1000})).json()["next_cursor"] is None


async def test_an_analyst_changes_what_is_theirs_and_an_administrator_all(
    other: httpx2.AsyncClient, admin: httpx2.AsyncClient, viewer: httpx2.AsyncClient, new_model: NewModel
) -> None:
    model_id = await new_model()
    assert (await viewer.get(f"/models/{model_id}")).json()["model_name"] == "revenue"
    for method, path in sorted(ANALYSTS):
        if "{model_id}" in path:
            body = VALID.get((method, path), {})
            answer = await _asked(other, method, path, {**PLACES, "model_id": model_id}, body)
            assert (answer.status_code, answer.json()["code"]) == (403, "ACCESS_DENIED"), (method, path)
    assert (await admin.post(f"/models/{model_id}/activate")).json()["is_active"] is True
    assert (await admin.delete(f"/models/{model_id}")).status_code == 204
    assert (await viewer.get(f"/models/{model_id}")).json()["code"] == "TRAINED_MODEL_NOT_FOUND"
