"""The figures that every view is made of: company, input, amounts and metrics of its quarters, joined once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.tables import as_known
from strongroom.kernel.values import WIDE, as_utc
from strongroom.systems.portfolio.models import (
    Company,
    MetricsInput,
    QuarterValuation,
    ReportingFinancials,
    ReportingMetrics,
)
from strongroom.systems.portfolio.rules.amounts import AMOUNT_FIELDS, Amounts, convert
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.rules.indicators import compute_indicators
from strongroom.systems.portfolio.rules.measures import DERIVED, STORED, Measure, Origin
from strongroom.systems.portfolio.rules.metrics import QUARTERS_OF_YEAR, Position, Valuation
from strongroom.systems.portfolio.rules.quarters import FundQuarter, fund_quarter

Condition = Callable[["Tables"], ColumnElement[bool]]
Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What views say of a company beside its figures."""

    id: UUID
    name: str
    reporting_status: ReportingStatusEnum
    reporting_currency: str
    fund: str
    location_country: str
    customer_type: CustomerTypeEnum
    revenue_type: RevenueTypeEnum
    year_end_date: date


@dataclass(frozen=True, slots=True)
class Figures:
    """One company's fiscal quarter in one currency.

    exchange_rate_used: units of currency for one unit of input_currency. equity_raised: in currency, as it stood when
    the quarter was the latest. values: every measure, None where it is unknown; counts as whole numbers.
    """

    company: CompanyFacts
    currency: str
    input_currency: str
    exchange_rate_used: Decimal
    fiscal_reporting_date: date
    fiscal_reporting_quarter: int
    fund_quarter: FundQuarter
    equity_raised: Decimal | None
    values: Mapping[Measure, Decimal | None]

    def __getitem__(self, measure: Measure) -> Decimal | None:
        return self.values[measure]

    def amount(self, measure: Measure) -> Decimal:
        """A figure that every quarter has, such as revenue."""
        value = self.values[measure]
        assert value is not None, f"{measure} may be unknown"
        return value


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of portfolio, as they are or as they were known at a moment."""

    company: type[Company]
    given: type[MetricsInput]
    financials: type[ReportingFinancials]
    metrics: type[ReportingMetrics]
    valuation: type[QuarterValuation]

    @classmethod
    def known_at(cls, moment: datetime | None) -> Tables:
        """moment: None for the present."""
        return cls(
            as_known(Company, moment),
            as_known(MetricsInput, moment),
            as_known(ReportingFinancials, moment),
            as_known(ReportingMetrics, moment),
            as_known(QuarterValuation, moment),
        )


def find_figures(
    session: Session,
    currency: str,
    first: date | None,
    last: date | None,
    *conditions: Condition,
    with_derived: bool = True,
    known_at: datetime | None = None,
) -> list[Figures]:
    """The quarters that end from first to last, both included, by company name and date. One statement.

    with_derived: also the measures that are not stored; they compare with the year before, which is read for them.
    """
    begin = first
    if first is not None and with_derived:
        begin = fund_quarter(first).shifted(-QUARTERS_OF_YEAR).first_day
    tables = Tables.known_at(known_at)
    company, given = tables.company, tables.given
    query = (
        select(*_selected(tables))
        .join_from(given, company, company.id == given.company_id)
        .join(tables.financials, _same_quarter(tables.financials, given, currency))
        .join(tables.metrics, _same_quarter(tables.metrics, given, currency))
        .outerjoin(
            tables.valuation,
            and_(
                tables.valuation.company_id == given.company_id,
                tables.valuation.fiscal_reporting_date == given.fiscal_reporting_date,
            ),
        )
        .where(_ends_between(tables, begin, last), *(condition(tables) for condition in conditions))
        .order_by(company.name, given.fiscal_reporting_date)
    )
    rows = [row._mapping for row in session.execute(query)]
    wanted = [row for row in rows if first is None or row["fiscal_reporting_date"] >= first]
    derived = _derived(rows, wanted) if with_derived else {}
    return [_figures(row, currency, derived.get(_quarter_of(row), {})) for row in wanted]


def find_companies(
    session: Session, *conditions: Condition, known_at: datetime | None = None
) -> dict[UUID, CompanyFacts]:
    """The companies that meet all conditions, by id, in order of name. One statement."""
    tables = Tables.known_at(known_at)
    query = select(*facts_columns(tables)).where(*(condition(tables) for condition in conditions))
    rows = session.execute(query.order_by(tables.company.name))
    return {facts.id: facts for facts in (facts_of(row._mapping) for row in rows)}


def of_company(company_id: UUID) -> Condition:
    """Of this company only."""
    return lambda tables: tables.company.id == company_id


def of_fund(fund: str | None) -> Condition:
    """Of this fund only; of all when None."""
    return lambda tables: tables.company.fund == fund if fund is not None else tables.company.id.is_not(None)


def active(tables: Tables) -> ColumnElement[bool]:
    """Expected to report."""
    return tables.company.reporting_status == ReportingStatusEnum.ACTIVE


def latest_by_company(figures: Sequence[Figures]) -> dict[UUID, Figures]:
    """One quarter a company, the later one where a changed year end put two into one quarter of the fund."""
    return {quarter.company.id: quarter for quarter in figures}


def moment_known(session: Session, known_at: datetime | None) -> datetime:
    """What `known_at` of a view says: the moment asked for, or now. Raises InvalidValue for one to come."""
    now = now_of(session)
    if known_at is None:
        return now
    if as_utc(known_at) > now:
        raise InvalidValue(field="known_at", reason="must not lie in the future: what will be known then is not known")
    return as_utc(known_at)


def _selected(tables: Tables) -> list[ColumnElement[Any]]:
    origins: dict[Origin, Any] = {
        Origin.FINANCIALS: tables.financials,
        Origin.METRICS: tables.metrics,
        Origin.INPUT: tables.given,
    }
    return [
        *facts_columns(tables),
        tables.given.currency.label("input_currency"),
        tables.given.fiscal_reporting_date.label("fiscal_reporting_date"),
        tables.given.fiscal_reporting_quarter.label("fiscal_reporting_quarter"),
        tables.given.reporting_year.label("reporting_year"),
        tables.given.reporting_quarter.label("reporting_quarter"),
        tables.financials.exchange_rate_used.label("exchange_rate_used"),
        tables.valuation.equity_raised.label("equity_raised"),
        tables.valuation.post_money_valuation.label("post_money_valuation"),
        tables.valuation.exchange_rate_used.label("valuation_rate"),
        *(getattr(tables.given, name).label(f"sent_{name}") for name in AMOUNT_FIELDS),
        *(getattr(origins[measure.origin], measure.value).label(measure.value) for measure in STORED),
    ]


def _ends_between(tables: Tables, first: date | None, last: date | None) -> ColumnElement[bool]:
    """Said of each table, so that each reads only the partitions it needs."""
    dates = [table.fiscal_reporting_date for table in (tables.given, tables.financials, tables.metrics)]
    bounds = [day >= first for day in dates if first is not None]
    return and_(true(), *bounds, *(day <= last for day in dates if last is not None))


def _same_quarter(
    table: type[ReportingFinancials] | type[ReportingMetrics], given: type[MetricsInput], currency: str
) -> ColumnElement[bool]:
    return and_(
        table.company_id == given.company_id,
        table.fiscal_reporting_date == given.fiscal_reporting_date,
        table.currency == currency,
    )


def facts_columns(tables: Tables) -> list[ColumnElement[Any]]:
    """What to select for `facts_of`."""
    return [getattr(tables.company, field.name).label(f"company_{field.name}") for field in fields(CompanyFacts)]


def facts_of(row: Row) -> CompanyFacts:
    """The company that a row with these columns is about."""
    return CompanyFacts(**{field.name: row[f"company_{field.name}"] for field in fields(CompanyFacts)})


def _figures(row: Row, currency: str, derived: Mapping[Measure, Decimal | None]) -> Figures:
    raised, rate = row["equity_raised"], row["exchange_rate_used"]
    stored = {measure: _number(row[measure.value]) for measure in STORED}
    return Figures(
        company=facts_of(row),
        currency=currency,
        input_currency=row["input_currency"],
        exchange_rate_used=rate,
        fiscal_reporting_date=row["fiscal_reporting_date"],
        fiscal_reporting_quarter=row["fiscal_reporting_quarter"],
        fund_quarter=FundQuarter(row["reporting_year"], row["reporting_quarter"]),
        equity_raised=None if raised is None else convert(WIDE.multiply(raised, row["valuation_rate"]), rate),
        values={**stored, **derived},
    )


def _derived(rows: Sequence[Row], wanted: Sequence[Row]) -> dict[tuple[UUID, date], dict[Measure, Decimal | None]]:
    """What is not stored, of the wanted rows, by company and quarter. rows: those, and what they compare with."""
    series: defaultdict[UUID, dict[date, Position]] = defaultdict(dict)
    headcounts: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    for row in rows:
        company_id, day = _quarter_of(row)
        series[company_id][day] = Position(
            sent=Amounts(*(row[f"sent_{name}"] for name in AMOUNT_FIELDS)),
            amounts=Amounts(*(row[name] for name in AMOUNT_FIELDS)),
            exchange_rate=row["exchange_rate_used"],
            employees=row["employees"],
        )
        headcounts[company_id][day] = row["employees"]
    found = {}
    for row in wanted:
        company_id, day = _quarter_of(row)
        indicators = compute_indicators(series[company_id], day, headcounts[company_id], _valuation(row))
        found[company_id, day] = {measure: getattr(indicators, measure.value) for measure in DERIVED}
    return found


def _valuation(row: Row) -> Valuation:
    def in_input_currency(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else convert(amount, row["valuation_rate"])

    return Valuation(in_input_currency(row["equity_raised"]), in_input_currency(row["post_money_valuation"]))


def _quarter_of(row: Row) -> tuple[UUID, date]:
    return row["company_id"], row["fiscal_reporting_date"]


def _number(value: Decimal | int | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) else value
