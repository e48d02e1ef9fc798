"""Who could buy whom: pairings of a target and an acquirer, run by run."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    Id,
    UpdatedAt,
    database_clock,
    holding_object,
    matching,
    within,
)
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.models.row import Base, Extra, Figure, Fit, Name, Ticker, Words
from strongroom.systems.biotech.rules.companies import TICKER_PATTERN, normalise_label, normalise_ticker

if TYPE_CHECKING:
    from strongroom.systems.biotech.models.companies import Company


class AcquirerMatch(Base):
    """One acquirer for one target in one run. Fits: 0 to 10; match_score: 0 to 100; probability: 0 to 1.

    The acquirer need not be among our companies. match_rank: 1 is the best of its run; is_current: until the next run
    of this target. Valuations in US dollars.
    """

    __tablename__ = "acquirer_matches"
    __capabilities__ = Capabilities(owned_by="target_company_id")

    id: Mapped[Id]
    target_company_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.companies.id", ondelete="CASCADE"))
    acquirer_company_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("biotech.companies.id", ondelete="SET NULL"), index=True
    )
    acquirer_ticker: Mapped[Ticker] = mapped_column(index=True)
    acquirer_name: Mapped[Name]
    run_id: Mapped[UUID] = mapped_column(default=lambda _: new_id())
    match_date: Mapped[datetime] = mapped_column(default=lambda _: datetime.now(UTC), server_default=database_clock())
    strategic_fit_score: Mapped[float] = mapped_column(Figure(4, 2), index=True)
    therapeutic_overlap_score: Mapped[Fit]
    geographic_fit_score: Mapped[Fit]
    financial_capacity_score: Mapped[Fit]
    historical_ma_score: Mapped[Fit]
    match_score: Mapped[float | None] = mapped_column(Figure(5, 2))
    probability: Mapped[float | None] = mapped_column(Figure(4, 3))
    estimated_premium_pct: Mapped[float | None] = mapped_column(Figure(5, 2))
    synergy_rationale: Mapped[str | None]
    key_assets_of_interest: Mapped[Words]
    estimated_valuation_range_usd: Mapped[str | None] = mapped_column(String(100))
    valuation_low_usd: Mapped[Decimal | None]
    valuation_base_usd: Mapped[Decimal | None]
    valuation_high_usd: Mapped[Decimal | None]
    match_rank: Mapped[int | None]
    is_top_match: Mapped[bool] = mapped_column(default=False, server_default="0")
    is_current: Mapped[bool] = mapped_column(default=True, server_default="1")
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    target_company: Mapped[Company] = relationship(
        back_populates="acquirer_matches", foreign_keys=[target_company_id], lazy="raise"
    )

    __table_args__ = (
        # the name that the convention makes is too long for PostgreSQL
        UniqueConstraint(
            "target_company_id", "acquirer_ticker", "match_date", name="uq_acquirer_matches_target_acquirer_date"
        ),
        UniqueConstraint("target_company_id", "run_id", "match_rank"),
        Index(
            "ix_acquirer_matches_top",
            "target_company_id",
            "match_rank",
            postgresql_where=text("is_top_match"),
            sqlite_where=text("is_top_match"),
        ),
        CheckConstraint("length(trim(acquirer_name)) > 0", name="acquirer_name"),
        CheckConstraint("acquirer_ticker = upper(acquirer_ticker)", name="acquirer_ticker"),
        matching("acquirer_ticker", TICKER_PATTERN),
        CheckConstraint("acquirer_company_id <> target_company_id", name="not_itself"),
        CheckConstraint("match_rank >= 1", name="match_rank"),
        CheckConstraint("is_current OR NOT is_top_match", name="is_top_match"),
        CheckConstraint("valuation_low_usd >= 0 AND valuation_low_usd <= valuation_base_usd", name="valuation_low_usd"),
        CheckConstraint("valuation_base_usd <= valuation_high_usd", name="valuation_base_usd"),
        CheckConstraint("valuation_low_usd <= valuation_high_usd", name="valuation_high_usd"),
        *within("strategic_fit_score", 0, 10, scale=2),
        *within("therapeutic_overlap_score", 0, 10, scale=2),
        *within("geographic_fit_score", 0, 10, scale=2),
        *within("financial_capacity_score", 0, 10, scale=2),
        *within("historical_ma_score", 0, 10, scale=2),
        *within("match_score", 0, 100, scale=2),
        *within("probability", 0, 1, scale=3),
        *within("estimated_premium_pct", 0, 200, scale=2),
        *holding_object("metadata"),
    )

    @validates("acquirer_ticker", "acquirer_name")
    def _normalise(self, field: str, value: Any) -> Any:
        return normalise_ticker(value, field) if field == "acquirer_ticker" else normalise_label(value, field)
