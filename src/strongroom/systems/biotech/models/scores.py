"""How likely a company is to be bought, score by score, and the models that the scores come from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    Id,
    JsonDocument,
    UpdatedAt,
    database_clock,
    holding_object,
    within,
)
from strongroom.systems.biotech.models.row import Base, CompanyId, Extra, Figure, Score, Words

if TYPE_CHECKING:
    from strongroom.systems.biotech.models.companies import Company


class ScoringModel(Base):
    """The weights of one score_version; they add up to 1 and never change, since old scores were made with them."""

    __tablename__ = "scoring_models"
    __capabilities__ = Capabilities(immutable=True, changeable=frozenset({"description", "is_default"}))

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str | None]
    weights: Mapped[dict[str, Any]] = mapped_column(JsonDocument())
    is_default: Mapped[bool] = mapped_column(default=False, server_default="0")
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "uq_scoring_models_default",
            "is_default",
            unique=True,
            postgresql_where=text("is_default"),
            sqlite_where=text("is_default"),
        ),
        CheckConstraint("length(trim(version)) > 0", name="version"),
        *holding_object("weights"),
    )


class MAScore(Base):
    """One score of one company, 0 to 100, with its parts. Several a day are kept; the newest by score_date counts.

    score_change_30d, score_change_90d: against the score of so many days before, None when there was none.
    """

    __tablename__ = "ma_scores"
    __capabilities__ = Capabilities(owned_by="company_id")

    id: Mapped[Id]
    company_id: Mapped[CompanyId]
    # not the start of the transaction: two scores of one transaction would be of the same moment
    score_date: Mapped[datetime] = mapped_column(
        default=lambda _: datetime.now(UTC), server_default=database_clock(), index=True
    )
    score_version: Mapped[str] = mapped_column(String(20), default="1.0", server_default="1.0")
    total_score: Mapped[float] = mapped_column(Figure(5, 2), index=True)
    percentile_rank: Mapped[float | None] = mapped_column(Figure(5, 2))
    pipeline_score: Mapped[Score]
    patent_score: Mapped[Score]
    financial_score: Mapped[Score]
    insider_score: Mapped[Score]
    strategic_fit_score: Mapped[Score]
    regulatory_score: Mapped[Score]
    score_change_30d: Mapped[float | None] = mapped_column(Figure(5, 2))
    score_change_90d: Mapped[float | None] = mapped_column(Figure(5, 2))
    key_drivers: Mapped[Words]
    risk_factors: Mapped[Words]
    confidence: Mapped[float | None] = mapped_column(Figure(4, 3))
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    company: Mapped[Company] = relationship(back_populates="ma_scores", lazy="raise")

    __table_args__ = (
        UniqueConstraint("company_id", "score_date"),
        *within("total_score", 0, 100, scale=2),
        *within("percentile_rank", 0, 100, scale=2),
        *within("pipeline_score", 0, 100, scale=2),
        *within("patent_score", 0, 100, scale=2),
        *within("financial_score", 0, 100, scale=2),
        *within("insider_score", 0, 100, scale=2),
        *within("strategic_fit_score", 0, 100, scale=2),
        *within("regulatory_score", 0, 100, scale=2),
        *within("score_change_30d", -100, 100, scale=2),
        *within("score_change_90d", -100, 100, scale=2),
        *within("confidence", 0, 1, scale=3),
        *holding_object("metadata"),
    )


class LatestScore(Base):
    """Which score of a company counts now; kept by triggers, so that the top of all companies is one index away."""

    __tablename__ = "latest_scores"
    __capabilities__ = Capabilities(owned_by="company_id")

    company_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.companies.id", ondelete="CASCADE"), primary_key=True)
    score_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.ma_scores.id", ondelete="CASCADE"), unique=True)
    score_date: Mapped[datetime]
    total_score: Mapped[float] = mapped_column(Figure(5, 2), index=True)


class WatchlistEntry(Base):
    """A stay of a company on the watchlist of all; removed_at None: it is on it now. tier: 1 the most likely, to 4."""

    __tablename__ = "watchlist_entries"
    __capabilities__ = Capabilities(owned_by="company_id")

    id: Mapped[Id]
    company_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.companies.id", ondelete="CASCADE"), index=True)
    added_at: Mapped[datetime]
    added_score: Mapped[float] = mapped_column(Figure(5, 2))
    peak_score: Mapped[float] = mapped_column(Figure(5, 2))
    current_score: Mapped[float] = mapped_column(Figure(5, 2), index=True)
    tier: Mapped[int]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_watchlist_entries_company_id",
            "company_id",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
            sqlite_where=text("removed_at IS NULL"),
        ),
        CheckConstraint("tier BETWEEN 1 AND 4", name="tier"),
        CheckConstraint("removed_at IS NULL OR removed_at >= added_at", name="removed_at"),
        CheckConstraint("peak_score >= current_score AND peak_score >= added_score", name="peak_score"),
        *within("added_score", 0, 100, scale=2),
        *within("peak_score", 0, 100, scale=2),
        *within("current_score", 0, 100, scale=2),
    )
