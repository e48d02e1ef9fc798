"""Money from person to person: sent at once, offered, or asked for; at most one of them ever moves money, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import actor_of, keeps_refusals, now_of
from strongroom.systems.banking.errors import BusinessRuleViolation, UserNotActive
from strongroom.systems.banking.models import Account, P2PTransaction, User
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import P2PRepository, UserRepository, accounts_of_user
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    KycStatusEnum,
    P2PKindEnum,
    P2PStatusEnum,
    check_may_decide,
    check_transition,
    new_reference,
    p2p_fee,
    p2p_requires_verification,
)
from strongroom.systems.banking.services.access import check_own, own_account, sees_all
from strongroom.systems.banking.services.movements import amount_in, key_of, payer_of
from strongroom.systems.banking.services.posting import Key, Outcome, Posting, post, recall, remember
from strongroom.systems.banking.services.transfers import Terms, transfer_legs, transfer_rows


@keeps_refusals
def p2p_send(
    session: Session,
    from_account_id: UUID | str,
    recipient_id: UUID | str,
    amount: Decimal | str,
    *,
    description: str | None = None,
    needs_acceptance: bool = False,
    key: str | None = None,
    options: BankingOptions = DEFAULTS,
) -> P2PTransaction:
    """Send money to a person; it lands on their primary account in that currency.

    needs_acceptance: nothing moves until the recipient accepts. It waits as well while they have no such account.
    """
    source = own_account(session, from_account_id)
    claim = _send_key(session, source, recipient_id, amount, description, key)
    known = recall(session, claim)
    if known is not None:
        return _repeated(session, known)
    payment = _begin(session, P2PKindEnum.SEND, source.user_id, recipient_id, amount, source.currency, options)
    payment.sender_account_id = source.id
    payment.description = description
    payment.idempotency_key = key
    destination = _receiving_account(session, payment)
    if needs_acceptance or destination is None:
        payment.expires_at = payment.requested_date + options.request_lifetime
        session.add(payment)
        remember(session, claim, {"p2p_id": str(payment.id)}, payment.requested_date)
        session.flush()
        return payment
    return _pay(session, payment, source, destination, claim, options)


def p2p_request(
    session: Session,
    payer_id: UUID | str,
    amount: Decimal | str,
    currency: str,
    *,
    requester_id: UUID | None = None,
    description: str | None = None,
    options: BankingOptions = DEFAULTS,
) -> P2PTransaction:
    """Ask a person for money. requester_id: for whom; whoever acts, unless the program asks for somebody."""
    actor = actor_of(session)
    requester = requester_id if sees_all(session) and requester_id else actor.id
    if requester is None:
        raise InvalidValue(field="requester_id", reason="must be given when no user is signed in")
    payer = UserRepository(session).get(payer_id)
    payment = _begin(session, P2PKindEnum.REQUEST, payer.id, requester, amount, currency, options)
    payment.description = description
    payment.expires_at = payment.requested_date + options.request_lifetime
    session.add(payment)
    session.flush()
    return payment


@keeps_refusals
def p2p_accept(
    session: Session,
    p2p_id: UUID | str,
    *,
    from_account_id: UUID | str | None = None,
    key: str | None = None,
    options: BankingOptions = DEFAULTS,
) -> P2PTransaction:
    """Let a pending payment happen: the recipient of an offer, or the payer of a request.

    from_account_id: what a request is paid from; the payer's primary account in the currency when left out.
    """
    payment = _lock(session, p2p_id)
    if key is not None and payment.idempotency_key == key and payment.status is P2PStatusEnum.COMPLETED:
        return payment
    _check_decision(session, payment, "accept")
    check_transition("p2p", payment.status, P2PStatusEnum.COMPLETED)
    if payment.expires_at is not None and payment.expires_at <= now_of(session):
        raise BusinessRuleViolation(rule="p2p_expired", reason="the payment has expired; begin a new one")
    source = _paying_account(session, payment, from_account_id)
    destination = _receiving_account(session, payment)
    if destination is None:
        raise BusinessRuleViolation(
            rule="p2p_no_account", reason=f"the recipient has no active account in {payment.currency}"
        )
    payment.idempotency_key = key
    # the key is of whoever accepts, who may not be the one who pays
    claim = key_of(session, source.user_id, key, "p2p_accept", p2p_id=payment.id, source=source.id)
    return _pay(session, payment, source, destination, claim, options)


def p2p_decline(session: Session, p2p_id: UUID | str) -> P2PTransaction:
    """Turn a pending payment down: the recipient of an offer, or the payer of a request."""
    return _end(session, p2p_id, "decline", P2PStatusEnum.DECLINED)


def p2p_cancel(session: Session, p2p_id: UUID | str) -> P2PTransaction:
    """Take a pending payment back: whoever began it."""
    return _end(session, p2p_id, "cancel", P2PStatusEnum.CANCELLED)


def expire_p2p(session: Session) -> int:
    """End every pending payment whose time has passed. Returns how many."""
    pending = P2PTransaction.status == P2PStatusEnum.PENDING
    query = select(P2PTransaction).where(pending, P2PTransaction.expires_at <= now_of(session))
    lapsed = session.scalars(query.order_by(P2PTransaction.id).with_for_update(key_share=True, skip_locked=True)).all()
    for payment in lapsed:
        payment.status = P2PStatusEnum.EXPIRED
    session.flush()
    return len(lapsed)


def _begin(
    session: Session,
    kind: P2PKindEnum,
    sender_id: UUID,
    recipient_id: UUID | str,
    amount: Decimal | str,
    currency: str,
    options: BankingOptions,
) -> P2PTransaction:
    recipient = UserRepository(session).get(recipient_id)
    if recipient.id == sender_id:
        raise InvalidValue(field="recipient_id", reason="must be another person")
    if not recipient.is_active:
        raise UserNotActive("the recipient's account is not active")
    exact = amount_in(currency, amount)
    needs_verification = p2p_requires_verification(exact)
    if needs_verification and session.get_one(User, sender_id).kyc_status is not KycStatusEnum.APPROVED:
        raise BusinessRuleViolation(
            rule="p2p_verification", reason="a payment this large needs an approved identity check of the sender"
        )
    now = now_of(session)
    return P2PTransaction(
        kind=kind,
        sender_id=sender_id,
        recipient_id=recipient.id,
        amount=exact,
        currency=currency,
        fee_amount=p2p_fee(exact, currency),
        requires_verification=needs_verification,
        requested_date=now,
        reference_number=new_reference("P2P", now),
    )


def _pay(
    session: Session,
    payment: P2PTransaction,
    source: Account,
    destination: Account,
    claim: Key | None,
    options: BankingOptions,
) -> P2PTransaction:
    now = now_of(session)
    terms = Terms(payment.amount, payment.fee_amount, payment.amount, None)
    is_new = payment not in session
    posting = Posting(
        kind="p2p",
        reference=f"JRN-{payment.reference_number}",
        posted_at=now,
        legs=transfer_legs(source, destination, terms),
        transactions=transfer_rows(
            source, destination, terms, now, payment.description, p2p_id=payment.id, is_own=False
        ),
        key=claim,
        payer=payer_of(session, source, payment.amount, now, options),
        response={"p2p_id": str(payment.id)},
    )
    outcome = post(session, posting)
    if outcome.replayed:
        return _repeated(session, outcome)
    if outcome.refusal is None:
        payment.status = P2PStatusEnum.COMPLETED
        payment.completed_date = now
        payment.journal_id = posting.id
        payment.sender_account_id = source.id
        payment.recipient_account_id = destination.id
    elif is_new:
        payment.status = P2PStatusEnum.FAILED
        payment.failure_reason = outcome.refusal.code
    session.add(payment)
    session.flush()
    if outcome.refusal is not None:
        raise outcome.refusal
    return payment


def _send_key(
    session: Session,
    source: Account,
    recipient_id: UUID | str,
    amount: Decimal | str,
    description: str | None,
    key: str | None,
) -> Key | None:
    recipient = UserRepository(session).get(recipient_id)
    exact = amount_in(source.currency, amount)
    return key_of(
        session,
        source.user_id,
        key,
        "p2p",
        source=source.id,
        recipient=recipient.id,
        amount=exact,
        description=description,
    )


def _repeated(session: Session, outcome: Outcome) -> P2PTransaction:
    """The payment of an earlier request with the same key. Raises the refusal it met then."""
    if outcome.refusal is not None:
        raise outcome.refusal
    return P2PRepository(session).get(str(outcome.response["p2p_id"]))


def _paying_account(session: Session, payment: P2PTransaction, account_id: UUID | str | None) -> Account:
    if payment.sender_account_id is not None:
        return session.get_one(Account, payment.sender_account_id)
    if account_id is not None:
        account = own_account(session, account_id)
        if account.user_id != payment.sender_id or account.currency != payment.currency:
            raise InvalidValue(field="from_account_id", reason=f"must be an account of the payer in {payment.currency}")
        return account
    primary = _primary_account(session, payment.sender_id, payment.currency)
    if primary is None:
        raise BusinessRuleViolation(
            rule="p2p_no_account", reason=f"the payer has no active account in {payment.currency}"
        )
    return primary


def _receiving_account(session: Session, payment: P2PTransaction) -> Account | None:
    return _primary_account(session, payment.recipient_id, payment.currency)


def _primary_account(session: Session, user_id: UUID, currency: str) -> Account | None:
    """The person's primary account if it has this currency, else their oldest that has."""
    fitting = accounts_of_user(user_id).where(Account.currency == currency, Account.status == AccountStatusEnum.ACTIVE)
    return session.scalars(fitting.order_by(Account.is_primary.desc(), Account.created_at, Account.id).limit(1)).first()


def _lock(session: Session, p2p_id: UUID | str) -> P2PTransaction:
    repository = P2PRepository(session)
    payment = repository.get(p2p_id)
    check_own(repository, payment.sender_id, payment.recipient_id)
    return repository.lock([payment.id])[payment.id]


def _check_decision(
    session: Session, payment: P2PTransaction, decision: Literal["accept", "decline", "cancel"]
) -> None:
    if not sees_all(session):
        party: Literal["payer", "payee"] = "payer" if actor_of(session).id == payment.sender_id else "payee"
        check_may_decide(payment.kind, decision, party)


def _end(
    session: Session, p2p_id: UUID | str, decision: Literal["decline", "cancel"], status: P2PStatusEnum
) -> P2PTransaction:
    payment = _lock(session, p2p_id)
    _check_decision(session, payment, decision)
    check_transition("p2p", payment.status, status)
    payment.status = status
    session.flush()
    return payment
