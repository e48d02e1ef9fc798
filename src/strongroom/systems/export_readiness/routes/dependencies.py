"""What routes are handed: the database in the caller's name, the room's options, cursors, tokens, who answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Path, Query, Request

from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import TokenService, bearer_actor, require_role
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.rules.answering import answer_from_passages
from strongroom.systems.export_readiness.rules.chat import Answerer
from strongroom.systems.export_readiness.services.access import ADMIN

SYSTEM = "export_readiness"
#: whoever has not signed in: no id, no role, so that no row is theirs
ANONYMOUS = Actor(None, "anonymous")
CurrentActor = Annotated[Actor, Depends(bearer_actor(SYSTEM))]
#: goes into `dependencies=` of a route
ADMINISTRATOR = Depends(require_role(ADMIN, system=SYSTEM))


def acting_database(request: Request, actor: CurrentActor) -> AsyncDatabase:
    """The database, with everything done in the caller's name. Raises NotAuthenticated."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(actor)


def public_database(request: Request) -> AsyncDatabase:
    """The database for those who have not signed in."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(ANONYMOUS)


def own_id(actor: CurrentActor) -> UUID:
    """The id of whoever signed in. Raises NotAuthenticated for an actor who is nobody in particular."""
    if actor.id is None:
        raise NotAuthenticated
    return actor.id


def room_options(request: Request) -> ExportReadinessOptions:
    """`app.state.export_readiness_options`, or what the room decides by default."""
    return cast("ExportReadinessOptions", getattr(request.app.state, "export_readiness_options", DEFAULTS))


def token_service(request: Request) -> TokenService:
    """`app.state.tokens`, as far as they open export readiness."""
    return cast("TokenService", request.app.state.tokens).of(SYSTEM)


def room_answerer(request: Request) -> Answerer:
    """`app.state.export_readiness_answerer`; without one, answers are looked up in what the room knows itself."""
    return cast("Answerer", getattr(request.app.state, "export_readiness_answerer", answer_from_passages))


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database)]
PublicDatabase = Annotated[AsyncDatabase, Depends(public_database)]
OwnId = Annotated[UUID, Depends(own_id)]
Options = Annotated[ExportReadinessOptions, Depends(room_options)]
Tokens = Annotated[TokenService, Depends(token_service)]
CurrentAnswerer = Annotated[Answerer, Depends(room_answerer)]

#: one printable line: what no id can be is refused before the database is asked
_LINE = r"^[^\x00-\x1f\x7f]*$"
ReportKey = Annotated[str, Path(max_length=100, description="rpt_ and 32 digits; the prefix may be left out.")]
DocumentKey = Annotated[str, Path(max_length=100, description="doc_ and 32 digits; the prefix may be left out.")]
CertificationKey = Annotated[str, Path(max_length=100, pattern=_LINE, examples=["fda-food-facility"])]
TaskKey = Annotated[str, Path(max_length=100, pattern=_LINE, examples=["task_gst_lut"])]
Owner = Annotated[UUID | None, Query(description="Whose; your own when left out, others as administrator only.")]
OnDay = Annotated[date | None, Query(description="In force on this day; today when left out.")]
