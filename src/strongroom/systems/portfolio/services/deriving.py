"""What follows from a company's figures: the amounts in every currency, and the metrics of them.

A quarter's figures also change the metrics of the seven quarters after it. So all of these are worked out again, in
the unit of work that wrote the figures and under a lock on the company: of two restatements at once, each would
otherwise miss what the other has sent. It takes the same handful of statements however many quarters there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.models import (
    Company,
    MetricsInput,
    QuarterValuation,
    ReportingFinancials,
    ReportingMetrics,
    signature,
)
from strongroom.systems.portfolio.repositories import (
    financials_between,
    inputs_between,
    put_rows,
    remove_rows,
    valuations_between,
)
from strongroom.systems.portfolio.rules import (
    QUARTERS_AFFECTED,
    Amounts,
    Position,
    RateBook,
    Valuation,
    compute_metrics,
    quarters_before,
    target_currencies,
)
from strongroom.systems.portfolio.services.rates import load_rate_book

#: a quarter in a currency
_Key = tuple[date, str]
_KEY_COLUMNS = ("company_id", "currency", "fiscal_reporting_date")


def derive(
    session: Session, company: Company, changed: Collection[date], *, with_new_rates: Collection[date] = ()
) -> dict[date, MetricsInput]:
    """Work out the changed quarters of a locked company and those that look back on them; their inputs, by last day.

    changed: the last days of quarters whose figures were written or removed. with_new_rates: those whose exchange
    rates are looked up; others keep the rates that were used, if there are any. Raises RateUnavailable.
    """
    if not changed:
        return {}
    session.flush()
    quarters = _load(session, company, changed)
    book = _load_rates(session, company, quarters, with_new_rates)
    _put_valuations(session, company, quarters, book, with_new_rates)
    _put_financials(session, company, quarters, book, with_new_rates)
    _put_metrics(session, company, quarters)
    _remove_leftovers(session, company, quarters)
    return {day: quarters.inputs[day] for day in sorted(quarters.affected)}


@dataclass(frozen=True, slots=True)
class _Quarters:
    """The quarters to work out, with the seven before and after them, which they look at and are looked at by.

    converted: financials as they are to be, by day and currency; stored: those that are there already.
    """

    changed: set[date]
    affected: set[date]
    inputs: dict[date, MetricsInput]
    valuations: dict[date, QuarterValuation]
    stored: Mapping[_Key, ReportingFinancials]
    wanted: set[_Key]
    converted: dict[_Key, Position]

    @property
    def incomplete(self) -> set[date]:
        """Days to work out whose financials have to be written, since they changed or are missing."""
        absent = {day for day, _ in self.wanted - self.stored.keys()}
        return (self.changed | absent) & self.affected


def _load(session: Session, company: Company, changed: Collection[date]) -> _Quarters:
    first = quarters_before(min(changed), QUARTERS_AFFECTED)
    last = quarters_before(max(changed), -QUARTERS_AFFECTED)

    def fresh(query: Select[Any]) -> Iterable[Any]:
        return session.scalars(query, execution_options={"populate_existing": True})

    inputs = {row.fiscal_reporting_date: row for row in fresh(inputs_between(company.id, first, last))}
    stored = {
        (row.fiscal_reporting_date, row.currency): row for row in fresh(financials_between(company.id, first, last))
    }
    wanted = {(day, currency) for day, row in inputs.items() for currency in target_currencies(row.currency)}
    reach = {quarters_before(day, -count) for day in changed for count in range(QUARTERS_AFFECTED + 1)}
    return _Quarters(
        changed=set(changed),
        affected=reach & inputs.keys(),
        inputs=inputs,
        valuations={row.fiscal_reporting_date: row for row in fresh(valuations_between(company.id, first, last))},
        stored=stored,
        wanted=wanted,
        converted={
            (day, currency): _position(inputs[day], stored[day, currency]) for day, currency in wanted & stored.keys()
        },
    )


def _load_rates(session: Session, company: Company, quarters: _Quarters, with_new_rates: Collection[date]) -> RateBook:
    without_any = {day for day, _ in quarters.wanted - quarters.stored.keys()} & quarters.affected
    unvalued = quarters.affected - quarters.valuations.keys()
    days = sorted({*with_new_rates, *without_any, *unvalued} & quarters.inputs.keys())
    if not days:
        return RateBook(())
    currencies = {currency for day, currency in quarters.wanted if day in days}
    currencies |= {quarters.valuations[day].currency for day in days if day in quarters.valuations}
    return load_rate_book(session, {*currencies, company.reporting_currency}, days)


def _put_valuations(
    session: Session, company: Company, quarters: _Quarters, book: RateBook, with_new_rates: Collection[date]
) -> None:
    """A quarter takes the company's valuation when it is first sent, and keeps it."""
    for day in sorted(quarters.affected):
        currency = quarters.inputs[day].currency
        known = quarters.valuations.get(day)
        if known is None:
            known = QuarterValuation(
                company_id=company.id,
                fiscal_reporting_date=day,
                currency=company.reporting_currency,
                exchange_rate_used=book.get(company.reporting_currency, currency, day).rate,
                equity_raised=company.equity_raised,
                post_money_valuation=company.post_money_valuation,
            )
            session.add(known)
            quarters.valuations[day] = known
        elif day in with_new_rates:
            known.exchange_rate_used = book.get(known.currency, currency, day).rate
    session.flush()


def _put_financials(
    session: Session, company: Company, quarters: _Quarters, book: RateBook, with_new_rates: Collection[date]
) -> None:
    rows = []
    for day in sorted(quarters.incomplete):
        sent = quarters.inputs[day]
        for currency in target_currencies(sent.currency):
            used = quarters.stored.get((day, currency))
            is_kept = used is not None and day not in with_new_rates
            rate = used.exchange_rate_used if used and is_kept else book.get(sent.currency, currency, day).rate
            amounts = Amounts.of(sent)
            position = Position(amounts, amounts.converted(rate), rate, sent.employees)
            quarters.converted[day, currency] = position
            rows.append(
                _derived_row(session, company, sent, currency) | {"exchange_rate_used": rate} | asdict(position.amounts)
            )
    put_rows(session, ReportingFinancials, _KEY_COLUMNS, rows)


def _put_metrics(session: Session, company: Company, quarters: _Quarters) -> None:
    headcounts = {day: row.employees for day, row in quarters.inputs.items()}
    series: defaultdict[str, dict[date, Position]] = defaultdict(dict)
    for (day, currency), position in quarters.converted.items():
        series[currency][day] = position
    rows = []
    for day in sorted(quarters.affected):
        sent, valued = quarters.inputs[day], quarters.valuations[day]
        valuation = Valuation(valued.equity_raised, valued.post_money_valuation).converted(valued.exchange_rate_used)
        for currency in target_currencies(sent.currency):
            metrics = compute_metrics(series[currency], day, headcounts, valuation)
            rows.append(_derived_row(session, company, sent, currency) | asdict(metrics))
    put_rows(session, ReportingMetrics, _KEY_COLUMNS, rows)


def _remove_leftovers(session: Session, company: Company, quarters: _Quarters) -> None:
    """Derived rows of quarters that were taken back, or that are no longer reported in that currency."""
    for model in (ReportingFinancials, ReportingMetrics):
        remove_rows(
            session,
            model,
            [
                and_(model.company_id == company.id, model.fiscal_reporting_date == day, model.currency == currency)
                for day, currency in sorted(quarters.stored.keys() - quarters.wanted)
            ],
        )
    taken_back = quarters.valuations.keys() - quarters.inputs.keys()
    in_question = [QuarterValuation.company_id == company.id, QuarterValuation.fiscal_reporting_date.in_(taken_back)]
    remove_rows(session, QuarterValuation, [and_(*in_question)] if taken_back else [])


def _derived_row(session: Session, company: Company, sent: MetricsInput, currency: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "company_id": company.id,
        "currency": currency,
        "fiscal_reporting_date": sent.fiscal_reporting_date,
        "fiscal_reporting_quarter": sent.fiscal_reporting_quarter,
        "reporting_year": sent.reporting_year,
        "reporting_quarter": sent.reporting_quarter,
        "created_by": signature(session),
    }


def _position(sent: MetricsInput, converted: ReportingFinancials) -> Position:
    return Position(Amounts.of(sent), Amounts.of(converted), converted.exchange_rate_used, sent.employees)
