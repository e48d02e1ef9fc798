"""Systems that have constraints of the same name beside each other: each error is that of the system it happened in."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from strongroom.assembly import SYSTEMS
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.values import new_id
from strongroom.systems import banking, export_readiness, forecasting


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return SYSTEMS


def add_customer(session: Session) -> None:
    session.add(
        banking.User(
            email="ada@example.com",
            first_name="Ada",
            last_name="Lovelace",
            phone_number="+1234567890",
            password_hash="x",
        )
    )


def add_exporter(session: Session) -> None:
    session.add(
        export_readiness.User(
            email="ada@example.com", password_hash="x", business_type="Merchant", company_size="Small"
        )
    )


def add_analyst(session: Session) -> None:
    session.add(forecasting.User(username=f"ada_{new_id().hex[-8:]}", email="ada@example.com", hashed_password="x"))


@pytest.mark.parametrize(
    ("add", "code"),
    [
        (add_customer, "EMAIL_ALREADY_EXISTS"),
        (add_exporter, "EXPORTER_ALREADY_EXISTS"),
        (add_analyst, "FORECASTING_EMAIL_TAKEN"),
    ],
    ids=["banking", "export_readiness", "forecasting"],
)
def test_an_error_is_that_of_the_system_it_happened_in(any_database: Database, add: object, code: str) -> None:
    assert callable(add)
    any_database.write(add)
    with pytest.raises(StrongroomError) as refusal:
        any_database.write(add)
    assert refusal.value.code == code
