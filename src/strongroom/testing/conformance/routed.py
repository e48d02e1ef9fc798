"""Claims on what the routes of a system say of themselves in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.kernel.web.problems import MEDIA_TYPE


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
    """Each route lists its refusals, 401 and 404 where they can come, and each is a problem document."""
    for route, operation in _operations(system):
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        if operation.get("security") and "401" not in refusals:
            yield f"{route}: no 401"
        if "{" in route and "404" not in refusals:
            yield f"{route}: no 404"
        for status, answer in refusals.items():
            if MEDIA_TYPE not in answer.get("content", {}):
                yield f"{route}: {status} is no problem document"


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
    app = build_base_app(title=system.title, version="0", database=database, tokens=TokenService("-" * 32))
    others = set(app.openapi()["paths"])
    app.openapi_schema = None
    if system.routes is not None:
        app.include_router(system.load_routes())
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
