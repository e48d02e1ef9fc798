"""The seven-day plan on real databases: made once, however often and by however many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.checks import plans_without_a_day
from strongroom.systems.export_readiness.errors import PlanNotMade, ReportNotCompleted, ReportNotFound, TaskNotFound
from strongroom.systems.export_readiness.services import action_plan
from tests.systems.export_readiness.building import acting, add_report, add_user
from tests.systems.export_readiness.progressing import completed_report


def test_a_plan_is_stored_whole_and_making_it_again_changes_nothing(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    made = any_database.write(action_plan.make_plan, report_id)
    assert {task.row.day_number for task in made.tasks} == set(range(1, 8))
    assert [task.row.task_id for task in made.of_day(2)] == ["task_cert_fda-food-facility"]
    any_database.write(action_plan.set_task, report_id, "task_gst_lut", is_done=True)
    again = any_database.write(action_plan.make_plan, report_id)
    assert [task.row.id for task in again.tasks] == [task.row.id for task in made.tasks]
    assert again.completed == 1
    assert any_database.read(lambda session: session.execute(plans_without_a_day()).all()) == []


def test_eight_who_plan_at_once_make_one_plan(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    with ThreadPoolExecutor(8) as threads:
        plans = list(threads.map(lambda _: any_database.write(action_plan.make_plan, report_id), range(8)))
    assert len({tuple(task.row.id for task in plan.tasks) for plan in plans}) == 1


def test_a_task_done_twice_keeps_its_moment_and_can_be_undone(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    any_database.write(action_plan.make_plan, report_id)
    first = any_database.write(action_plan.set_task, report_id, "task_gst_lut", is_done=True)
    second = any_database.write(action_plan.set_task, report_id, "task_gst_lut", is_done=True)
    assert first.completed_at is not None
    assert second.completed_at == first.completed_at
    undone = any_database.write(action_plan.set_task, report_id, "task_gst_lut", is_done=False)
    assert (undone.completed, undone.completed_at) == (False, None)
    with pytest.raises(TaskNotFound):
        any_database.write(action_plan.set_task, report_id, "task_of_nobody", is_done=True)


def test_progress_is_the_share_of_tasks_done_to_one_decimal(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    tasks = any_database.write(action_plan.make_plan, report_id).tasks
    assert len(tasks) == 14
    for task in tasks[:3]:
        any_database.write(action_plan.set_task, report_id, task.row.task_id, is_done=True)
    assert any_database.read(action_plan.get_plan, report_id).progress == Decimal("21.4")


def test_the_next_tasks_are_open_and_wait_for_nothing(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    any_database.write(action_plan.make_plan, report_id)
    waiting = {task.row.task_id: task.waits_for for task in any_database.read(action_plan.get_plan, report_id).tasks}
    assert waiting["task_document_preparation"] == ("task_gst_lut", "task_hs_code_confirmation")

    def next_ids() -> list[str]:
        return [task.row.task_id for task in any_database.read(action_plan.next_tasks, report_id, limit=20)]

    assert next_ids()[0] == "task_gst_lut"
    assert "task_document_preparation" not in next_ids()
    for task_id in ("task_gst_lut", "task_hs_code_confirmation"):
        any_database.write(action_plan.set_task, report_id, task_id, is_done=True)
    assert "task_document_preparation" in next_ids()
    assert "task_gst_lut" not in next_ids()


def test_only_a_completed_report_is_planned(any_database: Database) -> None:
    def begin(session: Session) -> UUID:
        return add_report(session, add_user(session).id).id

    report_id = any_database.write(begin)
    with pytest.raises(ReportNotCompleted):
        any_database.write(action_plan.make_plan, report_id)
    with pytest.raises(PlanNotMade):
        any_database.read(action_plan.get_plan, report_id)


def test_somebody_else_s_plan_is_not_there(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    any_database.write(action_plan.make_plan, report_id)
    stranger = acting(any_database, any_database.write(add_user, email="other@example.com"))
    with pytest.raises(ReportNotFound):
        stranger.read(action_plan.get_plan, report_id)
    with pytest.raises(ReportNotFound):
        stranger.write(action_plan.make_plan, report_id)
    with pytest.raises(ReportNotFound):
        stranger.write(action_plan.set_task, report_id, "task_gst_lut", is_done=True)
