"""Claims about alerts: what sets them off, how often, who is told, and what becomes of them."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, InvalidValue
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.biotech.errors import AlertTriggerNotFound, StepRefused
from strongroom.systems.biotech.models import (
    Alert,
    AlertTrigger,
    Client,
    Company,
    MAScore,
    Report,
    Signal,
    WatchlistEntry,
)
from strongroom.systems.biotech.repositories import AlertRepository
from strongroom.systems.biotech.services import alerts, triggers
from strongroom.systems.biotech.services.watchlists import watched
from tests.systems.biotech.outbox import add_company, add_webhook, find_deliveries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://hooks.example.com/"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def market(any_database: Database, clock: FixedClock) -> Database:
    """A database whose clock stands still."""
    any_database.clock = clock
    return any_database


@pytest.fixture
def company(market: Database) -> Company:
    return market.write(add_company, "ABCD", therapeutic_areas=["oncology"])


def add_alert(session: Session, alert_type: str, condition: Mapping[str, Any], /, **values: Any) -> Alert:
    return AlertRepository(session).create_alert("tell me", alert_type, condition, **values)


def score(session: Session, company_id: UUID, total: float, moment: datetime, /, **parts: float) -> list[AlertTrigger]:
    """Store a score and judge it, as whoever stores one does."""
    row = MAScore(company_id=company_id, total_score=total, score_date=moment, **parts)
    session.add(row)
    session.flush()
    return alerts.evaluate_scores(session, [row])


def signal(session: Session, company_id: UUID, /, **values: Any) -> list[AlertTrigger]:
    wanted = {"signal_type": "fda_approval", "severity": "high", "title": "Approved", "event_date": NOW, **values}
    row = Signal(company_id=company_id, **wanted)
    session.add(row)
    session.flush()
    return alerts.evaluate_signals(session, [row])


def announce(session: Session, client_id: UUID | None = None) -> list[AlertTrigger]:
    row = Report(report_type="daily_digest", title="Today", report_date=NOW, client_id=client_id)
    session.add(row)
    session.flush()
    return alerts.announce_report(session, row)


def get_alert(session: Session, alert_id: UUID) -> Alert:
    return session.get_one(Alert, alert_id)


def test_a_threshold_is_told_when_it_is_crossed_and_not_at_every_score_beyond(
    market: Database, company: Company, clock: FixedClock
) -> None:
    alert = market.write(add_alert, "score_threshold", {"threshold": 80}, notification_channels=["email"])
    went_off = []
    for total in (79, 81, 85, 79, 82):
        moment = clock.advance(2 * DAY)
        went_off.append([one.reason for one in market.write(score, company.id, total, moment)])
    assert went_off == [[], ["total_score is 81, >= 80"], [], [], ["total_score is 82, >= 80"]]
    stored = market.read(get_alert, alert.id)
    assert (stored.trigger_count, stored.last_triggered) == (2, clock.now())


def test_the_first_score_beyond_a_threshold_crosses_it(market: Database, company: Company) -> None:
    market.write(add_alert, "score_threshold", {"threshold": 80})
    (trigger,) = market.write(score, company.id, 81, NOW)
    assert trigger.details == {"total_score": 81.0, "previous_score": None}
    assert (trigger.severity, trigger.status, trigger.company_id) == ("high", "triggered", company.id)


def test_a_threshold_may_lie_on_a_part_of_the_score(market: Database, company: Company, clock: FixedClock) -> None:
    market.write(add_alert, "score_threshold", {"threshold": 60, "metric": "pipeline_score", "direction": "below"})
    assert market.write(score, company.id, 50, NOW, pipeline_score=70) == []
    assert len(market.write(score, company.id, 50, clock.advance(DAY), pipeline_score=60)) == 1


@pytest.mark.parametrize(
    ("condition", "goes_off"),
    [
        ({"change": 10}, True),
        ({"change": 10.5}, False),
        ({"change": 10, "direction": "increase"}, True),
        ({"change": 10, "direction": "decrease"}, False),
        ({"change": 5, "period": "10d"}, False),
        ({"change": 5, "period": "29d"}, True),
        ({"change": 5, "period": "31d"}, False),
    ],
)
def test_a_change_is_measured_against_the_last_score_before_its_period(
    market: Database, company: Company, clock: FixedClock, condition: dict[str, Any], goes_off: bool
) -> None:
    market.write(add_alert, "score_change", condition)
    market.write(score, company.id, 60, NOW)
    market.write(score, company.id, 66, NOW + 15 * DAY)
    moment = clock.advance(30 * DAY)
    assert bool(market.write(score, company.id, 70, moment)) is goes_off


def test_scores_that_fill_in_history_are_told_to_nobody(market: Database, company: Company) -> None:
    market.write(add_webhook, URL, event_types=["score_update"])
    market.write(score, company.id, 50, NOW)
    market.write(add_alert, "score_threshold", {"threshold": 80})
    assert market.write(score, company.id, 90, NOW - DAY) == []
    assert len(market.read(find_deliveries)) == 1


@pytest.mark.parametrize(
    ("values", "goes_off"),
    [
        ({}, True),
        ({"company_tickers": ["ABCD"]}, True),
        ({"company_tickers": ["WXYZ"]}, False),
        ({"signal_types": ["fda_approval"]}, True),
        ({"signal_types": ["patent"]}, False),
        ({"is_active": False}, False),
        ({"deleted_at": NOW}, False),
        ({"condition": {"severity": "critical"}}, False),
        ({"condition": {"severity": "high"}}, True),
        ({"condition": {"tickers": ["abcd"]}}, True),
        ({"condition": {"tickers": ["WXYZ"]}}, False),
        ({"condition": {"therapeutic_areas": ["oncology"]}}, True),
        ({"condition": {"therapeutic_areas": ["metabolic"]}}, False),
        ({"alert_type": "custom", "condition": {"severity": "low"}}, True),
        ({"alert_type": "custom", "condition": {"threshold": 1}}, False),
    ],
)
def test_a_signal_is_told_where_its_type_severity_and_company_are_asked_for(
    market: Database, company: Company, values: dict[str, Any], goes_off: bool
) -> None:
    def add(session: Session) -> None:
        session.add(Alert(**{"name": "tell me", "alert_type": "new_signal", "condition": {}, **values}))

    market.write(add)
    assert bool(market.write(signal, company.id)) is goes_off


def test_of_a_company_that_was_deleted_nobody_is_told(market: Database) -> None:
    gone = market.write(add_company, "GONE", deleted_at=NOW)
    market.write(add_alert, "new_signal", {})
    market.write(add_alert, "score_threshold", {"threshold": 1})
    assert market.write(signal, gone.id) == []
    assert market.write(score, gone.id, 90, NOW) == []


def test_the_same_alert_about_the_same_company_stays_quiet_for_a_day(
    market: Database, company: Company, clock: FixedClock
) -> None:
    alert = market.write(add_alert, "new_signal", {})
    other = market.write(add_company, "OTHER")
    assert len(market.write(signal, company.id)) == 1
    assert market.write(signal, company.id) == []
    assert len(market.write(signal, other.id)) == 1
    clock.advance(DAY - timedelta(seconds=1))
    assert market.write(signal, company.id) == []
    clock.advance(timedelta(seconds=1))
    assert len(market.write(signal, company.id)) == 1
    assert market.read(get_alert, alert.id).trigger_count == 3


def test_the_database_itself_keeps_the_same_news_from_being_stored_twice(market: Database, company: Company) -> None:
    market.write(add_alert, "new_signal", {})
    (trigger,) = market.write(signal, company.id)

    def again(session: Session) -> None:
        values = {**dict(trigger.__dict__), "id": new_id()}
        values.pop("_sa_instance_state")
        session.add(AlertTrigger(**values))

    with pytest.raises(AlreadyExists):
        market.write(again)


def test_signals_that_arrive_at_once_set_an_alert_off_once(database: Database) -> None:
    company = database.write(add_company)
    alert = database.write(add_alert, "new_signal", {})
    together = threading.Barrier(8)

    def arrive(_: int) -> int:
        together.wait()
        return len(database.write(signal, company.id))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(arrive, range(8))) == 1
    assert database.read(get_alert, alert.id).trigger_count == 1


def test_an_alert_about_many_companies_at_once_counts_every_time(database: Database) -> None:
    companies = [database.write(add_company, f"CO{number}").id for number in range(8)]
    alert = database.write(add_alert, "new_signal", {})
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda company_id: database.write(signal, company_id), companies))
    assert database.read(get_alert, alert.id).trigger_count == 8


def test_webhooks_hear_of_the_score_then_of_the_watchlist_then_of_the_alert(market: Database, company: Company) -> None:
    made = market.write(
        add_webhook, URL, event_types=["score_update", "watchlist_update", "alert_triggered", "new_signal"]
    )
    alert = market.write(add_alert, "score_threshold", {"threshold": 80})
    (trigger,) = market.write(score, company.id, 81, NOW)
    rows = market.read(find_deliveries)
    assert {row.webhook_id for row in rows} == {made.webhook.id}
    events = [json.loads(row.body) for row in rows]
    assert [event["event_type"] for event in events] == ["score_update", "watchlist_update", "alert_triggered"]
    assert {event["correlation_id"] for event in events} == {str(trigger.score_id)}
    assert {event["payload"]["company"]["ticker"] for event in events} == {"ABCD"}
    assert events[0]["payload"]["score"]["total_score"] == 81.0
    assert events[2]["payload"]["alert"]["id"] == str(alert.id)
    assert events[2]["payload"]["trigger"]["reason"] == "total_score is 81, >= 80"


def test_when_storing_fails_nobody_was_told(market: Database, company: Company) -> None:
    market.write(add_webhook, URL, event_types=["score_update", "alert_triggered"])
    alert = market.write(add_alert, "score_threshold", {"threshold": 80})

    def fail(session: Session) -> None:
        assert len(score(session, company.id, 90, NOW)) == 1
        raise InvalidValue(field="other", reason="goes wrong afterwards")

    with pytest.raises(InvalidValue):
        market.write(fail)
    assert market.read(find_deliveries) == []
    assert market.read(get_alert, alert.id).trigger_count == 0
    assert market.read(lambda session: session.scalars(select(AlertTrigger)).all()) == []


def test_an_alert_that_cannot_be_read_does_not_keep_a_score_from_being_stored(
    market: Database, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    market.write(
        lambda session: session.add(Alert(name="odd", alert_type="score_threshold", condition={"treshold": 80}))
    )
    market.write(add_alert, "score_threshold", {"threshold": 80})
    assert len(market.write(score, company.id, 90, NOW)) == 1
    assert "is not judged" in caplog.text


def test_what_belongs_to_one_client_is_told_to_no_other(market: Database, company: Company) -> None:
    def add_clients(session: Session) -> list[UUID]:
        clients = [Client(client_name=name) for name in ("one", "other")]
        session.add_all(clients)
        session.flush()
        return [client.id for client in clients]

    one, other = market.write(add_clients)
    told = market.write(add_webhook, URL, event_types=["alert_triggered", "report_ready"], client_id=one)
    market.write(add_webhook, URL, event_types=["alert_triggered", "report_ready"], client_id=other)
    market.write(add_alert, "new_signal", {}, client_id=one)
    market.write(add_alert, "report_ready", {}, client_id=other)
    market.write(add_alert, "report_ready", {}, client_id=one)
    assert len(market.write(signal, company.id)) == 1
    assert len(market.write(announce, one)) == 1
    events = Counter((row.webhook_id, row.event_type.value) for row in market.read(find_deliveries))
    assert events == {(told.webhook.id, "alert_triggered"): 2, (told.webhook.id, "report_ready"): 1}


def test_a_report_that_is_ready_sets_off_the_alerts_that_wait_for_one(market: Database) -> None:
    alert = market.write(add_alert, "report_ready", {})
    (trigger,) = market.write(announce)
    assert (trigger.alert_id, trigger.company_id, trigger.reason) == (alert.id, None, "a report is ready")
    assert len(market.write(announce)) == 1, "another report is other news"


def test_companies_come_onto_the_watchlist_stay_and_leave_by_their_scores(
    market: Database, company: Company, clock: FixedClock
) -> None:
    market.write(add_alert, "watchlist_add", {})
    market.write(add_alert, "watchlist_remove", {})
    seen = []
    for total in (69, 71, 90, 55, 49, 60):
        reasons = [trigger.reason for trigger in market.write(score, company.id, total, clock.advance(2 * DAY))]
        entries = [(entry.tier, entry.peak_score, entry.current_score) for _, entry in market.read(watched)]
        seen.append((reasons, entries))
    assert seen == [
        ([], []),
        (["the company was put on the watchlist"], [(2, 71, 71)]),
        ([], [(1, 90, 90)]),
        ([], [(4, 90, 55)]),
        (["the company was taken off the watchlist"], []),
        ([], []),
    ]
    (stay,) = market.read(lambda session: session.scalars(select(WatchlistEntry)).all())
    assert (stay.added_score, stay.current_score, stay.removed_at) == (71, 49, clock.now() - 2 * DAY)


def test_an_alert_that_went_off_is_acknowledged_and_then_resolved_by_name(
    market: Database, company: Company, clock: FixedClock
) -> None:
    market.write(add_alert, "new_signal", {})
    (trigger,) = market.write(signal, company.id)
    ada = market.acting_as(Actor(new_id(), "Ada"))
    with pytest.raises(StepRefused):
        ada.write(triggers.resolve, trigger.id)
    seen = ada.write(triggers.acknowledge, trigger.id)
    assert (seen.status, seen.acknowledged_by, seen.acknowledged_at) == ("acknowledged", "Ada", NOW)
    with pytest.raises(StepRefused):
        ada.write(triggers.acknowledge, trigger.id)
    clock.advance(DAY)
    done = ada.write(triggers.resolve, trigger.id)
    assert (done.status, done.resolved_by, done.resolved_at) == ("resolved", "Ada", clock.now())
    with pytest.raises(AlertTriggerNotFound):
        ada.write(triggers.resolve, UUID(int=1))
