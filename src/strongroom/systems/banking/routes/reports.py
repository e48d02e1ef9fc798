"""What a customer looks up: balances, statements, worth, spending, limits, and transactions of every description."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from strongroom.kernel.web import ListPart, PageOut, own_id, problem_responses
from strongroom.systems.banking.errors import AccountNotFound, UserNotFound
from strongroom.systems.banking.routes.dependencies import ActingDatabase, CurrentActor, Options, Owner
from strongroom.systems.banking.routes.problems import LISTING, READING
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
)
from strongroom.systems.banking.schemas.amounts import MoneyIn
from strongroom.systems.banking.schemas.bodies import CurrencyCode, Tag
from strongroom.systems.banking.schemas.reports import (
    BalancesOut,
    LimitsUsageOut,
    NetWorthOut,
    SpendingOut,
    StatementOut,
)
from strongroom.systems.banking.schemas.transactions import TransactionOut
from strongroom.systems.banking.services import search, spending, statements
from strongroom.systems.banking.services.search import SortEnum, TransactionFilter

router = APIRouter(tags=["banking: reports"])

Start = Annotated[datetime, Query(description="From then on; without an offset it is UTC.")]
End = Annotated[datetime, Query(description="Before then; without an offset it is UTC.")]

_ACCOUNT = problem_responses(*READING, AccountNotFound)
_USER = problem_responses(*READING, UserNotFound)


@router.get("/accounts/{account_id}/balances", summary="What is on an account now", responses=_ACCOUNT)
async def balances(account_id: UUID, database: ActingDatabase) -> BalancesOut:
    return BalancesOut.model_validate(await database.read(statements.balances, account_id))


@router.get(
    "/accounts/{account_id}/statement",
    summary="Opening, credits, debits and closing of a period",
    responses=_ACCOUNT,
)
async def statement(account_id: UUID, database: ActingDatabase, start: Start, end: End) -> StatementOut:
    return StatementOut.model_validate(await database.read(statements.statement, account_id, start, end))


@router.get("/reports/overview", summary="What one has and owes, currency by currency", responses=_USER)
async def overview(actor: CurrentActor, database: ActingDatabase, user_id: Owner = None) -> list[NetWorthOut]:
    found = await database.read(statements.overview, user_id or own_id(actor))
    return [NetWorthOut.model_validate(worth) for worth in found]


@router.get("/reports/spending", summary="Where money went, by currency and category", responses=_USER)
async def spending_by_category(
    actor: CurrentActor, database: ActingDatabase, start: Start, end: End, user_id: Owner = None
) -> list[SpendingOut]:
    found = await database.read(spending.spending_by_category, user_id or own_id(actor), start, end)
    return [SpendingOut.model_validate(line) for line in found]


@router.get("/reports/limits", summary="How much more may leave today, this month and this year", responses=_USER)
async def limits_usage(
    actor: CurrentActor, database: ActingDatabase, options: Options, user_id: Owner = None
) -> list[LimitsUsageOut]:
    found = await database.read(spending.limits_usage, user_id or own_id(actor), options=options)
    return [LimitsUsageOut.model_validate(usage) for usage in found]


@router.get(
    "/reports/transactions",
    summary="Transactions by anything known of them",
    responses=problem_responses(*LISTING, AccountNotFound),
)
async def search_transactions(
    actor: CurrentActor,
    database: ActingDatabase,
    part: ListPart,
    account_id: UUID | None = None,
    card_id: UUID | None = None,
    transaction_type: TransactionTypeEnum | None = None,
    status: TransactionStatusEnum | None = None,
    direction: TransactionDirectionEnum | None = None,
    merchant_category: MerchantCategoryEnum | None = None,
    payment_method: PaymentMethodEnum | None = None,
    currency: CurrencyCode | None = None,
    start: Start | None = None,
    end: End | None = None,
    amount_min: MoneyIn | None = None,
    amount_max: MoneyIn | None = None,
    text: Annotated[
        str | None, Query(max_length=100, description="Part of description, merchant, notes or reference.")
    ] = None,
    tags: Annotated[list[Tag] | None, Query(max_length=20, description="All of them.")] = None,
    sort: SortEnum = SortEnum.NEWEST,
    user_id: Owner = None,
) -> PageOut[TransactionOut]:
    wanted = TransactionFilter(
        account_id=account_id,
        card_id=card_id,
        transaction_type=transaction_type,
        status=status,
        direction=direction,
        merchant_category=merchant_category,
        payment_method=payment_method,
        currency=currency,
        start=start,
        end=end,
        amount_min=amount_min,
        amount_max=amount_max,
        text=text,
        tags=tuple(tags or ()),
    )
    found = await database.read(search.search_transactions, user_id or own_id(actor), wanted, part, sort=sort)
    return PageOut[TransactionOut].model_validate(found)
