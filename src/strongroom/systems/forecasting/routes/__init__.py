"""Forecasting over HTTP, a file a noun; each route translates and lets one service act."""

from fastapi import APIRouter

from strongroom.kernel.web import build_jobs_router
from strongroom.systems.forecasting.routes import forecasts, kpis, models, risk, series, sign_in, uploads, users

router = APIRouter(prefix="/api/forecasting")
for part in (sign_in, users, uploads, series, models, forecasts, risk, kpis):
    router.include_router(part.router)
router.include_router(build_jobs_router("forecasting"))

__all__ = ["router"]
