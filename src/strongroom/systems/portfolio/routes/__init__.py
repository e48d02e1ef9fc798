"""Portfolio over HTTP, a file a noun; each route translates and lets one service act."""

from fastapi import APIRouter

from strongroom.systems.portfolio.routes import (
    charts,
    companies,
    company_views,
    files,
    inputs,
    quarters,
    rates,
    recomputing,
    views,
)

router = APIRouter(prefix="/api/portfolio")
for part in (companies, inputs, quarters, company_views, views, charts, rates, files, recomputing):
    router.include_router(part.router)

__all__ = ["router"]
