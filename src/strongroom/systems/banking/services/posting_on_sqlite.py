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

from strongroom.kernel.errors import NotFound
from strongroom.systems.banking.models import (
    Account,
    IdempotencyKey,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    Transaction,
    User,
)
from strongroom.systems.banking.rules import AccountStatusEnum, KeyStateEnum, KycStatusEnum, Side, UserStatusEnum

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
        raise NotFound(what="account")
    return accounts


def _refusal(
    session: Session, posting: Mapping[str, Any], accounts: Iterable[Account], deltas: Mapping[UUID, Decimal]
) -> Answer | None:
    if posting["payer"] is not None:
        refusal = _payer_refusal(session, posting["payer"])
        if refusal is not None:
            return refusal
    forced = posting["forced"]
    for account in accounts:
        delta = deltas[account.id]
        extra = account.overdraft_limit if account.is_overdraft_enabled else -account.minimum_balance
        spendable = account.current_balance - account.reserved_balance + extra
        active, inactive = AccountStatusEnum.ACTIVE, AccountStatusEnum.INACTIVE
        if (delta < 0 and account.status is not active and not forced) or account.status not in (active, inactive):
            return _refused("ACCOUNT_NOT_ACTIVE", account_id=account.id, status=account.status.value)
        if delta < 0 and spendable + delta < 0 and not forced:
            available = max(spendable, Decimal(0))
            return _refused(
                "INSUFFICIENT_FUNDS",
                available=available,
                requested=-delta,
                currency=account.currency,
                shortfall=-delta - available,
            )
    return None


def _payer_refusal(session: Session, payer: Mapping[str, Any]) -> Answer | None:
    sender = session.get_one(User, payer["user_id"])
    if not sender.is_active or sender.status is not UserStatusEnum.ACTIVE:
        return _refused("USER_NOT_ACTIVE")
    if sender.kyc_status in (KycStatusEnum.SUSPENDED, KycStatusEnum.REJECTED):
        return _refused("KYC_REFUSED", kyc_status=sender.kyc_status.value)
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
            return _refused(
                "TRANSFER_LIMIT_EXCEEDED",
                limit=window["name"],
                maximum=window["maximum"],
                remaining=max(window["maximum"] - used, Decimal(0)),
                requested=payer["amount"],
                currency=payer["currency"],
            )
    return None


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
    for number, line in enumerate(posting["lines"], 1):
        ledger_id = (
            line["account"]
            or session.scalars(
                select(LedgerAccount.id).where(
                    LedgerAccount.code == line["ledger"],
                    LedgerAccount.currency == line["currency"],
                    LedgerAccount.account_id.is_(None),
                )
            ).one()
        )
        session.add(
            JournalLine(
                entry_id=entry.id,
                line=number,
                ledger_account_id=ledger_id,
                side=line["side"],
                amount=line["amount"],
                currency=line["currency"],
            )
        )
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


def _refused(code: str, **facts: Any) -> Answer:
    return {"outcome": "refused", "code": code, "facts": {name: str(value) for name, value in facts.items()}}


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
