"""Claims about who may do what: each route, each caller; what is somebody else's is not there."""

from __future__ import annotations

import re

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.systems.export_readiness.routes import router
from tests.systems.export_readiness.routes.conftest import NewReport, People

NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"
PUBLIC = {("POST", "/users"), ("POST", "/sign-in"), ("POST", "/sign-in/refresh")}
ADMINISTRATORS = {
    ("GET", "/users"),
    ("GET", "/users/{user_id}"),
    ("DELETE", "/users/{user_id}"),
    ("GET", "/users/{user_id}/metrics"),
    ("GET", "/platform"),
    ("POST", "/reference-rates"),
    ("DELETE", "/conversations"),
}
OUTSIDERS = ("customer", "nobody")
#: valid, so that nothing but whose it is can be the reason of a refusal
BODIES: dict[str, object] = {
    "PUT /reports/{report_id}/hs-code": {"hs_code": "091020"},
    "POST /reports/{report_id}/failure": {"reason": "none"},
    "POST /reports/{report_id}/documents": {"document_type": "packing_list"},
    "PUT /reports/{report_id}/logistics": {"volume": "10"},
    "PUT /reports/{report_id}/plan/tasks/{task_id}": {"completed": True},
    "PUT /reports/{report_id}/certifications/{certification_id}": {"name": "A", "certification_type": "FDA"},
    "PUT /reports/{report_id}/certifications/{certification_id}/status": {"status": "in_progress"},
    "PATCH /documents/{document_id}": {"fields": {"note": "mine now"}},
    "POST /conversations/{conversation_id}/questions": {"question": "What is it?"},
}


def _routes() -> list[tuple[str, str]]:
    app = FastAPI()
    app.include_router(router)
    paths = app.openapi()["paths"]
    prefix = "/api/export_readiness"
    return [(method.upper(), path.removeprefix(prefix)) for path, methods in paths.items() for method in methods]


ROUTES = _routes()
OF_REPORTS = [route for route in ROUTES if re.search(r"\{(report|document|conversation)_id\}", route[1])]


def test_every_route_that_is_named_exists() -> None:
    assert set(ROUTES) >= PUBLIC | ADMINISTRATORS
    assert {f"{method} {path}" for method, path in ROUTES} >= BODIES.keys()
    assert len(ROUTES) >= 65
    assert len(OF_REPORTS) >= 40


async def test_each_route_is_open_to_those_it_is_for_and_to_nobody_else(people: People) -> None:
    wrong = []
    places = dict.fromkeys(("user_id", "report_id", "document_id", "conversation_id"), NOBODY)
    for method, path in sorted(ROUTES, key=lambda route: route == ("DELETE", "/me")):
        for name, client in people.items():
            answer = await _asked(client, method, path, places)
            if (method, path) in PUBLIC:
                fits = answer.status_code == 422
            elif name in OUTSIDERS:
                fits = answer.status_code == 401
            elif (method, path) in ADMINISTRATORS and name != "admin":
                fits = answer.status_code == 403
            else:
                fits = answer.status_code not in (401, 403) and answer.status_code < 500
            if not fits:
                wrong.append((name, method, path, answer.status_code, answer.text[:200]))
    assert wrong == []


async def test_what_is_somebody_elses_is_not_there(
    people: People, asha: httpx2.AsyncClient, bala: httpx2.AsyncClient, new_report: NewReport
) -> None:
    report_id = await new_report()
    document = await asha.post(f"/reports/{report_id}/documents", json={"document_type": "packing_list"})
    conversation = await asha.post(f"/reports/{report_id}/conversations", json={})
    places = {
        "report_id": report_id,
        "document_id": document.json()["id"],
        "conversation_id": conversation.json()["id"],
    }
    before = (await asha.get("/me/data")).json()
    wrong = []
    for method, path in OF_REPORTS:
        answer = await _asked(bala, method, path, places)
        if answer.status_code != 404 or report_id.removeprefix("rpt_") in answer.text:
            wrong.append((method, path, answer.status_code, answer.text[:200]))
    assert wrong == []
    after = (await asha.get("/me/data")).json()
    assert {**after, "exported_at": ""} == {**before, "exported_at": ""}


async def test_administrators_reach_every_report(admin: httpx2.AsyncClient, new_report: NewReport) -> None:
    report_id = await new_report()
    assert (await admin.get(f"/reports/{report_id}")).json()["id"] == report_id
    assert (await admin.put(f"/reports/{report_id}/hs-code", json={"hs_code": "091020"})).status_code == 200
    # they are no business and so have nothing to ask a report for
    refused = await admin.post("/reports", json={"product_name": "Tea", "destination_country": "Japan"})
    assert (refused.status_code, refused.json()["code"]) == (404, "EXPORTER_NOT_FOUND")


@pytest.mark.parametrize("path", ["/reports", "/users"])
async def test_a_page_has_bounds(admin: httpx2.AsyncClient, path: str) -> None:
    for wrong in ({"limit": 0}, {"limit": 1001}, {"cursor": "made up"}):
        refused = await admin.get(path, params=wrong)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"


async def _asked(client: httpx2.AsyncClient, method: str, path: str, places: dict[str, str]) -> httpx2.Response:
    others = {"certification_id": "fda-food-facility", "task_id": "task_gst_lut", "kind": "pdf", "name": "site-plan"}
    filled = {**others, "code": "0910", **places}
    place = re.sub(r"\{(\w+)\}", lambda match: filled[match[1]], path)
    body = BODIES.get(f"{method} {path}", {})
    return await client.request(method, place, json=body if method in ("POST", "PUT", "PATCH") else None)
