"""The indexes that reports live on, by the names the people who run portfolio know: build them, drop them, look."""

from __future__ import annotations

from strongroom.kernel import indexes
from strongroom.kernel.sessions.doors import building
from strongroom.systems.portfolio.models import Base

#: the name people use, and that of the declared index or constraint behind it
NAMES = {
    "idx_companies_name": "uq_companies_name",
    "idx_metrics_input_company_date": "uq_metrics_input_company_id_fiscal_reporting_date",
    "idx_quarterly_financials_company_date": "ix_quarterly_reporting_financials_company_date",
    "idx_quarterly_metrics_company_date": "ix_quarterly_reporting_metrics_company_date",
}


def create_indexes() -> dict[str, bool]:
    """Build those that are missing, without stopping writers on PostgreSQL. True: it is there now."""
    return indexes.create_indexes(building().database.options, Base.metadata, NAMES)


def drop_indexes() -> dict[str, bool]:
    """Drop them. True: it is gone; False: a constraint rests on it, so it stays."""
    return indexes.drop_indexes(building().database.options, Base.metadata, NAMES)


def check_indexes() -> dict[str, bool]:
    """True: it is there, as declared, and usable."""
    return indexes.check_indexes(building().database.options, Base.metadata, NAMES)
