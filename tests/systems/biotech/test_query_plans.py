"""Claims about which index serves which call, read from the plans of the very statements the repositories send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database, now_of
from strongroom.kernel.system import System
from strongroom.systems.biotech.models import Signal
from strongroom.systems.biotech.repositories import CompanyRepository, ScoreRepository, SignalRepository
from strongroom.testing.databases import ThrowAwayServer, opened

#: many companies, of which the first few hundred have nearly all that happened
BUILD = (
    """INSERT INTO biotech.companies (id, ticker, name, market_cap_usd, cash_position_usd, therapeutic_areas)
       SELECT gen_random_uuid(), 'C' || n, md5(n::text) || ' Therapeutics', n * 1e6, 1e8,
              CASE n % 500 WHEN 0 THEN ARRAY['oncology', 'dermatology'] ELSE ARRAY['oncology'] END
       FROM generate_series(1, 20000) n""",
    """INSERT INTO biotech.signals (id, company_id, signal_type, event_date, severity, title)
       SELECT gen_random_uuid(), c.id, CASE WHEN n % 100 = 0 THEN 'patent' ELSE 'sec_filing' END,
              now() - n * interval '3 hours' - random() * interval '1 hour',
              CASE WHEN n % 100 = 50 THEN 'critical' ELSE 'low' END, 'Signal ' || n
       FROM (SELECT id FROM biotech.companies LIMIT 300) c, generate_series(1, 200) n""",
    """INSERT INTO biotech.ma_scores (id, company_id, score_date, total_score)
       SELECT gen_random_uuid(), id, now(), round((random() * 100)::numeric, 2) FROM biotech.companies""",
    """INSERT INTO biotech.ma_scores (id, company_id, score_date, total_score)
       SELECT gen_random_uuid(), c.id, now() - n * interval '7 days', round((random() * 100)::numeric, 2)
       FROM (SELECT id FROM biotech.companies LIMIT 300) c, generate_series(1, 30) n""",
    # what autovacuum does in time: the planner shuns a GIN index with much that is not sorted in yet
    "SELECT gin_clean_pending_list(indexrelid) FROM pg_index WHERE indexrelid::regclass::text ~ 'ix_companies_(n|t)'",
    "ANALYZE biotech.companies, biotech.signals, biotech.ma_scores, biotech.latest_scores",
)

Call = Callable[[Session, UUID], object]

CALLS: dict[str, tuple[Call, set[str]]] = {
    "get_by_ticker": (lambda session, _: CompanyRepository(session).get_by_ticker("C7"), {"uq_companies_ticker"}),
    "search by areas": (
        lambda session, _: CompanyRepository(session).search(therapeutic_areas=["oncology", "dermatology"]),
        {"ix_companies_therapeutic_areas"},
    ),
    "search by name": (
        lambda session, _: CompanyRepository(session).search(name_pattern="c4ca42"),
        {"ix_companies_name"},
    ),
    "search by size": (
        lambda session, _: CompanyRepository(session).search(min_market_cap=Decimal(10**9), limit=20),
        {"ix_companies_market_cap_usd"},
    ),
    "get_by_company": (
        lambda session, key: SignalRepository(session).get_by_company(key, limit=5),
        {"ix_signals_company_id_event_date_id"},
    ),
    "get_by_company between dates": (
        lambda session, key: SignalRepository(session).get_by_company(
            key, start_date=now_of(session) - timedelta(days=4)
        ),
        {"ix_signals_company_id_event_date_id"},
    ),
    "get_by_company of types": (
        lambda session, key: SignalRepository(session).get_by_company(key, signal_types=["patent"], limit=5),
        {"ix_signals_company_id_signal_type"},
    ),
    "get_by_type": (
        lambda session, _: SignalRepository(session).get_by_type("patent", limit=20),
        {"ix_signals_signal_type_event_date"},
    ),
    "get_recent": (lambda session, _: SignalRepository(session).get_recent(limit=20), {"ix_signals_event_date"}),
    "get_recent of a severity": (
        lambda session, _: SignalRepository(session).get_recent(days=30, severity="critical", limit=20),
        {"ix_signals_severity_event_date"},
    ),
    "get_count_by_type": (
        lambda session, key: SignalRepository(session).get_count_by_type(company_id=key),
        {"ix_signals_company_id_signal_type"},
    ),
    "get_latest_by_company": (
        lambda session, key: ScoreRepository(session).get_latest_by_company(key),
        {"uq_ma_scores_company_id_score_date"},
    ),
    "get_history": (
        lambda session, key: ScoreRepository(session).get_history(key, days=30),
        {"uq_ma_scores_company_id_score_date"},
    ),
    "get_top_scores": (
        lambda session, _: ScoreRepository(session).get_top_scores(limit=50),
        {"ix_latest_scores_total_score", "pk_ma_scores", "pk_companies"},
    ),
    "get_top_scores of a day": (
        lambda session, _: ScoreRepository(session).get_top_scores(limit=50, score_date=date.max - timedelta(days=9)),
        {"uq_ma_scores_company_id_score_date"},
    ),
    "get_by_score_range": (
        lambda session, _: ScoreRepository(session).get_by_score_range(90, limit=20),
        {"ix_latest_scores_total_score", "pk_ma_scores", "pk_companies"},
    ),
}


@pytest.fixture(scope="module")
def filled(postgresql_server: ThrowAwayServer, systems: tuple[System, ...]) -> Iterator[Database]:
    """Twenty thousand companies, sixty thousand signals and twenty-nine thousand scores."""
    options = postgresql_server.create_database(systems)
    with opened(options, systems) as database:
        database.write(_build)
        yield database
    postgresql_server.drop_database(options)


def _build(session: Session) -> None:
    for statement in BUILD:
        session.execute(text(statement))


def plans_of(session: Session, call: Call) -> list[dict[str, Any]]:
    """The nodes of the plans of all statements that the call sends."""
    sent: list[tuple[str, Any]] = []

    def listen(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    company_id = session.scalars(select(Signal.company_id).limit(1)).one()
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        call(session, company_id)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    connection = session.connection()
    nodes: list[dict[str, Any]] = []
    for statement, parameters in sent:
        (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
        nodes += _nodes(plan["Plan"])
    return nodes


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


@pytest.mark.parametrize("name", CALLS)
def test_each_call_is_served_by_its_index(filled: Database, name: str) -> None:
    call, indexes = CALLS[name]
    nodes = filled.read(plans_of, call)
    used = {node["Index Name"] for node in nodes if "Index Name" in node}
    assert indexes <= used, "\n".join(f"{node['Node Type']} {node.get('Index Name', '')}" for node in nodes)


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"get_top_scores of a day"}))
def test_no_call_reads_a_whole_table(filled: Database, name: str) -> None:
    nodes = filled.read(plans_of, CALLS[name][0])
    assert [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"] == []
