"""Claims about businesses: they register, keep their profile, take their data along, and leave."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select

from strongroom.kernel.errors import AccessDenied, InvalidValue
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import ExporterAlreadyExists, ExporterNotFound
from strongroom.systems.export_readiness.models import Report, User, UserMetrics
from strongroom.systems.export_readiness.repositories import UserRepository
from strongroom.systems.export_readiness.samples import load_samples
from strongroom.systems.export_readiness.services import users
from strongroom.systems.export_readiness.services.privacy import export_user
from tests.systems.export_readiness.building import acting, add_report, add_user, administering

CURSORS = Cursors(b"0123456789abcdef")


def test_a_business_begins_with_figures_of_nothing(any_database: Database) -> None:
    user = any_database.write(add_user)
    metrics = any_database.read(lambda session: session.get_one(UserMetrics, user.id))
    assert (metrics.reports_generated, metrics.cost_savings, metrics.last_export_date) == (0, Decimal("0.00"), None)
    assert (user.monthly_volume, user.business_type.value) == (Decimal("1000.00"), "Manufacturing")


def test_an_address_is_one_in_any_case_of_letters(any_database: Database) -> None:
    user = any_database.write(add_user, email=" Asha@Example.COM ")
    assert user.email == "asha@example.com"
    with pytest.raises(ExporterAlreadyExists):
        any_database.write(add_user, email="ASHA@example.com")


def test_of_twenty_who_register_one_address_at_once_one_gets_it(any_database: Database) -> None:
    def register(number: int) -> bool:
        try:
            any_database.write(add_user, company_name=f"Business {number}")
        except ExporterAlreadyExists:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(register, range(20))) == 1
    counted = select(func.count()).select_from(UserMetrics)
    assert any_database.read(lambda session: session.scalar(counted)) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nobody"},
        {"email": "a@b"},
        {"company_name": "  "},
        {"company_name": "x" * 256},
        {"business_type": "Farm"},
        {"company_size": "Large"},
        {"monthly_volume": 0},
        {"monthly_volume": "-1"},
        {"monthly_volume": 1.5},
    ],
    ids=str,
)
def test_what_is_no_business_is_refused_by_field(any_database: Database, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as refused:
        any_database.write(add_user, **values)
    assert refused.value.facts["field"] == next(iter(values))
    assert any_database.read(lambda session: session.scalar(select(func.count()).select_from(User))) == 0


def test_a_profile_changes_in_part_and_reports_keep_what_was(any_database: Database) -> None:
    user = any_database.write(add_user)
    report = any_database.write(add_report, user.id)
    mine = acting(any_database, user)
    changed = mine.write(users.update_profile, user.id, {"company_size": "Medium", "monthly_volume": None})
    assert (changed.company_size.value, changed.company_name, changed.monthly_volume) == ("Medium", "Asha Foods", None)
    kept = any_database.read(lambda session: session.get_one(Report, report.id))
    assert (kept.company_size.value, kept.monthly_volume) == ("Small", Decimal("1000.00"))


@pytest.mark.parametrize("changes", [{"company_name": None}, {"business_type": None}, {"company_name": " "}], ids=str)
def test_what_a_business_needs_cannot_be_taken_away(any_database: Database, changes: dict[str, Any]) -> None:
    user = any_database.write(add_user)
    with pytest.raises(InvalidValue):
        any_database.write(users.update_profile, user.id, changes)


@pytest.mark.parametrize("column", ["email", "password_hash", "id", "last_login"])
def test_what_has_a_proof_of_its_own_is_no_part_of_the_profile(any_database: Database, column: str) -> None:
    user = any_database.write(add_user)
    with pytest.raises(TypeError, match=column):
        any_database.write(users.update_profile, user.id, {column: "x"})


def test_another_business_is_not_there(any_database: Database) -> None:
    asha, ravi = any_database.write(add_user), any_database.write(add_user, email="ravi@example.com")
    theirs = acting(any_database, ravi)
    for action in (users.get_user, users.delete_user, export_user):
        with pytest.raises(ExporterNotFound):
            theirs.write(action, asha.id)
    with pytest.raises(ExporterNotFound):
        theirs.write(users.update_profile, asha.id, {"company_name": "Ravi's now"})
    assert administering(any_database).read(users.get_user, asha.id).company_name == "Asha Foods"


def test_administrators_alone_list_businesses(any_database: Database) -> None:
    added = [any_database.write(add_user, email=f"user{number}@example.com") for number in range(3)]
    any_database.write(add_user, email="saas@example.com", business_type="SaaS")
    office = administering(any_database)
    first = office.read(users.list_users, Part(CURSORS, limit=2), business_type=added[0].business_type)
    rest = office.read(
        users.list_users, Part(CURSORS, limit=2, cursor=first.next_cursor), business_type=added[0].business_type
    )
    assert [user.id for user in (*first.items, *rest.items)] == [user.id for user in reversed(added)]
    with pytest.raises(AccessDenied):
        acting(any_database, added[0]).read(users.list_users, Part(CURSORS))


def test_a_business_leaves_with_everything(any_database: Database) -> None:
    any_database.write(load_samples)
    user = any_database.read(lambda session: UserRepository(session).get_user_by_email("spices@example.com"))
    assert user is not None
    acting(any_database, user).write(users.delete_user, user.id)
    left = select(func.count()).where(Report.user_id == user.id)
    assert any_database.read(lambda session: session.scalar(left)) == 0
    with pytest.raises(ExporterNotFound):
        any_database.read(users.get_user, user.id)


def test_all_that_is_kept_of_a_business_is_one_document(any_database: Database) -> None:
    any_database.write(load_samples)
    user = any_database.read(lambda session: UserRepository(session).get_user_by_email("spices@example.com"))
    assert user is not None
    document = acting(any_database, user).read(export_user, user.id)
    assert json.loads(json.dumps(document)) == document
    assert "password_hash" not in document["user"]
    assert document["user"]["email"] == "spices@example.com"
    assert document["metrics"]["reports_generated"] == 1
    (report,) = document["reports"]
    assert report["hs_code"] == "091030"
    parts = {name: len(rows) for name, rows in report.items() if isinstance(rows, list)}
    assert parts == {
        "certifications": 2,
        "documents": 1,
        "tasks": 14,
        "finance_analysis": 1,
        "logistics_analysis": 1,
        "conversations": 1,
        "first_completions": 1,
    }
    assert [message["role"] for message in report["conversations"][0]["messages"]] == ["user", "assistant"]


def test_the_document_costs_as_many_statements_for_many_reports_as_for_one(any_database: Database) -> None:
    user = any_database.write(add_user)
    counts = []
    for _ in range(2):
        for number in range(5):
            any_database.write(add_report, user.id, product_name=f"Product {number}")
        statements: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_: Any, into: list[str] = statements) -> None:
            into.append(statement)

        event.listen(any_database.engine, "before_cursor_execute", note)
        any_database.read(export_user, user.id)
        event.remove(any_database.engine, "before_cursor_execute", note)
        counts.append(sum(statement.lstrip().startswith("SELECT export") for statement in statements))
    assert counts == [11, 11]
