"""What routes are handed: the database in the caller's name, roles, tokens, the office's options, pages and spans."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Query, Request

from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import MomentIn, TokenService, acting_database, bearer_actor, require_role, token_service
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.services.pages import Span

SYSTEM = "forecasting"
CurrentActor = Annotated[Actor, Depends(bearer_actor(SYSTEM))]
#: each role may do what the ones before it may; goes into `dependencies=` of a route
VIEWER = Depends(require_role("viewer", "analyst", "admin", system=SYSTEM))
ANALYST = Depends(require_role("analyst", "admin", system=SYSTEM))
ADMINISTRATOR = Depends(require_role("admin", system=SYSTEM))


def forecasting_options(request: Request) -> ForecastingOptions:
    """`app.state.forecasting_options`, or what an office decides by default."""
    return cast("ForecastingOptions", getattr(request.app.state, "forecasting_options", DEFAULTS))


def span_of(
    start: Annotated[MomentIn | None, Query(description="From this moment on, UTC when it names no zone.")] = None,
    end: Annotated[MomentIn | None, Query(description="To this moment, which is included.")] = None,
) -> Span:
    """The span of time that a request asks for."""
    return Span(start, end)


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database(SYSTEM))]
Options = Annotated[ForecastingOptions, Depends(forecasting_options)]
Tokens = Annotated[TokenService, Depends(token_service(SYSTEM))]
Within = Annotated[Span, Depends(span_of)]
OfUser = Annotated[UUID | None, Query(description="Of this user only.")]
