"""Securities bought and sold: money by posting, holdings lot by lot, the oldest lot sold first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.kernel.values import WIDE, round_amount
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import Account, Investment, Transaction, User
from strongroom.systems.banking.repositories import (
    AccountRepository,
    InvestmentRepository,
    investments_of_account,
)
from strongroom.systems.banking.rules import (
    AccountTypeEnum,
    HoldingStatusEnum,
    InvestmentTypeEnum,
    Leg,
    MerchantCategoryEnum,
    TransactionDirectionEnum,
    TransactionTypeEnum,
    check_symbol,
    investment_fee,
    new_reference,
)
from strongroom.systems.banking.services.access import own_account
from strongroom.systems.banking.services.movements import (
    amount_in,
    bank_credit,
    bank_debit,
    book,
    booked_transaction,
    credit,
    debit,
    draft,
    is_known,
    key_of,
)
from strongroom.systems.banking.services.portfolios import exact_in, open_lots
from strongroom.systems.banking.services.posting import Outcome, Payer, Posting

BUY, SELL = TransactionDirectionEnum.OUTBOUND, TransactionDirectionEnum.INBOUND


@keeps_refusals
def buy(
    session: Session,
    account_id: UUID | str,
    *,
    symbol: str,
    name: str,
    investment_type: InvestmentTypeEnum | str,
    quantity: Decimal | str,
    price: Decimal | str,
    key: str | None = None,
) -> Investment:
    """Buy a lot at this price a unit, in the account's currency; quantity times price and the fee leave the account.

    Raises InsufficientFunds, AccountNotActive, UserNotActive, KycRefused, BusinessRuleViolation.
    """
    account = _investment_account(session, account_id)
    now = now_of(session)
    lot = Investment(
        user_id=account.user_id,
        account_id=account.id,
        symbol=symbol,
        name=name,
        investment_type=investment_type,
        quantity=quantity,
        purchase_price=price,
        current_price=price,
        price_as_of=now,
        purchase_date=now,
        currency=account.currency,
    )
    trade = _trade_of(account, lot.symbol, lot.quantity, lot.purchase_price)
    outcome = _post_trade(session, trade, BUY, key, {"investment_id": str(lot.id)})
    if outcome.replayed:
        return InvestmentRepository(session).get(str(outcome.response["investment_id"]))
    return InvestmentRepository(session).add(lot)


@keeps_refusals
def sell(
    session: Session,
    account_id: UUID | str,
    *,
    symbol: str,
    quantity: Decimal | str,
    price: Decimal | str,
    key: str | None = None,
) -> Transaction:
    """Sell from the oldest lots on; quantity times price less the fee reaches the account.

    A lot sold in part is split: the part sold is a closed lot of its own. A closed lot keeps the price it was sold at
    as its current price, so that its gain is the realised one. Raises BusinessRuleViolation when there is less to sell.
    """
    account = _investment_account(session, account_id)
    trade = _trade_of(account, check_symbol(symbol), exact_in("quantity", quantity), exact_in("purchase_price", price))
    AccountRepository(session).lock([account.id])  # two sales at once would both sell the oldest lot
    is_repeated = is_known(session, account.user_id, key)
    lots = [] if is_repeated else _lots_to_sell(session, trade)
    outcome = _post_trade(session, trade, SELL, key, {})
    if not outcome.replayed:
        _close(session, trade, lots)
    return booked_transaction(session, outcome.response)


@dataclass(frozen=True, slots=True)
class _Trade:
    """What changes hands. amount: quantity times price, rounded to the currency."""

    account: Account
    symbol: str
    quantity: Decimal
    price: Decimal
    amount: Decimal


def _trade_of(account: Account, symbol: str, quantity: Decimal, price: Decimal) -> _Trade:
    for field, value in (("quantity", quantity), ("price", price)):
        if value <= 0:
            raise InvalidValue(field=field, reason="must be greater than zero")
    amount = round_amount(WIDE.multiply(quantity, price), account.currency)
    if amount <= 0:
        raise InvalidValue(field="quantity", reason=f"is worth less than the smallest amount of {account.currency}")
    return _Trade(account, symbol, quantity, price, amount_in(account.currency, amount))


def _post_trade(
    session: Session, trade: _Trade, direction: TransactionDirectionEnum, key: str | None, response: dict[str, Any]
) -> Outcome:
    account, now = trade.account, now_of(session)
    user = session.get_one(User, account.user_id)
    fee = investment_fee(trade.amount, account.currency, user.role, user.kyc_level)
    verb = "buy" if direction is BUY else "sell"
    row = draft(
        account,
        TransactionTypeEnum.INVESTMENT,
        trade.amount,
        now,
        description=f"{verb.capitalize()} {trade.quantity.normalize():f} {trade.symbol}",
        direction=direction,
        merchant_category=MerchantCategoryEnum.INVESTMENT_TRADE,
        fee_amount=fee,
    )
    posting = Posting(
        kind=f"investment_{verb}",
        reference=new_reference("JRN", now),
        posted_at=now,
        legs=_legs(trade, direction, fee),
        transactions=[row],
        key=key_of(
            session,
            account.user_id,
            key,
            f"investment_{verb}",
            account_id=account.id,
            symbol=trade.symbol,
            quantity=trade.quantity,
            price=trade.price,
        ),
        payer=Payer(user.id, account.currency, trade.amount) if direction is BUY else None,
        response={"transaction_id": str(row.id), **response},
    )
    return book(session, posting)


def _legs(trade: _Trade, direction: TransactionDirectionEnum, fee: Decimal) -> list[Leg]:
    account, currency = trade.account, trade.account.currency
    if direction is BUY:
        legs = [debit(account, trade.amount), bank_credit("securities", trade.amount, currency)]
    else:
        legs = [bank_debit("securities", trade.amount, currency), credit(account, trade.amount)]
    return [*legs, debit(account, fee), bank_credit("fee_income", fee, currency)] if fee else legs


def _lots_to_sell(session: Session, trade: _Trade) -> list[Investment]:
    """The oldest open lots that together are enough, read behind the account's lock."""
    query = open_lots(investments_of_account(trade.account.id)).where(Investment.symbol == trade.symbol)
    query = query.order_by(Investment.purchase_date, Investment.id).with_for_update(key_share=True)
    chosen, missing = [], trade.quantity
    for lot in session.scalars(query.execution_options(populate_existing=True)):
        if missing <= 0:
            break
        chosen.append(lot)
        missing -= lot.quantity
    if missing > 0:
        held = trade.quantity - missing
        raise BusinessRuleViolation(
            rule="holding_quantity",
            reason=f"{held.normalize():f} {trade.symbol} are held, {trade.quantity.normalize():f} were to be sold",
        )
    return chosen


def _close(session: Session, trade: _Trade, lots: Iterable[Investment]) -> None:
    missing, now = trade.quantity, now_of(session)
    for lot in lots:
        sold = lot if lot.quantity <= missing else _split(session, lot, missing)
        missing -= sold.quantity
        sold.status = HoldingStatusEnum.CLOSED
        sold.closed_at = now
        sold.current_price = trade.price
        sold.price_as_of = now
    session.flush()


def _split(session: Session, lot: Investment, quantity: Decimal) -> Investment:
    """Take a part out of a lot, as a lot of its own with the same past."""
    part = Investment(
        user_id=lot.user_id,
        account_id=lot.account_id,
        symbol=lot.symbol,
        name=lot.name,
        investment_type=lot.investment_type,
        quantity=quantity,
        purchase_price=lot.purchase_price,
        purchase_date=lot.purchase_date,
        currency=lot.currency,
    )
    lot.quantity -= quantity
    session.add(part)
    return part


def _investment_account(session: Session, account_id: UUID | str) -> Account:
    account = own_account(session, account_id)
    if account.account_type is not AccountTypeEnum.INVESTMENT:
        raise BusinessRuleViolation(rule="investment_account", reason="securities lie in investment accounts only")
    return account
