"""Accounts: opened, listed, changed and closed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.web import ListPart, PageOut, own_id, problem_responses
from strongroom.systems.banking.errors import AccountNotFound, InvalidCurrency, UserNotFound
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase, CurrentActor, Owner
from strongroom.systems.banking.routes.problems import LISTING, READING, WRITING
from strongroom.systems.banking.rules import AccountStatusEnum
from strongroom.systems.banking.schemas.accounts import (
    AccountIn,
    AccountOut,
    AccountStatusIn,
    MinimumBalanceIn,
    OverdraftIn,
)
from strongroom.systems.banking.services import access, accounts, lists

router = APIRouter(prefix="/accounts", tags=["banking: accounts"])

_CHANGE = problem_responses(*WRITING, AccountNotFound)
_DECISION = problem_responses(*WRITING, AccountNotFound, AccessDenied)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Open an account; a person's first becomes their primary one",
    responses=problem_responses(*WRITING, UserNotFound, InvalidCurrency),
)
async def open_account(body: AccountIn, actor: CurrentActor, database: ActingDatabase) -> AccountOut:
    owner = body.user_id or own_id(actor)
    account = await database.write(
        accounts.open_account, owner, body.account_name, body.account_type, currency=body.currency
    )
    return AccountOut.model_validate(account)


@router.get("", summary="Accounts, oldest first", responses=problem_responses(*LISTING))
async def list_accounts(
    database: ActingDatabase, part: ListPart, user_id: Owner = None, status: AccountStatusEnum | None = None
) -> PageOut[AccountOut]:
    found = await database.read(lists.list_accounts, part, user_id=user_id, status=status)
    return PageOut[AccountOut].model_validate(found)


@router.get("/{account_id}", summary="One account", responses=problem_responses(*READING, AccountNotFound))
async def get_account(account_id: UUID, database: ActingDatabase) -> AccountOut:
    return AccountOut.model_validate(await database.read(access.own_account, account_id))


@router.put("/{account_id}/primary", summary="Make this the owner's one primary account", responses=_CHANGE)
async def set_primary(account_id: UUID, database: ActingDatabase) -> AccountOut:
    return AccountOut.model_validate(await database.write(accounts.set_primary, account_id))


@router.put(
    "/{account_id}/status",
    summary="Rest, wake or close an account; suspending it and lifting that is for administrators",
    responses=_DECISION,
)
async def set_status(account_id: UUID, body: AccountStatusIn, database: ActingDatabase) -> AccountOut:
    return AccountOut.model_validate(await database.write(accounts.set_status, account_id, body.status))


@router.post("/{account_id}/close", summary="Close an empty account for good", responses=_CHANGE)
async def close_account(account_id: UUID, database: ActingDatabase) -> AccountOut:
    return AccountOut.model_validate(await database.write(accounts.close_account, account_id))


@router.put(
    "/{account_id}/overdraft",
    summary="Let an account go below zero, or no longer (administrators)",
    responses=_DECISION,
    dependencies=[ADMINISTRATOR],
)
async def set_overdraft(account_id: UUID, body: OverdraftIn, database: ActingDatabase) -> AccountOut:
    account = await database.write(accounts.set_overdraft, account_id, enabled=body.enabled, limit=body.limit)
    return AccountOut.model_validate(account)


@router.put("/{account_id}/minimum-balance", summary="Say what must stay on an account", responses=_CHANGE)
async def set_minimum_balance(account_id: UUID, body: MinimumBalanceIn, database: ActingDatabase) -> AccountOut:
    account = await database.write(accounts.set_minimum_balance, account_id, body.minimum_balance)
    return AccountOut.model_validate(account)
