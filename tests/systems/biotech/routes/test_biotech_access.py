"""Claims about who may do what: each route, each person, each program, each scope."""

from __future__ import annotations

import re
from typing import Any

import httpx2
from fastapi import FastAPI

from strongroom.systems.biotech.routes import router
from tests.systems.biotech.routes.conftest import NOBODYS_ID, ROLES, Dial, NewProgram, Program, token_of

Route = tuple[str, str]

#: the least role for every route that is not for viewers and clients
ANALYSTS = {
    ("POST", "/companies"),
    ("PATCH", "/companies/{company_id}"),
    ("POST", "/companies/{company_id}/candidates"),
    ("PATCH", "/candidates/{candidate_id}"),
    ("POST", "/signals"),
    ("POST", "/signals/batch"),
    ("POST", "/companies/{company_id}/scores"),
    ("POST", "/companies/{company_id}/scores/compute"),
    ("POST", "/scores/percentile-ranks"),
    ("POST", "/companies/{company_id}/matches/compute"),
    ("PUT", "/companies/{company_id}/matches"),
    ("POST", "/reports"),
    ("PUT", "/reports/{report_id}/delivery-status"),
}
ANALYSTS_AND_CLIENTS = {
    ("POST", "/alerts"),
    ("PATCH", "/alerts/{alert_id}"),
    ("DELETE", "/alerts/{alert_id}"),
    ("POST", "/triggers/{trigger_id}/acknowledge"),
    ("POST", "/triggers/{trigger_id}/resolve"),
}
ADMINISTRATORS = {
    ("GET", "/companies/deleted"),
    ("DELETE", "/companies/{company_id}"),
    ("POST", "/companies/{company_id}/restore"),
    ("DELETE", "/candidates/{candidate_id}"),
    ("POST", "/candidates/{candidate_id}/restore"),
    ("POST", "/scoring-models"),
    ("PUT", "/scoring-models/{version}/default"),
    ("DELETE", "/reports/{report_id}"),
    ("POST", "/reports/{report_id}/restore"),
    ("POST", "/alerts/{alert_id}/restore"),
    ("POST", "/clients"),
    ("GET", "/clients"),
    ("PATCH", "/clients/{client_id}"),
    ("DELETE", "/clients/{client_id}"),
    ("POST", "/clients/{client_id}/restore"),
    ("POST", "/clients/{client_id}/rotate-key"),
    ("POST", "/clients/{client_id}/revoke-keys"),
}
ADMINISTRATORS_AND_CLIENTS = {
    ("POST", "/webhooks"),
    ("GET", "/webhooks"),
    ("GET", "/webhooks/{webhook_id}"),
    ("PATCH", "/webhooks/{webhook_id}"),
    ("DELETE", "/webhooks/{webhook_id}"),
    ("POST", "/webhooks/{webhook_id}/rotate-secret"),
    ("POST", "/webhooks/{webhook_id}/enable"),
    ("POST", "/webhooks/{webhook_id}/disable"),
    ("GET", "/webhooks/{webhook_id}/deliveries"),
    ("GET", "/webhooks/{webhook_id}/deliveries/counts"),
    ("POST", "/webhooks/{webhook_id}/replay"),
    ("GET", "/deliveries/{delivery_id}"),
    ("POST", "/deliveries/{delivery_id}/replay"),
    ("GET", "/clients/{client_id}"),
    ("GET", "/clients/{client_id}/usage"),
    ("GET", "/clients/{client_id}/watchlist"),
    ("PUT", "/clients/{client_id}/watchlist/{ticker}"),
    ("DELETE", "/clients/{client_id}/watchlist/{ticker}"),
}
NAMED = ANALYSTS | ANALYSTS_AND_CLIENTS | ADMINISTRATORS | ADMINISTRATORS_AND_CLIENTS
RATE_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def _paths() -> dict[str, dict[str, Any]]:
    app = FastAPI()
    app.include_router(router)
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return {path.removeprefix("/api/biotech"): operations for path, operations in paths.items()}


PATHS = _paths()
ROUTES: list[Route] = [(method.upper(), path) for path, methods in PATHS.items() for method in methods]


def _least(route: Route) -> str:
    if route in ADMINISTRATORS | ADMINISTRATORS_AND_CLIENTS:
        return "admin"
    return "analyst" if route in ANALYSTS | ANALYSTS_AND_CLIENTS else "viewer"


def _is_for_clients(route: Route) -> bool:
    return route not in ANALYSTS | ADMINISTRATORS


async def _asked(http: httpx2.AsyncClient, route: Route) -> httpx2.Response:
    method, path = route
    place = re.sub(r"\{(\w+)\}", lambda match: {"ticker": "ABCD", "version": "9"}.get(match[1], NOBODYS_ID), path)
    # an empty body is not valid, and whoever may not send one does not learn it
    return await http.request(method, place, json={} if method != "GET" else None)


def test_every_route_that_is_named_exists() -> None:
    assert set(ROUTES) >= NAMED
    assert len(ROUTES) >= 80


def test_whatever_changes_something_is_not_for_viewers() -> None:
    assert {route for route in ROUTES if route[0] != "GET"} <= NAMED


def test_the_document_says_of_each_route_whether_a_key_opens_it() -> None:
    for method, path in ROUTES:
        schemes = {name for choice in PATHS[path][method.lower()]["security"] for name in choice}
        expected = {"HTTPBearer", "APIKeyHeader"} if _is_for_clients((method, path)) else {"HTTPBearer"}
        assert schemes == expected, (method, path)


async def test_each_route_is_open_to_its_roles_and_to_nobody_else(dial: Dial) -> None:
    people = {role: await dial(Authorization=token_of(role)) for role in ROLES}
    wrong = []
    for route in ROUTES:
        for role, http in people.items():
            answer = await _asked(http, route)
            may = ROLES.index(role) >= ROLES.index(_least(route))
            fits = answer.status_code not in (401, 403, 500) if may else answer.status_code == 403
            if not fits:
                wrong.append((role, *route, answer.status_code, answer.text[:200]))
    assert wrong == []


async def test_strangers_open_no_route(dial: Dial, program: Program) -> None:
    strangers = {
        "nobody": await dial(),
        "of another system": await dial(Authorization=token_of("admin", system="banking")),
        "basic": await dial(Authorization="Basic YWRtaW46YWRtaW4="),
        "a key as a token": await dial(Authorization=f"Bearer {program.key}"),
        "a key that is nearly right": await dial(X_API_Key=program.key[:-1] + "-"),
        "an empty key": await dial(X_API_Key=""),
        "a token beside a key": await dial(Authorization=token_of("admin"), X_API_Key=program.key),
    }
    for route in ROUTES:
        for name, http in strangers.items():
            answer = await _asked(http, route)
            assert answer.status_code == 401, (name, route, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert not set(answer.headers) & {header.lower() for header in RATE_HEADERS}


async def test_a_token_cannot_say_that_it_is_a_clients(dial: Dial) -> None:
    impostor = await dial(Authorization=token_of("client"))
    for route in ROUTES:
        assert (await _asked(impostor, route)).status_code == 403, route


async def test_a_client_may_call_what_is_for_clients_and_hears_each_time_what_it_has_left(program: Program) -> None:
    for number, route in enumerate(ROUTES, 1):
        answer = await _asked(program.http, route)
        if _is_for_clients(route):
            assert answer.status_code not in (401, 403, 500), (route, answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "ACCESS_DENIED"), route
        limit, remaining, reset = (int(answer.headers[name]) for name in RATE_HEADERS)
        assert (limit, remaining, reset % 3600) == (1000, 1000 - number, 0), route


async def test_a_client_with_scopes_may_call_no_route_outside_of_them(new_program: NewProgram) -> None:
    scopes = ["/alerts", "/companies/{company_id}/scores", "/scores/top"]
    scoped = await new_program(allowed_endpoints=scopes)
    for route in ROUTES:
        answer = await _asked(scoped.http, route)
        _, path = route
        if any(path == scope or path.startswith(f"{scope}/") for scope in scopes):
            assert answer.status_code == 403 if not _is_for_clients(route) else answer.status_code != 403, route
        else:
            assert answer.json()["code"] == "ENDPOINT_NOT_ALLOWED", route
        assert set(RATE_HEADERS) <= {name for name in RATE_HEADERS if name in answer.headers}, route


async def test_a_client_without_any_scope_may_call_nothing(new_program: NewProgram) -> None:
    scoped = await new_program(allowed_endpoints=[])
    for route in ROUTES:
        assert (await _asked(scoped.http, route)).status_code == 403, route
