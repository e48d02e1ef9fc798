"""Reports: asked for, judged, corrected, looked for, removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.export_readiness.errors import ReferenceRateMissing, ReportChanged, ReportStepRefused
from strongroom.systems.export_readiness.routes.dependencies import (
    ActingDatabase,
    Owner,
    OwnId,
    ReportKey,
)
from strongroom.systems.export_readiness.routes.problems import CHANGING_OWN, CHANGING_REPORT, LISTING, READING_REPORT
from strongroom.systems.export_readiness.rules import ReportStatusEnum
from strongroom.systems.export_readiness.schemas.bodies import Line100
from strongroom.systems.export_readiness.schemas.evidence import EvidenceIn
from strongroom.systems.export_readiness.schemas.reports import (
    FailureIn,
    HsCodeChangeIn,
    HsCodeIn,
    ReportIn,
    ReportOut,
    ReportStatusOut,
    ReportSummaryOut,
)
from strongroom.systems.export_readiness.services import assessment, once, reports

router = APIRouter(prefix="/reports", tags=["export readiness: reports"])

_STEP = (*CHANGING_REPORT, ReportStepRefused)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Ask what a product needs for a destination; the answer is judged at once unless told otherwise",
    responses=problem_responses(*CHANGING_OWN, IdempotencyConflict, ReferenceRateMissing),
)
async def create_report(body: ReportIn, user_id: OwnId, database: ActingDatabase, key: IdempotencyKey) -> ReportOut:
    evidence = body.evidence_at_once()
    found = await database.write(once.create_report, key, user_id=user_id, evidence=evidence, **body.values())
    return ReportOut.model_validate(found)


@router.get(
    "",
    summary="Reports, newest first",
    responses=problem_responses(*LISTING),
)
async def list_reports(
    database: ActingDatabase,
    part: ListPart,
    user_id: Owner = None,
    hs_code: Annotated[HsCodeIn | None, Query(description="The whole code, with or without dots.")] = None,
    destination_country: Annotated[Line100 | None, Query()] = None,
    status: ReportStatusEnum | None = None,
) -> PageOut[ReportSummaryOut]:
    found = await database.read(
        reports.list_reports,
        part,
        user_id=user_id,
        hs_code=hs_code,
        destination_country=destination_country,
        status=status,
    )
    return PageOut[ReportSummaryOut].model_validate(found)


@router.get("/{report_id}", summary="One report, whole", responses=problem_responses(*READING_REPORT))
async def get_report(report_id: ReportKey, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.read(reports.get_report, report_id))


@router.get("/{report_id}/status", summary="How far a report is", responses=problem_responses(*READING_REPORT))
async def get_status(report_id: ReportKey, database: ActingDatabase) -> ReportStatusOut:
    return ReportStatusOut.model_validate(await database.read(reports.get_status, report_id))


@router.post(
    "/{report_id}/assessment",
    summary="Judge a report that is processing: certifications, costs, time, risk, and a plan of seven days",
    responses=problem_responses(*_STEP, ReferenceRateMissing),
)
async def assess_report(report_id: ReportKey, body: EvidenceIn, database: ActingDatabase) -> ReportOut:
    found = await database.write(assessment.assess_report, report_id, body.as_evidence())
    return ReportOut.model_validate(found)


@router.post(
    "/{report_id}/failure",
    summary="End a report that cannot be completed, and say why",
    responses=problem_responses(*_STEP),
)
async def fail_report(report_id: ReportKey, body: FailureIn, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.write(reports.fail_report, report_id, body.reason))


@router.post(
    "/{report_id}/restart",
    summary="Begin a failed report again",
    responses=problem_responses(*_STEP),
)
async def restart_report(report_id: ReportKey, database: ActingDatabase) -> ReportOut:
    return ReportOut.model_validate(await database.write(reports.restart_report, report_id))


@router.put(
    "/{report_id}/hs-code",
    summary="Put a code that a person has chosen in place of what was found; it is certain",
    responses=problem_responses(*CHANGING_REPORT, ReportChanged),
)
async def override_hs_code(report_id: ReportKey, body: HsCodeChangeIn, database: ActingDatabase) -> ReportOut:
    found = await database.write(
        reports.override_hs_code, report_id, body.hs_code, unchanged_since=body.unchanged_since
    )
    return ReportOut.model_validate(found)


@router.delete(
    "/{report_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a report with everything that follows from it",
    responses=problem_responses(*CHANGING_REPORT),
)
async def delete_report(report_id: ReportKey, database: ActingDatabase) -> None:
    await database.write(reports.delete_report, report_id)
