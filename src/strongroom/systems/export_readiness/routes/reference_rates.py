"""Dated rates and constants: anybody who signed in reads them, administrators add to them; none is ever changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from strongroom.kernel.web import problem_responses
from strongroom.systems.export_readiness.errors import ReferenceRateAlreadyExists
from strongroom.systems.export_readiness.routes.dependencies import ADMINISTRATOR, ActingDatabase, OnDay
from strongroom.systems.export_readiness.routes.problems import ADMINISTERING, READING
from strongroom.systems.export_readiness.schemas.bodies import Line100
from strongroom.systems.export_readiness.schemas.references import RateIn, RateOut
from strongroom.systems.export_readiness.services import reference_rates

router = APIRouter(prefix="/reference-rates", tags=["export readiness: reference rates"])


@router.get(
    "",
    summary="What is in force on a day, by calculator and name",
    responses=problem_responses(*READING),
)
async def list_rates(
    database: ActingDatabase, calculator: Annotated[Line100 | None, Query()] = None, day: OnDay = None
) -> list[RateOut]:
    found = await database.read(reference_rates.list_constants, calculator=calculator, day=day)
    return [RateOut.model_validate(constant) for constant in found]


@router.get(
    "/versions",
    summary="Every value that a constant has had or is going to have, the newest first",
    responses=problem_responses(*READING),
)
async def list_versions(
    calculator: Annotated[Line100, Query()], name: Annotated[Line100, Query()], database: ActingDatabase
) -> list[RateOut]:
    found = await database.read(reference_rates.list_versions, calculator, name)
    return [RateOut.model_validate(constant) for constant in found]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Make a constant hold from a day on; what held before holds for earlier days (administrators)",
    responses=problem_responses(*ADMINISTERING, ReferenceRateAlreadyExists),
    dependencies=[ADMINISTRATOR],
)
async def put_rate(body: RateIn, database: ActingDatabase) -> RateOut:
    return RateOut.model_validate(await database.write(reference_rates.put_constant, body.as_constant()))
