"""Tells those who asked when scores, signals or a report arrive: alerts go off and webhooks are written to.

It happens in the transaction in which they are stored, all or nothing, and behind the companies' row locks: two scores
that arrive at once are judged one after the other. One of them is judged as a thousand are, with as many statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.tables import has_all
from strongroom.systems.biotech.models import AlertTrigger, Company, MAScore, Report, Signal, Webhook
from strongroom.systems.biotech.repositories.score_courses import Place, latest_totals, places, totals_at
from strongroom.systems.biotech.repositories.triggers import standing_alerts
from strongroom.systems.biotech.rules.alert_conditions import Change, Condition, NewSignal, Threshold
from strongroom.systems.biotech.rules.alert_levels import RISE_DAYS, level_of_score, level_of_signal
from strongroom.systems.biotech.rules.enums import AlertLevel, AlertType, WebhookEvent
from strongroom.systems.biotech.rules.watchlists import WatchlistMove
from strongroom.systems.biotech.services.outbox import lock_companies
from strongroom.systems.biotech.services.telling import Judge, Listeners, News, find_listeners, tell
from strongroom.systems.biotech.services.watchlists import follow_scores

_ON_SCORES = (AlertType.SCORE_THRESHOLD, AlertType.SCORE_CHANGE, AlertType.CUSTOM)
_ON_SIGNALS = (AlertType.NEW_SIGNAL, AlertType.CUSTOM)
_ON_MOVES = {WatchlistMove.ADD: AlertType.WATCHLIST_ADD, WatchlistMove.REMOVE: AlertType.WATCHLIST_REMOVE}

#: points since the last score at or before so many days ago; None when there was none
_Moved = Callable[[int], float | None]


def evaluate_scores(session: Session, scores: Sequence[MAScore]) -> list[AlertTrigger]:
    """Judge scores that were just stored, tell of them in their order, and return the alerts they set off.

    A score that is not its company's latest fills in history: nobody is told. Nor of a company that was deleted.
    """
    companies = lock_companies(session, {score.company_id for score in scores})
    stand = places(session, [score.id for score in scores if score.company_id in companies])
    latest = [score for score in scores if score.id in stand and stand[score.id].is_latest]
    if not latest:
        return []
    heard = [companies[score.company_id] for score in latest]
    listeners = find_listeners(session, (*_ON_SCORES, *_ON_MOVES.values()), heard)
    totals = totals_at(session, _moments(latest, listeners))
    moves = follow_scores(session, latest)
    news: list[News] = []
    for score, company in zip(latest, heard, strict=True):
        news += _news_of(score, company, stand[score.id], totals, moves.get(company.id))
    return tell(session, news, listeners)


def evaluate_signals(session: Session, signals: Sequence[Signal]) -> list[AlertTrigger]:
    """Judge signals that were just stored, tell of them in their order, and return the alerts they set off.

    Nobody is told of a company that was deleted.
    """
    companies = lock_companies(session, {signal.company_id for signal in signals})
    if not companies:
        return []
    totals = latest_totals(session, companies)
    listeners = find_listeners(session, _ON_SIGNALS, companies.values())
    news = [
        News(
            source_id=signal.id,
            level=level_of_signal(signal.severity),
            event=WebhookEvent.NEW_SIGNAL,
            payload={"signal": signal.to_dict()},
            types=_ON_SIGNALS,
            judge=_judge_of_signal(signal),
            details={"signal_type": signal.signal_type, "severity": signal.severity.value, "title": signal.title},
            company=companies[signal.company_id],
            signal=signal,
            total_score=totals.get(signal.company_id),
        )
        for signal in signals
        if signal.company_id in companies
    ]
    return tell(session, news, listeners)


def is_anyone_waiting_for_signals(session: Session) -> bool:
    """Whether any alert or webhook could hear of a signal at all, whatever its company; two cheap questions."""
    alerts = standing_alerts(_ON_SIGNALS)
    webhooks = select(Webhook.id).where(
        Webhook.is_active, has_all(Webhook.event_types, [WebhookEvent.NEW_SIGNAL.value])
    )
    return bool(session.scalar(select(or_(alerts.exists(), webhooks.exists()))))


def announce_report(session: Session, report: Report) -> list[AlertTrigger]:
    """Tell that a report is ready, and return the alerts that were waiting for one. A client's own only to it."""
    details = {"report_type": report.report_type.value, "title": report.title}
    types = (AlertType.REPORT_READY,)
    news = News(
        source_id=report.id,
        level=AlertLevel.INFO,
        event=WebhookEvent.REPORT_READY,
        payload={"report": {"id": str(report.id), "report_date": report.report_date.isoformat(), **details}},
        types=types,
        judge=lambda _: "a report is ready",
        details=details,
        client_id=report.client_id,
    )
    return tell(session, [news], find_listeners(session, types))


def _moments(scores: Sequence[MAScore], listeners: Listeners) -> set[tuple[UUID, datetime]]:
    """From when the totals are needed that the scores are measured against."""
    moments = set()
    for score in scores:
        conditions = (listener.condition for listener in listeners[score.company_id])
        asked = {condition.days for condition in conditions if isinstance(condition, Change)}
        moments |= {(score.company_id, score.score_date - timedelta(days=days)) for days in asked.union(RISE_DAYS)}
    return moments


def _news_of(
    score: MAScore,
    company: Company,
    place: Place,
    totals: Mapping[tuple[UUID, datetime], float | None],
    move: WatchlistMove | None,
) -> list[News]:
    """That the score changed, then what that did to the watchlist, then what alerts make of it."""

    def moved(days: int) -> float | None:
        earlier = totals[company.id, score.score_date - timedelta(days=days)]
        return None if earlier is None else round(score.total_score - earlier, 2)

    total = score.total_score
    details = {"total_score": total, "previous_score": place.previous["total_score"] if place.previous else None}
    plain = News(
        source_id=score.id,
        level=level_of_score(total, {days: moved(days) for days in RISE_DAYS}),
        details=details,
        company=company,
        score=score,
        total_score=total,
    )
    told = replace(plain, event=WebhookEvent.SCORE_UPDATE, payload={"score": score.to_dict(), **details})
    judged = replace(plain, types=_ON_SCORES, judge=_judge_of_score(score, place.previous, moved))
    return [told, *_news_of_move(plain, total, move), judged]


def _news_of_move(plain: News, total: float, move: WatchlistMove | None) -> list[News]:
    if move not in _ON_MOVES:
        return []
    reason = f"the company was {'put on' if move is WatchlistMove.ADD else 'taken off'} the watchlist"
    payload = {"move": move.value, "total_score": total}
    return [
        replace(
            plain,
            event=WebhookEvent.WATCHLIST_UPDATE,
            payload=payload,
            types=(_ON_MOVES[move],),
            judge=lambda _: reason,
        )
    ]


def _judge_of_score(score: MAScore, previous: Mapping[str, float] | None, moved: _Moved) -> Judge:
    def judge(condition: Condition) -> str | None:
        if isinstance(condition, Threshold):
            current: float = getattr(score, condition.metric)
            crossed = condition.is_crossed(previous[condition.metric] if previous else None, current)
            return f"{condition.metric} is {current:g}, {condition.operator} {condition.value:g}" if crossed else None
        if isinstance(condition, Change):
            points, days = moved(condition.days), condition.days
            return f"total_score moved by {points:+g} in {days} days" if condition.is_reached(points) else None
        return None

    return judge


def _judge_of_signal(signal: Signal) -> Judge:
    def judge(condition: Condition) -> str | None:
        if isinstance(condition, NewSignal) and condition.is_met(signal.signal_type, signal.severity):
            return f"a signal of type {signal.signal_type} and severity {signal.severity.value} arrived"
        return None

    return judge
