"""Files in and out: quarterly figures and rates are uploaded, templates and reports are downloaded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile, status
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from strongroom.kernel.errors import TooLarge
from strongroom.kernel.web import problem_responses
from strongroom.kernel.web.problems import MEDIA_TYPE, FieldProblem, describe, request_id_of
from strongroom.systems.portfolio import imports
from strongroom.systems.portfolio.errors import CompanyNotFound, FileRefused
from strongroom.systems.portfolio.exports import MEDIA_TYPES, Format, build_report, write_report
from strongroom.systems.portfolio.imports import Choices, DecimalMark
from strongroom.systems.portfolio.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER,
    ActingDatabase,
    FundCurrency,
    KnownAt,
    OfQuarter,
)
from strongroom.systems.portfolio.routes.problems import READING, WRITING
from strongroom.systems.portfolio.schemas.files import ImportedOut, RatesImportedOut, ReadingOut

router = APIRouter(tags=["portfolio: files"])

XLSX = MEDIA_TYPES[Format.XLSX]
PROBLEMS_SHOWN_MAX = 100

_COMPANY = "Whose figures they are, by name or id, where the file names no company."
Company = Annotated[str | None, Form(max_length=255, description=_COMPANY)]
Encoding = Annotated[str | None, Form(max_length=40, description="Of a CSV file, where it cannot be told.")]
Mark = Annotated[DecimalMark | None, Form(description="Of numbers that are text, where it cannot be told.")]


@router.post(
    "/imports/check",
    summary="Read a workbook or CSV file of figures and name everything that is wrong with it; nothing is stored",
    responses=problem_responses(*READING, TooLarge),
    dependencies=[VIEWER],
)
async def check_file(
    file: UploadFile,
    database: ActingDatabase,
    company: Company = None,
    encoding: Encoding = None,
    decimal_mark: Mark = None,
) -> ReadingOut:
    choices = Choices(company, encoding, decimal_mark)
    found = await database.read(imports.check_file, await file.read(), file.filename or "file", choices)
    return ReadingOut.of(found)


@router.post(
    "/imports",
    status_code=status.HTTP_201_CREATED,
    summary="Submit every quarter of a workbook or CSV file, all or none; a repetition changes nothing (analysts)",
    response_model=ImportedOut,
    responses=problem_responses(*WRITING, FileRefused, TooLarge),
    dependencies=[ANALYST],
)
async def import_file(
    file: UploadFile,
    request: Request,
    database: ActingDatabase,
    company: Company = None,
    encoding: Encoding = None,
    decimal_mark: Mark = None,
) -> ImportedOut | Response:
    choices = Choices(company, encoding, decimal_mark)
    try:
        found = await database.write(imports.import_file, await file.read(), file.filename or "file", choices)
    except FileRefused as error:
        return _refusal(request, error)
    return ImportedOut.model_validate(found)


@router.post(
    "/rates/imports",
    status_code=status.HTTP_201_CREATED,
    summary="Put the exchange rates of a CSV file of monthly averages (administrators)",
    response_model=RatesImportedOut,
    responses=problem_responses(*WRITING, FileRefused, TooLarge),
    dependencies=[ADMINISTRATOR],
)
async def import_rates(file: UploadFile, request: Request, database: ActingDatabase) -> RatesImportedOut | Response:
    try:
        found = await database.write(imports.import_rates, await file.read(), file.filename or "file")
    except FileRefused as error:
        return _refusal(request, error)
    return RatesImportedOut.model_validate(found)


@router.get(
    "/template",
    summary="A workbook for companies to fill in",
    responses={
        200: {"content": {XLSX: {}}, "description": "The workbook"},
        **problem_responses(*READING, CompanyNotFound),
    },
    response_class=Response,
    dependencies=[VIEWER],
)
async def template(
    database: ActingDatabase,
    company: Annotated[
        list[str] | None, Query(max_length=100, description="Names or ids of companies to begin a row for.")
    ] = None,
) -> Response:
    content = await database.read(imports.build_template, company or [])
    return _download(content, XLSX, "quarterly-figures.xlsx")


@router.get(
    "/report",
    summary="The report of a quarter as a workbook, CSV or Parquet, as it is or was known at any moment",
    responses={
        200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}, "description": "The file"},
        **problem_responses(*READING),
    },
    response_class=Response,
    dependencies=[VIEWER],
)
async def report(
    database: ActingDatabase,
    quarter: OfQuarter,
    currency: FundCurrency = "USD",
    form: Annotated[Format, Query(alias="format")] = Format.XLSX,
    known_at: KnownAt = None,
) -> Response:
    gathered = await database.read(build_report, quarter, currency, known_at=known_at)
    content = await run_in_threadpool(write_report, gathered, form)
    return _download(content, MEDIA_TYPES[form], f"portfolio-{quarter.year}-q{quarter.quarter}-{currency}.{form}")


def _refusal(request: Request, error: FileRefused) -> Response:
    """The refusal as a problem document, with the file's problems as its errors: where, why, and the way out."""
    facts = {name: fact for name, fact in error.facts.items() if name != "problems"}
    problem = describe(FileRefused(**facts), request_id_of(request.scope))
    problem.errors = [
        FieldProblem(field=_place(one), message=f"{one['reason']}; {one['fix']}")
        for one in error.facts["problems"][:PROBLEMS_SHOWN_MAX]
    ]
    return JSONResponse(problem.model_dump(exclude_none=True), problem.status, media_type=MEDIA_TYPE)


def _place(problem: dict[str, str | int | None]) -> str:
    return f"{problem['sheet']}!{problem['column'] or ''}{problem['row'] or ''}"


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
