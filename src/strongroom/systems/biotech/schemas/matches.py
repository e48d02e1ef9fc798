"""Acquirers and matches as they are judged, put and shown. Amounts in US dollars."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from strongroom.kernel.web import NumberOut, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import TherapeuticArea
from strongroom.systems.biotech.rules.matching import MATCH_SCORE_MIN, Acquirer
from strongroom.systems.biotech.schemas.bodies import (
    CompanyBriefOut,
    Document,
    Fit,
    Lines,
    MetadataOut,
    Name,
    Score,
    Share,
    Text,
    Ticker,
    UsdIn,
)
from strongroom.systems.biotech.services.suitors import TrackedAcquirer

ACQUIRERS_MAX = 200
MATCHES_MAX = 200

Deals = Annotated[int, Field(ge=0, le=1000, description="Takeovers within five years.")]


class AcquirerIn(RequestBody):
    """Who might buy, described."""

    ticker: Ticker
    name: Name
    therapeutic_areas: list[TherapeuticArea] = Field(default_factory=list, max_length=len(TherapeuticArea))
    cash_usd: UsdIn
    market_cap_usd: UsdIn
    headquarters: Name | None = None
    deals_in_five_years: Deals = 0
    patent_cliff_years: float | None = Field(
        default=None, ge=0, le=100, allow_inf_nan=False, description="Until its main patent ends."
    )

    def as_acquirer(self) -> Acquirer:
        """The same for the services."""
        return Acquirer(**{**dict(self), "therapeutic_areas": frozenset(self.therapeutic_areas)})


class TrackedAcquirerIn(RequestBody):
    """Who might buy, one of our companies."""

    company_id: UUID
    deals_in_five_years: Deals = 0

    def as_tracked(self) -> TrackedAcquirer:
        """The same for the services."""
        return TrackedAcquirer(**dict(self))


class MatchingIn(RequestBody):
    """Whom to judge for a target."""

    acquirers: list[AcquirerIn] = Field(default_factory=list, max_length=ACQUIRERS_MAX)
    companies: list[TrackedAcquirerIn] = Field(default_factory=list, max_length=ACQUIRERS_MAX)
    min_score: Score = Field(default=MATCH_SCORE_MIN, description="What fits less is left out.")


class MatchIn(RequestBody):
    """A match that was judged elsewhere. Without a match_score, ten times strategic_fit_score decides its rank."""

    acquirer_ticker: Ticker
    acquirer_name: Name
    acquirer_company_id: UUID | None = None
    strategic_fit_score: Fit
    therapeutic_overlap_score: Fit = 0.0
    geographic_fit_score: Fit = 0.0
    financial_capacity_score: Fit = 0.0
    historical_ma_score: Fit = 0.0
    match_score: Score | None = None
    probability: Share | None = None
    estimated_premium_pct: float | None = Field(default=None, ge=0, le=200, allow_inf_nan=False)
    synergy_rationale: Text | None = None
    key_assets_of_interest: Lines = Field(default_factory=list)
    estimated_valuation_range_usd: str | None = Field(default=None, max_length=100, pattern=r"^[^\x00-\x1f]*$")
    valuation_low_usd: UsdIn | None = None
    valuation_base_usd: UsdIn | None = None
    valuation_high_usd: UsdIn | None = None
    metadata: Document = Field(default_factory=dict)

    @field_validator("valuation_base_usd", "valuation_high_usd")
    @classmethod
    def _does_not_fall(cls, value: UsdIn | None, info: ValidationInfo) -> UsdIn | None:
        lower = [info.data.get(name) for name in ("valuation_low_usd", "valuation_base_usd")]
        if value is not None and any(other is not None and other > value for other in lower):
            raise ValueError("must not be less than the valuation below it")
        return value


class MatchesIn(RequestBody):
    """The newest run of a target, in any order; an empty one says that nobody fits."""

    matches: list[MatchIn] = Field(max_length=MATCHES_MAX)

    @field_validator("matches")
    @classmethod
    def _each_acquirer_once(cls, matches: list[MatchIn]) -> list[MatchIn]:
        if len({match.acquirer_ticker for match in matches}) < len(matches):
            raise ValueError("must name each acquirer once")
        return matches


class MatchOut(ResponseBody):
    """One acquirer for one target in one run."""

    id: UUID
    target_company_id: UUID
    acquirer_company_id: UUID | None
    acquirer_ticker: str
    acquirer_name: str
    run_id: UUID
    match_date: datetime
    match_rank: int | None = Field(description="1 is the best of its run.")
    is_top_match: bool = Field(description="One of the best five of the target's newest run.")
    strategic_fit_score: float
    therapeutic_overlap_score: float
    geographic_fit_score: float
    financial_capacity_score: float
    historical_ma_score: float
    match_score: float | None = Field(description="0 to 100.")
    probability: float | None = Field(description="0 to 1.")
    estimated_premium_pct: float | None
    synergy_rationale: str | None
    key_assets_of_interest: list[str]
    estimated_valuation_range_usd: str | None
    valuation_low_usd: NumberOut | None
    valuation_base_usd: NumberOut | None
    valuation_high_usd: NumberOut | None
    metadata: MetadataOut


class TargetMatchOut(MatchOut):
    """A match, and whom it is about."""

    target_company: CompanyBriefOut
