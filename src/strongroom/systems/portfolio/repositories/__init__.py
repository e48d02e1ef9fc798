"""Every SELECT of portfolio, each with a name; repositories flush and never commit."""

from strongroom.systems.portfolio.repositories.companies import CompanyRepository, companies_where
from strongroom.systems.portfolio.repositories.keys import as_key
from strongroom.systems.portfolio.repositories.listings import Listing, find_row, read_listing
from strongroom.systems.portfolio.repositories.quarters import (
    FinancialsRepository,
    InputRepository,
    MetricsRepository,
    QuarterFilters,
    financials_between,
    inputs_between,
    list_quarters,
    quarters_where,
    valuations_between,
)
from strongroom.systems.portfolio.repositories.rates import put_rates, rates_for, rates_of
from strongroom.systems.portfolio.repositories.writing import insert_unless_there, put_rows, remove_rows

__all__ = [
    "CompanyRepository",
    "FinancialsRepository",
    "InputRepository",
    "Listing",
    "MetricsRepository",
    "QuarterFilters",
    "as_key",
    "companies_where",
    "financials_between",
    "find_row",
    "inputs_between",
    "insert_unless_there",
    "list_quarters",
    "put_rates",
    "put_rows",
    "quarters_where",
    "rates_for",
    "rates_of",
    "read_listing",
    "remove_rows",
    "valuations_between",
]
