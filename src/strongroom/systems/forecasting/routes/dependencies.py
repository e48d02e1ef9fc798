"""What routes are handed: the database in the caller's name, roles, tokens, the office's options, pages and spans."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Query, Request

from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import MomentIn, TokenService, bearer_actor, require_role
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.services.pages import Span

SYSTEM = "forecasting"
#: whoever has not signed in: no id, no role, so that no row is theirs
ANONYMOUS = Actor(None, "anonymous")
CurrentActor = Annotated[Actor, Depends(bearer_actor(SYSTEM))]
#: each role may do what the ones before it may; goes into `dependencies=` of a route
VIEWER = Depends(require_role("viewer", "analyst", "admin", system=SYSTEM))
ANALYST = Depends(require_role("analyst", "admin", system=SYSTEM))
ADMINISTRATOR = Depends(require_role("admin", system=SYSTEM))


def acting_database(request: Request, actor: CurrentActor) -> AsyncDatabase:
    """The database, with everything done in the caller's name. Raises NotAuthenticated."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(actor)


def public_database(request: Request) -> AsyncDatabase:
    """The database for those who have not signed in."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(ANONYMOUS)


def own_id(actor: Actor) -> UUID:
    """The id of whoever signed in. Raises NotAuthenticated for an actor who is no person."""
    if actor.id is None:
        raise NotAuthenticated
    return actor.id


def forecasting_options(request: Request) -> ForecastingOptions:
    """`app.state.forecasting_options`, or what an office decides by default."""
    return cast("ForecastingOptions", getattr(request.app.state, "forecasting_options", DEFAULTS))


def token_service(request: Request) -> TokenService:
    """`app.state.tokens`, as far as they open forecasting."""
    return cast("TokenService", request.app.state.tokens).of(SYSTEM)


def span_of(
    start: Annotated[MomentIn | None, Query(description="From this moment on, UTC when it names no zone.")] = None,
    end: Annotated[MomentIn | None, Query(description="To this moment, which is included.")] = None,
) -> Span:
    """The span of time that a request asks for."""
    return Span(start, end)


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database)]
PublicDatabase = Annotated[AsyncDatabase, Depends(public_database)]
Options = Annotated[ForecastingOptions, Depends(forecasting_options)]
Tokens = Annotated[TokenService, Depends(token_service)]
Within = Annotated[Span, Depends(span_of)]
OfUser = Annotated[UUID | None, Query(description="Of this user only.")]
