"""Transfers between accounts of this bank: priced, made, listed and cancelled."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.banking.errors import AccountNotFound, ExchangeRateUnavailable, TransferNotFound
from strongroom.systems.banking.routes.dependencies import ActingDatabase, Options, Owner
from strongroom.systems.banking.routes.problems import LISTING, READING, SENDING, WRITING
from strongroom.systems.banking.rules import TransferStatusEnum
from strongroom.systems.banking.schemas.transfers import QuoteIn, QuoteOut, TransferIn, TransferOut
from strongroom.systems.banking.services import lists, transfers

router = APIRouter(prefix="/transfers", tags=["banking: transfers"])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Move money to another account, at once",
    responses=problem_responses(*SENDING, AccountNotFound, ExchangeRateUnavailable),
)
async def transfer(body: TransferIn, database: ActingDatabase, options: Options, key: IdempotencyKey) -> TransferOut:
    order = await database.write(
        transfers.transfer,
        body.from_account_id,
        body.to_account_id,
        body.amount,
        description=body.description,
        key=key,
        options=options,
    )
    return TransferOut.model_validate(order)


@router.post(
    "/quotes",
    summary="What a transfer would cost now; nothing moves",
    responses=problem_responses(*READING, AccountNotFound, ExchangeRateUnavailable),
)
async def quote(body: QuoteIn, database: ActingDatabase) -> QuoteOut:
    terms = await database.read(transfers.quote_transfer, body.from_account_id, body.to_account_id, body.amount)
    return QuoteOut.model_validate(terms)


@router.get(
    "",
    summary="Transfers ordered, and those that arrived, newest first",
    responses=problem_responses(*LISTING),
)
async def list_transfers(
    database: ActingDatabase, part: ListPart, user_id: Owner = None, status: TransferStatusEnum | None = None
) -> PageOut[TransferOut]:
    found = await database.read(lists.list_transfers, part, user_id=user_id, status=status)
    return PageOut[TransferOut].model_validate(found)


@router.get("/{transfer_id}", summary="One transfer", responses=problem_responses(*READING, TransferNotFound))
async def get_transfer(transfer_id: UUID, database: ActingDatabase) -> TransferOut:
    return TransferOut.model_validate(await database.read(lists.get_transfer, transfer_id))


@router.post(
    "/{transfer_id}/cancel",
    summary="Withdraw an order that is still pending",
    responses=problem_responses(*WRITING, TransferNotFound),
)
async def cancel_transfer(transfer_id: UUID, database: ActingDatabase) -> TransferOut:
    return TransferOut.model_validate(await database.write(transfers.cancel_transfer, transfer_id))
