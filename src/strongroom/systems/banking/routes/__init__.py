"""Banking over HTTP, a file a noun; each route translates and lets one service act."""

from fastapi import APIRouter

from strongroom.systems.banking.routes import (
    accounts,
    cards,
    exchange,
    holds,
    investments,
    ledger,
    payments,
    reports,
    sign_in,
    transactions,
    transfers,
    users,
)

router = APIRouter(prefix="/api/banking")
for part in (
    sign_in,
    users,
    accounts,
    transactions,
    transfers,
    payments,
    holds,
    cards,
    investments,
    exchange,
    reports,
    ledger,
):
    router.include_router(part.router)

__all__ = ["router"]
