"""Certifications of a report on the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import NumberOut, RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules import CertificationStatusEnum, CertificationTypeEnum
from strongroom.systems.export_readiness.schemas.bodies import Line255, Notes, ReportId


class CertificationIn(RequestBody):
    """A certification to follow."""

    name: Line255 = Field(examples=["FDA food facility registration"])
    certification_type: CertificationTypeEnum


class StepIn(RequestBody):
    """The next step."""

    status: CertificationStatusEnum
    notes: Notes | None = Field(default=None, description="In place of what was noted; empty takes it away.")


class ReopeningIn(RequestBody):
    """Why a completion is taken back."""

    reason: Notes | None = Field(default=None, min_length=1)


class CertificationOut(ResponseBody):
    """A certification and how far it is."""

    id: UUID
    report_id: ReportId
    certification_id: str = Field(examples=["fda-food-facility"])
    certification_name: str
    certification_type: CertificationTypeEnum
    status: CertificationStatusEnum
    documents_completed: list[str] = Field(description="What is ready for it, in the order in which it became so.")
    notes: str | None
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class CertificationSummaryOut(ResponseBody):
    """How many certifications are where."""

    total: int
    by_status: dict[CertificationStatusEnum, int]
    completion_percentage: NumberOut


class UnderWayOut(ResponseBody):
    """A certification in progress, and whether it takes longer than expected."""

    certification: CertificationOut
    days: int
    expected_days: int | None = Field(description="As the report has it; null where it does not say.")
    is_overdue: bool
