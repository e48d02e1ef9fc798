"""Whether the calls of biotech stay as quick when their tables grow tenfold, and how fast its bulk work runs.

    python benchmarks/biotech.py                # up to 100,000 companies, 1,000,000 signals, 500,000 scores
    python benchmarks/biotech.py --size 10000   # a tenth of that

It starts a throw-away PostgreSQL and prints what it measured. A ratio near 1 means that a call does not notice.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.models import Alert, Company, Signal, Webhook
from strongroom.systems.biotech.repositories import CompanyRepository, ScoreRepository, SignalRepository
from strongroom.systems.biotech.rules.enums import WebhookEvent
from strongroom.systems.biotech.services.scoring import score_companies
from strongroom.systems.biotech.services.signals import ingest_many
from strongroom.systems.biotech.system import system
from strongroom.testing.databases import ThrowAwayServer, opened

GROWTH = 10
SIGNALS_EACH, SCORES_EACH = 10, 5
CALLS_EACH = 30
BULK = 500
#: companies that are made in one statement, well within its timeout
PORTION = 5_000

GROW = (
    """INSERT INTO biotech.companies (id, ticker, name, market_cap_usd, cash_position_usd, therapeutic_areas)
       SELECT gen_random_uuid(), 'C' || n, md5(n::text) || ' Therapeutics', 1e6 * (1 + n % 90000), 1e8,
              CASE n % 1000 WHEN 0 THEN ARRAY['oncology', 'dermatology'] ELSE ARRAY['oncology'] END
       FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n""",
    """INSERT INTO biotech.signals (id, company_id, signal_type, event_date, severity, title, signal_data)
       SELECT gen_random_uuid(), c.id, (ARRAY['sec_filing', 'patent', 'hiring', 'market', 'fda_approval'])[1 + n % 5],
              now() - random() * interval '700 days', (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4],
              'Signal ' || n, jsonb_build_object('number', n)
       FROM (SELECT id FROM biotech.companies WHERE substr(ticker, 2)::int BETWEEN :first AND :last) c,
            generate_series(1, CAST(:signals AS int)) n""",
    """INSERT INTO biotech.ma_scores (id, company_id, score_date, total_score)
       SELECT gen_random_uuid(), c.id, now() - (n - 1) * interval '7 days', round((random() * 100)::numeric, 2)
       FROM (SELECT id FROM biotech.companies WHERE substr(ticker, 2)::int BETWEEN :first AND :last) c,
            generate_series(1, CAST(:scores AS int)) n""",
)
#: what autovacuum does in time
TIDY = (
    "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
    "JOIN pg_am ON pg_am.oid = relam WHERE amname = 'gin' AND indexrelid::regclass::text LIKE 'biotech.%'",
    "ANALYZE biotech.companies, biotech.signals, biotech.ma_scores, biotech.latest_scores",
)

Call = Callable[[Session, UUID], object]

CALLS: dict[str, Call] = {
    "companies.get_by_ticker": lambda session, _: CompanyRepository(session).get_by_ticker("C7"),
    "companies.search (areas)": lambda session, _: CompanyRepository(session).search(
        therapeutic_areas=["oncology", "dermatology"], limit=20
    ),
    "companies.search (name)": lambda session, _: CompanyRepository(session).search(name_pattern="c4ca4238a0b9"),
    "companies.search (size)": lambda session, _: CompanyRepository(session).search(min_market_cap=10**9, limit=20),
    "signals.get_by_company": lambda session, key: SignalRepository(session).get_by_company(key),
    "signals.get_by_type": lambda session, _: SignalRepository(session).get_by_type("patent"),
    "signals.get_recent": lambda session, _: SignalRepository(session).get_recent(days=7),
    "signals.get_recent (severity)": lambda session, _: SignalRepository(session).get_recent(severity="critical"),
    "signals.get_count_by_type": lambda session, key: SignalRepository(session).get_count_by_type(company_id=key),
    "scores.get_latest_by_company": lambda session, key: ScoreRepository(session).get_latest_by_company(key),
    "scores.get_history": lambda session, key: ScoreRepository(session).get_history(key),
    "scores.get_top_scores": lambda session, _: ScoreRepository(session).get_top_scores(limit=50),
    "scores.get_by_score_range": lambda session, _: ScoreRepository(session).get_by_score_range(60, 70),
}

#: these look at every company, so they grow with their number
GROWING: dict[str, Call] = {
    "signals.get_count_by_type (all)": lambda session, _: SignalRepository(session).get_count_by_type(),
    "scores.get_top_scores (a day)": lambda session, _: ScoreRepository(session).get_top_scores(
        limit=50, score_date=datetime.now(UTC) - timedelta(days=10)
    ),
    "companies.get_statistics": lambda session, _: CompanyRepository(session).get_statistics(),
}


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="companies in the end")
    size: int = parser.parse_args().size
    with ThrowAwayServer() as server, opened(server.create_database((system,)), (system,)) as database:
        small = size // GROWTH
        seconds = _timed(lambda: _grow(database, 1, small))
        print(f"{_tables(small)}: built in {seconds:.0f} s")
        before = _measure(database)
        seconds = _timed(lambda: _grow(database, small + 1, size))
        print(f"{_tables(size)}: built in {seconds:.0f} s\n")
        after = _measure(database)
        print(f"{'call':34}{'before, ms':>12}{'after, ms':>12}{'ratio':>8}")
        for name in CALLS | GROWING:
            print(f"{name:34}{before[name]:12.2f}{after[name]:12.2f}{after[name] / before[name]:8.1f}")
        print()
        _measure_bulk(database)


def _tables(companies: int) -> str:
    return f"{companies:,} companies, {companies * SIGNALS_EACH:,} signals, {companies * SCORES_EACH:,} scores"


def _grow(database: Database, first: int, last: int) -> None:
    for begin in range(first, last + 1, PORTION):
        amounts = {
            "first": begin,
            "last": min(begin + PORTION - 1, last),
            "signals": SIGNALS_EACH,
            "scores": SCORES_EACH,
        }
        for statement in GROW:
            wanted = {name: amounts[name] for name in amounts if f":{name}" in statement}
            database.write(lambda session: session.execute(text(statement), wanted))  # noqa: B023 - called at once
    for statement in TIDY:
        database.write(lambda session: session.execute(text(statement)))  # noqa: B023 - called at once


def _measure(database: Database) -> dict[str, float]:
    """Milliseconds of each call, the median of thirty; of five for those that grow."""
    company_id = database.read(lambda session: session.scalars(select(Signal.company_id).limit(1)).one())
    return {
        name: 1000 * median(_timed(lambda: database.read(call, company_id)) for _ in range(times))  # noqa: B023 - called at once
        for calls, times in ((CALLS, CALLS_EACH), (GROWING, 5))
        for name, call in calls.items()
    }


def _measure_bulk(database: Database) -> None:
    count = 0

    def rank(session: Session) -> None:
        nonlocal count
        count = ScoreRepository(session).update_percentile_ranks()

    seconds = _timed(lambda: database.write(rank))
    print(f"update_percentile_ranks: {count:,} companies in {seconds:.1f} s, one statement")

    def items(source: str) -> list[dict[str, object]]:
        first = {"signal_type": "sec_filing", "title": "8-K", "event_date": datetime.now(UTC), "source": source}
        return [{**first, "ticker": f"C{1 + n % 500}", "external_id": str(n)} for n in range(BULK)]

    ids = database.read(lambda session: list(session.scalars(select(Company.id).limit(BULK))))
    for listeners, announce in (("nobody asked", False), ("nobody listens", True), ("alerts and a webhook", True)):
        if listeners == "alerts and a webhook":
            database.write(_add_listeners)
        news = items(listeners)
        seconds = _timed(lambda: database.write(ingest_many, news, announce=announce))  # noqa: B023 - called at once
        print(f"ingest_many, {listeners}: {BULK / seconds:,.0f} signals a second")
        seconds = _timed(lambda: database.write(score_companies, ids, announce=announce))  # noqa: B023 - called at once
        print(f"score_companies, {listeners}: {BULK / seconds:,.0f} companies a second")


def _add_listeners(session: Session) -> None:
    """Every score and every signal sets off an alert and is sent to one webhook, and so is the alert."""
    conditions = {"new_signal": {}, "score_threshold": {"threshold": 90}, "score_change": {"change": 1, "period": "1d"}}
    session.add_all(Alert(name=kind, alert_type=kind, condition=words) for kind, words in conditions.items())
    sealed = {"secret_sealed": b"nothing is sent from here", "secret_key_id": "none"}
    session.add(Webhook(name="all", url="https://example.com/", event_types=list(WebhookEvent), **sealed))


def _timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
