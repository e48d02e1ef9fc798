"""Who exports: a small business, how it comes in, and the figures of what it has achieved."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym, validates

from strongroom.kernel.tables import Capabilities, CreatedAt, EnumText, Id, UpdatedAt
from strongroom.systems.export_readiness.models.row import QUANTITY, Base
from strongroom.systems.export_readiness.rules import BusinessTypeEnum, CompanySizeEnum, normalise_email

if TYPE_CHECKING:
    from strongroom.systems.export_readiness.models.reports import Report


class User(Base):
    """A business. Its address is kept in lower case and is unique; monthly_volume in units a month."""

    __tablename__ = "users"
    __capabilities__ = Capabilities(owned_by="id", audited=True, sharded_by="id")

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(255))
    password_hash: Mapped[str] = mapped_column(String(255))
    business_type: Mapped[BusinessTypeEnum] = mapped_column(EnumText(BusinessTypeEnum), index=True)
    company_size: Mapped[CompanySizeEnum] = mapped_column(EnumText(CompanySizeEnum))
    company_name: Mapped[str | None] = mapped_column(String(255))
    monthly_volume: Mapped[Decimal | None] = mapped_column(QUANTITY)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    last_login: Mapped[datetime | None]

    reports: Mapped[list[Report]] = relationship(back_populates="user", lazy="raise", passive_deletes="all")
    metrics: Mapped[UserMetrics | None] = relationship(
        back_populates="user", lazy="raise", passive_deletes="all", uselist=False
    )

    __table_args__ = (
        Index("uq_users_email", func.lower(email), unique=True),
        CheckConstraint("email LIKE '%_@_%' AND email = lower(email)", name="email"),
        CheckConstraint("length(trim(password_hash)) > 0", name="password_hash"),
        CheckConstraint("length(trim(company_name)) > 0", name="company_name"),
        CheckConstraint("monthly_volume > 0", name="monthly_volume"),
    )

    @validates("email")
    def _normalise_email(self, _: str, value: Any) -> Any:
        return value if value is None else normalise_email(value)


class SignIn(Base):
    """How one business comes in; made at the first attempt.

    epoch: tokens carry it, and end when it is raised. failed_attempts: wrong passwords since the last right one.
    """

    __tablename__ = "sign_ins"
    __capabilities__ = Capabilities(owned_by="user_id", sharded_by="user_id")

    user_id: Mapped[UUID] = mapped_column(ForeignKey("export_readiness.users.id", ondelete="CASCADE"), primary_key=True)
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    failed_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("epoch >= 0 AND failed_attempts >= 0", name="not_negative"),)


class UserMetrics(Base):
    """What one business has achieved so far; counted in the transaction that achieves it. cost_savings in INR."""

    __tablename__ = "user_metrics"
    __capabilities__ = Capabilities(owned_by="user_id", sharded_by="user_id")

    user_id: Mapped[UUID] = mapped_column(ForeignKey("export_readiness.users.id", ondelete="CASCADE"), primary_key=True)
    reports_generated: Mapped[int] = mapped_column(default=0, server_default="0")
    certifications_completed: Mapped[int] = mapped_column(default=0, server_default="0")
    documents_generated: Mapped[int] = mapped_column(default=0, server_default="0")
    exports_completed: Mapped[int] = mapped_column(default=0, server_default="0")
    cost_savings: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")
    timeline_reduction_days: Mapped[int] = mapped_column(default=0, server_default="0")
    last_export_date: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    id = synonym("user_id")
    user: Mapped[User] = relationship(back_populates="metrics", lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "reports_generated >= 0 AND certifications_completed >= 0 AND documents_generated >= 0 "
            "AND exports_completed >= 0 AND cost_savings >= 0 AND timeline_reduction_days >= 0",
            name="not_negative",
        ),
    )
