"""How far a report has come: its certifications, its documents, the tasks of its seven-day plan."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from strongroom.kernel.tables import CreatedAt, EnumText, Id, JsonDocument, UpdatedAt
from strongroom.systems.export_readiness.models.belonging import OfReport
from strongroom.systems.export_readiness.models.row import Base
from strongroom.systems.export_readiness.rules import (
    CertificationStatusEnum,
    CertificationTypeEnum,
    DocumentTypeEnum,
    TaskCategoryEnum,
)

_REPORT = "export_readiness.reports.id"


class CertificationProgress(OfReport, Base):
    """One certification of a report. documents_completed: ids of documents, each once, in the order of completion."""

    __tablename__ = "certification_progress"

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), index=True)
    certification_id: Mapped[str] = mapped_column(String(100))
    certification_name: Mapped[str] = mapped_column(String(255))
    certification_type: Mapped[CertificationTypeEnum] = mapped_column(EnumText(CertificationTypeEnum))
    status: Mapped[CertificationStatusEnum] = mapped_column(
        EnumText(CertificationStatusEnum),
        default=CertificationStatusEnum.NOT_STARTED,
        server_default="not_started",
        index=True,
    )
    documents_completed: Mapped[list[Any]] = mapped_column(JsonDocument(list), default=list, server_default="[]")
    notes: Mapped[str | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        UniqueConstraint("report_id", "certification_id"),
        CheckConstraint("length(trim(certification_id)) > 0", name="certification_id"),
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_at"),
        CheckConstraint("status = 'not_started' OR started_at IS NOT NULL", name="started_at"),
        CheckConstraint("completed_at >= started_at", name="completed_after_start"),
    )


class FirstCompletion(Base):
    """That a certification was completed for the first time, and what was counted for it; INR.

    A certification that is opened again and completed once more is not counted a second time.
    """

    __tablename__ = "first_completions"

    certification_progress_id: Mapped[UUID] = mapped_column(
        ForeignKey("export_readiness.certification_progress.id", ondelete="CASCADE"), primary_key=True
    )
    completed_at: Mapped[datetime]
    timeline_reduction_days: Mapped[int] = mapped_column(default=0, server_default="0")
    cost_savings: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")

    __table_args__ = (CheckConstraint("timeline_reduction_days >= 0 AND cost_savings >= 0", name="not_negative"),)


class GeneratedDocument(OfReport, Base):
    """A document that was made from a template, with what the checks found. No error, and only then: is_valid."""

    __tablename__ = "generated_documents"

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), index=True)
    document_type: Mapped[DocumentTypeEnum] = mapped_column(EnumText(DocumentTypeEnum), index=True)
    document_data: Mapped[dict[str, Any]] = mapped_column(JsonDocument())
    pdf_url: Mapped[str | None] = mapped_column(String(500))
    editable_url: Mapped[str | None] = mapped_column(String(500))
    validation_results: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    is_valid: Mapped[bool] = mapped_column(default=False, server_default="0")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (CheckConstraint("NOT is_valid OR validation_results IS NOT NULL", name="is_valid"),)


class ActionPlanProgress(OfReport, Base):
    """One task of the seven-day plan; the whole plan is stored when it is made."""

    __tablename__ = "action_plan_progress"

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), index=True)
    task_id: Mapped[str] = mapped_column(String(100))
    day_number: Mapped[int]
    task_title: Mapped[str] = mapped_column(String(255))
    task_description: Mapped[str | None]
    task_category: Mapped[TaskCategoryEnum | None] = mapped_column(EnumText(TaskCategoryEnum))
    completed: Mapped[bool] = mapped_column(default=False, server_default="0", index=True)
    completed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        UniqueConstraint("report_id", "task_id"),
        CheckConstraint("day_number BETWEEN 1 AND 7", name="day_number"),
        CheckConstraint("length(trim(task_title)) > 0", name="task_title"),
        CheckConstraint("completed = (completed_at IS NOT NULL)", name="completed_at"),
    )
