"""What routes are handed: the database in the caller's name, roles, the fund's options, pages and moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Path, Query, Request

from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import acting_database, bearer_actor, require_role
from strongroom.systems.portfolio.options import DEFAULTS, PortfolioOptions
from strongroom.systems.portfolio.repositories import QuarterFilters
from strongroom.systems.portfolio.rules.quarters import YEAR_MAX, YEAR_MIN, FundQuarter
from strongroom.systems.portfolio.schemas.bodies import CurrencyCode

SYSTEM = "portfolio"
CurrentActor = Annotated[Actor, Depends(bearer_actor(SYSTEM))]
#: each role may do what the ones before it may; goes into `dependencies=` of a route
VIEWER = Depends(require_role("viewer", "analyst", "admin", system=SYSTEM))
ANALYST = Depends(require_role("analyst", "admin", system=SYSTEM))
ADMINISTRATOR = Depends(require_role("admin", system=SYSTEM))


def portfolio_options(request: Request) -> PortfolioOptions:
    """`app.state.portfolio_options`, or what a fund decides by default."""
    return cast("PortfolioOptions", getattr(request.app.state, "portfolio_options", DEFAULTS))


def fund_quarter(
    year: Annotated[int, Query(ge=YEAR_MIN, le=YEAR_MAX, description="Of the fund, which is the calendar's.")],
    quarter: Annotated[int, Query(ge=1, le=4)],
) -> FundQuarter:
    """The quarter a view is of."""
    return FundQuarter(year, quarter)


def quarter_filter(
    company_id: Annotated[UUID | None, Query(description="Of this company only.")] = None,
    currency: CurrencyCode | None = None,
    start_date: Annotated[date | None, Query(description="Quarters that end on this day or later.")] = None,
    end_date: Annotated[date | None, Query(description="Quarters that end on this day or earlier.")] = None,
    year: Annotated[int | None, Query(ge=YEAR_MIN, le=YEAR_MAX, description="Of the fund.")] = None,
    quarter: Annotated[int | None, Query(ge=1, le=4, description="Of the fund.")] = None,
) -> QuarterFilters:
    """Which quarters a list is of."""
    return {
        "company_id": company_id,
        "currency": currency,
        "start_date": start_date,
        "end_date": end_date,
        "year": year,
        "quarter": quarter,
    }


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database(SYSTEM))]
Options = Annotated[PortfolioOptions, Depends(portfolio_options)]
OfQuarter = Annotated[FundQuarter, Depends(fund_quarter)]
Quarters = Annotated[QuarterFilters, Depends(quarter_filter)]
KnownAt = Annotated[
    datetime | None,
    Query(description="Show what was known at this moment, UTC when it names no zone; now when left out."),
]
FundCurrency = Annotated[CurrencyCode, Query(description="USD or CAD, in which every company is reported.")]
OfFund = Annotated[str | None, Query(max_length=100, description="Of this fund only.")]
FiscalDate = Annotated[date, Path(description="The last day of the fiscal quarter.")]
