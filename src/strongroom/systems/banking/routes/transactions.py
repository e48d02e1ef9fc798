"""Money in and out of an account, and the list of what has moved.

Paying in is a teller's work, for administrators only: customers who could credit themselves would make money.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.banking.errors import AccountNotFound, TransactionNotFound
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase, Options, Owner
from strongroom.systems.banking.routes.problems import ADMINISTERING, LISTING, READING, SENDING, WRITING
from strongroom.systems.banking.rules import TransactionDirectionEnum, TransactionStatusEnum, TransactionTypeEnum
from strongroom.systems.banking.schemas.transactions import AnnotationIn, CashIn, TransactionOut
from strongroom.systems.banking.services import cash, lists, remarks

router = APIRouter(tags=["banking: transactions"])


@router.post(
    "/accounts/{account_id}/deposits",
    status_code=status.HTTP_201_CREATED,
    summary="Pay money in (administrators)",
    responses=problem_responses(*ADMINISTERING, AccountNotFound),
    dependencies=[ADMINISTRATOR],
)
async def deposit(account_id: UUID, body: CashIn, database: ActingDatabase, key: IdempotencyKey) -> TransactionOut:
    transaction = await database.write(
        cash.deposit,
        account_id,
        body.amount,
        description=body.description or "Deposit",
        payment_method=body.payment_method,
        key=key,
    )
    return TransactionOut.model_validate(transaction)


@router.post(
    "/accounts/{account_id}/withdrawals",
    status_code=status.HTTP_201_CREATED,
    summary="Take money out",
    responses=problem_responses(*SENDING, AccountNotFound),
)
async def withdraw(
    account_id: UUID, body: CashIn, database: ActingDatabase, options: Options, key: IdempotencyKey
) -> TransactionOut:
    transaction = await database.write(
        cash.withdraw,
        account_id,
        body.amount,
        description=body.description or "Withdrawal",
        payment_method=body.payment_method,
        key=key,
        options=options,
    )
    return TransactionOut.model_validate(transaction)


@router.get(
    "/transactions",
    summary="What has moved, newest first",
    responses=problem_responses(*LISTING, AccountNotFound),
)
async def list_transactions(
    database: ActingDatabase,
    part: ListPart,
    account_id: Annotated[UUID | None, Query(description="Of this account only.")] = None,
    user_id: Owner = None,
    transaction_type: TransactionTypeEnum | None = None,
    status: TransactionStatusEnum | None = None,
    direction: TransactionDirectionEnum | None = None,
    since: Annotated[datetime | None, Query(description="From this moment on; UTC when it names no zone.")] = None,
    until: Annotated[datetime | None, Query(description="Before this moment.")] = None,
) -> PageOut[TransactionOut]:
    found = await database.read(
        lists.list_transactions,
        part,
        account_id=account_id,
        user_id=user_id,
        transaction_type=transaction_type,
        status=status,
        direction=direction,
        since=since,
        until=until,
    )
    return PageOut[TransactionOut].model_validate(found)


@router.get(
    "/transactions/{transaction_id}",
    summary="One movement",
    responses=problem_responses(*READING, TransactionNotFound),
)
async def get_transaction(transaction_id: UUID, database: ActingDatabase) -> TransactionOut:
    return TransactionOut.model_validate(await database.read(lists.get_transaction, transaction_id))


@router.patch(
    "/transactions/{transaction_id}",
    summary="Describe, sort, tag, note or dispute a movement; nothing else of it ever changes",
    responses=problem_responses(*WRITING, TransactionNotFound),
)
async def annotate(transaction_id: UUID, body: AnnotationIn, database: ActingDatabase) -> TransactionOut:
    transaction = await database.write(remarks.annotate, transaction_id, body.changes())
    return TransactionOut.model_validate(transaction)
