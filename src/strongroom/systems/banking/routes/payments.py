"""Money from person to person: sent, offered, asked for, and decided by whoever it is for to decide."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.banking.errors import AccountNotFound, InvalidCurrency, P2PTransactionNotFound, UserNotFound
from strongroom.systems.banking.routes.dependencies import ActingDatabase, Options, Owner
from strongroom.systems.banking.routes.problems import LISTING, READING, SENDING, WRITING
from strongroom.systems.banking.rules import P2PStatusEnum
from strongroom.systems.banking.schemas.payments import AcceptanceIn, PaymentIn, PaymentOut, PaymentRequestIn
from strongroom.systems.banking.services import lists, p2p

router = APIRouter(prefix="/payments", tags=["banking: payments"])

_DECISION = problem_responses(*WRITING, P2PTransactionNotFound)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Send money to a person; it lands on their primary account",
    responses=problem_responses(*SENDING, AccountNotFound, UserNotFound),
)
async def send(body: PaymentIn, database: ActingDatabase, options: Options, key: IdempotencyKey) -> PaymentOut:
    payment = await database.write(
        p2p.p2p_send,
        body.from_account_id,
        body.recipient_id,
        body.amount,
        description=body.description,
        needs_acceptance=body.needs_acceptance,
        key=key,
        options=options,
    )
    return PaymentOut.model_validate(payment)


@router.post(
    "/requests",
    status_code=status.HTTP_201_CREATED,
    summary="Ask a person for money; nothing moves until they accept",
    responses=problem_responses(*WRITING, UserNotFound, InvalidCurrency),
)
async def request(body: PaymentRequestIn, database: ActingDatabase, options: Options) -> PaymentOut:
    payment = await database.write(
        p2p.p2p_request,
        body.payer_id,
        body.amount,
        body.currency,
        description=body.description,
        options=options,
    )
    return PaymentOut.model_validate(payment)


@router.get("", summary="Payments sent, received and asked for, newest first", responses=problem_responses(*LISTING))
async def list_payments(
    database: ActingDatabase, part: ListPart, user_id: Owner = None, status: P2PStatusEnum | None = None
) -> PageOut[PaymentOut]:
    found = await database.read(lists.list_payments, part, user_id=user_id, status=status)
    return PageOut[PaymentOut].model_validate(found)


@router.get("/{payment_id}", summary="One payment", responses=problem_responses(*READING, P2PTransactionNotFound))
async def get_payment(payment_id: UUID, database: ActingDatabase) -> PaymentOut:
    return PaymentOut.model_validate(await database.read(lists.get_payment, payment_id))


@router.post(
    "/{payment_id}/accept",
    summary="Let a pending payment happen: take what is offered, or pay what is asked",
    responses=problem_responses(*SENDING, P2PTransactionNotFound, AccountNotFound),
)
async def accept(
    payment_id: UUID, body: AcceptanceIn, database: ActingDatabase, options: Options, key: IdempotencyKey
) -> PaymentOut:
    payment = await database.write(
        p2p.p2p_accept, payment_id, from_account_id=body.from_account_id, key=key, options=options
    )
    return PaymentOut.model_validate(payment)


@router.post("/{payment_id}/decline", summary="Turn down what is offered or asked", responses=_DECISION)
async def decline(payment_id: UUID, database: ActingDatabase) -> PaymentOut:
    return PaymentOut.model_validate(await database.write(p2p.p2p_decline, payment_id))


@router.post("/{payment_id}/cancel", summary="Take back what one has offered or asked", responses=_DECISION)
async def cancel(payment_id: UUID, database: ActingDatabase) -> PaymentOut:
    return PaymentOut.model_validate(await database.write(p2p.p2p_cancel, payment_id))
