"""What an account holds, what happened to it in a time, and what a customer is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import Period
from strongroom.systems.banking.models import Account, JournalEntry, JournalLine
from strongroom.systems.banking.repositories import UserRepository, accounts_of_user
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    NetWorth,
    Side,
    Statement,
    net_worth,
)
from strongroom.systems.banking.services.access import get_own, own_account

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balances:
    """An account's money now. spendable: what could leave; never negative."""

    account_id: UUID
    currency: str
    current: Decimal
    available: Decimal
    reserved: Decimal
    pending: Decimal
    overdraft_limit: Decimal
    spendable: Decimal


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """One account in one period: from start on, before end. opening + credits - debits = closing."""

    account_id: UUID
    currency: str
    start: datetime
    end: datetime
    opening: Decimal
    credits: Decimal
    debits: Decimal
    closing: Decimal


def balances(session: Session, account_id: UUID | str) -> Balances:
    """The account's balances. Raises AccountNotFound."""
    account = own_account(session, account_id)
    return Balances(
        account_id=account.id,
        currency=account.currency,
        current=account.current_balance,
        available=account.available_balance,
        reserved=account.reserved_balance,
        pending=account.pending_balance,
        overdraft_limit=account.overdraft_limit if account.is_overdraft_enabled else ZERO,
        spendable=max(account.spendable, ZERO),
    )


def statement(session: Session, account_id: UUID | str, start: datetime, end: datetime) -> AccountStatement:
    """What the journal booked from start on, before end; the closing of one period is the opening of the next.

    Raises AccountNotFound, InvalidValue unless start < end.
    """
    account = own_account(session, account_id)
    period = period_of(start, end)
    is_before = JournalEntry.posted_at < period.start
    credited, debited = JournalLine.side == Side.CREDIT, JournalLine.side == Side.DEBIT
    sums = (
        select(
            func.sum(JournalLine.amount).filter(credited, is_before),
            func.sum(JournalLine.amount).filter(debited, is_before),
            func.sum(JournalLine.amount).filter(credited, ~is_before),
            func.sum(JournalLine.amount).filter(debited, ~is_before),
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalLine.ledger_account_id == account.id, JournalEntry.posted_at < period.end)
    )
    earlier_credits, earlier_debits, credits, debits = (value or ZERO for value in session.execute(sums).one())
    booked = Statement(account.opening_balance + earlier_credits - earlier_debits, credits, debits)
    return AccountStatement(
        account_id=account.id,
        currency=account.currency,
        start=period.start,
        end=period.end,
        opening=booked.opening,
        credits=booked.credits,
        debits=booked.debits,
        closing=booked.closing,
    )


def overview(session: Session, user_id: UUID | str) -> tuple[NetWorth, ...]:
    """What a customer has and owes, a line a currency; currencies are never added together. Raises UserNotFound."""
    user = get_own(UserRepository(session), user_id)
    accounts = session.scalars(accounts_of_user(user.id).where(Account.status != AccountStatusEnum.CLOSED))
    return net_worth((account.account_type, account.currency, account.current_balance) for account in accounts)


def period_of(start: datetime, end: datetime) -> Period:
    """From start on, before end. Raises InvalidValue unless start < end."""
    try:
        return Period(start, end)
    except ValueError as error:
        raise InvalidValue(field="end", reason=str(error)) from None
