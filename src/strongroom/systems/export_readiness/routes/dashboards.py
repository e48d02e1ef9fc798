"""What there is to see at a glance: one's reports with their figures, and what all businesses do together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from strongroom.kernel.web import problem_responses
from strongroom.systems.export_readiness.routes.dependencies import ADMINISTRATOR, ActingDatabase, Owner, ReportKey
from strongroom.systems.export_readiness.routes.problems import ADMINISTERING, OWN, READING_REPORT
from strongroom.systems.export_readiness.schemas.dashboards import DashboardOut, PlatformOut
from strongroom.systems.export_readiness.services import dashboard

router = APIRouter(tags=["export readiness: dashboards"])

Limit = Annotated[int, Query(ge=1, le=dashboard.LIMIT_MAX)]


@router.get("/dashboard", summary="The newest reports with their figures", responses=problem_responses(*OWN))
async def list_dashboards(database: ActingDatabase, user_id: Owner = None, limit: Limit = 20) -> list[DashboardOut]:
    found = await database.read(dashboard.list_dashboards, user_id, limit=limit)
    return [DashboardOut.model_validate(one) for one in found]


@router.get(
    "/reports/{report_id}/dashboard",
    summary="A report and how far it is: certifications, plan and documents",
    responses=problem_responses(*READING_REPORT),
)
async def get_dashboard(report_id: ReportKey, database: ActingDatabase) -> DashboardOut:
    return DashboardOut.model_validate(await database.read(dashboard.get_dashboard, report_id))


@router.get(
    "/platform",
    summary="What all businesses do: products, destinations, certifications, how far they come (administrators)",
    responses=problem_responses(*ADMINISTERING),
    dependencies=[ADMINISTRATOR],
)
async def platform(database: ActingDatabase, limit: Limit = 10) -> PlatformOut:
    return PlatformOut.model_validate(await database.read(dashboard.platform_figures, limit=limit))
