"""What routes are handed: the caller, the database in its name, roles, options, parts of lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.sessions import AsyncDatabase
from strongroom.kernel.web import MomentIn
from strongroom.systems.biotech.options import DEFAULTS, BiotechOptions
from strongroom.systems.biotech.routes.callers import API_KEY_HEADER, Caller
from strongroom.systems.biotech.schemas.bodies import SignalTypeName, Ticker

LIMIT_MAX = 1000
DAYS_MAX = 3650

# the guard of every route has read them already; here they are named for the OpenAPI document
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The access token from sign-in.")
_api_key = APIKeyHeader(name=API_KEY_HEADER, auto_error=False, description="The key of an API client.")


def current_caller(request: Request) -> Caller:
    """Who calls, as the guard of the route has found."""
    return cast("Caller", request.state.caller)


CurrentCaller = Annotated[Caller, Depends(current_caller)]


def _allow(*roles: str, clients: bool = False) -> Any:
    """Passes people with any of these roles, and clients if they may; goes into `dependencies=` of a route."""

    def check(caller: Caller) -> None:
        is_allowed = clients if caller.client_id is not None else caller.actor.has_role(*roles)
        if not is_allowed:
            raise AccessDenied

    def person_or_client(
        caller: CurrentCaller, _token: Annotated[Any, Security(_bearer)], _key: Annotated[Any, Security(_api_key)]
    ) -> None:
        check(caller)

    def person(caller: CurrentCaller, _token: Annotated[Any, Security(_bearer)]) -> None:
        check(caller)

    needed: Callable[..., None] = person_or_client if clients else person
    return Depends(needed)


#: each role may do what the ones before it may; OR_CLIENT: API clients, too, with what is theirs or everybody's
VIEWER_OR_CLIENT = _allow("viewer", "analyst", "admin", clients=True)
ANALYST = _allow("analyst", "admin")
ANALYST_OR_CLIENT = _allow("analyst", "admin", clients=True)
ADMINISTRATOR = _allow("admin")
ADMINISTRATOR_OR_CLIENT = _allow("admin", clients=True)


def acting_database(request: Request, caller: CurrentCaller) -> AsyncDatabase:
    """The database, with everything done in the caller's name."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(caller.actor)


def owner_of_rows(caller: CurrentCaller) -> UUID | None:
    """Whose alerts, webhooks and reports a request is about: a client's own; None for people, who see all."""
    return caller.client_id


def biotech_options(request: Request) -> BiotechOptions:
    """`app.state.biotech_options`, or what is decided by default; without a key, webhooks cannot be registered."""
    return cast("BiotechOptions", getattr(request.app.state, "biotech_options", DEFAULTS))


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database)]
OwnerId = Annotated[UUID | None, Depends(owner_of_rows)]
Options = Annotated[BiotechOptions, Depends(biotech_options)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Rows to return at most.")]
Days = Annotated[int, Query(ge=1, le=DAYS_MAX, description="Of the last so many days.")]
TickerInPath = Annotated[Ticker, Path(description="In capitals or not.")]
From = Annotated[MomentIn | None, Query(description="At this moment or later; UTC when it names no zone.")]
Until = Annotated[MomentIn | None, Query(description="At this moment or earlier; UTC when it names no zone.")]
SignalTypeNames = Annotated[list[SignalTypeName] | None, Query(max_length=50, description="Any of these types.")]
