"""What must be true of the books, as SELECTs for what is not; Python's rules said a second time."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from strongroom.kernel.integrity import Check, Violations
from strongroom.systems.banking.models import Account, Hold, Investment, JournalEntry, JournalLine, Transaction
from strongroom.systems.banking.rules import (
    AccountTypeEnum,
    HoldStatusEnum,
    Side,
    TransactionDirectionEnum,
    TransactionStatusEnum,
)


def _signed_line() -> ColumnElement[object]:
    return case((JournalLine.side == Side.CREDIT, JournalLine.amount), else_=-JournalLine.amount)


def unbalanced_entries() -> Violations:
    net = func.sum(_signed_line())
    by_currency = select(JournalLine.entry_id, JournalLine.currency).group_by(
        JournalLine.entry_id, JournalLine.currency
    )
    return by_currency.having(net != 0)


def entries_with_less_than_two_lines() -> Violations:
    lines = select(func.count()).where(JournalLine.entry_id == JournalEntry.id).scalar_subquery()
    return select(JournalEntry.id).where(lines < 2)


def unbalanced_currencies() -> Violations:
    return select(JournalLine.currency).group_by(JournalLine.currency).having(func.sum(_signed_line()) != 0)


def accounts_off_their_postings() -> Violations:
    moved = (
        select(JournalLine.ledger_account_id, func.sum(_signed_line()).label("net"))
        .group_by(JournalLine.ledger_account_id)
        .subquery()
    )
    return (
        select(Account.id)
        .outerjoin(moved, moved.c.ledger_account_id == Account.id)
        .where(Account.opening_balance + func.coalesce(moved.c.net, 0) != Account.current_balance)
    )


def reserves_off_their_holds() -> Violations:
    held = (
        select(Hold.account_id, func.sum(Hold.amount).label("held"))
        .where(Hold.status == HoldStatusEnum.ACTIVE)
        .group_by(Hold.account_id)
        .subquery()
    )
    return (
        select(Account.id)
        .outerjoin(held, held.c.account_id == Account.id)
        .where(Account.reserved_balance != func.coalesce(held.c.held, 0))
    )


def transactions_off_their_lines() -> Violations:
    """Each posted transaction moves its account by amount and fee, as the lines of its entry do."""
    moved = (
        select(JournalLine.entry_id, JournalLine.ledger_account_id, func.sum(_signed_line()).label("net")).group_by(
            JournalLine.entry_id, JournalLine.ledger_account_id
        )
    ).subquery()
    inbound = Transaction.direction == TransactionDirectionEnum.INBOUND
    expected = case(
        (inbound, Transaction.amount - Transaction.fee_amount), else_=-Transaction.amount - Transaction.fee_amount
    )
    return (
        select(Transaction.id)
        .join(
            moved, and_(moved.c.entry_id == Transaction.journal_id, moved.c.ledger_account_id == Transaction.account_id)
        )
        .where(moved.c.net != expected)
    )


def unposted_completed_transactions() -> Violations:
    final = (TransactionStatusEnum.COMPLETED, TransactionStatusEnum.REVERSED)
    return select(Transaction.id).where(
        Transaction.status.in_(final), or_(Transaction.journal_id.is_(None), Transaction.balance_after.is_(None))
    )


def holdings_outside_investment_accounts() -> Violations:
    return (
        select(Investment.id)
        .join(Account, Account.id == Investment.account_id)
        .where(Account.account_type != AccountTypeEnum.INVESTMENT)
    )


CHECKS = (
    Check("entries_balance", "in every journal entry debits equal credits, in each currency", unbalanced_entries),
    Check("entries_have_lines", "every journal entry has two lines or more", entries_with_less_than_two_lines),
    Check("trial_balance_is_zero", "over all entries debits equal credits, in each currency", unbalanced_currencies),
    Check(
        "balances_are_postings",
        "the balance of every account is its opening balance and the sum of its postings",
        accounts_off_their_postings,
    ),
    Check(
        "reserves_are_holds", "what is reserved on an account is the sum of its active holds", reserves_off_their_holds
    ),
    Check(
        "transactions_are_postings",
        "every posted transaction moved its account by its amount and fee",
        transactions_off_their_lines,
    ),
    Check(
        "completed_is_posted",
        "every completed transaction has its journal entry and the balance after it",
        unposted_completed_transactions,
    ),
    Check(
        "holdings_in_investment_accounts",
        "holdings lie in investment accounts only",
        holdings_outside_investment_accounts,
    ),
)
