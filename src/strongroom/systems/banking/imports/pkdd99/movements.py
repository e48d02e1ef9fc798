"""The bank's transactions, each as a journal entry, with the balance the bank printed after it kept as evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, Text, Uuid, and_, delete, exists, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from strongroom.kernel.tables import EnumText, Moment, MoneyAmount
from strongroom.kernel.values import derived_id
from strongroom.systems.banking.imports.pkdd99.accounts import CURRENCY, KnownAccount, account_of, known_accounts
from strongroom.systems.banking.imports.pkdd99.meanings import IN, meaning_of
from strongroom.systems.banking.imports.pkdd99.orders import BANK, OTHER_ACCOUNT
from strongroom.systems.banking.imports.pkdd99.posting import post_staged
from strongroom.systems.banking.imports.pkdd99.reading import BadField, Loaded, Progress, Row, SourceFile
from strongroom.systems.banking.imports.pkdd99.staging import staged
from strongroom.systems.banking.models import LedgerAccount, StatementLine
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionTypeEnum,
)

#: the source of the statement lines
SOURCE = "pkdd99"
COLUMNS = (
    "trans_id",
    "account_id",
    "date",
    "type",
    "operation",
    "amount",
    "balance",
    "k_symbol",
    "bank",
    "account",
)
#: one movement, ready to be posted. signed: plus for a credit; printed: the bank's own balance after it
STAGED: Mapping[str, TypeEngine[Any]] = {
    "id": Uuid(),
    "line": Integer(),
    "source": Text(),
    "reference": Text(),
    "account_id": Uuid(),
    "user_id": Uuid(),
    "day": Moment(),
    "kind": EnumText(TransactionTypeEnum),
    "direction": EnumText(TransactionDirectionEnum),
    "method": EnumText(PaymentMethodEnum),
    "category": EnumText(MerchantCategoryEnum),
    "description": Text(),
    "notes": Text(),
    "is_outgoing": Boolean(),
    "currency": Text(),
    "amount": MoneyAmount(),
    "signed": MoneyAmount(),
    "printed": MoneyAmount(),
    "debited_id": Uuid(),
    "credited_id": Uuid(),
}
DAY_MS = 24 * 60 * 60 * 1000

_BANK = re.compile(f"({BANK.pattern})?")
_OTHER_ACCOUNT = re.compile(f"({OTHER_ACCOUNT.pattern})?")


def load_movements(session: Session, folder: Path, progress: Progress) -> Loaded:
    """trans.asc: posts every row that is not posted yet, on its day at 00:00 UTC.

    A row that was posted before with other figures is a problem, since what is posted never changes.
    """
    file = SourceFile(folder, "trans.asc", COLUMNS, progress)
    with staged(session, STAGED, _rows(session, file)) as rows:
        posted_before = and_(StatementLine.source == SOURCE, StatementLine.reference == rows.c.reference)
        changed = or_(
            StatementLine.account_id != rows.c.account_id,
            StatementLine.booked_at != rows.c.day,
            StatementLine.amount != rows.c.signed,
            StatementLine.balance != rows.c.printed,
        )
        lines = select(rows.c.line, rows.c.reference).join(StatementLine, posted_before)
        for line, reference in session.execute(lines.where(changed).order_by(rows.c.line)):
            file.add_problem(line, f"trans_id: {reference} was posted before with another account, day or figure")
        file.check()
        session.execute(delete(rows).where(exists().where(posted_before)))
        return Loaded(file.rows, post_staged(session, rows))


def _rows(session: Session, file: SourceFile) -> Iterator[tuple[Any, ...]]:
    return file.read(_builder(known_accounts(session), _bank_accounts(session)))


def _builder(accounts: dict[int, KnownAccount], bank: dict[str, UUID]) -> Callable[[Row], tuple[Any, ...]]:
    def build(row: Row) -> tuple[Any, ...]:
        number = row.number("trans_id")
        account = account_of(row, accounts)
        if not account.can_move:
            raise BadField("account_id", "the account is suspended or closed")
        day = row.day("date")
        meaning = meaning_of(row)
        amount = row.amount("amount")
        is_credit = meaning.direction is IN
        counter = bank[meaning.ledger]
        # the milliseconds of the day carry the bank's own number, so that ids sort by day, then by it
        identifier = derived_id(day + timedelta(milliseconds=number % DAY_MS), f"pkdd99:trans:{number}")
        return (
            identifier,
            row.line,
            SOURCE,
            str(number),
            account.id,
            account.user_id,
            day,
            meaning.kind,
            meaning.direction,
            meaning.method,
            meaning.category,
            meaning.description,
            _counterparty(row),
            meaning.is_outgoing,
            CURRENCY,
            amount,
            amount if is_credit else -amount,
            row.balance("balance"),
            counter if is_credit else account.id,
            account.id if is_credit else counter,
        )

    return build


def _counterparty(row: Row) -> str | None:
    """The other bank and account, as far as the bank printed them; cash has an account of 0."""
    bank = row.word("bank", _BANK, "a bank's two letters or nothing")
    account = row.word("account", _OTHER_ACCOUNT, "an account's 1 to 10 digits or nothing")
    known = [f"bank {bank}"] * bool(bank) + [f"account {account}"] * (account not in ("", "0"))
    return f"Other side: {', '.join(known)}" if known else None


def _bank_accounts(session: Session) -> dict[str, UUID]:
    """The bank's own accounts in the books, by code."""
    rows = session.execute(
        select(LedgerAccount.code, LedgerAccount.id).where(
            LedgerAccount.account_id.is_(None), LedgerAccount.currency == CURRENCY
        )
    )
    return {code: ledger_id for code, ledger_id in rows}
