"""Claims about matches, reports, alerts and webhooks as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.errors import AcquirerMatchNotFound, CompanyNotFound, StepRefused
from strongroom.systems.biotech.models import AcquirerMatch, Report
from strongroom.systems.biotech.repositories import (
    AcquirerMatchRepository,
    AlertRepository,
    CompanyRepository,
    ReportRepository,
)
from strongroom.systems.biotech.rules.enums import ReportStatus

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def add_company(session: Session, ticker: str = "ABCD") -> UUID:
    return CompanyRepository(session).create(ticker, f"{ticker} Inc.", 1000, 100).id


def match(ticker: str, fit: float, **values: Any) -> AcquirerMatch:
    return AcquirerMatch(acquirer_ticker=ticker, acquirer_name=f"{ticker} plc", strategic_fit_score=fit, **values)


def ranking(matches: Any) -> list[tuple[int | None, str, bool]]:
    return [(row.match_rank, row.acquirer_ticker, row.is_top_match) for row in matches]


def test_a_run_is_ranked_from_the_best_without_gaps_and_five_are_on_top(any_database: Database) -> None:
    def act(session: Session) -> list[tuple[int | None, str, bool]]:
        target = add_company(session)
        fits = {"A": 1, "B": 9, "C": 5, "D": 5, "E": 2, "F": 3}
        AcquirerMatchRepository(session).replace_matches(target, [match(name, fit) for name, fit in fits.items()])
        return ranking(AcquirerMatchRepository(session).get_for_target(target))

    top = [(1, "B", True), (2, "C", True), (3, "D", True), (4, "F", True), (5, "E", True)]
    assert any_database.write(act) == [*top, (6, "A", False)]


def test_a_new_run_replaces_the_one_before_which_is_kept(any_database: Database) -> None:
    def act(session: Session) -> None:
        target, hidden = add_company(session), add_company(session, "GONE")
        matches = AcquirerMatchRepository(session)
        for company_id in (target, hidden):
            matches.replace_matches(company_id, [match("OLD", 9), match("BOTH", 8)])
            matches.replace_matches(company_id, [match("NEW", 4), match("BOTH", 7)])
        CompanyRepository(session).soft_delete(hidden)
        assert ranking(matches.get_for_target(target)) == [(1, "BOTH", True), (2, "NEW", True)]
        assert [(row.target_company.ticker, row.acquirer_ticker) for row in matches.get_top()] == [
            ("ABCD", "BOTH"),
            ("ABCD", "NEW"),
        ]
        assert [row.strategic_fit_score for row in matches.get_by_acquirer("both")] == [7.0, 8.0]
        matches.create(target, "LATER", "Later plc", 3)
        assert [name for _, name, _ in ranking(matches.get_for_target(target))] == ["BOTH", "NEW", "LATER"]
        assert matches.replace_matches(target, []) == []
        assert (matches.get_for_target(target), matches.get_top()) == ([], [])
        assert len(matches.get_by_acquirer("both")) == 2

    any_database.write(act)


@pytest.mark.parametrize("values", [{"strategic_fit_score": 10.01}, {"match_rank": 0}, {"probability": 1.001}])
def test_a_match_beyond_its_bounds_is_refused(any_database: Database, values: dict[str, Any]) -> None:
    given = {"acquirer_ticker": "BUY", "acquirer_name": "Buyer", "strategic_fit_score": 5, **values}
    with pytest.raises(IntegrityError):
        any_database.write(lambda session: AcquirerMatchRepository(session).create(add_company(session), **given))


@pytest.mark.parametrize(
    "valuation",
    [
        {"valuation_low_usd": 2, "valuation_base_usd": 1},
        {"valuation_base_usd": 2, "valuation_high_usd": 1},
        {"valuation_low_usd": 2, "valuation_high_usd": 1},
        {"valuation_low_usd": -1, "valuation_base_usd": 1},
    ],
)
def test_a_valuation_lies_in_order(any_database: Database, valuation: dict[str, int]) -> None:
    with pytest.raises(IntegrityError):
        any_database.write(
            lambda session: AcquirerMatchRepository(session).create(
                add_company(session), "BUY", "Buyer", 5, **valuation
            )
        )


def test_nobody_is_matched_with_itself_or_with_nothing(any_database: Database) -> None:
    def act(session: Session) -> None:
        target, matches = add_company(session), AcquirerMatchRepository(session)
        with pytest.raises(InvalidValue, match="acquirer_ticker"):
            matches.create(target, "abcd", "Itself", 5)
        with pytest.raises(InvalidValue, match="acquirer_ticker"):
            matches.replace_matches(target, [match("ABCD", 5)])
        CompanyRepository(session).soft_delete(target)
        with pytest.raises(CompanyNotFound):
            matches.replace_matches(target, [match("BUY", 5)])
        with pytest.raises(AcquirerMatchNotFound):
            matches.get(target)

    any_database.write(act)


def test_runs_at_once_leave_the_top_of_one_of_them(database: Database) -> None:
    target, start = database.write(add_company), Barrier(4)

    def run(number: int) -> None:
        start.wait()
        database.write(
            lambda session: AcquirerMatchRepository(session).replace_matches(
                target, [match(f"R{number}A", 9), match(f"R{number}B", 8)]
            )
        )

    threads = [Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    top = database.read(lambda session: AcquirerMatchRepository(session).get_top())
    assert [row.match_rank for row in top] == [1, 2]
    assert len({row.run_id for row in top}) == 1


def add_report(session: Session, /, **values: Any) -> Report:
    given = {"report_type": "daily_digest", "title": "Digest", "report_date": NOW, **values}
    return ReportRepository(session).create(**given)


def test_a_report_begins_as_a_pending_pdf(any_database: Database) -> None:
    report = any_database.write(add_report)
    assert (report.format, report.delivery_status, report.sent_at) == ("pdf", "pending", None)


def test_reports_are_found_by_type_and_date_newest_first(any_database: Database) -> None:
    def act(session: Session) -> None:
        for days, kind in ((9, "daily_digest"), (1, "daily_digest"), (0, "weekly_summary")):
            add_report(session, report_date=NOW - timedelta(days=days), report_type=kind, title=f"{kind} {days}")
        fresh = add_report(session, report_date=datetime.now(UTC), report_type="custom", title="fresh")
        reports = ReportRepository(session)
        assert [row.title for row in reports.get_by_type("daily_digest")] == ["daily_digest 1", "daily_digest 9"]
        since = NOW - timedelta(days=1)
        assert [row.title for row in reports.get_by_type("daily_digest", since, since)] == ["daily_digest 1"]
        assert "fresh" in [row.title for row in reports.get_recent()]
        assert reports.soft_delete(fresh.id) is True
        assert reports.get_by_id(fresh.id) is None
        assert "fresh" not in [row.title for row in reports.get_recent()]
        with pytest.raises(ValueError, match="report_type"):
            reports.get_by_type("horoscope")

    any_database.write(act)


@pytest.mark.parametrize("status", ["sent", "success"])
def test_a_report_that_is_sent_was_sent_at_some_time_and_stays_sent(any_database: Database, status: str) -> None:
    def act(session: Session) -> None:
        reports = ReportRepository(session)
        at_its_time, now = add_report(session), add_report(session)
        done = reports.update_delivery_status(at_its_time.id, status, sent_at=NOW)
        assert done is not None
        assert (done.delivery_status, done.sent_at) == (ReportStatus.SENT, NOW)
        again = reports.update_delivery_status(now.id, status)
        assert again is not None
        assert again.sent_at is not None
        assert reports.update_delivery_status(now.id, "sent") is again
        with pytest.raises(StepRefused):
            reports.update_delivery_status(now.id, "pending")
        with pytest.raises(InvalidValue):
            reports.update_delivery_status(now.id, "lost")
        assert reports.update_delivery_status("no id", "sent") is None
        assert add_report(session, delivery_status="sent").sent_at is not None

    any_database.write(act)


@pytest.mark.parametrize(
    "values",
    [
        {"s3_key": "a"},
        {"file_size_bytes": -1},
        {"sent_at": NOW},
        {"period_start": NOW, "period_end": NOW - timedelta(days=1)},
        {"checksum": "short"},
    ],
)
def test_a_report_that_contradicts_itself_is_refused(any_database: Database, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        any_database.write(add_report, **values)


def test_a_report_may_be_larger_than_two_gibibytes(any_database: Database) -> None:
    assert any_database.write(add_report, file_size_bytes=2**40).file_size_bytes == 2**40


def test_active_alerts_are_found_by_type_and_none_that_is_hidden(any_database: Database) -> None:
    def act(session: Session) -> None:
        alerts = AlertRepository(session)
        high = alerts.create_alert("High", "score_threshold", {"threshold": 80, "operator": ">="})
        alerts.create_alert("Idle", "score_threshold", {"threshold": 80}, is_active=False)
        news = alerts.create_alert("News", "new_signal", {"signal_types": ["patent"]}, company_tickers=["abcd", "ABCD"])
        assert news.company_tickers == ["ABCD"]
        assert alerts.get_active_alerts() == [high, news]
        assert alerts.get_active_alerts("new_signal") == [news]
        alerts.soft_delete(high.id)
        assert alerts.get_active_alerts(alert_type="score_threshold") == []
        with pytest.raises(ValueError, match="alert_type"):
            alerts.get_active_alerts("banana")

    any_database.write(act)


@pytest.mark.parametrize(
    "values",
    [
        {"alert_type": "banana"},
        {"condition": {"threshold": 80, "operator": "~"}},
        {"notification_channels": ["pigeon"]},
        {"trigger_count": 7},
        {"name": " "},
    ],
)
def test_an_alert_that_cannot_be_understood_is_refused(any_database: Database, values: dict[str, Any]) -> None:
    given = {"name": "High", "alert_type": "score_threshold", "condition": {"threshold": 80}, **values}
    with pytest.raises(InvalidValue):
        any_database.write(lambda session: AlertRepository(session).create_alert(**given))


def in_threads(database: Database, count: int, action: Any) -> None:
    threads = [Thread(target=database.write, args=(action,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_no_trigger_is_lost_when_many_come_at_once(database: Database) -> None:
    alert = database.write(
        lambda session: AlertRepository(session).create_alert("High", "score_threshold", {"threshold": 80})
    )
    in_threads(database, 8, lambda session: AlertRepository(session).update_alert_trigger(alert.id))
    stored = database.read(lambda session: AlertRepository(session).get(alert.id))
    assert (stored.trigger_count, stored.last_triggered is None) == (8, False)


def test_webhooks_are_found_by_event_under_either_name(any_database: Database) -> None:
    def act(session: Session) -> None:
        alerts = AlertRepository(session)
        scores = alerts.create_webhook("Scores", "https://example.com/a", ["score.changed", "score_update"])
        both = alerts.create_webhook("Both", "https://example.com/b", ["score_update", "new_signal"])
        assert scores.event_types == ["score_update"]
        assert scores.retry_policy == {"max_retries": 3, "retry_delay_seconds": 60}
        scores.retry_policy["max_retries"] = 9
        assert both.retry_policy["max_retries"] == 3
        assert alerts.get_active_webhooks() == [scores, both]
        assert alerts.get_active_webhooks("signal.detected") == [both]
        assert alerts.get_active_webhooks(event_type="report_ready") == []
        for events in ([], ["weather"]):
            with pytest.raises(InvalidValue, match="event_types"):
                alerts.create_webhook("None", "https://example.com/c", events)

    any_database.write(act)


def test_attempts_are_counted_in_the_row_itself(any_database: Database) -> None:
    def act(session: Session) -> tuple[int, int, str | None, int]:
        alerts = AlertRepository(session)
        hook = alerts.create_webhook("Hook", "https://example.com/a", ["new_signal"])
        alerts.update_webhook_status(hook.id, False, "HTTP 500")
        alerts.update_webhook_status(hook.id, success=False)
        alerts.update_webhook_status(hook.id, success=True)
        return hook.success_count, hook.failure_count, hook.last_error, hook.consecutive_failures

    assert any_database.write(act) == (1, 2, "HTTP 500", 0)
