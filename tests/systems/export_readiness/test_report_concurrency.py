"""Claims about reports that many change at once, and about data that is changed in place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from strongroom.kernel.errors import Collided
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import ReportStepRefused
from strongroom.systems.export_readiness.models import Report, User
from strongroom.systems.export_readiness.rules import Findings
from strongroom.systems.export_readiness.services import metrics, reports
from tests.systems.export_readiness.building import add_report, add_user

THREADS = 20


@pytest.fixture
def asha(any_database: Database) -> User:
    return any_database.write(add_user)


@pytest.fixture
def report(any_database: Database, asha: User) -> Report:
    return any_database.write(add_report, asha.id)


def at_once(act: Any) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(act, range(THREADS)))


def test_of_twenty_changes_made_at_once_none_is_lost(any_database: Database, report: Report) -> None:
    at_once(lambda number: any_database.write(reports.merge_report_data, report.id, {f"part {number}": number}))
    stored = any_database.read(reports.get_report, report.id).report_data
    assert {name: value for name, value in stored.items() if name.startswith("part")} == {
        f"part {number}": number for number in range(THREADS)
    }


def test_a_code_chosen_while_others_write_stands_in_both_places(any_database: Database, report: Report) -> None:
    def act(number: int) -> None:
        if number % 2:
            any_database.write(reports.override_hs_code, report.id, f"0910{number:02}")
        else:
            any_database.write(reports.merge_report_data, report.id, {f"part {number}": number})

    at_once(act)
    stored = any_database.read(reports.get_report, report.id)
    assert stored.report_data["hs_code"]["code"] == stored.hs_code
    assert sum(name.startswith("part") for name in stored.report_data) == THREADS / 2


def test_a_report_that_twenty_complete_is_completed_and_counted_once(
    any_database: Database, asha: User, report: Report
) -> None:
    def complete(number: int) -> bool:
        try:
            any_database.write(reports.complete_report, report.id, Findings(risk_score=number))
        except ReportStepRefused:
            return False
        return True

    assert sum(at_once(complete)) == 1
    assert any_database.read(metrics.get_metrics, asha.id).reports_generated == 1


def test_figures_that_twenty_add_to_lose_nothing(any_database: Database, asha: User) -> None:
    at_once(lambda _: any_database.write(metrics.count, asha.id, documents_generated=2, cost_savings=Decimal("0.10")))
    found = any_database.read(metrics.get_metrics, asha.id)
    assert (found.documents_generated, found.cost_savings) == (40, Decimal("2.00"))


def test_a_copy_that_somebody_else_has_changed_cannot_be_saved(any_database: Database, report: Report) -> None:
    key = report.id
    any_database.write(reports.merge_report_data, key, {"a": 1})
    report.product_name = "Stale"
    with pytest.raises(StaleDataError), any_database.session() as session:
        session.add(report)
    assert any_database.read(reports.get_report, key).product_name == "Turmeric powder"


def test_twenty_plain_changes_at_once_lose_nothing_either(any_database: Database, report: Report) -> None:
    """Each reads, changes and saves as if it were alone; who comes late is told so, and begins again."""

    def change(session: Session, number: int) -> None:
        found = session.get_one(Report, report.id)
        found.report_data[f"part {number}"] = number

    def act(number: int) -> None:
        while True:
            try:
                return any_database.write(change, number)
            except Collided:
                continue

    at_once(act)
    stored = any_database.read(reports.get_report, report.id).report_data
    assert sum(name.startswith("part") for name in stored) == THREADS


def test_data_changed_in_place_is_saved(any_database: Database, report: Report) -> None:
    def change(session: Session) -> None:
        found = session.get_one(Report, report.id)
        found.report_data["risks"] = [{"severity": "low"}]
        found.product_details["bom"] = "turmeric"

    any_database.write(change)
    stored = any_database.read(reports.get_report, report.id)
    assert (stored.report_data["risks"], stored.bom) == ([{"severity": "low"}], "turmeric")


def test_data_changed_in_place_at_any_depth_is_saved(any_database: Database, report: Report) -> None:
    any_database.write(
        reports.merge_report_data, report.id, {"risks": [{"severity": "low"}], "costs": {"total": "1.00"}}
    )

    def change(session: Session) -> None:
        found = session.get_one(Report, report.id)
        found.report_data["risks"][0]["severity"] = "high"
        found.report_data["risks"].append({"severity": "medium"})
        found.report_data["costs"]["total"] = "2.00"

    any_database.write(change)
    stored = any_database.read(reports.get_report, report.id).report_data
    assert stored["risks"] == [{"severity": "high"}, {"severity": "medium"}]
    assert stored["costs"] == {"total": "2.00"}
