"""What a company was worth in each quarter: taken from the company while the quarter is the latest, then kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.portfolio.errors import InputNotFound
from strongroom.systems.portfolio.models import Company, MetricsInput, QuarterValuation
from strongroom.systems.portfolio.repositories import inputs_between, valuations_between
from strongroom.systems.portfolio.rules import AMOUNT_MAX, normalise_currency
from strongroom.systems.portfolio.services.deriving import derive
from strongroom.systems.portfolio.services.rates import load_rate_book
from strongroom.systems.portfolio.services.recomputing import lock_company


def set_quarter_valuation(
    session: Session,
    company_id: UUID | str,
    fiscal_reporting_date: date,
    *,
    equity_raised: Decimal | str | None,
    post_money_valuation: Decimal | str | None,
    currency: str | None = None,
) -> QuarterValuation:
    """Correct what the company had raised and was worth in one quarter; the company itself stays as it is.

    currency: of both amounts; what the company reports in when left out.
    Raises CompanyNotFound, InputNotFound, InvalidValue, RateUnavailable.
    """
    company = lock_company(session, company_id)
    amounts = (
        check_valuation("equity_raised", equity_raised),
        check_valuation("post_money_valuation", post_money_valuation),
    )
    return _value(session, company, fiscal_reporting_date, *amounts, currency or company.reporting_currency)


def revalue_latest_quarter(session: Session, company: Company) -> None:
    """Give the latest quarter of a locked company what the company is worth now; nothing when it has none."""
    latest = session.scalar(
        select(MetricsInput.fiscal_reporting_date)
        .where(MetricsInput.company_id == company.id)
        .order_by(MetricsInput.fiscal_reporting_date.desc())
        .limit(1)
    )
    if latest is not None:
        amounts = (company.equity_raised, company.post_money_valuation)
        _value(session, company, latest, *amounts, company.reporting_currency)


def check_valuation(field: str, value: Decimal | int | str | None) -> Decimal | None:
    """An amount that is not negative, or none. Raises InvalidValue."""
    if value is None:
        return None
    try:
        amount = exact_decimal(value, field)
    except NotExact as error:
        raise InvalidValue(field=field, reason=error.reason) from None
    if not 0 <= amount <= AMOUNT_MAX:
        raise InvalidValue(field=field, reason=f"must lie between 0 and {AMOUNT_MAX}")
    return amount


def _value(
    session: Session,
    company: Company,
    day: date,
    equity_raised: Decimal | None,
    post_money_valuation: Decimal | None,
    currency: str,
) -> QuarterValuation:
    sent = session.scalars(inputs_between(company.id, day, day)).one_or_none()
    valuation = session.scalars(
        valuations_between(company.id, day, day), execution_options={"populate_existing": True}
    ).one_or_none()
    if sent is None or valuation is None:
        raise InputNotFound
    code = normalise_currency(currency)
    book = load_rate_book(session, {code, sent.currency}, [day])
    valuation.currency = code
    valuation.exchange_rate_used = book.get(code, sent.currency, day).rate
    valuation.equity_raised = equity_raised
    valuation.post_money_valuation = post_money_valuation
    derive(session, company, [day])
    return valuation
