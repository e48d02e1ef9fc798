"""Securities: bought, sold, priced, and what they are worth together."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, own_id, problem_responses
from strongroom.systems.banking.errors import AccountNotFound, InsufficientFunds, InvestmentNotFound, UserNotFound
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase, CurrentActor, Owner
from strongroom.systems.banking.routes.problems import LISTING, MOVING, READING, SENDING
from strongroom.systems.banking.rules import HoldingStatusEnum
from strongroom.systems.banking.schemas.investments import (
    InvestmentOut,
    PortfolioOut,
    PricedOut,
    PriceIn,
    PurchaseIn,
    SaleIn,
)
from strongroom.systems.banking.schemas.transactions import TransactionOut
from strongroom.systems.banking.services import investments, portfolios

router = APIRouter(prefix="/investments", tags=["banking: investments"])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Buy a lot of a security",
    responses=problem_responses(*SENDING, AccountNotFound),
)
async def buy(body: PurchaseIn, database: ActingDatabase, key: IdempotencyKey) -> InvestmentOut:
    lot = await database.write(
        investments.buy,
        body.account_id,
        symbol=body.symbol,
        name=body.name,
        investment_type=body.investment_type,
        quantity=body.quantity,
        price=body.price,
        key=key,
    )
    return InvestmentOut.model_validate(lot)


@router.post(
    "/sales",
    status_code=status.HTTP_201_CREATED,
    summary="Sell units of a security, the oldest lot first",
    responses=problem_responses(*MOVING, AccountNotFound, InsufficientFunds),
)
async def sell(body: SaleIn, database: ActingDatabase, key: IdempotencyKey) -> TransactionOut:
    transaction = await database.write(
        investments.sell, body.account_id, symbol=body.symbol, quantity=body.quantity, price=body.price, key=key
    )
    return TransactionOut.model_validate(transaction)


@router.get("", summary="Lots, newest purchase first", responses=problem_responses(*LISTING, AccountNotFound))
async def list_investments(
    actor: CurrentActor,
    database: ActingDatabase,
    part: ListPart,
    account_id: UUID | None = None,
    status: HoldingStatusEnum | None = None,
    user_id: Owner = None,
) -> PageOut[InvestmentOut]:
    found = await database.read(
        portfolios.list_investments, part, user_id or own_id(actor), account_id=account_id, status=status
    )
    return PageOut[InvestmentOut].model_validate(found)


@router.get(
    "/portfolio",
    summary="What is held, currency by currency",
    responses=problem_responses(*READING, UserNotFound),
)
async def portfolio(actor: CurrentActor, database: ActingDatabase, user_id: Owner = None) -> list[PortfolioOut]:
    found = await database.read(portfolios.portfolio_summary, user_id or own_id(actor))
    return [PortfolioOut.model_validate(portfolio) for portfolio in found]


@router.put(
    "/prices",
    summary="Give every open lot of a security its price of now (administrators)",
    responses=problem_responses(*READING, AccessDenied),
    dependencies=[ADMINISTRATOR],
)
async def revalue(body: PriceIn, database: ActingDatabase) -> PricedOut:
    return PricedOut(lots=await database.write(portfolios.revalue, body.symbol, body.currency, body.price))


@router.get("/{investment_id}", summary="One lot", responses=problem_responses(*READING, InvestmentNotFound))
async def get_investment(investment_id: UUID, database: ActingDatabase) -> InvestmentOut:
    return InvestmentOut.model_validate(await database.read(portfolios.get_investment, investment_id))
