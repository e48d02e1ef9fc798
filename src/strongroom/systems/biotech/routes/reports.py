"""Reports: what is known of each, and how far it is on its way."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import ClientNotFound, ReportNotFound, StepRefused
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    From,
    OwnerId,
    Until,
)
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import ReportStatus, ReportType
from strongroom.systems.biotech.schemas.reports import DeliveryStatusIn, ReportIn, ReportOut
from strongroom.systems.biotech.services import pages, reports

router: APIRouter = build_router("/reports", "reports")


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Enter a report that is written, and tell those who wait for one (analysts)",
    responses=problem_responses(*WRITING, ClientNotFound, IdempotencyConflict),
    dependencies=[ANALYST],
)
async def create_report(body: ReportIn, database: ActingDatabase, key: IdempotencyKey) -> ReportOut:
    return ReportOut.model_validate(await database.write(reports.create_report, key, **dict(body)))


@router.get(
    "",
    summary="Reports, newest first; a client sees those for itself",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_reports(
    database: ActingDatabase,
    part: ListPart,
    owner: OwnerId,
    report_type: ReportType | None = None,
    delivery_status: ReportStatus | None = None,
    start_date: From = None,
    end_date: Until = None,
) -> PageOut[ReportOut]:
    found = await database.read(
        pages.page_reports,
        part,
        owner,
        report_type=report_type,
        delivery_status=delivery_status,
        start_date=start_date,
        end_date=end_date,
    )
    return PageOut[ReportOut].model_validate(found)


@router.get(
    "/{report_id}",
    summary="One report",
    responses=problem_responses(*READING, ReportNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_report(report_id: UUID, database: ActingDatabase, owner: OwnerId) -> ReportOut:
    return ReportOut.model_validate(await database.read(reports.get_report, owner, report_id))


@router.put(
    "/{report_id}/delivery-status",
    summary="Say how far a report is on its way; what was sent stays sent (analysts)",
    responses=problem_responses(*WRITING, ReportNotFound, StepRefused),
    dependencies=[ANALYST],
)
async def set_delivery_status(report_id: UUID, body: DeliveryStatusIn, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.write(reports.set_delivery_status, report_id, body.status))


@router.delete(
    "/{report_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Hide a report (administrators)",
    responses=problem_responses(*WRITING, ReportNotFound),
    dependencies=[ADMINISTRATOR],
)
async def delete_report(report_id: UUID, database: ActingDatabase) -> None:
    await database.write(reports.delete_report, report_id)


@router.post(
    "/{report_id}/restore",
    summary="Show a deleted report again (administrators)",
    responses=problem_responses(*WRITING, ReportNotFound),
    dependencies=[ADMINISTRATOR],
)
async def restore_report(report_id: UUID, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.write(reports.restore_report, report_id))
