"""Claims about scores and signals that arrive in batches: as few statements for many as for one, and the same news."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.biotech.models import Alert, AlertTrigger, MAScore, Signal, WatchlistEntry
from strongroom.systems.biotech.repositories import batches
from strongroom.systems.biotech.rules.enums import WebhookEvent
from strongroom.systems.biotech.services import alerts
from strongroom.systems.biotech.services.scoring import score_companies
from strongroom.systems.biotech.services.signals import ingest_many
from tests.systems.biotech.outbox import add_company, add_webhook, find_deliveries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://hooks.example.com/"
FEW, MANY = 10, 200

Tell = Callable[[Session, Sequence[UUID]], object]


@pytest.fixture
def market(any_database: Database) -> Iterator[Session]:
    """A session in which everybody listens to everything, at a clock that stands still; it is never committed."""
    any_database.clock = FixedClock(NOW)
    with any_database.open_session() as session:
        add_webhook(session, URL, event_types=list(WebhookEvent))
        add_webhook(session, URL, event_types=list(WebhookEvent), min_score=50)
        for kind, condition in (
            ("score_threshold", {"threshold": 1}),
            ("score_change", {"change": 1, "period": "40d"}),
            ("new_signal", {}),
            ("watchlist_add", {}),
            ("watchlist_remove", {"therapeutic_areas": ["oncology"]}),
        ):
            session.add(Alert(name=kind, alert_type=kind, condition=condition))
        session.flush()
        yield session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


def add_companies(session: Session, number: int, letters: str) -> list[UUID]:
    """Companies in oncology, which a score of 40 days ago has put on the watchlist, by turns at 72 and at 90."""
    ids = []
    for index in range(number):
        company = add_company(session, f"{letters}{index}", therapeutic_areas=["oncology"])
        total = 72 if index % 2 else 90
        session.add(MAScore(company_id=company.id, total_score=total, score_date=NOW - timedelta(days=40)))
        session.add(
            WatchlistEntry(
                company_id=company.id, added_at=NOW - timedelta(days=40), added_score=total, peak_score=total,
                current_score=total, tier=2,
            )
        )  # fmt: skip
        ids.append(company.id)
    session.flush()
    return ids


def store_scores(session: Session, company_ids: Sequence[UUID]) -> list[MAScore]:
    """Scores of now, by turns in the midst of the watchlist, at its top and below it."""
    scores = [
        MAScore(company_id=company_id, total_score=(60, 95, 45, 71)[place % 4], score_date=NOW)
        for place, company_id in enumerate(company_ids)
    ]
    session.add_all(scores)
    session.flush()
    return scores


def store_signals(session: Session, company_ids: Sequence[UUID]) -> list[Signal]:
    """Two of each company."""
    wanted = {"signal_type": "fda_approval", "severity": "high", "event_date": NOW}
    signals = [Signal(company_id=key, title=title, **wanted) for key in company_ids for title in ("Filed", "Approved")]
    session.add_all(signals)
    session.flush()
    return signals


def ingest_for(session: Session, company_ids: Sequence[UUID]) -> None:
    first = {"signal_type": "fda_approval", "severity": "high", "title": "Approved", "event_date": NOW}
    ingest_many(
        session, [{**first, "company_id": key, "source": "fda", "external_id": str(key)} for key in company_ids]
    )


def evaluate_stored(session: Session, company_ids: Sequence[UUID]) -> None:
    alerts.evaluate_scores(session, store_scores(session, company_ids))


@pytest.mark.parametrize("tell", [score_companies, ingest_for, evaluate_stored])
def test_many_are_told_of_with_as_many_statements_as_a_few(market: Session, tell: Tell) -> None:
    few, many = add_companies(market, FEW, "F"), add_companies(market, MANY, "M")
    with statements(market) as for_few:
        tell(market, few)
    with statements(market) as for_many:
        tell(market, many)
    told = len(find_deliveries(market))
    assert told > FEW + MANY
    assert len(for_many) == len(for_few) < 40


@pytest.mark.parametrize("portion", [3, 1000])
@pytest.mark.parametrize("what", ["scores", "signals"])
def test_at_once_everybody_is_told_what_they_are_told_one_by_one(
    market: Session, what: str, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PORTION", portion)
    evaluate: Any = {"scores": alerts.evaluate_scores, "signals": alerts.evaluate_signals}[what]
    store: Any = {"scores": store_scores, "signals": store_signals}[what]
    ids = add_companies(market, 9, "C")

    def told(at_once: bool) -> tuple[list[Any], ...]:
        point = market.begin_nested()
        rows = store(market, ids)
        for batch in [rows] if at_once else [[row] for row in rows]:
            evaluate(market, batch)
        seen = _events(market), _alerts(market), _watchlist(market)
        point.rollback()
        market.expire_all()
        return seen

    one_by_one = told(at_once=False)
    assert told(at_once=True) == one_by_one
    assert len(one_by_one[0]) > 18
    assert len(market.scalars(select(AlertTrigger)).all()) == 0


def test_of_two_signals_of_one_company_in_a_batch_an_alert_tells_the_first(market: Session) -> None:
    ids = add_companies(market, 2, "C")
    went_off = alerts.evaluate_signals(market, store_signals(market, ids))
    assert [(trigger.company_id, trigger.details["title"]) for trigger in went_off] == [(key, "Filed") for key in ids]
    first = [json.loads(row.body) for row in find_deliveries(market) if row.company_id == ids[0]][:3]
    assert [one["event_type"] for one in first] == ["new_signal", "alert_triggered", "new_signal"]


def test_batches_that_set_off_the_same_alerts_in_opposite_orders_do_not_wait_in_a_circle(database: Database) -> None:
    def prepare(session: Session) -> list[UUID]:
        ids = add_companies(session, 80, "C")
        for place in range(40):
            tickers = [f"C{place}", f"C{79 - place}"]
            session.add(Alert(name="one", alert_type="new_signal", condition={"tickers": tickers}))
        session.flush()
        return ids

    ids = database.write(prepare)
    together = threading.Barrier(2)

    def arrive(company_ids: Sequence[UUID]) -> int:
        # without the unit of work, which would begin a transaction anew that was given up
        with database.open_session() as session:
            signals = store_signals(session, company_ids)
            together.wait()
            went_off = alerts.evaluate_signals(session, signals)
            session.commit()
            return len(went_off)

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(arrive, [ids[:40], ids[40:]])) == [40, 40]
    counts = database.read(lambda session: session.scalars(select(Alert.trigger_count)).all())
    assert counts == [2] * 40


def test_of_an_empty_batch_nobody_is_asked(market: Session) -> None:
    with statements(market) as sent:
        assert alerts.evaluate_scores(market, []) == alerts.evaluate_signals(market, []) == []
    assert sent == []


def _events(session: Session) -> list[Any]:
    """What each webhook is told, in its order, without what differs from one run to the next."""
    rows = [(row, json.loads(row.body)["payload"]) for row in find_deliveries(session)]
    return [
        (row.webhook_id, row.company_id, row.position, row.event_type, body.get("trigger", body)["severity"])
        if "trigger" in body
        else (row.webhook_id, row.company_id, row.position, row.event_type, sorted(body))
        for row, body in rows
    ]


def _alerts(session: Session) -> list[Any]:
    order = select(AlertTrigger).order_by(AlertTrigger.alert_id, AlertTrigger.company_id)
    rows = session.scalars(order).all()
    counts = session.execute(select(Alert.name, Alert.trigger_count, Alert.last_triggered).order_by(Alert.name)).all()
    return [*counts, *((row.alert_id, row.company_id, row.reason, row.details, row.severity) for row in rows)]


def _watchlist(session: Session) -> list[Any]:
    rows = session.scalars(select(WatchlistEntry).order_by(WatchlistEntry.company_id)).all()
    return [(row.company_id, row.current_score, row.peak_score, row.tier, row.removed_at) for row in rows]
