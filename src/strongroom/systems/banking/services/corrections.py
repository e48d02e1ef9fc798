"""The way back: what was paid is refunded, what was posted is reversed by its opposite; nothing is edited."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import (
    Account,
    JournalLine,
    LedgerAccount,
    P2PTransaction,
    Transaction,
    Transfer,
)
from strongroom.systems.banking.repositories import AccountRepository, TransactionRepository, transactions_of_entry
from strongroom.systems.banking.rules import (
    Leg,
    P2PStatusEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    TransferStatusEnum,
    check_refund,
    check_transition,
    new_reference,
    opposite,
)
from strongroom.systems.banking.services.access import check_is_administrator
from strongroom.systems.banking.services.audit import record
from strongroom.systems.banking.services.movements import (
    amount_in,
    book,
    book_one,
    booked_transaction,
    counter_legs,
    draft,
    is_known,
    key_of,
)
from strongroom.systems.banking.services.posting import Posting


@keeps_refusals
def refund(
    session: Session, transaction_id: UUID | str, amount: Decimal | str, *, key: str | None = None
) -> Transaction:
    """Give back part or all of an outgoing payment; all refunds of one payment together never exceed it."""
    check_is_administrator(session)
    original = TransactionRepository(session).get(transaction_id)
    # the account's row is what two refunds at once both touch, so the second sees the first
    account = session.get_one(Account, original.account_id, with_for_update={"key_share": True})
    exact = amount_in(account.currency, amount)
    if not is_known(session, account.user_id, key):
        _check_refundable(session, original, exact)  # a repetition would find its own refund in the way
    legs = counter_legs(account, TransactionDirectionEnum.INBOUND, exact, original.payment_method)
    return book_one(
        session,
        account,
        TransactionTypeEnum.REFUND,
        legs,
        f"Refund of {original.reference_number}",
        original.payment_method,
        key,
        refund_of=original.id,
    )


@keeps_refusals
def reverse(
    session: Session,
    transaction_id: UUID | str,
    *,
    reason: str = "Reversal",
    may_overdraw: bool = False,
    key: str | None = None,
) -> Transaction:
    """Undo a posted movement, with everything posted with it, by its opposite; once. Administrators only.

    may_overdraw: post it even where the money is gone. Raises InsufficientFunds otherwise.
    """
    check_is_administrator(session)
    original = TransactionRepository(session).get(transaction_id)
    if original.journal_id is None:
        raise BusinessRuleViolation(rule="reverse", reason="the transaction was never posted")
    if original.transaction_type is TransactionTypeEnum.INVESTMENT:
        raise BusinessRuleViolation(rule="reverse", reason="a trade in securities is undone by the opposite trade")
    rows = session.scalars(transactions_of_entry(original.journal_id).order_by(Transaction.id)).all()
    _check_not_refunded(session, rows)
    now = now_of(session)
    drafts = {row.id: _opposite_row(session, row, reason) for row in rows}
    first = drafts[original.id]
    posting = Posting(
        kind="reversal",
        reference=new_reference("JRN", now),
        posted_at=now,
        legs=_opposite_legs(session, original.journal_id),
        transactions=list(drafts.values()),
        key=key_of(session, original.user_id, key, "reverse", transaction_id=original.id),
        reverses=original.journal_id,
        forced=may_overdraw,
        response={"transaction_id": str(first.id)},
    )
    outcome = book(session, posting)
    if not outcome.replayed:
        for row in rows:
            check_transition("transaction", row.status, TransactionStatusEnum.REVERSED)
            row.status = TransactionStatusEnum.REVERSED
        _reverse_order(session, original)
        record(session, "transaction.reversed", original, after={"reason": reason, "forced": may_overdraw})
    return booked_transaction(session, outcome.response)


def _check_refundable(session: Session, original: Transaction, amount: Decimal) -> None:
    session.refresh(original, ["status"])  # it was read before its account was locked
    is_completed = original.status is TransactionStatusEnum.COMPLETED
    if original.direction is not TransactionDirectionEnum.OUTBOUND or not is_completed:
        raise BusinessRuleViolation(rule="refund", reason="only a completed outgoing payment can be refunded")
    refunded = session.scalar(select(func.sum(Transaction.amount)).where(Transaction.refund_of == original.id))
    check_refund(original.amount, refunded or Decimal(0), amount)


def _check_not_refunded(session: Session, rows: Sequence[Transaction]) -> None:
    """What was refunded has been given back already; reversing the payment would give it back again."""
    # the accounts' rows are what a refund at the same moment locks as well
    AccountRepository(session).lock(sorted({row.account_id for row in rows}))
    refunds = select(Transaction.id).where(
        Transaction.refund_of.in_([row.id for row in rows]), Transaction.status == TransactionStatusEnum.COMPLETED
    )
    if session.scalar(select(refunds.exists())):
        raise BusinessRuleViolation(rule="reverse_refunded", reason="reverse the refunds of this movement first")


def _opposite_legs(session: Session, entry_id: UUID) -> list[Leg]:
    query = (
        select(JournalLine, LedgerAccount)
        .join(LedgerAccount, LedgerAccount.id == JournalLine.ledger_account_id)
        .where(JournalLine.entry_id == entry_id)
        .order_by(JournalLine.line)
    )
    return [
        Leg(
            opposite(line.side),
            line.amount,
            line.currency,
            account.account_id,
            None if account.account_id else account.code,
        )
        for line, account in session.execute(query)
    ]


def _opposite_row(session: Session, row: Transaction, reason: str) -> Transaction:
    account = session.get_one(Account, row.account_id)
    outbound, inbound = TransactionDirectionEnum.OUTBOUND, TransactionDirectionEnum.INBOUND
    return draft(
        account,
        row.transaction_type,
        row.total_amount if row.direction is outbound else row.amount,
        now_of(session),
        description=f"{reason}: {row.reference_number}",
        direction=inbound if row.direction is outbound else outbound,
        payment_method=row.payment_method,
        reversal_of=row.id,
        transfer_id=row.transfer_id,
        p2p_id=row.p2p_id,
    )


def _reverse_order(session: Session, original: Transaction) -> None:
    """The order that the movement carried out is reversed with it."""
    if original.transfer_id is not None:
        transfer = session.get_one(Transfer, original.transfer_id)
        transfer.status = TransferStatusEnum.REVERSED
    if original.p2p_id is not None:
        payment = session.get_one(P2PTransaction, original.p2p_id)
        payment.status = P2PStatusEnum.REVERSED
