"""Banking over HTTP, a file a noun; each route translates and lets one service act."""

from fastapi import APIRouter

from strongroom.systems.banking.routes import sign_in, users

router = APIRouter(prefix="/api/banking")
for part in (sign_in, users):
    router.include_router(part.router)

__all__ = ["router"]
