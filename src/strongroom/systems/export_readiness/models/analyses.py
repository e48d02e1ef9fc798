"""What the calculators found for a report: money and freight, one row each, amounts as decimal text in JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, synonym

from strongroom.kernel.tables import CreatedAt, JsonDocument, UpdatedAt
from strongroom.systems.export_readiness.models.belonging import OfReport
from strongroom.systems.export_readiness.models.row import Base

_REPORT = "export_readiness.reports.id"


class FinanceAnalysis(OfReport, Base):
    """Working capital, credit, benefits, refunds and when money moves; INR."""

    __tablename__ = "finance_analysis"

    report_id: Mapped[UUID] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), primary_key=True)
    working_capital_data: Mapped[dict[str, Any]] = mapped_column(JsonDocument())
    pre_shipment_credit_data: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    rodtep_benefit_data: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    gst_refund_data: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    cash_flow_timeline: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    financing_options: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    id = synonym("report_id")


class LogisticsAnalysis(OfReport, Base):
    """Container or shared load, inspection, route, freight, insurance; USD where it says so."""

    __tablename__ = "logistics_analysis"

    report_id: Mapped[UUID] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), primary_key=True)
    lcl_fcl_comparison: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    rms_probability_data: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    route_analysis: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    freight_estimate: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    insurance_recommendation: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    id = synonym("report_id")
