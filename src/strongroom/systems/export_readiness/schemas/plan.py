"""The seven-day plan on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from strongroom.kernel.web import NumberOut, RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules import REPORT, TaskCategoryEnum, shown_id
from strongroom.systems.export_readiness.rules.plan import DAYS
from strongroom.systems.export_readiness.schemas.bodies import ReportId
from strongroom.systems.export_readiness.services.action_plan import Plan, PlannedTask


class TickIn(RequestBody):
    """Whether a task is done."""

    completed: bool


class TaskOut(ResponseBody):
    """A task."""

    task_id: str
    day_number: int
    task_title: str
    task_description: str | None
    task_category: TaskCategoryEnum | None
    completed: bool
    completed_at: datetime | None


class PlannedTaskOut(TaskOut):
    """A task in its place. waits_for: tasks that come before it and are not done."""

    waits_for: list[str]

    @classmethod
    def all_of(cls, tasks: Sequence[PlannedTask]) -> list[PlannedTaskOut]:
        """Each with what it waits for."""
        return [cls(**dict(TaskOut.model_validate(task.row)), waits_for=list(task.waits_for)) for task in tasks]


class DayOut(ResponseBody):
    """A day of the plan."""

    day: int
    tasks: list[PlannedTaskOut]


class PlanOut(ResponseBody):
    """Seven days. progress: done of all, in percent."""

    report_id: ReportId
    days: list[DayOut]
    tasks: int
    tasks_done: int
    progress: NumberOut

    @classmethod
    def of(cls, plan: Plan) -> PlanOut:
        """Day by day."""
        return cls(
            report_id=shown_id(plan.report_id, REPORT),
            days=[DayOut(day=day, tasks=PlannedTaskOut.all_of(plan.of_day(day))) for day in DAYS],
            tasks=len(plan.tasks),
            tasks_done=plan.completed,
            progress=plan.progress,
        )
