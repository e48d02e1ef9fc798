"""Claims about searches over many companies: each condition alone is served by an index."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.indexes import explain
from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.repositories import companies_matching

MANY = """
    INSERT INTO biotech.companies (id, ticker, name, market_cap_usd, cash_position_usd, therapeutic_areas)
    SELECT gen_random_uuid(), 'T' || n, md5(n::text) || ' Therapeutics', n, 1,
           CASE WHEN n % 500 = 0 THEN '{oncology}' ELSE '{other}' END::text[]
      FROM generate_series(1, 20000) n"""


def fill(session: Session) -> None:
    session.execute(text(MANY))
    # what VACUUM would do: a trigram index that was just filled keeps most of it in a list to be read from end to end
    session.execute(text("SELECT gin_clean_pending_list('biotech.ix_companies_name')"))
    session.execute(text("ANALYZE biotech.companies"))


@pytest.mark.parametrize(
    ("index", "conditions"),
    [
        ("ix_companies_name", {"name_pattern": "c4ca4238a0"}),
        ("ix_companies_therapeutic_areas", {"therapeutic_areas": ["oncology"]}),
        ("ix_companies_therapeutic_areas", {"therapeutic_areas": ["oncology", "metabolic"], "match": "any"}),
        ("ix_companies_market_cap_usd", {"min_market_cap": 19990}),
        ("ix_companies_is_cash_constrained", {"is_cash_constrained": True}),
    ],
)
def test_a_condition_is_served_by_its_index(database: Database, index: str, conditions: dict[str, Any]) -> None:
    database.write(fill)
    plan = database.read(explain, companies_matching(**conditions))
    assert plan.uses_index(index), plan
