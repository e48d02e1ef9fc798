"""What every movement of money has in common: a checked amount, a draft of the customer's row, a remembered answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.kernel.values import NotExact, day_of, exact_decimal, month_of, year_of
from strongroom.systems.banking.models import Account, IdempotencyKey, Transaction, User
from strongroom.systems.banking.options import BankingOptions
from strongroom.systems.banking.repositories import TransactionRepository
from strongroom.systems.banking.rules import (
    Leg,
    PaymentMethodEnum,
    Side,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    check_amount,
    direction_of,
    new_reference,
    outgoing_limits,
)
from strongroom.systems.banking.services.posting import Key, Outcome, Payer, Posting, Window, post

#: the bank's account on the other side of a movement, by how it was paid
COUNTER_ACCOUNTS = {PaymentMethodEnum.CASH: "cash"}
SETTLEMENT = "settlement"


def amount_in(currency: str, amount: Decimal | str | int, field: str = "amount") -> Decimal:
    """The amount, above zero and no finer than the currency. Raises InvalidValue, InvalidCurrency."""
    try:
        number = exact_decimal(amount, field)
    except NotExact as error:
        raise InvalidValue(field=field, reason=error.reason) from None
    check_amount(number, currency, field)
    return number


def debit(account: Account, amount: Decimal) -> Leg:
    """Take from a customer's account."""
    return Leg(Side.DEBIT, amount, account.currency, account=account.id)


def credit(account: Account, amount: Decimal) -> Leg:
    """Give to a customer's account."""
    return Leg(Side.CREDIT, amount, account.currency, account=account.id)


def bank_debit(ledger: str, amount: Decimal, currency: str) -> Leg:
    """Debit one of the bank's own accounts, by its code."""
    return Leg(Side.DEBIT, amount, currency, ledger=ledger)


def bank_credit(ledger: str, amount: Decimal, currency: str) -> Leg:
    """Credit one of the bank's own accounts, by its code."""
    return Leg(Side.CREDIT, amount, currency, ledger=ledger)


def draft(
    account: Account,
    kind: TransactionTypeEnum,
    amount: Decimal,
    now: datetime,
    *,
    description: str,
    direction: TransactionDirectionEnum | None = None,
    payment_method: PaymentMethodEnum = PaymentMethodEnum.BANK_TRANSFER,
    **values: Any,
) -> Transaction:
    """The customer's row of a completed movement, not yet stored: posting stores it."""
    return Transaction(
        user_id=account.user_id,
        account_id=account.id,
        currency=account.currency,
        transaction_type=kind,
        direction=direction or direction_of(kind),
        amount=amount,
        status=TransactionStatusEnum.COMPLETED,
        description=description,
        payment_method=payment_method,
        transaction_date=now,
        posted_date=now,
        **{"reference_number": new_reference("TXN", now), **values},
    )


def payer_of(session: Session, account: Account, amount: Decimal, now: datetime, options: BankingOptions) -> Payer:
    """The account's owner as one who sends money out: the smaller of KYC's and the bank's limits, by UTC calendar."""
    user = session.get_one(User, account.user_id)
    limits = outgoing_limits(user.kyc_level, options.limits)
    bounds = (
        ("single", now, limits.single),
        ("daily", day_of(now).start, limits.daily),
        ("monthly", month_of(now).start, limits.monthly),
        ("yearly", year_of(now).start, limits.yearly),
    )
    windows = [Window(name, since, most) for name, since, most in bounds if most is not None]
    return Payer(user.id, account.currency, amount, windows)


def key_of(session: Session, owner_id: UUID, key: str | None, operation: str, **request: Any) -> Key | None:
    """The idempotency key of a request, if it came with one.

    It belongs to whoever acts, so that a teller's key never meets the customer's own; the program's requests are
    kept under the owner of the account.
    """
    return None if key is None else Key(actor_of(session).id or owner_id, key, operation, request)


def is_known(session: Session, owner_id: UUID, key: str | None) -> bool:
    """Whether a request with this key was decided before."""
    return key is not None and session.get(IdempotencyKey, (actor_of(session).id or owner_id, key)) is not None


def book(session: Session, posting: Posting) -> Outcome:
    """Post it. Raises the refusal, which is stored by then."""
    outcome = post(session, posting)
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome


def booked_transaction(session: Session, response: Mapping[str, Any]) -> Transaction:
    """The customer's row that an outcome names."""
    return TransactionRepository(session).get(UUID(str(response["transaction_id"])))


def counter_legs(
    account: Account, direction: TransactionDirectionEnum, amount: Decimal, method: PaymentMethodEnum
) -> list[Leg]:
    """The two lines of money that enters or leaves the bank, by the account that its way of payment settles on."""
    ledger = COUNTER_ACCOUNTS.get(method, SETTLEMENT)
    if direction is TransactionDirectionEnum.INBOUND:
        return [bank_debit(ledger, amount, account.currency), credit(account, amount)]
    return [debit(account, amount), bank_credit(ledger, amount, account.currency)]


def book_one(
    session: Session,
    account: Account,
    kind: TransactionTypeEnum,
    legs: list[Leg],
    description: str,
    method: PaymentMethodEnum,
    key: str | None,
    *,
    posting: dict[str, Any] | None = None,
    **values: Any,
) -> Transaction:
    """Post a movement that touches one customer account, and give its row.

    posting: what else Posting takes; values: what else the row takes.
    """
    now = now_of(session)
    row = draft(account, kind, legs[0].amount, now, description=description, payment_method=method, **values)
    request = {"account_id": account.id, "amount": legs[0].amount, "description": description, "method": method.value}
    outcome = book(
        session,
        Posting(
            kind=kind.value,
            reference=new_reference("JRN", now),
            posted_at=now,
            legs=legs,
            transactions=[row],
            key=key_of(session, account.user_id, key, kind.value, **request, of=values.get("refund_of")),
            response={"transaction_id": str(row.id)},
            **(posting or {}),
        ),
    )
    return booked_transaction(session, outcome.response)
