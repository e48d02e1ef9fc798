"""The seven-day plan of a report: made once, ticked off task by task."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from strongroom.kernel.web import problem_responses
from strongroom.systems.export_readiness.errors import PlanNotMade, ReportNotCompleted, TaskNotFound
from strongroom.systems.export_readiness.routes.dependencies import ActingDatabase, ReportKey, TaskKey
from strongroom.systems.export_readiness.routes.problems import CHANGING_REPORT, READING_REPORT
from strongroom.systems.export_readiness.schemas.plan import PlannedTaskOut, PlanOut, TaskOut, TickIn
from strongroom.systems.export_readiness.services import action_plan

router = APIRouter(prefix="/reports/{report_id}/plan", tags=["export readiness: plan"])


@router.put(
    "",
    summary="Plan seven days for a completed report; a plan that is there stays as it is",
    responses=problem_responses(*CHANGING_REPORT, ReportNotCompleted),
)
async def make_plan(report_id: ReportKey, database: ActingDatabase) -> PlanOut:
    return PlanOut.of(await database.write(action_plan.make_plan, report_id))


@router.get("", summary="The plan, day by day", responses=problem_responses(*READING_REPORT, PlanNotMade))
async def get_plan(report_id: ReportKey, database: ActingDatabase) -> PlanOut:
    return PlanOut.of(await database.read(action_plan.get_plan, report_id))


@router.get(
    "/next",
    summary="The next tasks that wait for nothing",
    responses=problem_responses(*READING_REPORT, PlanNotMade),
)
async def next_tasks(
    report_id: ReportKey, database: ActingDatabase, limit: Annotated[int, Query(ge=1, le=100)] = 3
) -> list[PlannedTaskOut]:
    return PlannedTaskOut.all_of(await database.read(action_plan.next_tasks, report_id, limit=limit))


@router.put(
    "/tasks/{task_id}",
    summary="Tick a task off, or take the tick back",
    responses=problem_responses(*CHANGING_REPORT, TaskNotFound),
)
async def set_task(report_id: ReportKey, task_id: TaskKey, body: TickIn, database: ActingDatabase) -> TaskOut:
    found = await database.write(action_plan.set_task, report_id, task_id, is_done=body.completed)
    return TaskOut.model_validate(found)
