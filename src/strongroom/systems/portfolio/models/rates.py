"""Exchange rates, as they were published."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from strongroom.kernel.tables import EnumText, database_now
from strongroom.systems.portfolio.models.row import Base, ExchangeRate, currency_checks
from strongroom.systems.portfolio.rules.enums import RatePeriodEnum


class FxRate(Base):
    """Units of quote_currency for one unit of base_currency: on rate_date, or on average over the month it begins."""

    __tablename__ = "fx_rates"

    base_currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    quote_currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    rate_period: Mapped[RatePeriodEnum] = mapped_column(EnumText(RatePeriodEnum), primary_key=True)
    rate_date: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[ExchangeRate]
    provider: Mapped[str]
    fetched_at: Mapped[datetime] = mapped_column(server_default=database_now())

    __table_args__ = (
        CheckConstraint("rate > 0", name="rate"),
        CheckConstraint("base_currency <> quote_currency", name="two_currencies"),
        *currency_checks("base_currency", "quote_currency"),
    )
