"""What companies send for a quarter: submitted, restated, withdrawn, listed; all that follows is computed at once."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.portfolio.errors import CompanyNotFound, InputNotFound, RateUnavailable
from strongroom.systems.portfolio.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER,
    ActingDatabase,
    FiscalDate,
    KnownAt,
    Quarters,
)
from strongroom.systems.portfolio.routes.problems import LISTING, READING, WRITING
from strongroom.systems.portfolio.schemas.quarters import InputChangeIn, InputIn, InputOut, ValuationIn, ValuationOut
from strongroom.systems.portfolio.services import inputs, pages, valuations

router = APIRouter(tags=["portfolio: inputs"])

_ONE = problem_responses(*READING, InputNotFound)


@router.put(
    "/companies/{company_id}/inputs/{fiscal_reporting_date}",
    summary="Submit a quarter, or restate it; financials and metrics follow in the same transaction (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, RateUnavailable),
    dependencies=[ANALYST],
)
async def submit(
    company_id: UUID, fiscal_reporting_date: FiscalDate, body: InputIn, database: ActingDatabase
) -> InputOut:
    submission = body.as_submission(fiscal_reporting_date)
    return InputOut.model_validate(await database.write(inputs.submit, company_id, submission))


@router.get(
    "/companies/{company_id}/inputs/latest",
    summary="The latest quarter a company has sent",
    responses=problem_responses(*READING, CompanyNotFound, InputNotFound),
    dependencies=[VIEWER],
)
async def get_latest_input(company_id: UUID, database: ActingDatabase, known_at: KnownAt = None) -> InputOut:
    return InputOut.model_validate(await database.read(inputs.get_latest_input, company_id, known_at=known_at))


@router.get(
    "/companies/{company_id}/inputs/{fiscal_reporting_date}",
    summary="What a company sent for a quarter",
    responses=problem_responses(*READING, CompanyNotFound, InputNotFound),
    dependencies=[VIEWER],
)
async def get_input_of_quarter(
    company_id: UUID, fiscal_reporting_date: FiscalDate, database: ActingDatabase, known_at: KnownAt = None
) -> InputOut:
    found = await database.read(inputs.get_input_of_quarter, company_id, fiscal_reporting_date, known_at=known_at)
    return InputOut.model_validate(found)


@router.get(
    "/inputs",
    summary="What companies sent, newest quarter first",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER],
)
async def list_inputs(
    database: ActingDatabase, part: ListPart, quarters: Quarters, known_at: KnownAt = None
) -> PageOut[InputOut]:
    found = await database.read(pages.page_inputs, part, quarters, known_at=known_at)
    return PageOut[InputOut].model_validate(found)


@router.get("/inputs/{input_id}", summary="One input", responses=_ONE, dependencies=[VIEWER])
async def get_input(input_id: UUID, database: ActingDatabase, known_at: KnownAt = None) -> InputOut:
    return InputOut.model_validate(await database.read(inputs.get_input, input_id, known_at=known_at))


@router.patch(
    "/inputs/{input_id}",
    summary="Restate single figures of a quarter (analysts)",
    responses=problem_responses(*WRITING, InputNotFound, RateUnavailable),
    dependencies=[ANALYST],
)
async def update_input(input_id: UUID, body: InputChangeIn, database: ActingDatabase) -> InputOut:
    return InputOut.model_validate(await database.write(inputs.update_input, input_id, **body.changes()))


@router.put(
    "/companies/{company_id}/valuations/{fiscal_reporting_date}",
    summary="Correct what a company had raised and was worth in a quarter (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, InputNotFound, RateUnavailable),
    dependencies=[ANALYST],
)
async def set_quarter_valuation(
    company_id: UUID, fiscal_reporting_date: FiscalDate, body: ValuationIn, database: ActingDatabase
) -> ValuationOut:
    found = await database.write(valuations.set_quarter_valuation, company_id, fiscal_reporting_date, **dict(body))
    return ValuationOut.model_validate(found)


@router.delete(
    "/inputs/{input_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Withdraw a quarter and what follows from it; its history stays (administrators)",
    responses=problem_responses(*WRITING, InputNotFound),
    dependencies=[ADMINISTRATOR],
)
async def delete_input(input_id: UUID, database: ActingDatabase) -> None:
    await database.write(inputs.delete_input, input_id)
