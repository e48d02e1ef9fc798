"""What routes are handed: the database in the caller's name, the room's options, cursors, tokens, who answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Path, Query, Request

from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import (
    PRINTABLE_LINE,
    TokenService,
    acting_database,
    bearer_actor,
    own_id,
    require_role,
    token_service,
)
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.rules.answering import answer_from_passages
from strongroom.systems.export_readiness.rules.chat import Answerer
from strongroom.systems.export_readiness.services.access import ADMIN

SYSTEM = "export_readiness"
CurrentActor = Annotated[Actor, Depends(bearer_actor(SYSTEM))]
#: goes into `dependencies=` of a route
ADMINISTRATOR = Depends(require_role(ADMIN, system=SYSTEM))


def room_options(request: Request) -> ExportReadinessOptions:
    """`app.state.export_readiness_options`, or what the room decides by default."""
    return cast("ExportReadinessOptions", getattr(request.app.state, "export_readiness_options", DEFAULTS))


def room_answerer(request: Request) -> Answerer:
    """`app.state.export_readiness_answerer`; without one, answers are looked up in what the room knows itself."""
    return cast("Answerer", getattr(request.app.state, "export_readiness_answerer", answer_from_passages))


def _own_id(actor: CurrentActor) -> UUID:
    return own_id(actor)


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database(SYSTEM))]
OwnId = Annotated[UUID, Depends(_own_id)]
Options = Annotated[ExportReadinessOptions, Depends(room_options)]
Tokens = Annotated[TokenService, Depends(token_service(SYSTEM))]
CurrentAnswerer = Annotated[Answerer, Depends(room_answerer)]

# what no id can be is refused before the database is asked
ReportKey = Annotated[str, Path(max_length=100, description="rpt_ and 32 digits; the prefix may be left out.")]
DocumentKey = Annotated[str, Path(max_length=100, description="doc_ and 32 digits; the prefix may be left out.")]
CertificationKey = Annotated[str, Path(max_length=100, pattern=PRINTABLE_LINE, examples=["fda-food-facility"])]
TaskKey = Annotated[str, Path(max_length=100, pattern=PRINTABLE_LINE, examples=["task_gst_lut"])]
Owner = Annotated[UUID | None, Query(description="Whose; your own when left out, others as administrator only.")]
OnDay = Annotated[date | None, Query(description="In force on this day; today when left out.")]
