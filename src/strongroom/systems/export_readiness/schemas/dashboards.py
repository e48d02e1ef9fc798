"""What there is to see at a glance, on the wire."""

from __future__ import annotations

from pydantic import Field

from strongroom.kernel.web import NumberOut, ResponseBody
from strongroom.systems.export_readiness.schemas.certifications import CertificationSummaryOut
from strongroom.systems.export_readiness.schemas.reports import ReportSummaryOut


class DashboardOut(ResponseBody):
    """A report and how far it is."""

    report: ReportSummaryOut
    certifications: CertificationSummaryOut
    tasks: int
    tasks_done: int
    plan_progress: NumberOut = Field(description="Percent.")
    documents: int
    documents_valid: int
    is_ready: bool = Field(description="The plan is done and no certification is open.")


class FrequencyOut(ResponseBody):
    """Something that reports name, and how many do."""

    name: str
    reports: int


class CertificationFrequencyOut(ResponseBody):
    """A certification, how many reports follow it, how many of them have completed it."""

    certification_id: str
    name: str
    reports: int
    completion_percentage: NumberOut


class StageOut(ResponseBody):
    """How many reports came this far, and their share of all that were begun."""

    name: str
    reports: int
    percentage: NumberOut


class AchievementsOut(ResponseBody):
    """Sums over all businesses."""

    businesses: int
    reports_generated: int
    certifications_completed: int
    documents_generated: int
    exports_completed: int
    cost_savings: NumberOut = Field(description="INR.")
    timeline_reduction_days: int
    success_rate: NumberOut = Field(description="Exports for a hundred reports.")


class PlatformOut(ResponseBody):
    """What all businesses do."""

    products: list[FrequencyOut]
    destinations: list[FrequencyOut]
    certifications: list[CertificationFrequencyOut]
    stages: list[StageOut]
    average_readiness_days: NumberOut | None = Field(description="From a report to being ready; null if none is.")
    achievements: AchievementsOut
