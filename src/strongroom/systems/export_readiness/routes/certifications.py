"""Certifications of a report: followed, taken step by step, their documents noted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from strongroom.kernel.web import problem_responses
from strongroom.systems.export_readiness.errors import (
    CertificationNotCompleted,
    CertificationNotFound,
    CertificationStepRefused,
)
from strongroom.systems.export_readiness.routes.dependencies import (
    ActingDatabase,
    CertificationKey,
    Owner,
    ReportKey,
)
from strongroom.systems.export_readiness.routes.problems import CHANGING_REPORT, OWN, READING_REPORT
from strongroom.systems.export_readiness.rules import CertificationStatusEnum
from strongroom.systems.export_readiness.schemas.bodies import Line100
from strongroom.systems.export_readiness.schemas.certifications import (
    CertificationIn,
    CertificationOut,
    CertificationSummaryOut,
    ReopeningIn,
    StepIn,
    UnderWayOut,
)
from strongroom.systems.export_readiness.services import certifications

router = APIRouter(tags=["export readiness: certifications"])

_ONE = "/reports/{report_id}/certifications/{certification_id}"
_CHANGE = (*CHANGING_REPORT, CertificationNotFound)
ReadyDocument = Annotated[Line100, Path(description="A name or an id of your own.", examples=["site-plan"])]


@router.get(
    "/reports/{report_id}/certifications",
    summary="The certifications of a report, in the order in which they were first followed",
    responses=problem_responses(*READING_REPORT),
)
async def list_certifications(
    report_id: ReportKey, database: ActingDatabase, status: CertificationStatusEnum | None = None
) -> list[CertificationOut]:
    found = await database.read(certifications.list_certifications, report_id, status)
    return [CertificationOut.model_validate(one) for one in found]


@router.get(
    "/reports/{report_id}/certification-summary",
    summary="How many certifications of a report are where",
    responses=problem_responses(*READING_REPORT),
)
async def summarise(report_id: ReportKey, database: ActingDatabase) -> CertificationSummaryOut:
    found = await database.read(certifications.summarise_certifications, report_id)
    return CertificationSummaryOut.model_validate(found)


@router.get(_ONE, summary="One certification", responses=problem_responses(*READING_REPORT, CertificationNotFound))
async def get_certification(
    report_id: ReportKey, certification_id: CertificationKey, database: ActingDatabase
) -> CertificationOut:
    found = await database.read(certifications.get_certification, report_id, certification_id)
    return CertificationOut.model_validate(found)


@router.put(
    _ONE,
    summary="Follow a certification from now on; one that is followed already stays as it is",
    responses=problem_responses(*CHANGING_REPORT),
)
async def follow(
    report_id: ReportKey, certification_id: CertificationKey, body: CertificationIn, database: ActingDatabase
) -> CertificationOut:
    found = await database.write(
        certifications.track,
        report_id,
        certification_id=certification_id,
        name=body.name,
        certification_type=body.certification_type,
    )
    return CertificationOut.model_validate(found)


@router.put(
    f"{_ONE}/status",
    summary="Take the next step of a certification",
    responses=problem_responses(*_CHANGE, CertificationStepRefused),
)
async def set_status(
    report_id: ReportKey, certification_id: CertificationKey, body: StepIn, database: ActingDatabase
) -> CertificationOut:
    found = await database.write(certifications.set_status, report_id, certification_id, body.status, notes=body.notes)
    return CertificationOut.model_validate(found)


@router.post(
    f"{_ONE}/reopening",
    summary="Take a completion back; it is counted once however often it is completed",
    responses=problem_responses(*_CHANGE, CertificationNotCompleted),
)
async def reopen(
    report_id: ReportKey, certification_id: CertificationKey, body: ReopeningIn, database: ActingDatabase
) -> CertificationOut:
    found = await database.write(certifications.reopen_certification, report_id, certification_id, reason=body.reason)
    return CertificationOut.model_validate(found)


@router.put(
    f"{_ONE}/documents/{{name}}",
    summary="Note that a document is ready for a certification",
    responses=problem_responses(*_CHANGE),
)
async def mark_document(
    report_id: ReportKey, certification_id: CertificationKey, name: ReadyDocument, database: ActingDatabase
) -> CertificationOut:
    found = await database.write(certifications.mark_document, report_id, certification_id, name)
    return CertificationOut.model_validate(found)


@router.delete(
    f"{_ONE}/documents/{{name}}",
    summary="Take a document of a certification off the list again",
    responses=problem_responses(*_CHANGE),
)
async def unmark_document(
    report_id: ReportKey, certification_id: CertificationKey, name: ReadyDocument, database: ActingDatabase
) -> CertificationOut:
    found = await database.write(certifications.unmark_document, report_id, certification_id, name)
    return CertificationOut.model_validate(found)


@router.get(
    "/certifications-under-way",
    summary="Certifications in progress over all reports, the longest first",
    responses=problem_responses(*OWN),
)
async def list_under_way(
    database: ActingDatabase,
    user_id: Owner = None,
    overdue: Annotated[bool, Query(description="Only those that take longer than expected.")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> list[UnderWayOut]:
    service = certifications.list_overdue if overdue else certifications.list_in_progress
    return [UnderWayOut.model_validate(one) for one in await database.read(service, user_id, limit=limit)]
