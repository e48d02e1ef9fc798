"""The made-up businesses: labelled as such, with something to see in every table."""

from __future__ import annotations

from sqlalchemy import func, select

from strongroom.kernel.encryption import compare_password
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.systems.export_readiness.models import Base, User
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.samples import load_samples
from strongroom.systems.export_readiness.samples.businesses import BUSINESSES, SAMPLE_PASSWORD
from strongroom.systems.export_readiness.services.passwords import find_password


def test_the_samples_are_said_to_be_samples_and_pass_every_check(
    any_database: Database, systems: tuple[System, ...]
) -> None:
    added = any_database.write(load_samples)
    assert added == {
        "users": 3,
        "reports": 4,
        "documents": 1,
        "conversations": 1,
        "messages": 2,
        "analyses": 1,
        "freight analyses": 1,
        "HS codes": 6939,
        "constants": len(CONSTANTS),
    }
    names = any_database.read(lambda session: session.scalars(select(User.company_name)).all())
    assert all(name is not None and name.endswith("(sample)") for name in names)
    assert [finding for finding in any_database.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_every_table_but_that_of_sign_ins_has_a_row(any_database: Database) -> None:
    any_database.write(load_samples)
    with any_database.session() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        }
    assert [name for name, count in counts.items() if not count] == ["sign_ins"]


def test_a_newcomer_can_sign_in_as_any_of_them(any_database: Database) -> None:
    any_database.write(load_samples)
    for business in BUSINESSES:
        assert compare_password(SAMPLE_PASSWORD, any_database.read(find_password, business.email)).is_right
