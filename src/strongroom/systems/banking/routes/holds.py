"""Money set aside. Owners see their holds; only the bank makes and resolves them.

Whoever was promised the money relies on it: a customer who could release a hold could spend it twice.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.banking.errors import AccountNotActive, AccountNotFound, HoldNotFound, InsufficientFunds
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase, Options
from strongroom.systems.banking.routes.problems import ADMINISTERING, LISTING, READING, WRITING
from strongroom.systems.banking.rules import HoldStatusEnum
from strongroom.systems.banking.schemas.holds import CaptureIn, HoldIn, HoldOut
from strongroom.systems.banking.schemas.transactions import TransactionOut
from strongroom.systems.banking.services import holds, lists

router = APIRouter(tags=["banking: holds"])


@router.post(
    "/accounts/{account_id}/holds",
    status_code=status.HTTP_201_CREATED,
    summary="Set an amount aside (administrators)",
    responses=problem_responses(*WRITING, AccessDenied, AccountNotFound, AccountNotActive, InsufficientFunds),
    dependencies=[ADMINISTRATOR],
)
async def place_hold(account_id: UUID, body: HoldIn, database: ActingDatabase, options: Options) -> HoldOut:
    hold = await database.write(
        holds.place_hold,
        account_id,
        body.amount,
        description=body.description or "",
        lifetime=body.lifetime,
        options=options,
    )
    return HoldOut.model_validate(hold)


@router.get(
    "/accounts/{account_id}/holds",
    summary="Holds on an account, newest first",
    responses=problem_responses(*LISTING, AccountNotFound),
)
async def list_holds(
    account_id: UUID, database: ActingDatabase, part: ListPart, status: HoldStatusEnum | None = None
) -> PageOut[HoldOut]:
    found = await database.read(lists.list_holds, part, account_id, status=status)
    return PageOut[HoldOut].model_validate(found)


@router.get("/holds/{hold_id}", summary="One hold", responses=problem_responses(*READING, HoldNotFound))
async def get_hold(hold_id: UUID, database: ActingDatabase) -> HoldOut:
    return HoldOut.model_validate(await database.read(lists.get_hold, hold_id))


@router.post(
    "/holds/{hold_id}/capture",
    status_code=status.HTTP_201_CREATED,
    summary="Take what was held, or a part; the rest is given free (administrators)",
    responses=problem_responses(*ADMINISTERING, HoldNotFound),
    dependencies=[ADMINISTRATOR],
)
async def capture_hold(hold_id: UUID, body: CaptureIn, database: ActingDatabase, key: IdempotencyKey) -> TransactionOut:
    transaction = await database.write(holds.capture_hold, hold_id, body.amount, description=body.description, key=key)
    return TransactionOut.model_validate(transaction)


@router.post(
    "/holds/{hold_id}/release",
    summary="Give the amount free again (administrators)",
    responses=problem_responses(*WRITING, AccessDenied, HoldNotFound),
    dependencies=[ADMINISTRATOR],
)
async def release_hold(hold_id: UUID, database: ActingDatabase) -> HoldOut:
    return HoldOut.model_validate(await database.write(holds.release_hold, hold_id))
