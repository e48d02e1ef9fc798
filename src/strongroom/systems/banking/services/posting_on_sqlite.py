"""The rules of banking.post once more, for SQLite, which has no functions: under its single writer no locks are needed.

The steps, their order and their answers are those of migrations/sql/post_v1.sql; keep the two side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import Refused
from strongroom.systems.banking.errors import AccountNotFound, TransferLimitExceeded, UserNotActive
from strongroom.systems.banking.models import (
    Account,
    IdempotencyKey,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    Transaction,
    User,
)
from strongroom.systems.banking.rules import (
    KeyStateEnum,
    Side,
    UserStatusEnum,
    check_funds,
    check_kyc_allows_outgoing,
    check_may_be_credited,
    check_may_be_debited,
)

Answer = dict[str, Any]
_COUNTED = ("pending", "processing", "completed")


def post_on_sqlite(session: Session, posting: Mapping[str, Any], transactions: Sequence[Transaction]) -> Answer:
    """Post, refuse or replay; the answer has the shape of banking.post's."""
    claim = posting["key"]
    if claim is not None:
        known = session.get(IdempotencyKey, (claim["user_id"], claim["key"]))
        if known is not None:
            if known.request_hash != claim["request_hash"]:
                return {"outcome": "conflict"}
            return {**(known.response or {}), "outcome": "replayed", "state": known.state.value}

    deltas = _deltas(posting["lines"])
    accounts = _accounts(session, deltas)
    answer = _refusal(session, posting, accounts, deltas)
    if answer is None:
        _write(session, posting, accounts, deltas, transactions)
        answer = {"outcome": "posted", "response": posting["response"]}
    if claim is not None:
        state = KeyStateEnum.REFUSED if answer["outcome"] == "refused" else KeyStateEnum.COMPLETED
        session.add(IdempotencyKey(**claim, state=state, response=_plain(answer)))
    session.flush()
    return answer


def _deltas(lines: Iterable[Mapping[str, Any]]) -> dict[UUID, Decimal]:
    deltas: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line["account"] is not None:
            deltas[line["account"]] += line["amount"] if line["side"] is Side.CREDIT else -line["amount"]
    return deltas


def _accounts(session: Session, deltas: Mapping[UUID, Decimal]) -> list[Account]:
    query = select(Account).where(Account.id.in_(deltas)).order_by(Account.id)
    accounts = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(accounts) < len(deltas):
        raise AccountNotFound
    return accounts


def _refusal(
    session: Session, posting: Mapping[str, Any], accounts: Iterable[Account], deltas: Mapping[UUID, Decimal]
) -> Answer | None:
    try:
        if posting["payer"] is not None:
            _check_payer(session, posting["payer"])
        for account in accounts:
            _check_account(account, deltas[account.id], forced=posting["forced"])
    except Refused as refusal:
        return {"outcome": "refused", "code": refusal.code, "facts": refusal.facts}
    return None


def _check_account(account: Account, delta: Decimal, *, forced: bool) -> None:
    if delta < 0 and not forced:
        check_may_be_debited(account.status)
        check_funds(account.spendable, -delta, account.currency)
    check_may_be_credited(account.status)


def _check_payer(session: Session, payer: Mapping[str, Any]) -> None:
    sender = session.get_one(User, payer["user_id"])
    if not sender.is_active or sender.status is not UserStatusEnum.ACTIVE:
        raise UserNotActive
    check_kyc_allows_outgoing(sender.kyc_status)
    for window in sorted(payer["windows"], key=lambda window: window["since"], reverse=True):
        used = session.scalar(
            select(func.sum(Transaction.amount)).where(
                Transaction.user_id == sender.id,
                Transaction.is_outgoing,
                Transaction.currency == payer["currency"],
                Transaction.status.in_(_COUNTED),
                Transaction.transaction_date >= window["since"],
            )
        ) or Decimal(0)
        if used + payer["amount"] > window["maximum"]:
            raise TransferLimitExceeded(
                limit=window["name"],
                maximum=window["maximum"],
                remaining=max(window["maximum"] - used, Decimal(0)),
                requested=payer["amount"],
                currency=payer["currency"],
            )


def _write(
    session: Session,
    posting: Mapping[str, Any],
    accounts: Iterable[Account],
    deltas: Mapping[UUID, Decimal],
    transactions: Sequence[Transaction],
) -> None:
    entry = JournalEntry(**posting["entry"])
    session.add(entry)
    session.flush()
    lines = posting["lines"]
    session.add_all(_journal_line(session, entry.id, number, line) for number, line in enumerate(lines, 1))
    balances = {}
    for account in accounts:
        account.current_balance += deltas[account.id]
        account.available_balance += deltas[account.id]
        account.version += 1
        floor = -account.overdraft_limit if account.is_overdraft_enabled else Decimal(0)
        account.floor_waived = (account.floor_waived or posting["forced"]) and account.available_balance < floor
        balances[account.id] = account.current_balance
    for transaction in transactions:
        transaction.balance_after = balances[transaction.account_id]
        transaction.journal_id = entry.id
        session.add(transaction)
    session.flush()


def _journal_line(session: Session, entry_id: UUID, number: int, line: Mapping[str, Any]) -> JournalLine:
    own = select(LedgerAccount.id).where(
        LedgerAccount.code == line["ledger"],
        LedgerAccount.currency == line["currency"],
        LedgerAccount.account_id.is_(None),
    )
    return JournalLine(
        entry_id=entry_id,
        line=number,
        ledger_account_id=line["account"] or session.scalar(own),  # an unknown code is refused by NOT NULL
        side=line["side"],
        amount=line["amount"],
        currency=line["currency"],
    )


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as JSON can hold it."""
    return {
        name: _plain(value)
        if isinstance(value, Mapping)
        else [str(v) for v in value]
        if isinstance(value, list)
        else str(value)
        for name, value in answer.items()
    }
