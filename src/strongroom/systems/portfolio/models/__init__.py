"""The tables of portfolio, a file a noun."""

from strongroom.systems.portfolio.models.companies import Company
from strongroom.systems.portfolio.models.inputs import MetricsInput, QuarterValuation
from strongroom.systems.portfolio.models.rates import FxRate
from strongroom.systems.portfolio.models.reporting import ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.models.row import SCHEMA, Base, signature

__all__ = [
    "SCHEMA",
    "Base",
    "Company",
    "FxRate",
    "MetricsInput",
    "QuarterValuation",
    "ReportingFinancials",
    "ReportingMetrics",
    "signature",
]
