"""Analyses of a report: money and freight, worked out and looked up."""

from __future__ import annotations

from fastapi import APIRouter

from strongroom.kernel.web import problem_responses
from strongroom.systems.export_readiness.errors import AnalysisNotFound, ReferenceRateMissing
from strongroom.systems.export_readiness.routes.dependencies import ActingDatabase, ReportKey
from strongroom.systems.export_readiness.routes.problems import CHANGING_REPORT, READING_REPORT
from strongroom.systems.export_readiness.schemas.analyses import FinanceIn, FinanceOut, LogisticsIn, LogisticsOut
from strongroom.systems.export_readiness.services.finance import analyse_finance, get_finance
from strongroom.systems.export_readiness.services.logistics import analyse_logistics, get_logistics

router = APIRouter(prefix="/reports/{report_id}", tags=["export readiness: analyses"])

_READ = problem_responses(*READING_REPORT, AnalysisNotFound)
_CHANGE = problem_responses(*CHANGING_REPORT, ReferenceRateMissing)


@router.put(
    "/finance",
    summary="Work out capital, credit, benefits, refunds and the calendar of payments, in place of what was stored",
    responses=_CHANGE,
)
async def put_finance(report_id: ReportKey, body: FinanceIn, database: ActingDatabase) -> FinanceOut:
    found = await database.write(analyse_finance, report_id, body.as_inputs(), day=body.day)
    return FinanceOut.model_validate(found)


@router.get("/finance", summary="What was worked out about money last", responses=_READ)
async def finance(report_id: ReportKey, database: ActingDatabase) -> FinanceOut:
    return FinanceOut.model_validate(await database.read(get_finance, report_id))


@router.put(
    "/logistics",
    summary="Work out container, inspection, route, freight and insurance, in place of what was stored",
    responses=_CHANGE,
)
async def put_logistics(report_id: ReportKey, body: LogisticsIn, database: ActingDatabase) -> LogisticsOut:
    found = await database.write(analyse_logistics, report_id, body.as_inputs(), day=body.day)
    return LogisticsOut.model_validate(found)


@router.get("/logistics", summary="What was worked out about freight last", responses=_READ)
async def logistics(report_id: ReportKey, database: ActingDatabase) -> LogisticsOut:
    return LogisticsOut.model_validate(await database.read(get_logistics, report_id))
