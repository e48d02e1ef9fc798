"""Reports as they are entered, moved along and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from strongroom.kernel.web import MomentIn, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import ReportFormat, ReportStatus, ReportType
from strongroom.systems.biotech.rules.reports import report_status
from strongroom.systems.biotech.schemas.bodies import Document, Lines, MetadataOut, Name, Text, Tickers, Title


class ReportIn(RequestBody):
    """A report that is written and whose file lies somewhere."""

    report_type: ReportType
    title: Title
    report_date: MomentIn
    period_start: MomentIn | None = None
    period_end: MomentIn | None = None
    summary: Text | None = None
    format: ReportFormat = ReportFormat.PDF
    s3_bucket: Name | None = None
    s3_key: Title | None = Field(default=None, validate_default=True, description="With s3_bucket, or neither.")
    local_path: Title | None = None
    file_size_bytes: int | None = Field(default=None, ge=0, le=2**63 - 1)
    checksum: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hex.")
    recipients: Lines = Field(default_factory=list)
    companies_included: Tickers = Field(default_factory=list)
    key_findings: Lines = Field(default_factory=list)
    client_id: UUID | None = Field(default=None, description="The client it is for; null: for people only.")
    metadata: Document = Field(default_factory=dict)

    @field_validator("period_end")
    @classmethod
    def _is_not_before_start(cls, end: datetime | None, info: ValidationInfo) -> datetime | None:
        start = info.data.get("period_start")
        if start is not None and end is not None and end < start:
            raise ValueError("must not be before period_start")
        return end

    @field_validator("s3_key")
    @classmethod
    def _goes_with_bucket(cls, key: str | None, info: ValidationInfo) -> str | None:
        if (key is None) != (info.data.get("s3_bucket") is None):
            raise ValueError("goes with s3_bucket: give both or neither")
        return key


def _status(value: Any) -> Any:
    try:
        return report_status(value)
    except (ValueError, TypeError):
        return value


class DeliveryStatusIn(RequestBody):
    """How far a report is. `success` and `delivered` are taken for `sent`."""

    status: Annotated[ReportStatus, BeforeValidator(_status)]


class ReportOut(ResponseBody):
    """What is known of a report."""

    id: UUID
    client_id: UUID | None
    report_type: ReportType
    report_date: datetime
    period_start: datetime | None
    period_end: datetime | None
    title: str
    summary: str | None
    format: ReportFormat
    s3_bucket: str | None
    s3_key: str | None
    local_path: str | None
    file_size_bytes: int | None
    checksum: str | None
    recipients: list[str]
    sent_at: datetime | None
    delivery_status: ReportStatus
    companies_included: list[str]
    key_findings: list[str]
    metadata: MetadataOut
    created_at: datetime
    updated_at: datetime
