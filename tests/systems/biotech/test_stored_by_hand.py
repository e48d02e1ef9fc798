"""Claims about rows that come by no model: the database itself fills in what is missing and refuses what is wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.models import Base
from strongroom.systems.biotech.repositories import CompanyRepository

POSTGRESQL = make_url("postgresql+psycopg://").get_dialect()()
COMPANY: dict[str, Any] = {"ticker": "HAND", "name": "By Hand", "market_cap_usd": 1000, "cash_position_usd": 100}
LEAST: dict[str, dict[str, Any]] = {
    "companies": COMPANY,
    "drug_candidates": {
        "name": "A-1", "phase": "phase_1", "indication": "i", "mechanism": "m", "therapeutic_area": "other",
    },
    "signals": {"signal_type": "market", "event_date": "2026-03-01 00:00:00.000000", "title": "t"},
    "ma_scores": {"total_score": 50},
    "acquirer_matches": {"acquirer_ticker": "BUY", "acquirer_name": "B", "strategic_fit_score": 5},
    "reports": {"report_type": "custom", "report_date": "2026-03-01 00:00:00.000000", "title": "t"},
    "alerts": {"name": "a", "alert_type": "custom", "condition": "{}"},
    "webhooks": {"name": "w", "url": "https://example.com", "event_types": "score_update"},
    "clients": {"client_name": "c"},
}  # fmt: skip
WRONG: list[tuple[str, str, Any]] = [
    ("companies", "ticker", "lower"),
    ("companies", "market_cap_usd", -1),
    ("companies", "name", "  "),
    ("companies", "metadata", "[]"),
    ("companies", "is_public", None),
    ("drug_candidates", "phase", "phase_9"),
    ("drug_candidates", "competitive_landscape_score", 11),
    ("signals", "severity", "banana"),
    ("signals", "confidence", 7),
    ("signals", "ma_impact_score", 500),
    ("signals", "signal_data", "[1]"),
    ("signals", "severity", None),
    ("ma_scores", "total_score", 500),
    ("ma_scores", "confidence", -1),
    ("acquirer_matches", "strategic_fit_score", 10.01),
    ("reports", "delivery_status", "sent"),
    ("reports", "format", "papyrus"),
    ("alerts", "is_active", None),
    ("alerts", "trigger_count", -1),
    ("webhooks", "timeout_seconds", 0),
    ("webhooks", "success_count", -1),
    ("clients", "rate_limit_per_hour", 0),
    ("clients", "request_count", None),
]
ON_POSTGRESQL: list[tuple[str, str, Any]] = [
    ("companies", "therapeutic_areas", ["astrology"]),
    ("companies", "ticker", "AB_CD"),
    ("signals", "signal_type", "No Word"),
    ("alerts", "notification_channels", ["pigeon"]),
    ("webhooks", "event_types", ["weather"]),
    ("webhooks", "event_types", []),
    ("drug_candidates", "next_milestone_date", "soon"),
    ("companies", "market_cap_usd", "NaN"),
]


def company_id(session: Session) -> UUID:
    return CompanyRepository(session).create("ABCD", "A", 1000, 100).id


def insert(session: Session, name: str, /, **values: Any) -> None:
    """One row in plain SQL, with no column that it can do without."""
    table: Table = Base.metadata.tables[f"biotech.{name}"]
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    row = {"id": new_id(), **LEAST[name], **values}
    for owner in ("company_id", "target_company_id"):
        if owner in table.c and name not in ("companies",):
            row[owner] = company_id(session)
    if "run_id" in table.c:
        row["run_id"] = new_id()
    if name == "webhooks" and isinstance(row["event_types"], str):
        row["event_types"] = '["score_update"]' if on_sqlite else ["score_update"]
    given = {
        key: value.hex if isinstance(value, UUID) and on_sqlite else _scaled(table, key, value, on_sqlite)
        for key, value in row.items()
    }
    places = ", ".join(_place(table, key, on_sqlite) for key in given)
    session.execute(text(f"INSERT INTO biotech.{name} ({', '.join(given)}) VALUES ({places})"), given)


def _place(table: Table, column: str, on_sqlite: bool) -> str:
    """A parameter, in the column's own type."""
    if on_sqlite:
        return f":{column}"
    return f"CAST(:{column} AS {table.c[column].type.compile(dialect=POSTGRESQL)})"


def _scaled(table: Table, column: str, value: Any, on_sqlite: bool) -> Any:
    """SQLite keeps exact decimals as integers of their last digit."""
    scale = getattr(table.c[column].type, "scale", None)
    return round(value * 10**scale) if on_sqlite and scale and isinstance(value, int | float) else value


@pytest.mark.parametrize("name", LEAST)
def test_what_is_left_out_has_a_default_and_no_null(any_database: Database, name: str) -> None:
    def act(session: Session) -> list[str]:
        insert(session, name)
        table = Base.metadata.tables[f"biotech.{name}"]
        required = [column.name for column in table.columns if not column.nullable]
        nulls = " OR ".join(f"{column} IS NULL" for column in required)
        found = session.execute(text(f"SELECT * FROM biotech.{name} WHERE {nulls}")).all()
        return [str(row) for row in found]

    assert any_database.write(act) == []


@pytest.mark.parametrize(("name", "column", "value"), WRONG)
def test_the_database_refuses_what_is_wrong(any_database: Database, name: str, column: str, value: Any) -> None:
    with pytest.raises(IntegrityError):
        any_database.write(insert, name, **{column: value})


@pytest.mark.parametrize(("name", "column", "value"), ON_POSTGRESQL)
def test_postgresql_refuses_what_only_it_can_see(database: Database, name: str, column: str, value: Any) -> None:
    with pytest.raises(IntegrityError):
        database.write(insert, name, **{column: value})


def test_an_error_shows_nothing_of_the_row(any_database: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        any_database.write(insert, "companies", ticker="lower", name="Secret Project")
    assert "Secret" not in repr(refused.value) + str(refused.value) + str(refused.value.__cause__)
