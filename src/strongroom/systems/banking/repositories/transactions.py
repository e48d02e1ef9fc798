"""Transactions of an account or a user, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.banking.errors import TransactionNotFound
from strongroom.systems.banking.models import Transaction
from strongroom.systems.banking.rules import (
    PaymentMethodEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    check_transition,
    direction_of,
)

NEWEST_FIRST = (Transaction.transaction_date.desc(), Transaction.id.desc())


@query
def transactions_of_account(account_id: UUID) -> Select[Transaction]:
    return select(Transaction).where(Transaction.account_id == account_id)


@query
def transactions_of_user(user_id: UUID) -> Select[Transaction]:
    return select(Transaction).where(Transaction.user_id == user_id)


@query
def transactions_between(account_id: UUID, start: datetime, end: datetime) -> Select[Transaction]:
    """From start on, before end."""
    moment = Transaction.transaction_date
    return transactions_of_account(account_id).where(moment >= start, moment < end)


@query
def transactions_of_entry(journal_id: UUID) -> Select[Transaction]:
    return select(Transaction).where(Transaction.journal_id == journal_id)


class TransactionRepository(Repository[SessionT, Transaction]):
    """Transactions. A row of its own moves no money: that is posting's."""

    row = Transaction
    not_found = TransactionNotFound

    @operation
    def create_transaction(
        self: TransactionRepository[Session],
        /,
        user_id: UUID | str,
        account_id: UUID | str,
        transaction_type: TransactionTypeEnum | str,
        amount: Decimal | str,
        currency: str,
        description: str,
        **values: Any,
    ) -> Transaction:
        """Record an expected movement, pending unless said otherwise; its direction follows from its type."""
        values.setdefault("transaction_date", datetime.now(UTC))
        values.setdefault("payment_method", PaymentMethodEnum.OTHER)
        transaction = Transaction(
            user_id=user_id,
            account_id=account_id,
            transaction_type=transaction_type,
            amount=amount,
            currency=currency,
            description=description,
        )
        values.setdefault("direction", direction_of(transaction.transaction_type))
        for name, value in values.items():
            setattr(transaction, name, value)
        return self.add(transaction)

    @operation
    def get_transaction_by_id(self: TransactionRepository[Session], transaction_id: UUID | str) -> Transaction | None:
        """The transaction, or None."""
        return self.find(transaction_id)

    @operation
    def get_transactions_by_account(
        self: TransactionRepository[Session], account_id: UUID, limit: int = 50, offset: int = 0
    ) -> Sequence[Transaction]:
        """Newest first. For long lists use `page`, which does not slow down."""
        query = transactions_of_account(account_id).order_by(*NEWEST_FIRST)
        return self.session.scalars(query.limit(limit).offset(offset)).all()

    @operation
    def get_transactions_by_user(
        self: TransactionRepository[Session], user_id: UUID, limit: int = 50, offset: int = 0
    ) -> Sequence[Transaction]:
        """Newest first, over all the user's accounts."""
        query = transactions_of_user(user_id).order_by(*NEWEST_FIRST)
        return self.session.scalars(query.limit(limit).offset(offset)).all()

    @operation
    def get_transactions_by_date_range(
        self: TransactionRepository[Session], account_id: UUID, start_date: date, end_date: date
    ) -> Sequence[Transaction]:
        """From the first moment of start_date through the last of end_date, UTC, newest first."""
        start = datetime.combine(start_date, time.min, UTC)
        end = datetime.combine(end_date + timedelta(days=1), time.min, UTC)
        return self.session.scalars(transactions_between(account_id, start, end).order_by(*NEWEST_FIRST)).all()

    @operation
    def update_transaction_status(
        self: TransactionRepository[Session], transaction_id: UUID | str, status: TransactionStatusEnum | str
    ) -> Transaction:
        """Move the transaction along its states. Raises BusinessRuleViolation for a step there is not."""
        transaction = self.get(transaction_id)
        before = transaction.status
        transaction.status = status  # type: ignore[assignment]  # coerced on assignment
        check_transition("transaction", before, transaction.status)
        if transaction.status is TransactionStatusEnum.COMPLETED:
            transaction.posted_date = datetime.now(UTC)
        self.session.flush()
        return transaction
