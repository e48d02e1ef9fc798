"""The seven-day plan of a report: made once, stored whole, ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.systems.export_readiness.errors import PlanNotMade, ReportNotCompleted
from strongroom.systems.export_readiness.models import ActionPlanProgress
from strongroom.systems.export_readiness.repositories import TaskRepository, tasks_of_report
from strongroom.systems.export_readiness.rules import ReportStatusEnum
from strongroom.systems.export_readiness.rules.certification_steps import share
from strongroom.systems.export_readiness.rules.plan import build_plan, open_dependencies
from strongroom.systems.export_readiness.rules.requirements import requirements_of
from strongroom.systems.export_readiness.services.access import get_own_report, lock_own_report

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task as it stands. waits_for: ids of tasks that come before it and are not done."""

    row: ActionPlanProgress
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every task, day by day. progress: done of all, in percent, to one decimal."""

    report_id: UUID
    tasks: Sequence[PlannedTask]
    progress: Decimal

    @property
    def completed(self) -> int:
        """How many tasks are done."""
        return sum(task.row.completed for task in self.tasks)

    def of_day(self, day: int) -> Sequence[PlannedTask]:
        """The tasks of one day, 1 to 7."""
        return [task for task in self.tasks if task.row.day_number == day]


def make_plan(session: Session, report_id: UUID | str) -> Plan:
    """Plan seven days for a completed report, every task stored at once; a plan that is there stays as it is.

    Raises ReportNotFound, ReportNotCompleted.
    """
    report = lock_own_report(session, report_id)  # so that two who plan at once make one plan
    if report.status is not ReportStatusEnum.COMPLETED:
        raise ReportNotCompleted(status=report.status.value)
    if not (rows := _rows(session, report.id)):
        rows = [
            ActionPlanProgress(
                report_id=report.id,
                task_id=task.id,
                day_number=task.day,
                task_title=task.title,
                task_description=task.description,
                task_category=task.category,
            )
            for task in build_plan(requirements_of(report.report_data))
        ]
        session.add_all(rows)
        session.flush()
    return _plan(report.id, rows)


def get_plan(session: Session, report_id: UUID | str) -> Plan:
    """The plan as it stands. Raises ReportNotFound, PlanNotMade."""
    report = get_own_report(session, report_id)
    if not (rows := _rows(session, report.id)):
        raise PlanNotMade
    return _plan(report.id, rows)


def set_task(session: Session, report_id: UUID | str, task_id: str, *, is_done: bool) -> ActionPlanProgress:
    """Tick a task off, or take the tick back; what is so already keeps its moment.

    Raises ReportNotFound, TaskNotFound.
    """
    report = get_own_report(session, report_id)
    row = TaskRepository(session).lock_of_report(report.id, task_id)
    if row.completed != is_done:
        row.completed, row.completed_at = is_done, now_of(session) if is_done else None
        session.flush()
    return row


def next_tasks(session: Session, report_id: UUID | str, *, limit: int = 3) -> Sequence[PlannedTask]:
    """Open tasks that wait for nothing, earliest day first. Raises ReportNotFound, PlanNotMade, InvalidValue."""
    if limit < 1:
        raise InvalidValue(field="limit", reason="must be at least 1")
    plan = get_plan(session, report_id)
    return [task for task in plan.tasks if not task.row.completed and not task.waits_for][:limit]


def _rows(session: Session, report_id: UUID) -> Sequence[ActionPlanProgress]:
    return session.scalars(tasks_of_report(report_id)).all()


def _plan(report_id: UUID, rows: Sequence[ActionPlanProgress]) -> Plan:
    done = {row.task_id for row in rows if row.completed}
    tasks = [PlannedTask(row, open_dependencies(row.task_id, done)) for row in rows]
    return Plan(report_id, tasks, share(len(done), len(rows), _TENTH))
