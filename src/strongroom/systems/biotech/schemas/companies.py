"""Companies and their drug candidates as they are entered, changed and shown. Amounts in US dollars."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import ChangeBody, MomentIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import Phase, TherapeuticArea
from strongroom.systems.biotech.schemas.bodies import Count, Document, Fit, MetadataOut, Name, Text, Ticker, UsdIn

Areas = Annotated[list[TherapeuticArea], Field(max_length=len(TherapeuticArea))]
Year = Annotated[int, Field(ge=1900, le=2100)]
Runway = Annotated[
    float,
    Field(ge=0, lt=1_000_000, allow_inf_nan=False, description="Counts only while quarterly_burn_rate_usd is null."),
]
MilestoneDate = Annotated[
    str, Field(max_length=10, pattern=r"^\s*\d{4}-(\d{2}-\d{2}|[qQ][1-4])\s*$", examples=["2027-Q1", "2027-03-31"])
]


class CompanyIn(RequestBody):
    """A company. Enterprise value follows from its figures; runway and its being short of cash from the burn."""

    ticker: Ticker = Field(examples=["ABCD"], description="Unique among companies that are not deleted.")
    name: Name = Field(examples=["ABC Therapeutics"])
    market_cap_usd: UsdIn
    cash_position_usd: UsdIn
    quarterly_burn_rate_usd: UsdIn | None = Field(default=None, description="Per quarter; null: not known.")
    total_debt_usd: UsdIn = Field(default=0, validate_default=True)
    runway_quarters: Runway | None = None
    is_cash_constrained: bool = Field(default=False, description="Counts only while nothing says how long cash lasts.")
    therapeutic_areas: Areas = Field(default_factory=list)
    founded_year: Year | None = None
    employee_count: Count | None = None
    headquarters_location: Name | None = None
    is_public: bool = True
    last_data_refresh: MomentIn | None = None
    metadata: Document = Field(default_factory=dict)


class CompanyChangeIn(ChangeBody):
    """Fields to change; left out stays as it is."""

    may_be_empty = frozenset(
        {
            "quarterly_burn_rate_usd",
            "runway_quarters",
            "founded_year",
            "employee_count",
            "headquarters_location",
            "last_data_refresh",
        }
    )

    ticker: Ticker | None = None
    name: Name | None = None
    market_cap_usd: UsdIn | None = None
    cash_position_usd: UsdIn | None = None
    quarterly_burn_rate_usd: UsdIn | None = None
    total_debt_usd: UsdIn | None = None
    runway_quarters: Runway | None = None
    is_cash_constrained: bool | None = None
    therapeutic_areas: Areas | None = None
    founded_year: Year | None = None
    employee_count: Count | None = None
    headquarters_location: Name | None = None
    is_public: bool | None = None
    last_data_refresh: MomentIn | None = None
    metadata: Document | None = None


class CompanyOut(ResponseBody):
    """A company."""

    id: UUID
    ticker: str
    name: str
    market_cap_usd: NumberOut
    cash_position_usd: NumberOut
    quarterly_burn_rate_usd: NumberOut | None
    total_debt_usd: NumberOut
    runway_quarters: float | None
    enterprise_value_usd: NumberOut | None
    is_cash_constrained: bool
    therapeutic_areas: list[TherapeuticArea]
    founded_year: int | None
    employee_count: int | None
    headquarters_location: str | None
    is_public: bool
    last_data_refresh: datetime | None
    metadata: MetadataOut
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class CandidateIn(RequestBody):
    """A drug candidate. Its phase_score follows from its phase."""

    name: Name = Field(description="Unique within the company, in capitals or not.")
    phase: Phase
    indication: Text
    mechanism: Text
    therapeutic_area: TherapeuticArea
    patent_expiry: date | None = None
    orphan_designation: bool = False
    fast_track: bool = False
    breakthrough_therapy: bool = False
    next_milestone: Text | None = None
    next_milestone_date: MilestoneDate | None = None
    competitive_landscape_score: Fit = 5.0
    market_potential_usd: UsdIn | None = Field(default=None, description="Peak sales of a year.")
    additional_data: Document = Field(default_factory=dict)


class CandidateChangeIn(ChangeBody):
    """Fields to change; left out stays as it is."""

    may_be_empty = frozenset({"patent_expiry", "next_milestone", "next_milestone_date", "market_potential_usd"})

    name: Name | None = None
    phase: Phase | None = None
    indication: Text | None = None
    mechanism: Text | None = None
    therapeutic_area: TherapeuticArea | None = None
    patent_expiry: date | None = None
    orphan_designation: bool | None = None
    fast_track: bool | None = None
    breakthrough_therapy: bool | None = None
    next_milestone: Text | None = None
    next_milestone_date: MilestoneDate | None = None
    competitive_landscape_score: Fit | None = None
    market_potential_usd: UsdIn | None = None
    additional_data: Document | None = None


class CandidateOut(ResponseBody):
    """A drug candidate."""

    id: UUID
    company_id: UUID
    name: str
    phase: Phase
    phase_score: float | None = Field(description="0 to 10, by phase.")
    indication: str
    mechanism: str
    therapeutic_area: TherapeuticArea
    patent_expiry: date | None
    patent_years_remaining: float | None = Field(description="As of today.")
    orphan_designation: bool
    fast_track: bool
    breakthrough_therapy: bool
    next_milestone: str | None
    next_milestone_date: str | None
    competitive_landscape_score: float
    market_potential_usd: NumberOut | None
    additional_data: dict[str, object]
    created_at: datetime
    updated_at: datetime


class CompanyWithPipelineOut(CompanyOut):
    """A company and its drug candidates, by name."""

    drug_candidates: list[CandidateOut]


class StatisticsOut(ResponseBody):
    """All companies in four figures."""

    total_companies: int
    avg_market_cap: NumberOut
    total_market_cap: NumberOut
    cash_constrained_count: int
