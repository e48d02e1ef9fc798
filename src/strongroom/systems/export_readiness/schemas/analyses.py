"""What the calculators are asked beside the report, and what they found; amounts are decimal text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from strongroom.kernel.web import NumberIn, RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules.freight import UrgencyEnum
from strongroom.systems.export_readiness.rules.gst import InputTaxCredit
from strongroom.systems.export_readiness.rules.routes import SeasonEnum
from strongroom.systems.export_readiness.schemas.bodies import Line255, ReportId, Text
from strongroom.systems.export_readiness.services.finance import FinanceInputs
from strongroom.systems.export_readiness.services.logistics import LogisticsInputs

COUNT_MAX = 1_000_000_000
_DAY = "The day of the analysis, whose rates hold; today when left out."


class InputTaxIn(RequestBody):
    """What rule 89(4) asks for, of the same months, INR."""

    net_credit: NumberIn
    zero_rated_turnover: NumberIn
    adjusted_total_turnover: NumberIn


class FinanceIn(RequestBody):
    """What the report does not say; amounts in INR."""

    has_banking_relationship: bool = False
    history_months: int = Field(default=0, ge=0, le=1200, description="Of exporting.")
    order_value: NumberIn | None = Field(default=None, description="The whole working capital when left out.")
    gst_paid: NumberIn | None = Field(default=None, description="An estimate when left out.")
    input_tax: InputTaxIn | None = None
    rodtep_cap_per_unit: NumberIn | None = None
    exported_on: date | None = None
    day: date | None = Field(default=None, description=_DAY)

    def as_inputs(self) -> FinanceInputs:
        """The same for the calculators."""
        values = {name: value for name, value in dict(self).items() if name not in {"day", "input_tax"}}
        tax = None if self.input_tax is None else InputTaxCredit(**dict(self.input_tax))
        return FinanceInputs(**values, input_tax=tax)


class LogisticsIn(RequestBody):
    """A shipment."""

    volume: NumberIn = Field(description="CBM.", examples=["12.5"])
    weight: NumberIn | None = Field(default=None, description="kg; by the volume when left out.")
    units: int = Field(default=0, ge=0, le=COUNT_MAX, description="Pieces, of which a freight cost each is told.")
    product_type: Line255 | None = None
    description: Text | None = None
    shipment_value: NumberIn | None = Field(default=None, description="INR; what the customer pays when left out.")
    inr_per_usd: NumberIn | None = Field(default=None, description="Turns the value into USD.")
    is_first_time: bool = False
    has_violations: bool = False
    clean_exports: int = Field(default=0, ge=0, le=COUNT_MAX)
    urgency: UrgencyEnum = UrgencyEnum.NORMAL
    season: SeasonEnum | None = Field(default=None, description="That of the day when left out.")
    insurance_risk: Literal["low", "medium", "high"] | None = None
    day: date | None = Field(default=None, description=_DAY)

    def as_inputs(self) -> LogisticsInputs:
        """The same for the calculators."""
        return LogisticsInputs(**{name: value for name, value in dict(self).items() if name != "day"})


class FinanceOut(ResponseBody):
    """Money: what is needed, lent, given back, and when it moves. Each part names the rates that it used."""

    report_id: ReportId
    working_capital_data: dict[str, Any]
    pre_shipment_credit_data: dict[str, Any] | None
    rodtep_benefit_data: dict[str, Any] | None = Field(description="Null while the HS code is not known.")
    gst_refund_data: dict[str, Any] | None
    cash_flow_timeline: dict[str, Any] | None
    financing_options: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime


class LogisticsOut(ResponseBody):
    """The way of the goods. Each part names the rates that it used."""

    report_id: ReportId
    lcl_fcl_comparison: dict[str, Any] | None
    rms_probability_data: dict[str, Any] | None = Field(description="How likely customs look into it; a heuristic.")
    route_analysis: dict[str, Any] | None
    freight_estimate: dict[str, Any] | None
    insurance_recommendation: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
