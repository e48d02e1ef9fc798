"""A report: what one product needs to be sold in one country; owner of everything that follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    EnumText,
    Id,
    JsonDocument,
    UpdatedAt,
    holding_object,
    matching,
    within,
)
from strongroom.systems.export_readiness.models.row import PERCENT, QUANTITY, Base
from strongroom.systems.export_readiness.rules import (
    REPORT,
    BusinessTypeEnum,
    CompanySizeEnum,
    ReportStatusEnum,
    normalise_hs_code,
    shown_id,
)

if TYPE_CHECKING:
    from strongroom.systems.export_readiness.models.analyses import FinanceAnalysis, LogisticsAnalysis
    from strongroom.systems.export_readiness.models.chat import ChatSession
    from strongroom.systems.export_readiness.models.progress import (
        ActionPlanProgress,
        CertificationProgress,
        GeneratedDocument,
    )
    from strongroom.systems.export_readiness.models.users import User


def _detail(name: str) -> property:
    """A detail of the product by a name of its own; it lies in product_details."""

    def read(report: Report) -> str | None:
        return (report.product_details or {}).get(name)

    def write(report: Report, value: str | None) -> None:
        details = {key: kept for key, kept in (report.product_details or {}).items() if key != name}
        report.product_details = details if value is None else {**details, name: value}

    return property(read, write)


class Report(Base):
    """One product for one destination, as the business was when it asked. estimated_cost in INR.

    A copy that somebody else has changed since it was read cannot be saved: updated_at tells.
    """

    __tablename__ = "reports"
    __capabilities__ = Capabilities(owned_by="user_id", audited=True, sharded_by="user_id")

    id: Mapped[Id] = mapped_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("export_readiness.users.id", ondelete="CASCADE"))
    product_name: Mapped[str] = mapped_column(String(255))
    product_details: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict, server_default="{}")
    destination_country: Mapped[str] = mapped_column(String(100), index=True)
    business_type: Mapped[BusinessTypeEnum] = mapped_column(EnumText(BusinessTypeEnum))
    company_size: Mapped[CompanySizeEnum] = mapped_column(EnumText(CompanySizeEnum))
    monthly_volume: Mapped[Decimal | None] = mapped_column(QUANTITY)
    price_range: Mapped[str | None] = mapped_column(String(100))
    hs_code: Mapped[str | None] = mapped_column(String(20), index=True)
    hs_code_confidence: Mapped[Decimal | None] = mapped_column(PERCENT)
    risk_score: Mapped[int | None]
    estimated_cost: Mapped[Decimal | None]
    estimated_timeline_days: Mapped[int | None]
    report_data: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict, server_default="{}")
    status: Mapped[ReportStatusEnum] = mapped_column(
        EnumText(ReportStatusEnum), default=ReportStatusEnum.COMPLETED, server_default="completed"
    )
    created_at: Mapped[CreatedAt] = mapped_column()
    updated_at: Mapped[UpdatedAt] = mapped_column(server_onupdate=FetchedValue())

    product_image_url = _detail("image_url")
    ingredients = _detail("ingredients")
    bom = _detail("bom")
    payment_mode = _detail("payment_mode")

    user: Mapped[User] = relationship(back_populates="reports", lazy="raise")
    certifications: Mapped[list[CertificationProgress]] = relationship(lazy="raise", passive_deletes="all")
    documents: Mapped[list[GeneratedDocument]] = relationship(lazy="raise", passive_deletes="all")
    tasks: Mapped[list[ActionPlanProgress]] = relationship(lazy="raise", passive_deletes="all")
    chat_sessions: Mapped[list[ChatSession]] = relationship(lazy="raise", passive_deletes="all")
    finance_analysis: Mapped[FinanceAnalysis | None] = relationship(lazy="raise", passive_deletes="all", uselist=False)
    logistics_analysis: Mapped[LogisticsAnalysis | None] = relationship(
        lazy="raise", passive_deletes="all", uselist=False
    )

    # eager_defaults brings back the moment that the database wrote, for the next comparison
    __mapper_args__ = {**Base.__mapper_args__, "version_id_col": updated_at, "version_id_generator": False}
    __table_args__ = (
        Index("ix_reports_created_at", created_at.desc()),
        Index("ix_reports_user_id_created_at", "user_id", created_at.desc(), id.desc()),
        Index("ix_reports_status", "status"),
        CheckConstraint("length(trim(product_name)) > 0", name="product_name"),
        CheckConstraint("length(trim(destination_country)) > 0", name="destination_country"),
        CheckConstraint("monthly_volume > 0", name="monthly_volume"),
        CheckConstraint("risk_score BETWEEN 0 AND 100", name="risk_score"),
        CheckConstraint("estimated_cost >= 0", name="estimated_cost"),
        CheckConstraint("estimated_timeline_days > 0", name="estimated_timeline_days"),
        *holding_object("product_details"),
        *holding_object("report_data"),
        *within("hs_code_confidence", 0, 100, 2),
        matching("hs_code", "^[0-9]{4,10}$"),
    )

    @property
    def shown_id(self) -> str:
        """rpt_ and 32 hexadecimal digits."""
        return shown_id(self.id, REPORT)

    @validates("hs_code")
    def _normalise_hs_code(self, _: str, value: Any) -> Any:
        return normalise_hs_code(value) if isinstance(value, str) else value

    @validates("product_name", "destination_country")
    def _trim(self, _: str, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value
