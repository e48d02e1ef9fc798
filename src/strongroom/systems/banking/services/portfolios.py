"""Holdings to look at: lots, the prices they are given, and what they are worth together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, inspect, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Page, Part, page_of
from strongroom.kernel.sessions import now_of
from strongroom.systems.banking.models import Investment
from strongroom.systems.banking.repositories import InvestmentRepository, UserRepository, investments_of_user
from strongroom.systems.banking.rules import (
    HoldingStatusEnum,
    InvestmentTypeEnum,
    Lot,
    Position,
    aggregate,
    check_symbol,
)
from strongroom.systems.banking.services.access import check_is_administrator, get_own, own_account
from strongroom.systems.banking.services.audit import record


@dataclass(frozen=True, slots=True)
class Holding:
    """All open lots of one security in one currency."""

    symbol: str
    name: str
    investment_type: InvestmentTypeEnum
    position: Position


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What a customer holds in one currency. market_value and what follows from it: None while a price is missing."""

    currency: str
    holdings: Sequence[Holding]
    cost_basis: Decimal
    market_value: Decimal | None
    unrealised_gain: Decimal | None
    gain_percent: Decimal | None


def get_investment(session: Session, investment_id: UUID | str) -> Investment:
    """The lot, if it is the caller's. Raises InvestmentNotFound."""
    return get_own(InvestmentRepository(session), investment_id)


def list_investments(
    session: Session,
    part: Part,
    user_id: UUID,
    *,
    account_id: UUID | None = None,
    status: HoldingStatusEnum | None = None,
) -> Page[Investment]:
    """A user's lots, newest purchase first. Raises UserNotFound, AccountNotFound."""
    owner = get_own(UserRepository(session), user_id).id
    query = investments_of_user(owner)
    if account_id is not None:
        query = query.where(Investment.account_id == own_account(session, account_id).id)
    if status is not None:
        query = query.where(Investment.status == status)
    order = [Investment.purchase_date.desc(), Investment.id.desc()]
    return page_of(InvestmentRepository(session), query, order, part, "investments", owner, account_id, status)


def revalue(session: Session, symbol: str, currency: str, price: Decimal | str) -> int:
    """Give every open lot of a security this price, as of now. Administrators only. Returns how many lots."""
    check_is_administrator(session)
    exact = exact_in("current_price", price)
    if exact < 0:
        raise InvalidValue(field="price", reason="must not be negative")
    lots = session.scalars(
        update(Investment)
        .where(
            Investment.symbol == check_symbol(symbol),
            Investment.currency == currency,
            Investment.status == HoldingStatusEnum.OPEN,
        )
        .values(current_price=exact, price_as_of=now_of(session))
        .returning(Investment)
    ).all()
    if lots:
        after = {"symbol": symbol, "currency": currency, "price": exact, "lots": len(lots)}
        record(session, "investment.revalued", lots[0], after=after)
        session.flush()
    return len(lots)


def portfolio_summary(session: Session, user_id: UUID | str) -> list[Portfolio]:
    """What a customer holds, a portfolio a currency; currencies are never added together. Raises UserNotFound."""
    user = get_own(UserRepository(session), user_id)
    order = (Investment.currency, Investment.symbol, Investment.purchase_date, Investment.id)
    lots = session.scalars(open_lots(investments_of_user(user.id)).order_by(*order)).all()
    return [_portfolio(currency, list(group)) for currency, group in groupby(lots, key=lambda lot: lot.currency)]


def open_lots(query: Select[Investment]) -> Select[Investment]:
    """Those of the query that are not sold."""
    return query.where(Investment.status == HoldingStatusEnum.OPEN)


def exact_in(column: str, value: Decimal | str) -> Decimal:
    """The value with as many decimals as its column holds. Raises InvalidValue."""
    kind: Any = inspect(Investment).columns[column].type
    try:
        exact: Decimal = kind.coerce(value)
    except ValueError as error:
        field = "quantity" if column == "quantity" else "price"
        raise InvalidValue(field=field, reason=str(error)) from None
    return exact


def _portfolio(currency: str, lots: Sequence[Investment]) -> Portfolio:
    total = aggregate(map(_lot, lots))
    holdings = [_holding(list(group)) for _, group in groupby(lots, key=lambda lot: lot.symbol)]
    return Portfolio(
        currency, holdings, total.cost_basis, total.market_value, total.unrealised_gain, total.gain_percent
    )


def _holding(lots: Sequence[Investment]) -> Holding:
    newest = lots[-1]
    return Holding(newest.symbol, newest.name, newest.investment_type, aggregate(map(_lot, lots)))


def _lot(lot: Investment) -> Lot:
    return Lot(lot.quantity, lot.purchase_price, lot.current_price)
