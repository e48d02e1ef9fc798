"""The tables of portfolio, a file a noun."""

from strongroom.kernel.tables import cache_versions
from strongroom.systems.portfolio.models.companies import Company
from strongroom.systems.portfolio.models.inputs import MetricsInput, QuarterValuation
from strongroom.systems.portfolio.models.rates import FxRate
from strongroom.systems.portfolio.models.reporting import ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.models.row import SCHEMA, Base, signature

#: what the caches of views ask first
cached_versions = cache_versions(Base.metadata)

__all__ = [
    "SCHEMA",
    "Base",
    "Company",
    "FxRate",
    "MetricsInput",
    "QuarterValuation",
    "ReportingFinancials",
    "ReportingMetrics",
    "cached_versions",
    "signature",
]
