"""Posts many movements at once: what banking.post does for one, as a few statements over all of them.

Nobody is refused for want of funds: these movements have happened. An account that they leave below its floor
has the floor waived, as if an administrator had forced them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Select, Table, case, func, literal, select, text, union_all, update
from sqlalchemy.orm import Session

from strongroom.kernel.tables import EnumText
from strongroom.systems.banking.imports.pkdd99.staging import inserted
from strongroom.systems.banking.models import Account, JournalEntry, JournalLine, StatementLine, Transaction
from strongroom.systems.banking.rules import Side, TransactionStatusEnum

ACCOUNTS, ENTRIES, LINES, TRANSACTIONS, STATEMENT_LINES = (
    cast("Table", model.__table__) for model in (Account, JournalEntry, JournalLine, Transaction, StatementLine)
)


def post_staged(session: Session, rows: Table) -> int:
    """Post every row. One id serves the entry, the transaction and the statement line. Returns how many rows."""
    # in key order, as every posting locks; also what the balances after each movement start from
    touched = select(rows.c.account_id).distinct()
    session.execute(
        select(Account.id).where(Account.id.in_(touched)).order_by(Account.id).with_for_update(key_share=True)
    )
    with _posting(session):
        count = _insert_entries(session, rows)
        _insert_lines(session, rows)
        _insert_transactions(session, rows)
        _insert_statement_lines(session, rows)
        _move_balances(session, rows)
    return count


@contextmanager
def _posting(session: Session) -> Iterator[None]:
    """Open the guard of the books for the block, and have the database check every entry before it ends."""
    if session.get_bind().dialect.name == "sqlite":
        yield
        return
    session.execute(text("SELECT set_config('statement_timeout', '0', true)"))  # sized for requests, not for years
    session.execute(text("SELECT set_config('banking.posting', 'on', true)"))
    yield
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SELECT set_config('banking.posting', 'off', true)"))


def _insert_entries(session: Session, rows: Table) -> int:
    reference = rows.c.source + literal(":trans:") + rows.c.reference
    columns = ("id", "kind", "reference", "posted_at")
    return inserted(session, ENTRIES, columns, select(rows.c.id, rows.c.kind, reference, rows.c.day))


def _insert_lines(session: Session, rows: Table) -> None:
    def lines(number: int, side: Side, ledger: str) -> Select[*tuple[Any, ...]]:
        return select(
            rows.c.id,
            literal(number),
            rows.c[ledger],
            literal(side, EnumText(Side)),
            rows.c.amount,
            rows.c.currency,
        )

    both = union_all(lines(1, Side.DEBIT, "debited_id"), lines(2, Side.CREDIT, "credited_id"))
    inserted(session, LINES, ("entry_id", "line", "ledger_account_id", "side", "amount", "currency"), both)


def _insert_transactions(session: Session, rows: Table) -> None:
    so_far = func.sum(rows.c.signed).over(partition_by=rows.c.account_id, order_by=rows.c.id)
    values = {
        "id": rows.c.id,
        "user_id": rows.c.user_id,
        "account_id": rows.c.account_id,
        "transaction_type": rows.c.kind,
        "status": literal(TransactionStatusEnum.COMPLETED, EnumText(TransactionStatusEnum)),
        "direction": rows.c.direction,
        "amount": rows.c.amount,
        "currency": rows.c.currency,
        "description": rows.c.description,
        "merchant_category": rows.c.category,
        "payment_method": rows.c.method,
        "reference_number": func.upper(rows.c.source) + literal("-") + rows.c.reference,
        "notes": rows.c.notes,
        "transaction_date": rows.c.day,
        "posted_date": rows.c.day,
        "balance_after": ACCOUNTS.c.current_balance + so_far,
        "is_outgoing": rows.c.is_outgoing,
        "journal_id": rows.c.id,
    }
    source = select(*values.values()).join_from(rows, ACCOUNTS, ACCOUNTS.c.id == rows.c.account_id)
    inserted(session, TRANSACTIONS, tuple(values), source)


def _insert_statement_lines(session: Session, rows: Table) -> None:
    columns = ("id", "account_id", "transaction_id", "source", "reference", "booked_at", "amount", "balance")
    source = select(
        rows.c.id,
        rows.c.account_id,
        rows.c.id,
        rows.c.source,
        rows.c.reference,
        rows.c.day,
        rows.c.signed,
        rows.c.printed,
    )
    inserted(session, STATEMENT_LINES, columns, source)


def _move_balances(session: Session, rows: Table) -> None:
    net = select(rows.c.account_id, func.sum(rows.c.signed).label("amount")).group_by(rows.c.account_id).subquery("net")
    floor = case((ACCOUNTS.c.is_overdraft_enabled, -ACCOUNTS.c.overdraft_limit), else_=0)
    session.execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.id == net.c.account_id)
        .values(
            current_balance=ACCOUNTS.c.current_balance + net.c.amount,
            available_balance=ACCOUNTS.c.available_balance + net.c.amount,
            version=ACCOUNTS.c.version + 1,
            floor_waived=ACCOUNTS.c.available_balance + net.c.amount < floor,
        )
    )
