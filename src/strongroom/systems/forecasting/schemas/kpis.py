"""Key figures on the wire: what a report is made from, the report, and the dashboard of a user."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import MomentIn, NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.schemas.bodies import CurrencyCode, Ratio
from strongroom.systems.forecasting.schemas.models import ModelOut
from strongroom.systems.forecasting.schemas.risk import RiskOut
from strongroom.systems.forecasting.services.kpis import ReportChoices


class ReportIn(RequestBody):
    """The period a report is of, and what its series do not say."""

    start: MomentIn
    end: Annotated[MomentIn, Field(description="Not included.")]
    upload_id: Annotated[UUID | None, Field(description="The series; the owner's newest when left out.")] = None
    budget_upload_id: Annotated[UUID | None, Field(description="An upload of planned amounts.")] = None
    budget: Annotated[NumberIn | None, Field(description="The planned amount itself.")] = None
    net_income: Annotated[NumberIn | None, Field(description="Revenue less all expenses when left out.")] = None
    period: Annotated[PeriodEnum | None, Field(description="Of the returns.")] = None
    risk_free: Annotated[Ratio, Field(description="Return of one such period.")] = 0.0
    currency: Annotated[CurrencyCode | None, Field(description="Where points name none.")] = None

    def report_choices(self) -> ReportChoices:
        """The same for the service. Raises InvalidValue."""
        return ReportChoices(**{name: value for name, value in dict(self).items() if name not in ("start", "end")})


class ReportOut(ResponseBody):
    """Six key figures, and under report_data what they come from. Percentages are points: 25.0000 is 25 %."""

    id: UUID
    model_id: UUID
    report_date: datetime
    report_period_start: datetime
    report_period_end: datetime = Field(description="Not included.")
    revenue_growth_rate: NumberOut | None
    operating_margin: NumberOut | None
    net_margin: NumberOut | None
    forecast_accuracy: NumberOut | None
    budget_variance: NumberOut | None
    risk_adjusted_return: NumberOut | None = Field(description="A ratio.")
    report_data: dict[str, Any]
    created_at: datetime


class DashboardLineOut(ResponseBody):
    """One active model with what is newest of it."""

    model: ModelOut
    report: ReportOut | None
    risk: RiskOut | None


class DashboardOut(ResponseBody):
    """The active models of a user, newest first."""

    models: list[DashboardLineOut]
