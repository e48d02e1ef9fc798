"""Views of the portfolio: by quarter, by fund, by group, over time. Each says the moment it was known at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import NumberOut, ResponseBody
from strongroom.systems.portfolio.rules.alerts import AlertKind
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.rules.measures import Measure, Origin, Unit
from strongroom.systems.portfolio.services.cohorts import CohortBy
from strongroom.systems.portfolio.services.trail import Recorded, TrailAction

Values = dict[Measure, NumberOut | None]


class FundQuarterOut(ResponseBody):
    """A quarter of the calendar."""

    year: int
    quarter: int


class MeasureOut(ResponseBody):
    """A figure that views can show."""

    name: str
    label: str
    unit: Unit
    origin: Origin


class CompanyFactsOut(ResponseBody):
    """A company in a view."""

    id: UUID
    name: str
    reporting_status: ReportingStatusEnum
    reporting_currency: str
    fund: str
    location_country: str
    customer_type: CustomerTypeEnum
    revenue_type: RevenueTypeEnum


class FiguresOut(ResponseBody):
    """A company's quarter with every measure; null where it is unknown."""

    input_currency: str
    exchange_rate_used: NumberOut
    fiscal_reporting_date: date
    fiscal_reporting_quarter: int
    equity_raised: NumberOut | None
    values: Values


class QuarterViewOut(ResponseBody):
    """What every view of a quarter of the fund begins with."""

    quarter: FundQuarterOut
    known_at: datetime = Field(description="The view shows what was known then.")


class SnapshotLineOut(ResponseBody):
    """One active company; figures: null while it has not reported."""

    company: CompanyFactsOut
    expected_date: date
    last_reported: date | None
    figures: FiguresOut | None


class SnapshotOut(QuarterViewOut):
    """Every active company at a quarter, by name."""

    currency: str
    lines: list[SnapshotLineOut]


class LtmLineOut(ResponseBody):
    """One company's last twelve months; null where four quarters in a row are not there."""

    company: CompanyFactsOut
    fiscal_reporting_date: date
    values: Values


class LtmTableOut(QuarterViewOut):
    """The last twelve months of every active company that has reported, by name."""

    currency: str
    measures: list[Measure]
    lines: list[LtmLineOut]


class FundLineOut(ResponseBody):
    """One fund, or all. Sums over those that have reported; growth in percent over those that reported both times."""

    fund: str | None
    companies: int
    reported: int
    total_revenue: NumberOut
    arr: NumberOut
    cash_balance: NumberOut
    cash_burn: NumberOut
    debt_outstanding: NumberOut
    employees: int
    median_runway_months: NumberOut | None
    short_runway: int = Field(description="Companies with less than runway_months_min.")
    arr_growth: NumberOut | None = Field(description="Against the quarter before.")
    yoy_arr_growth: NumberOut | None
    yoy_revenue_growth: NumberOut | None


class FundOverviewOut(QuarterViewOut):
    """All funds at a quarter, and their total."""

    currency: str
    runway_months_min: NumberOut
    funds: list[FundLineOut]
    total: FundLineOut


class SpreadOut(ResponseBody):
    """Five numbers of a group."""

    count: int
    minimum: NumberOut
    lower_quartile: NumberOut
    median: NumberOut
    upper_quartile: NumberOut
    maximum: NumberOut


class CohortMemberOut(ResponseBody):
    """One company of a group."""

    company_id: UUID
    name: str
    values: Values


class CohortOut(ResponseBody):
    """One group; a spread is null when no member has the figure."""

    name: str
    members: list[CohortMemberOut]
    spreads: dict[Measure, SpreadOut | None]


class CohortComparisonOut(QuarterViewOut):
    """Groups of companies at a quarter."""

    currency: str
    by: CohortBy
    measures: list[Measure]
    cohorts: list[CohortOut]


class ThresholdsOut(ResponseBody):
    """What alerts were measured by. A figure on the threshold is fine."""

    runway_months_min: NumberOut
    expense_months_min: NumberOut
    revenue_decline_max: NumberOut
    margin_drop_max: NumberOut
    stale_quarters_min: int


class AlertOut(ResponseBody):
    """A threshold crossed. value: in the unit of the threshold; null for a company that never reported."""

    company: CompanyFactsOut
    kind: AlertKind
    value: NumberOut | None
    threshold: NumberOut


class AlertListOut(QuarterViewOut):
    """The alerts of a quarter, by company."""

    currency: str
    thresholds: ThresholdsOut
    companies: int = Field(description="How many active companies were looked at.")
    alerts: list[AlertOut]


class MissingSubmissionOut(ResponseBody):
    """A company that has not reported the quarter. quarters_silent: null when it never has reported."""

    company: CompanyFactsOut
    expected_date: date
    days_late: int
    last_reported: date | None
    quarters_silent: int | None


class MissingListOut(QuarterViewOut):
    """The active companies that have not reported, by name."""

    companies: int
    missing: list[MissingSubmissionOut]


class ExposureLineOut(ResponseBody):
    """All that was reported in one currency; amounts in the currency of the view, shares in percent."""

    reporting_currency: str
    companies: int
    rate_min: NumberOut
    rate_max: NumberOut
    total_revenue: NumberOut
    arr: NumberOut
    cash_balance: NumberOut
    cash_burn: NumberOut
    debt_outstanding: NumberOut
    share_of_revenue: NumberOut | None
    share_of_cash: NumberOut | None


class ExposureOut(QuarterViewOut):
    """The currencies of a quarter, the largest revenue first."""

    currency: str
    lines: list[ExposureLineOut]


class TrendPointOut(ResponseBody):
    """One fiscal quarter; every value is null where nothing was reported."""

    fiscal_reporting_date: date
    fund_quarter: FundQuarterOut
    is_reported: bool
    values: Values


class CompanyTrendOut(ResponseBody):
    """A company's figures quarter by quarter, oldest first, with the quarters that are missing."""

    company: CompanyFactsOut
    currency: str
    known_at: datetime
    measures: list[Measure]
    points: list[TrendPointOut]


class FieldChangeOut(ResponseBody):
    """One column of a record, from what to what."""

    field: str
    before: str | None
    after: str | None


class TrailEntryOut(ResponseBody):
    """All that one transaction did to a record."""

    at: datetime
    actor: str
    action: TrailAction
    changes: list[FieldChangeOut]


class TrailOut(ResponseBody):
    """A record's life, the first entry first."""

    recorded: Recorded
    id: UUID
    entries: list[TrailEntryOut]
