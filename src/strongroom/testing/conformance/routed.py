"""Claims on what the routes of a system say of themselves in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from fastapi import APIRouter

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.web import TokenService, build_base_app


def there_are_routes(system: System, _: frozenset[str]) -> Iterator[str]:
    """A system can be reached over HTTP."""
    if not list(_operations(system)):
        yield "it has no routes"


def routes_have_a_summary_of_their_own(system: System, _: frozenset[str]) -> Iterator[str]:
    """Each route says in a line what it does; the one made up from its function's name does not count."""
    for route, operation in _operations(system):
        made_up = operation["operationId"].removesuffix(_suffix(route)).replace("_", " ").title()
        if operation.get("summary") in (None, "", made_up):
            yield route


def routes_document_their_refusals(system: System, _: frozenset[str]) -> Iterator[str]:
    """Each route lists errors of its own; the one response of 4xx and 5xx that FastAPI adds does not count."""
    for route, operation in _operations(system):
        if not {status for status in operation["responses"] if status.isdigit() and status >= "400"} - {"422"}:
            yield route


def routes_ask_who_calls(system: System, public: frozenset[str]) -> Iterator[str]:
    """Each route needs signing in, but for those that are declared public."""
    found = dict(_operations(system))
    for route, operation in found.items():
        if bool(operation.get("security")) == (route in public):
            yield f"{route} {'is not public' if route in public else 'lets anybody in'}"
    yield from (
        f"{route} is declared public and does not exist" for route in public - found.keys() if _owns(system, route)
    )


ROUTED = (
    there_are_routes,
    routes_have_a_summary_of_their_own,
    routes_document_their_refusals,
    routes_ask_who_calls,
)


def _operations(system: System) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation of the system by its route, such as `GET /banking/accounts`."""
    database = Database(DatabaseOptions("sqlite://"))  # never asked anything
    app = build_base_app(title="", version="", database=database, tokens=TokenService("-" * 32))
    others = set(app.openapi()["paths"])
    app.openapi_schema = None
    if system.routes is not None:
        app.include_router(cast("APIRouter", system.routes))
    for path, methods in app.openapi()["paths"].items():
        if path not in others:
            for method, operation in methods.items():
                yield f"{method.upper()} {path}", operation


def _suffix(route: str) -> str:
    """What FastAPI appends to a function's name to make an operationId."""
    method, _, path = route.partition(" ")
    return "".join(letter if letter.isalnum() else "_" for letter in path) + f"_{method.lower()}"


def _owns(system: System, route: str) -> bool:
    return f"/{system.name}/" in f"{route}/"
