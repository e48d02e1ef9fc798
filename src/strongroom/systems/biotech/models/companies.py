"""Companies and the drug candidates in their pipelines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ColumnElement, Computed, Index, String, event, func, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    DeletedAt,
    EnumText,
    Id,
    UpdatedAt,
    default_decimal,
    drawn_from,
    holding_object,
    matching,
    within,
)
from strongroom.systems.biotech.models.row import (
    Base,
    CompanyId,
    Document,
    Extra,
    Figure,
    Name,
    Ticker,
    Words,
)
from strongroom.systems.biotech.rules.companies import (
    CONSTRAINED_BELOW_QUARTERS,
    TICKER_PATTERN,
    enterprise_value,
    normalise_areas,
    normalise_label,
    normalise_ticker,
    runway_quarters,
)
from strongroom.systems.biotech.rules.enums import Phase, TherapeuticArea
from strongroom.systems.biotech.rules.pipeline import PHASE_SCORES, normalise_milestone_date, patent_years_remaining

if TYPE_CHECKING:
    from strongroom.systems.biotech.models.matches import AcquirerMatch
    from strongroom.systems.biotech.models.scores import MAScore
    from strongroom.systems.biotech.models.signals import Signal

ALIVE = text("deleted_at IS NULL")


class Company(Base):
    """A company that could be bought. Amounts in US dollars.

    enterprise_value_usd follows from market capitalisation, debt and cash; runway_quarters from cash and burn;
    is_cash_constrained from the runway. Where the burn is not known, the last two are what the caller says.
    """

    __tablename__ = "companies"
    __capabilities__ = Capabilities(soft_deleted=True)

    id: Mapped[Id]
    ticker: Mapped[Ticker]
    name: Mapped[Name]
    market_cap_usd: Mapped[Decimal] = mapped_column(index=True)
    cash_position_usd: Mapped[Decimal]
    quarterly_burn_rate_usd: Mapped[Decimal | None]
    total_debt_usd: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")
    runway_quarters: Mapped[float | None] = mapped_column(Figure(8, 2))
    enterprise_value_usd: Mapped[Decimal | None]
    is_cash_constrained: Mapped[bool] = mapped_column(default=False, server_default="0", index=True)
    therapeutic_areas: Mapped[Words]
    founded_year: Mapped[int | None]
    employee_count: Mapped[int | None]
    headquarters_location: Mapped[str | None] = mapped_column(String(255))
    is_public: Mapped[bool] = mapped_column(default=True, server_default="1")
    last_data_refresh: Mapped[datetime | None]
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    drug_candidates: Mapped[list[DrugCandidate]] = relationship(
        back_populates="company", lazy="raise", passive_deletes="all", order_by="DrugCandidate.name"
    )
    signals: Mapped[list[Signal]] = relationship(back_populates="company", lazy="raise", passive_deletes="all")
    ma_scores: Mapped[list[MAScore]] = relationship(back_populates="company", lazy="raise", passive_deletes="all")
    acquirer_matches: Mapped[list[AcquirerMatch]] = relationship(
        back_populates="target_company",
        foreign_keys="AcquirerMatch.target_company_id",
        lazy="raise",
        passive_deletes="all",
    )

    __table_args__ = (
        Index("uq_companies_ticker", "ticker", unique=True, postgresql_where=ALIVE, sqlite_where=ALIVE),
        Index(
            "ix_companies_name",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        Index("ix_companies_therapeutic_areas", "therapeutic_areas", postgresql_using="gin"),
        CheckConstraint("length(trim(name)) > 0", name="name"),
        CheckConstraint("ticker = upper(ticker) AND length(ticker) BETWEEN 1 AND 10", name="ticker"),
        matching("ticker", TICKER_PATTERN),
        CheckConstraint("market_cap_usd >= 0 AND cash_position_usd >= 0 AND total_debt_usd >= 0", name="amounts"),
        CheckConstraint("quarterly_burn_rate_usd >= 0", name="quarterly_burn_rate_usd"),
        CheckConstraint("runway_quarters >= 0", name="runway_quarters"),
        CheckConstraint("founded_year BETWEEN 1900 AND 2100", name="founded_year"),
        CheckConstraint("employee_count >= 0", name="employee_count"),
        drawn_from("therapeutic_areas", TherapeuticArea),
        *holding_object("metadata"),
    )

    @validates("ticker", "name", "therapeutic_areas")
    def _normalise(self, field: str, value: Any) -> Any:
        if field == "name":
            return normalise_label(value, field)
        return normalise_ticker(value) if field == "ticker" else normalise_areas(value)


@event.listens_for(Company, "before_insert")
@event.listens_for(Company, "before_update")
def _derive(mapper: Mapper[Company], connection: Connection, company: Company) -> None:
    """Compute what the triggers compute, so that the object has it without being read again."""
    burn = company.quarterly_burn_rate_usd
    if company.market_cap_usd is None or company.cash_position_usd is None:
        return  # the database refuses the row in a moment
    company.enterprise_value_usd = enterprise_value(
        company.market_cap_usd, company.total_debt_usd, company.cash_position_usd
    )
    if burn is not None:
        runway = runway_quarters(company.cash_position_usd, burn)
        company.runway_quarters = None if runway is None else float(runway)
    elif _is_forgotten(company):
        company.runway_quarters, company.is_cash_constrained = None, False
    if company.runway_quarters is not None:
        company.is_cash_constrained = company.runway_quarters < CONSTRAINED_BELOW_QUARTERS
    elif burn is not None:
        company.is_cash_constrained = False


def _is_forgotten(company: Company) -> bool:
    """Whether the burn was known until now and the runway is still the one that followed from it."""
    state = inspect(company)
    was_known = any(burn is not None for burn in state.attrs.quarterly_burn_rate_usd.history.deleted)
    return was_known and not state.attrs.runway_quarters.history.has_changes()


class phase_score(ColumnElement[float]):
    """The score of the row's phase; on SQLite as the scaled integer that the column holds."""

    inherit_cache = True


@compiles(phase_score)
def _phase_score(element: Any, compiler: Any, **_: Any) -> str:
    # as PostgreSQL prints it, so that Alembic sees no difference
    cases = " ".join(f"WHEN '{phase}'::text THEN {score}" for phase, score in PHASE_SCORES.items())
    return f"CASE phase {cases} END"


@compiles(phase_score, "sqlite")
def _phase_score_on_sqlite(element: Any, compiler: Any, **_: Any) -> str:
    cases = " ".join(f"WHEN '{phase}' THEN {round(score * 100)}" for phase, score in PHASE_SCORES.items())
    return f"CASE phase {cases} END"


class DrugCandidate(Base):
    """One asset of a company's pipeline. market_potential_usd: peak annual sales. phase_score: 0 to 10, by phase.

    next_milestone_date: a day, 2027-03-31, or a quarter, 2027-Q1.
    """

    __tablename__ = "drug_candidates"
    __capabilities__ = Capabilities(soft_deleted=True, owned_by="company_id")

    id: Mapped[Id]
    company_id: Mapped[CompanyId]
    name: Mapped[Name] = mapped_column()
    phase: Mapped[Phase] = mapped_column(EnumText(Phase))
    indication: Mapped[str]
    mechanism: Mapped[str]
    therapeutic_area: Mapped[TherapeuticArea] = mapped_column(EnumText(TherapeuticArea), index=True)
    patent_expiry: Mapped[date | None]
    orphan_designation: Mapped[bool] = mapped_column(default=False, server_default="0")
    fast_track: Mapped[bool] = mapped_column(default=False, server_default="0")
    breakthrough_therapy: Mapped[bool] = mapped_column(default=False, server_default="0")
    next_milestone: Mapped[str | None]
    next_milestone_date: Mapped[str | None] = mapped_column(String(10))
    phase_score: Mapped[float | None] = mapped_column(Figure(4, 2), Computed(phase_score(), persisted=True))
    competitive_landscape_score: Mapped[float] = mapped_column(
        Figure(4, 2), default=5.0, server_default=default_decimal("5", 2)
    )
    market_potential_usd: Mapped[Decimal | None]
    additional_data: Mapped[Document]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    company: Mapped[Company] = relationship(back_populates="drug_candidates", lazy="raise")

    __table_args__ = (
        Index(
            "uq_drug_candidates_company_id_name",
            "company_id",
            func.lower(name),
            unique=True,
            postgresql_where=ALIVE,
            sqlite_where=ALIVE,
        ),
        Index("ix_drug_candidates_company_id_phase", "company_id", "phase"),
        CheckConstraint("length(trim(name)) > 0", name="name"),
        CheckConstraint("market_potential_usd >= 0", name="market_potential_usd"),
        matching("next_milestone_date", r"^2(0[0-9]{2}|100)-(Q[1-4]|[0-9]{2}-[0-9]{2})$"),
        *within("competitive_landscape_score", 0, 10, scale=2),
        *holding_object("additional_data"),
    )

    @property
    def patent_years_remaining(self) -> float | None:
        """Years of patent left today, by the clock of this machine; None when there is no date."""
        return patent_years_remaining(self.patent_expiry, datetime.now(UTC).date())

    @validates("name", "indication", "mechanism", "next_milestone_date")
    def _check(self, field: str, value: Any) -> Any:
        if field != "next_milestone_date":
            return normalise_label(value, field)
        return None if value is None else normalise_milestone_date(value)
