"""Key figures: a report of a period is generated, read, and rendered to be sent; the dashboard of a user."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.web import ListPart, PageOut, own_id, problem_responses
from strongroom.systems.forecasting.documents import MEDIA_TYPES, ReportFormat, file_name, render_report
from strongroom.systems.forecasting.errors import (
    FigureOutOfRange,
    KpiReportNotFound,
    MixedCurrencies,
    ModelNotFound,
    SeriesNotFound,
    UploadNotFound,
)
from strongroom.systems.forecasting.routes.dependencies import ANALYST, VIEWER, ActingDatabase, CurrentActor, Within
from strongroom.systems.forecasting.routes.problems import LISTING, READING, WRITING
from strongroom.systems.forecasting.schemas.kpis import DashboardLineOut, DashboardOut, ReportIn, ReportOut
from strongroom.systems.forecasting.services import kpis, pages
from strongroom.systems.forecasting.services.report_documents import build_document

router = APIRouter(tags=["forecasting: key figures"])

#: a page is shown by browsers: it may show its own pictures and style, and load or run nothing
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@router.post(
    "/models/{model_id}/kpis",
    status_code=status.HTTP_201_CREATED,
    summary="Generate the report of a period (analysts, their own models)",
    responses=problem_responses(
        *WRITING, ModelNotFound, SeriesNotFound, UploadNotFound, MixedCurrencies, FigureOutOfRange
    ),
    dependencies=[ANALYST],
)
async def generate_report(model_id: UUID, body: ReportIn, database: ActingDatabase) -> ReportOut:
    choices = body.report_choices()
    return ReportOut.model_validate(await database.write(kpis.generate_report, model_id, body.start, body.end, choices))


@router.get(
    "/models/{model_id}/kpis",
    summary="Reports that were made from start to end, oldest first",
    responses=problem_responses(*LISTING, ModelNotFound),
    dependencies=[VIEWER],
)
async def list_reports(model_id: UUID, database: ActingDatabase, part: ListPart, span: Within) -> PageOut[ReportOut]:
    return PageOut[ReportOut].model_validate(await database.read(pages.page_reports, part, model_id, span))


@router.get(
    "/models/{model_id}/kpis/latest",
    summary="The newest report of a model",
    responses=problem_responses(*READING, ModelNotFound, KpiReportNotFound),
    dependencies=[VIEWER],
)
async def latest_report(model_id: UUID, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.read(kpis.latest_report, model_id))


@router.get(
    "/kpis/{report_id}",
    summary="One report",
    responses=problem_responses(*READING, KpiReportNotFound),
    dependencies=[VIEWER],
)
async def get_report(report_id: UUID, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.read(kpis.get_report, report_id))


@router.get(
    "/kpis/{report_id}/document",
    summary="A report with its series, forecasts, risk and charts as a page (HTML), a paper (PDF) or JSON",
    responses={
        200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}, "description": "The file"},
        **problem_responses(*READING, KpiReportNotFound),
    },
    response_class=Response,
    dependencies=[VIEWER],
)
async def report_document(
    report_id: UUID,
    database: ActingDatabase,
    form: Annotated[ReportFormat, Query(alias="format")] = ReportFormat.HTML,
) -> Response:
    document = await database.read(build_document, report_id)
    content = await run_in_threadpool(render_report, document, form)
    name = {"Content-Disposition": f'inline; filename="{file_name(document, form)}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers={**_HEADERS, **name})


@router.get(
    "/dashboard",
    summary="The active models of a user, newest first, each with its newest report and risk",
    responses=problem_responses(*READING),
    dependencies=[VIEWER],
)
async def dashboard(
    actor: CurrentActor,
    database: ActingDatabase,
    user_id: Annotated[UUID | None, Query(description="Whose; your own when left out.")] = None,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="Models to return at most.")] = 100,
) -> DashboardOut:
    lines = await database.read(kpis.dashboard, user_id or own_id(actor), skip=skip, limit=limit)
    return DashboardOut(models=[DashboardLineOut.model_validate(line) for line in lines])
