"""Money in and out of the bank, its fees and its interest."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.banking.models import Transaction
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.rules import (
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionTypeEnum,
)
from strongroom.systems.banking.services.access import check_is_administrator, own_account
from strongroom.systems.banking.services.movements import (
    amount_in,
    bank_credit,
    bank_debit,
    book_one,
    counter_legs,
    credit,
    debit,
    payer_of,
)


@keeps_refusals
def deposit(
    session: Session,
    account_id: UUID | str,
    amount: Decimal | str,
    *,
    description: str = "Deposit",
    payment_method: PaymentMethodEnum = PaymentMethodEnum.CASH,
    key: str | None = None,
) -> Transaction:
    """Put money on an account, in the account's currency."""
    account = own_account(session, account_id)
    legs = counter_legs(account, TransactionDirectionEnum.INBOUND, amount_in(account.currency, amount), payment_method)
    return book_one(session, account, TransactionTypeEnum.DEPOSIT, legs, description, payment_method, key)


@keeps_refusals
def withdraw(
    session: Session,
    account_id: UUID | str,
    amount: Decimal | str,
    *,
    description: str = "Withdrawal",
    payment_method: PaymentMethodEnum = PaymentMethodEnum.CASH,
    key: str | None = None,
    options: BankingOptions = DEFAULTS,
) -> Transaction:
    """Take money from an account. Raises InsufficientFunds, TransferLimitExceeded, AccountNotActive."""
    account = own_account(session, account_id)
    exact = amount_in(account.currency, amount)
    legs = counter_legs(account, TransactionDirectionEnum.OUTBOUND, exact, payment_method)
    payer = payer_of(session, account, exact, now_of(session), options)
    return book_one(
        session,
        account,
        TransactionTypeEnum.WITHDRAWAL,
        legs,
        description,
        payment_method,
        key,
        posting={"payer": payer},
        is_outgoing=True,
    )


@keeps_refusals
def charge_fee(
    session: Session, account_id: UUID | str, amount: Decimal | str, *, description: str = "Fee", key: str | None = None
) -> Transaction:
    """Take a fee for the bank. Administrators and the program only."""
    check_is_administrator(session)
    account = own_account(session, account_id)
    exact = amount_in(account.currency, amount)
    legs = [debit(account, exact), bank_credit("fee_income", exact, account.currency)]
    return book_one(session, account, TransactionTypeEnum.FEE, legs, description, PaymentMethodEnum.OTHER, key)


@keeps_refusals
def pay_interest(
    session: Session,
    account_id: UUID | str,
    amount: Decimal | str,
    *,
    description: str = "Interest",
    key: str | None = None,
) -> Transaction:
    """Pay interest to a customer. Administrators and the program only."""
    check_is_administrator(session)
    account = own_account(session, account_id)
    exact = amount_in(account.currency, amount)
    legs = [bank_debit("interest_expense", exact, account.currency), credit(account, exact)]
    return book_one(session, account, TransactionTypeEnum.INTEREST, legs, description, PaymentMethodEnum.OTHER, key)
