"""Reports as they are asked for, corrected and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.web import NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules import BusinessTypeEnum, CompanySizeEnum, ReportStatusEnum
from strongroom.systems.export_readiness.rules.evidence import Evidence
from strongroom.systems.export_readiness.schemas.bodies import HsCodeOut, Line100, Line500, ReportId, Text
from strongroom.systems.export_readiness.schemas.evidence import EvidenceIn

HsCodeIn = Annotated[str, Field(max_length=20, description="4 to 10 digits; dots may be between.", examples=["091030"])]
ProductName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ReportIn(RequestBody):
    """A product for a destination. What it does not say of the business is taken from the profile."""

    product_name: ProductName = Field(examples=["Turmeric powder"])
    destination_country: Line100 = Field(examples=["United States"])
    image_url: Line500 | None = None
    ingredients: Text | None = None
    bom: Text | None = Field(default=None, description="The bill of materials.")
    payment_mode: Line100 | None = Field(default=None, examples=["LC"])
    business_type: BusinessTypeEnum | None = None
    company_size: CompanySizeEnum | None = None
    monthly_volume: NumberIn | None = Field(default=None, description="Units a month, greater than 0.")
    price_range: Line100 | None = Field(default=None, examples=["500-1500 INR/kg"])
    hs_code: HsCodeIn | None = None
    evidence: EvidenceIn | None = None
    is_assessed: bool = Field(
        default=True, description="Judge it at once; false leaves it processing until its assessment is asked for."
    )

    def evidence_at_once(self) -> Evidence | None:
        """What to judge the report by now; None to leave it processing. Raises InvalidValue for both at a time."""
        if self.is_assessed:
            return self.evidence.as_evidence() if self.evidence else Evidence()
        if self.evidence is not None:
            raise InvalidValue(field="evidence", reason="comes with the assessment of a report that waits for it")
        return None

    def values(self) -> dict[str, Any]:
        """What the report is made of."""
        details = {name: getattr(self, name) for name in ("image_url", "ingredients", "bom", "payment_mode")}
        others = {"evidence", "is_assessed", *details}
        return {**{name: value for name, value in dict(self).items() if name not in others}, "details": details}


class HsCodeChangeIn(RequestBody):
    """The code that a person has chosen."""

    hs_code: HsCodeIn
    unchanged_since: datetime | None = Field(
        default=None, description="The updated_at that was read: refuse if the report was changed since."
    )


class FailureIn(RequestBody):
    """Why a report cannot be completed."""

    reason: Line500


class ReportSummaryOut(ResponseBody):
    """A report in a list."""

    id: ReportId
    product_name: str
    destination_country: str
    business_type: BusinessTypeEnum
    company_size: CompanySizeEnum
    hs_code: HsCodeOut | None
    hs_code_confidence: NumberOut | None = Field(description="0 to 100; 100 when a person has chosen the code.")
    risk_score: int | None = Field(description="0 to 100.")
    estimated_cost: NumberOut | None = Field(description="INR.")
    estimated_timeline_days: int | None
    status: ReportStatusEnum
    created_at: datetime
    updated_at: datetime


class ReportOut(ReportSummaryOut):
    """A report, whole."""

    user_id: UUID
    product_details: dict[str, Any]
    monthly_volume: NumberOut | None
    price_range: str | None
    report_data: dict[str, Any] = Field(description="What the examination found; amounts are decimal text.")


class ReportStatusOut(ResponseBody):
    """How far a report is."""

    report_id: str
    status: ReportStatusEnum
    created_at: datetime
    updated_at: datetime
    reason: str | None = Field(description="Why it failed, if it did.")
