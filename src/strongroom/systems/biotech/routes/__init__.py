"""Biotech over HTTP, a file a noun; each route translates and lets one service act."""

from fastapi import APIRouter

from strongroom.systems.biotech.routes import (
    alerts,
    candidates,
    clients,
    companies,
    matches,
    reports,
    scores,
    signals,
    webhooks,
)
from strongroom.systems.biotech.routes.callers import PREFIX

router = APIRouter(prefix=PREFIX)
for part in (companies, candidates, signals, scores, matches, reports, alerts, webhooks, clients):
    router.include_router(part.router)

__all__ = ["router"]
