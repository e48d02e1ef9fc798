"""What was written for whom, and where the file lies: the reports themselves are kept elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.tables import Capabilities, CreatedAt, DeletedAt, EnumText, Id, UpdatedAt, holding_object
from strongroom.systems.biotech.models.row import Base, Extra, Words
from strongroom.systems.biotech.rules.companies import normalise_label
from strongroom.systems.biotech.rules.enums import ReportFormat, ReportStatus, ReportType


class Report(Base):
    """One report. s3_bucket and s3_key name the file together; checksum is the SHA-256 of its bytes, in hex."""

    __tablename__ = "reports"
    __capabilities__ = Capabilities(soft_deleted=True)

    id: Mapped[Id]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("biotech.clients.id", ondelete="SET NULL"), index=True)
    report_type: Mapped[ReportType] = mapped_column(EnumText(ReportType))
    report_date: Mapped[datetime] = mapped_column(index=True)
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str | None]
    format: Mapped[ReportFormat] = mapped_column(
        EnumText(ReportFormat), default=ReportFormat.PDF, server_default=ReportFormat.PDF.value
    )
    s3_key: Mapped[str | None] = mapped_column(String(500))
    s3_bucket: Mapped[str | None] = mapped_column(String(255))
    local_path: Mapped[str | None] = mapped_column(String(500))
    file_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    checksum: Mapped[str | None] = mapped_column(String(64))
    recipients: Mapped[Words]
    sent_at: Mapped[datetime | None]
    delivery_status: Mapped[ReportStatus] = mapped_column(
        EnumText(ReportStatus), default=ReportStatus.PENDING, server_default=ReportStatus.PENDING.value, index=True
    )
    companies_included: Mapped[Words]
    key_findings: Mapped[Words]
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    __table_args__ = (
        Index("ix_reports_report_type_report_date", "report_type", "report_date"),
        CheckConstraint("length(trim(title)) > 0", name="title"),
        CheckConstraint("period_start <= period_end", name="period"),
        CheckConstraint("(s3_key IS NULL) = (s3_bucket IS NULL)", name="s3"),
        CheckConstraint("file_size_bytes >= 0", name="file_size_bytes"),
        CheckConstraint("(sent_at IS NOT NULL) = (delivery_status = 'sent')", name="sent_at"),
        CheckConstraint("length(checksum) = 64", name="checksum"),
        *holding_object("metadata"),
    )

    @validates("title")
    def _normalise(self, field: str, value: Any) -> str:
        return normalise_label(value, field)
