"""Transfers between accounts of this bank: own to own free, to others for a fee, across currencies at a stored rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.kernel.values import new_id
from strongroom.systems.banking.models import Account, ExchangeRate, Transaction, Transfer, User
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import AccountRepository, TransferRepository
from strongroom.systems.banking.rules import (
    Leg,
    Rate,
    TransactionTypeEnum,
    TransferKindEnum,
    TransferStatusEnum,
    check_transfer_amount,
    check_transition,
    convert,
    fx_fee,
    new_reference,
    transfer_fee,
)
from strongroom.systems.banking.services.access import check_own, own_account
from strongroom.systems.banking.services.movements import (
    amount_in,
    bank_credit,
    bank_debit,
    credit,
    debit,
    draft,
    key_of,
    payer_of,
)
from strongroom.systems.banking.services.posting import Outcome, Payer, Posting, post, recall


@dataclass(frozen=True, slots=True)
class Terms:
    """What a transfer costs and arrives as. rate: None within one currency."""

    amount: Decimal
    fee: Decimal
    arrives: Decimal
    rate: Decimal | None

    @property
    def total(self) -> Decimal:
        """What leaves the source account."""
        return self.amount + self.fee


def quote_transfer(
    session: Session, from_account_id: UUID | str, to_account_id: UUID | str, amount: Decimal | str
) -> Terms:
    """What the transfer would cost now. Raises ExchangeRateUnavailable."""
    source = own_account(session, from_account_id)
    destination = AccountRepository(session).get(to_account_id)
    return _terms(session, source, destination, amount_in(source.currency, amount), now_of(session))


@keeps_refusals
def transfer(
    session: Session,
    from_account_id: UUID | str,
    to_account_id: UUID | str,
    amount: Decimal | str,
    *,
    description: str | None = None,
    key: str | None = None,
    options: BankingOptions = DEFAULTS,
) -> Transfer:
    """Move the amount, in the source's currency, to another account of this bank.

    A refused transfer stays as a failed row with its reason. Raises InsufficientFunds, TransferLimitExceeded,
    AccountNotActive, UserNotActive, KycRefused, ExchangeRateUnavailable.
    """
    source = own_account(session, from_account_id)
    destination = AccountRepository(session).get(to_account_id)
    if source.id == destination.id:
        raise InvalidValue(field="to_account_id", reason="must be another account than from_account_id")
    exact = amount_in(source.currency, amount)
    check_transfer_amount(exact, source.currency, least=options.transfer_min, most=options.transfer_max)
    claim = key_of(
        session,
        source.user_id,
        key,
        "transfer",
        source=source.id,
        to=destination.id,
        amount=exact,
        description=description,
    )
    known = recall(session, claim)
    if known is not None:
        return _repeated(session, known)  # whatever the rate is by now
    now = now_of(session)
    terms = _terms(session, source, destination, exact, now)
    order = Transfer(
        user_id=source.user_id,
        from_account_id=source.id,
        to_account_id=destination.id,
        amount=exact,
        currency=source.currency,
        description=description,
        reference_number=new_reference("TRF", now),
        fee_amount=terms.fee,
        exchange_rate=terms.rate,
        destination_amount=terms.arrives if terms.rate else None,
        destination_currency=destination.currency if terms.rate else None,
        requested_date=now,
        processed_date=now,
        idempotency_key=key,
    )
    is_own = source.user_id == destination.user_id
    posting = Posting(
        kind="transfer",
        reference=f"JRN-{order.reference_number}",
        posted_at=now,
        legs=transfer_legs(source, destination, terms),
        transactions=transfer_rows(source, destination, terms, now, description, transfer_id=order.id, is_own=is_own),
        key=claim,
        payer=Payer(source.user_id, source.currency, exact)
        if is_own
        else payer_of(session, source, exact, now, options),
        response={"transfer_id": str(order.id)},
    )
    outcome = post(session, posting)
    if outcome.replayed:
        return _repeated(session, outcome)
    if outcome.refusal is not None:
        _store(session, order, TransferStatusEnum.FAILED, failure_reason=outcome.refusal.code)
        raise outcome.refusal
    return _store(session, order, TransferStatusEnum.COMPLETED, completed_date=now, journal_id=posting.id)


def cancel_transfer(session: Session, transfer_id: UUID | str) -> Transfer:
    """Withdraw an order that is still pending; its owner only."""
    repository = TransferRepository(session)
    order = repository.get(transfer_id)
    check_own(repository, order.user_id)
    order = repository.lock([order.id])[order.id]
    check_transition("transfer", order.status, TransferStatusEnum.CANCELLED)
    order.status = TransferStatusEnum.CANCELLED
    session.flush()
    return order


def transfer_legs(source: Account, destination: Account, terms: Terms) -> list[Leg]:
    """Debit the sender, credit the recipient; across currencies by way of the bank's own position in each."""
    if terms.rate is None:
        legs = [debit(source, terms.amount), credit(destination, terms.arrives)]
    else:
        legs = [
            debit(source, terms.amount),
            bank_credit("fx_position", terms.amount, source.currency),
            bank_debit("fx_position", terms.arrives, destination.currency),
            credit(destination, terms.arrives),
        ]
    if terms.fee:
        legs += [debit(source, terms.fee), bank_credit("fee_income", terms.fee, source.currency)]
    return legs


def transfer_rows(
    source: Account,
    destination: Account,
    terms: Terms,
    now: datetime,
    description: str | None,
    *,
    is_own: bool,
    transfer_id: UUID | None = None,
    p2p_id: UUID | None = None,
) -> Sequence[Transaction]:
    """The row the sender sees and the row the recipient sees."""
    shared: dict[str, Any] = {"transfer_id": transfer_id, "p2p_id": p2p_id}
    exchanged: dict[str, Any] = (
        {"exchange_rate": terms.rate, "original_amount": terms.amount, "original_currency": source.currency}
        if terms.rate
        else {}
    )
    sent = draft(
        source,
        TransactionTypeEnum.TRANSFER_OUT,
        terms.amount,
        now,
        description=description or f"Transfer to {destination.account_number}",
        fee_amount=terms.fee,
        is_outgoing=not is_own,
        id=new_id(),
        **shared,
    )
    received = draft(
        destination,
        TransactionTypeEnum.TRANSFER_IN,
        terms.arrives,
        now,
        description=description or f"Transfer from {source.account_number}",
        **shared,
        **exchanged,
    )
    return [sent, received]


def _repeated(session: Session, outcome: Outcome) -> Transfer:
    """The order of an earlier request with the same key. Raises the refusal it met then."""
    if outcome.refusal is not None:
        raise outcome.refusal
    return TransferRepository(session).get(str(outcome.response["transfer_id"]))


def _terms(session: Session, source: Account, destination: Account, amount: Decimal, now: datetime) -> Terms:
    sender = session.get_one(User, source.user_id)
    is_own = source.user_id == destination.user_id
    kind = TransferKindEnum.INTERNAL if is_own else TransferKindEnum.DOMESTIC
    fee = transfer_fee(kind, amount, source.currency, sender.role)
    if source.currency == destination.currency:
        return Terms(amount, fee, amount, None)
    conversion = convert(amount, source.currency, destination.currency, _rates(session, source, destination), now)
    return Terms(amount, fee + fx_fee(amount, source.currency, sender.role), conversion.amount, conversion.rate)


def _rates(session: Session, source: Account, destination: Account) -> list[Rate]:
    pair = (ExchangeRate.base == source.currency, ExchangeRate.quote == destination.currency)
    newest = select(ExchangeRate).where(*pair).order_by(ExchangeRate.valid_from.desc()).limit(10)
    return [Rate(row.base, row.quote, row.rate, row.valid_from, row.valid_until) for row in session.scalars(newest)]


def _store(session: Session, order: Transfer, status: TransferStatusEnum, **values: object) -> Transfer:
    order.status = status
    for name, value in values.items():
        setattr(order, name, value)
    session.add(order)
    session.flush()
    return order
