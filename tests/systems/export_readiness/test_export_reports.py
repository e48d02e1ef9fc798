"""Claims about reports: begun, completed or failed, corrected, looked for, removed; always by their owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidCursor, InvalidValue
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.export_readiness.errors import (
    ExporterNotFound,
    ReportChanged,
    ReportNotFound,
    ReportStepRefused,
)
from strongroom.systems.export_readiness.imports.nomenclature import import_nomenclature
from strongroom.systems.export_readiness.models import Report, User
from strongroom.systems.export_readiness.rules import Findings, ReportStatusEnum
from strongroom.systems.export_readiness.samples.businesses import read_nomenclature_file
from strongroom.systems.export_readiness.services import metrics, reports
from tests.systems.export_readiness.building import acting, add_report, add_user, administering

CURSORS = Cursors(b"0123456789abcdef")
FINDINGS = Findings(
    data={
        "hs_code": {
            "code": "091030",
            "confidence": "80",
            "description": "as found",
            "alternatives": [{"code": "091099", "confidence": "40"}],
        },
        "costs": {"total": "85000.00"},
    },
    hs_code="0910.30",
    hs_code_confidence=Decimal(80),
    risk_score=35,
    estimated_cost=Decimal("85000.00"),
    estimated_timeline_days=47,
)


@pytest.fixture
def asha(any_database: Database) -> User:
    return any_database.write(add_user)


@pytest.fixture
def mine(any_database: Database, asha: User) -> Database:
    """The database, with everything done in Asha's name."""
    return acting(any_database, asha)


@pytest.fixture
def theirs(any_database: Database) -> Database:
    """The database, with everything done in another business' name."""
    return acting(any_database, any_database.write(add_user, email="ravi@example.com"))


def test_a_report_begins_with_what_the_business_is(mine: Database, asha: User) -> None:
    details = {"ingredients": " turmeric ", "bom": None, "payment_mode": ""}
    report = mine.write(add_report, asha.id, details=details, price_range="₹500-₹1500")
    assert report.status is ReportStatusEnum.PROCESSING
    assert (report.business_type, report.company_size, report.monthly_volume) == (
        asha.business_type,
        asha.company_size,
        asha.monthly_volume,
    )
    assert report.product_details == {"ingredients": "turmeric"}
    assert report.report_data == {"report_id": f"rpt_{report.id.hex}", "status": "processing"}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("product_name", {"product_name": "  "}),
        ("product_name", {"product_name": "x" * 201}),
        ("destination_country", {"destination_country": ""}),
        ("price_range", {"price_range": "x" * 101}),
        ("hs_code", {"hs_code": "123"}),
        ("hs_code", {"hs_code": "12a4"}),
        ("monthly_volume", {"monthly_volume": 0}),
        ("business_type", {"business_type": "Farm"}),
        ("ingredients", {"details": {"ingredients": "x" * 2001}}),
        ("colour", {"details": {"colour": "red"}}),
    ],
    ids=str,
)
def test_what_is_no_product_is_refused_by_field(mine: Database, asha: User, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as refused:
        mine.write(add_report, asha.id, **values)
    assert refused.value.facts["field"] == field


def test_nobody_begins_a_report_for_another_business(theirs: Database, asha: User) -> None:
    with pytest.raises(ExporterNotFound):
        theirs.write(add_report, asha.id)
    with pytest.raises(ExporterNotFound):
        administering(theirs).write(add_report, new_id())


def test_a_completed_report_is_stored_whole_and_counted_once(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    done = mine.write(reports.complete_report, report.id, FINDINGS)
    assert (done.hs_code, done.hs_code_confidence, done.risk_score) == ("091030", Decimal("80.00"), 35)
    assert (done.estimated_cost, done.estimated_timeline_days) == (Decimal("85000.00"), 47)
    stored = mine.read(reports.get_report, report.id)
    assert stored.report_data["status"] == "completed"
    assert stored.report_data["costs"] == {"total": "85000.00"}
    assert stored.report_data["hs_code"]["code"] == stored.hs_code
    assert datetime.fromisoformat(stored.report_data["generated_at"]).tzinfo is not None
    with pytest.raises(ReportStepRefused):
        mine.write(reports.complete_report, report.id, FINDINGS)
    assert mine.read(metrics.get_metrics, asha.id).reports_generated == 1


def test_what_cannot_be_stored_is_not_counted(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    with pytest.raises(Exception, match="risk_score"):
        mine.write(reports.complete_report, report.id, Findings(risk_score=101))
    assert mine.read(reports.get_status, report.id).status is ReportStatusEnum.PROCESSING
    assert mine.read(metrics.get_metrics, asha.id).reports_generated == 0


def test_a_failed_report_says_why_and_may_begin_again(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    mine.write(reports.fail_report, report.id, "the model did not answer")
    status = mine.read(reports.get_status, report.id)
    assert (status.report_id, status.status, status.reason) == (
        f"rpt_{report.id.hex}",
        ReportStatusEnum.FAILED,
        "the model did not answer",
    )
    assert mine.read(metrics.get_metrics, asha.id).reports_generated == 0
    mine.write(reports.restart_report, report.id)
    assert mine.read(reports.get_status, report.id).reason is None
    mine.write(reports.complete_report, report.id, FINDINGS)
    with pytest.raises(ReportStepRefused):
        mine.write(reports.fail_report, report.id, "too late")


def test_a_report_nobody_completes_fails_in_time(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    done = mine.write(add_report, asha.id)
    mine.write(reports.complete_report, done.id, FINDINGS)
    assert mine.write(reports.fail_abandoned) == 0
    mine.clock = FixedClock(datetime.now(UTC) + timedelta(hours=2))
    assert mine.write(reports.fail_abandoned) == 1
    assert mine.write(reports.fail_abandoned) == 0
    assert mine.read(reports.get_status, report.id).status is ReportStatusEnum.FAILED
    assert mine.read(reports.get_status, done.id).status is ReportStatusEnum.COMPLETED


@pytest.mark.parametrize(
    "written",
    [
        lambda key: key,
        str,
        lambda key: key.hex,
        lambda key: f"rpt_{key.hex}",
        lambda key: f"rpt_{key}",
        lambda key: str(key).upper(),
    ],
    ids=["id", "dashes", "digits", "prefix", "prefix and dashes", "capitals"],
)
def test_an_id_may_be_written_in_many_ways(mine: Database, asha: User, written: Callable[[UUID], UUID | str]) -> None:
    report = mine.write(add_report, asha.id)
    assert mine.read(reports.get_report, written(report.id)).id == report.id


@pytest.mark.parametrize("written", ["doc_{}", "rpt_rpt_{}", "{}rpt_", "{{{}}}", "urn:uuid:{}", "{} ", "", "rpt_"])
def test_what_is_no_id_is_not_there(mine: Database, asha: User, written: str) -> None:
    report = mine.write(add_report, asha.id)
    with pytest.raises(ReportNotFound):
        mine.read(reports.get_report, written.format(report.id.hex))


def test_another_business_report_is_not_there(mine: Database, theirs: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    actions: list[Callable[[Session], Any]] = [
        lambda session: reports.get_report(session, report.id),
        lambda session: reports.get_status(session, report.id),
        lambda session: reports.override_hs_code(session, report.id, "091030"),
        lambda session: reports.merge_report_data(session, report.id, {"a": 1}),
        lambda session: reports.complete_report(session, report.id, FINDINGS),
        lambda session: reports.fail_report(session, report.id, "mine now"),
        lambda session: reports.restart_report(session, report.id),
        lambda session: reports.delete_report(session, report.id),
    ]
    for action in actions:
        with pytest.raises(ReportNotFound):
            theirs.write(action)
    assert administering(mine).read(reports.get_report, report.id).updated_at == report.updated_at


def test_a_chosen_code_stands_in_the_column_and_in_the_data(mine: Database, asha: User) -> None:
    mine.write(import_nomenclature, read_nomenclature_file(), "hs.csv.gz")
    report = mine.write(add_report, asha.id)
    mine.write(reports.complete_report, report.id, FINDINGS)
    mine.write(reports.override_hs_code, report.id, " 0910.99.20 ")
    stored = mine.read(reports.get_report, report.id)
    assert (stored.hs_code, stored.hs_code_confidence) == ("09109920", Decimal("100.00"))
    copy = stored.report_data["hs_code"]
    assert (copy["code"], copy["confidence"]) == ("09109920", "100.00")
    assert copy["description"].startswith("Spices")
    assert copy["alternatives"] == [{"code": "091099", "confidence": "40"}]


def test_a_code_chosen_before_the_examination_outlives_it(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id, hs_code="0910.99")
    done = mine.write(reports.complete_report, report.id, FINDINGS)
    assert (done.hs_code, done.hs_code_confidence) == ("091099", Decimal("100.00"))
    assert done.report_data["hs_code"]["code"] == "091099"


@pytest.mark.parametrize("code", ["123", "", "12345678901", "abcd", "0910-30", "0910.30.20.10.11.12.13", "٠٩١٠٣٠"])
def test_what_is_no_code_is_refused(mine: Database, asha: User, code: str) -> None:
    report = mine.write(add_report, asha.id)
    with pytest.raises(InvalidValue) as refused:
        mine.write(reports.override_hs_code, report.id, code)
    assert refused.value.facts["field"] == "hs_code"


def test_a_change_of_what_was_read_before_another_change_is_refused(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    mine.write(reports.merge_report_data, report.id, {"a": 1}, unchanged_since=report.updated_at)
    with pytest.raises(ReportChanged):
        mine.write(reports.override_hs_code, report.id, "091030", unchanged_since=report.updated_at)
    now = mine.read(reports.get_report, report.id)
    mine.write(reports.override_hs_code, report.id, "091030", unchanged_since=now.updated_at)


@pytest.mark.parametrize("part", ["report_id", "status", "hs_code", "generated_at"])
def test_what_follows_from_the_report_is_not_set_by_itself(mine: Database, asha: User, part: str) -> None:
    report = mine.write(add_report, asha.id)
    with pytest.raises(InvalidValue) as refused:
        mine.write(reports.merge_report_data, report.id, {part: "x"})
    assert refused.value.facts["field"] == part


def test_reports_are_listed_newest_first_without_gap_or_repetition(mine: Database, asha: User) -> None:
    added = [mine.write(add_report, asha.id, product_name=f"Product {number}") for number in range(7)]
    seen: list[UUID] = []
    cursor = None
    while True:
        page = mine.read(reports.list_reports, Part(CURSORS, limit=3, cursor=cursor))
        seen += [report.id for report in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        mine.write(add_report, asha.id, product_name="Begun meanwhile")
    assert seen == [report.id for report in reversed(added)]


def test_reports_are_found_by_code_destination_and_status(mine: Database, theirs: Database, asha: User) -> None:
    spice = mine.write(add_report, asha.id, hs_code="0910.30")
    shirt = mine.write(add_report, asha.id, hs_code="610910", destination_country="Germany")
    mine.write(reports.complete_report, shirt.id, FINDINGS)

    def found(database: Database, cursor: str | None = None, **wanted: Any) -> list[UUID]:
        part = Part(CURSORS, cursor=cursor)
        return [report.id for report in database.read(reports.list_reports, part, **wanted).items]

    assert found(mine, hs_code="09 10 30") == [spice.id]
    assert found(mine, destination_country=" Germany") == [shirt.id]
    assert found(mine, status=ReportStatusEnum.PROCESSING) == [spice.id]
    assert found(mine, status=ReportStatusEnum.FAILED) == []
    assert found(mine, hs_code="091030", destination_country="Germany") == []
    assert found(theirs) == []
    assert set(found(administering(mine))) == {spice.id, shirt.id}
    assert found(administering(mine), user_id=asha.id, hs_code="6109.10") == [shirt.id]
    with pytest.raises(ExporterNotFound):
        found(theirs, user_id=asha.id)
    counted = mine.read(reports.list_reports, Part(CURSORS, limit=1, count="exact"))
    assert (len(counted.items), counted.count) == (1, 2)
    with pytest.raises(InvalidCursor):
        found(mine, cursor=counted.next_cursor, status=ReportStatusEnum.PROCESSING)


def test_a_removed_report_is_gone_and_stays_counted(mine: Database, asha: User) -> None:
    report = mine.write(add_report, asha.id)
    mine.write(reports.complete_report, report.id, FINDINGS)
    mine.write(reports.delete_report, report.shown_id)
    with pytest.raises(ReportNotFound):
        mine.read(reports.get_report, report.id)
    assert mine.read(metrics.get_metrics, asha.id).reports_generated == 1
    assert mine.read(lambda session: session.get(Report, report.id)) is None
