"""Scores as they are recorded, computed and shown, and the weights behind them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, computed_field

from strongroom.kernel.web import MomentIn, NumberIn, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import Component
from strongroom.systems.biotech.rules.scoring import RiskLevel, Trend, risk_level, trend_of
from strongroom.systems.biotech.schemas.bodies import CompanyBriefOut, Document, Lines, MetadataOut, Score, Share, Text

Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,20}$", examples=["1.0"])]


class ScoreIn(RequestBody):
    """A score that was computed elsewhere. The total is what it is said to be."""

    total_score: Score
    pipeline_score: Score = 0.0
    patent_score: Score = 0.0
    financial_score: Score = 0.0
    insider_score: Score = 0.0
    strategic_fit_score: Score = 0.0
    regulatory_score: Score = 0.0
    score_date: MomentIn | None = Field(default=None, description="Now when left out. One score a company and moment.")
    score_version: Version = "1.0"
    confidence: Share | None = None
    key_drivers: Lines = Field(default_factory=list)
    risk_factors: Lines = Field(default_factory=list)
    metadata: Document = Field(default_factory=dict)


class ComputationIn(RequestBody):
    """How to compute a score from what is known."""

    as_of: MomentIn | None = Field(default=None, description="Signals after it do not count; now when left out.")
    version: Version | None = Field(default=None, description="The scoring model; the default one when left out.")
    redistribute: bool = Field(default=False, description="Give the weight of missing components to the others.")


class RankingIn(RequestBody):
    """The day whose scores are ranked."""

    score_date: date | None = Field(default=None, description="UTC; today when left out.")


class RankingOut(ResponseBody):
    """How many companies were ranked."""

    ranked: int


class ScoreOut(ResponseBody):
    """One score of one company, 0 to 100, and its parts."""

    id: UUID
    company_id: UUID
    score_date: datetime
    score_version: str
    total_score: float
    percentile_rank: float | None
    pipeline_score: float
    patent_score: float
    financial_score: float
    insider_score: float
    strategic_fit_score: float
    regulatory_score: float
    score_change_30d: float | None = Field(description="Points; null when there was no score then.")
    score_change_90d: float | None
    key_drivers: list[str]
    risk_factors: list[str]
    confidence: float | None = Field(description="The share of the weights for which anything was known.")

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way; mypy knows no decorated property
    @property
    def risk_level(self) -> RiskLevel:
        """How likely a takeover looks."""
        return risk_level(self.total_score)

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def trend(self) -> Trend | None:
        """Over 30 days."""
        return trend_of(self.score_change_30d)


class ScoreWithInputsOut(ScoreOut):
    """A score with all it was made from, in metadata.inputs."""

    metadata: MetadataOut


class StandingOut(ScoreOut):
    """The score of a company that counts, and which company it is."""

    company: CompanyBriefOut


class ScoreChangeOut(ResponseBody):
    """A company whose score has moved. before: the total it had then; change: in points."""

    score: StandingOut
    before: float
    change: float


class ScoringModelIn(RequestBody):
    """Weights of the six components, which add up to 1 exactly. They never change afterwards."""

    version: Version
    description: Text | None = None
    weights: dict[Component, NumberIn] = Field(examples=[{"pipeline": "0.30"}])


class ScoringModelOut(ResponseBody):
    """The weights of one version, as exact text."""

    version: str
    description: str | None
    weights: dict[str, str]
    is_default: bool
    created_at: datetime
