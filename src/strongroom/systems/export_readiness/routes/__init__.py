"""Export readiness over HTTP, a file a noun; each route translates and lets one service act."""

from fastapi import APIRouter

from strongroom.systems.export_readiness.routes import (
    analyses,
    certifications,
    conversations,
    dashboards,
    documents,
    exporters,
    hs_codes,
    plan,
    reference_rates,
    reports,
    sign_in,
)

router = APIRouter(prefix="/api/export_readiness")
for part in (
    sign_in,
    exporters,
    reports,
    dashboards,
    certifications,
    plan,
    documents,
    conversations,
    analyses,
    hs_codes,
    reference_rates,
):
    router.include_router(part.router)

__all__ = ["router"]
