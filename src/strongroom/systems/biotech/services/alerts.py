"""Tells those who asked when a score, a signal or a report arrives: alerts go off and webhooks are written to.

It happens in the transaction in which the score or signal is stored, all or nothing, and behind the company's row
lock: two scores that arrive at once are judged one after the other.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.tables import has_all
from strongroom.systems.biotech.models import AlertTrigger, Company, LatestScore, MAScore, Report, Signal, Webhook
from strongroom.systems.biotech.repositories.triggers import score_before, standing_alerts
from strongroom.systems.biotech.rules.alert_conditions import Change, Condition, NewSignal, Threshold
from strongroom.systems.biotech.rules.alert_levels import RISE_DAYS, level_of_score, level_of_signal
from strongroom.systems.biotech.rules.enums import AlertLevel, AlertType, WebhookEvent
from strongroom.systems.biotech.rules.watchlists import WatchlistMove
from strongroom.systems.biotech.services.triggers import News, about, set_off
from strongroom.systems.biotech.services.watchlists import follow_score
from strongroom.systems.biotech.services.webhooks import lock_company, publish

_ON_SCORES = (AlertType.SCORE_THRESHOLD, AlertType.SCORE_CHANGE, AlertType.CUSTOM)
_ON_SIGNALS = (AlertType.NEW_SIGNAL, AlertType.CUSTOM)
_ON_MOVES = {WatchlistMove.ADD: AlertType.WATCHLIST_ADD, WatchlistMove.REMOVE: AlertType.WATCHLIST_REMOVE}


def evaluate_score(session: Session, score: MAScore) -> list[AlertTrigger]:
    """Judge a score that was just stored, tell of it, and return the alerts it set off.

    A score that is not the company's latest fills in history: nobody is told. Nor of a company that was deleted.
    """
    company = _find_live(session, score.company_id)
    if company is None:
        return []
    lock_company(session, company)
    if _is_history(session, score):
        return []
    previous = session.scalar(score_before(company.id, score.score_date))
    news = News(
        source_id=score.id,
        level=level_of_score(score.total_score, {days: _moved(session, score, days) for days in RISE_DAYS}),
        details={"total_score": score.total_score, "previous_score": previous.total_score if previous else None},
        company=company,
        score=score,
        total_score=score.total_score,
    )
    _tell(session, WebhookEvent.SCORE_UPDATE, news, {"score": score.to_dict(), **news.details})
    went_off = _follow(session, company, score, news)

    def judge(condition: Condition) -> str | None:
        return _judged(session, condition, score, previous)

    return [*went_off, *set_off(session, news, _ON_SCORES, judge)]


def evaluate_signal(session: Session, signal: Signal) -> list[AlertTrigger]:
    """Judge a signal that was just stored, tell of it, and return the alerts it set off."""
    company = _find_live(session, signal.company_id)
    if company is None:
        return []
    lock_company(session, company)
    news = News(
        source_id=signal.id,
        level=level_of_signal(signal.severity),
        details={"signal_type": signal.signal_type, "severity": signal.severity.value, "title": signal.title},
        company=company,
        signal=signal,
        total_score=session.scalar(select(LatestScore.total_score).where(LatestScore.company_id == company.id)),
    )
    _tell(session, WebhookEvent.NEW_SIGNAL, news, {"signal": signal.to_dict()})

    def judge(condition: Condition) -> str | None:
        if isinstance(condition, NewSignal) and condition.is_met(signal.signal_type, signal.severity):
            return f"a signal of type {signal.signal_type} and severity {signal.severity.value} arrived"
        return None

    return set_off(session, news, _ON_SIGNALS, judge)


def is_anyone_waiting_for_signals(session: Session) -> bool:
    """Whether any alert or webhook could hear of a signal at all, whatever its company; two cheap questions."""
    alerts = standing_alerts(_ON_SIGNALS, None)
    webhooks = select(Webhook.id).where(
        Webhook.is_active, has_all(Webhook.event_types, [WebhookEvent.NEW_SIGNAL.value])
    )
    return bool(session.scalar(select(or_(alerts.exists(), webhooks.exists()))))


def announce_report(session: Session, report: Report) -> list[AlertTrigger]:
    """Tell that a report is ready, and return the alerts that were waiting for one. A client's own only to it."""
    details = {"report_type": report.report_type.value, "title": report.title}
    news = News(source_id=report.id, level=AlertLevel.INFO, details=details, client_id=report.client_id)
    _tell(
        session,
        WebhookEvent.REPORT_READY,
        news,
        {"report": {"id": str(report.id), "report_date": report.report_date.isoformat(), **details}},
    )
    return set_off(session, news, (AlertType.REPORT_READY,), lambda _: "a report is ready")


def _tell(session: Session, event: WebhookEvent, news: News, payload: dict[str, object]) -> None:
    publish(
        session,
        event,
        {**(about(news.company) if news.company else {}), **payload},
        company=news.company,
        score=news.total_score,
        client_id=news.client_id,
        correlation_id=news.source_id,
    )


def _follow(session: Session, company: Company, score: MAScore, news: News) -> list[AlertTrigger]:
    move = follow_score(session, company, score)
    if move not in _ON_MOVES:
        return []
    _tell(session, WebhookEvent.WATCHLIST_UPDATE, news, {"move": move.value, "total_score": score.total_score})
    reason = f"the company was {'put on' if move is WatchlistMove.ADD else 'taken off'} the watchlist"
    return set_off(session, news, (_ON_MOVES[move],), lambda _: reason)


def _judged(session: Session, condition: Condition, score: MAScore, previous: MAScore | None) -> str | None:
    if isinstance(condition, Threshold):
        current: float = getattr(score, condition.metric)
        crossed = condition.is_crossed(getattr(previous, condition.metric) if previous else None, current)
        return f"{condition.metric} is {current:g}, {condition.operator} {condition.value:g}" if crossed else None
    if isinstance(condition, Change):
        moved = _moved(session, score, condition.days)
        return f"total_score moved by {moved:+g} in {condition.days} days" if condition.is_reached(moved) else None
    return None


def _moved(session: Session, score: MAScore, days: int) -> float | None:
    """Points since the last score at or before so many days ago; None when there was none."""
    # a microsecond is the finest step of a moment: "before" the next one is "at or before" this one
    moment = score.score_date - timedelta(days=days) + timedelta(microseconds=1)
    earlier = session.scalar(score_before(score.company_id, moment))
    return None if earlier is None else round(score.total_score - earlier.total_score, 2)


def _find_live(session: Session, company_id: UUID) -> Company | None:
    return session.scalar(select(Company).where(Company.id == company_id))


def _is_history(session: Session, score: MAScore) -> bool:
    later = exists().where(MAScore.company_id == score.company_id, MAScore.score_date > score.score_date)
    return bool(session.scalar(select(later)))
