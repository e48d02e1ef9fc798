"""The life of an alert that goes off: triggered, told to webhooks, acknowledged by somebody, resolved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.systems.biotech.errors import StepRefused
from strongroom.systems.biotech.models import Alert, AlertTrigger, Company, MAScore, Signal
from strongroom.systems.biotech.repositories.triggers import AlertTriggerRepository, standing_alerts
from strongroom.systems.biotech.rules.alert_conditions import Condition, parse_condition
from strongroom.systems.biotech.rules.alert_levels import QUIET, dedupe_key
from strongroom.systems.biotech.rules.enums import AlertLevel, AlertType, TriggerStatus, WebhookEvent
from strongroom.systems.biotech.services.webhooks import publish

log = logging.getLogger("strongroom.biotech")


@dataclass(frozen=True, slots=True)
class News:
    """What alerts are judged on. source_id: of the score, signal or report that brought it; total_score: the latest.

    client_id: whose report it is; None for one of the house, and for what is about a company.
    """

    source_id: UUID
    level: AlertLevel
    details: dict[str, Any] = field(default_factory=dict)
    company: Company | None = None
    score: MAScore | None = None
    signal: Signal | None = None
    total_score: float | None = None
    client_id: UUID | None = None


#: why an alert of this condition goes off, None when it does not
Judge = Callable[[Condition], str | None]


def set_off(session: Session, news: News, types: Sequence[AlertType], judge: Judge) -> list[AlertTrigger]:
    """Let every alert of these types that the news meets go off. The company, if there is one, is locked before.

    An alert that went off about the company within 24 hours stays quiet.
    """
    company = news.company
    went_off = []
    for alert in session.scalars(standing_alerts(types, company.ticker if company else None)).all():
        condition = _condition_of(alert)
        if condition is None or (company is None and alert.client_id not in (None, news.client_id)):
            continue
        if company is not None and not condition.scope.covers(company.ticker, company.therapeutic_areas):
            continue
        reason = judge(condition)
        if reason is not None and (trigger := _trigger(session, alert, news, reason)) is not None:
            went_off.append(trigger)
    return went_off


def acknowledge(session: Session, trigger_id: UUID | str) -> AlertTrigger:
    """Say that somebody has seen it: the caller, now. Raises AlertTriggerNotFound, StepRefused."""
    trigger = _step(session, trigger_id, TriggerStatus.TRIGGERED, TriggerStatus.ACKNOWLEDGED)
    trigger.acknowledged_at, trigger.acknowledged_by = now_of(session), actor_of(session).name
    session.flush()
    return trigger


def resolve(session: Session, trigger_id: UUID | str) -> AlertTrigger:
    """Say that it is dealt with, after it was acknowledged. Raises AlertTriggerNotFound, StepRefused."""
    trigger = _step(session, trigger_id, TriggerStatus.ACKNOWLEDGED, TriggerStatus.RESOLVED)
    trigger.resolved_at, trigger.resolved_by = now_of(session), actor_of(session).name
    session.flush()
    return trigger


def about(company: Company) -> dict[str, Any]:
    """How every event names the company it is about."""
    return {"company": {"id": str(company.id), "ticker": company.ticker, "name": company.name}}


def _condition_of(alert: Alert) -> Condition | None:
    try:
        return parse_condition(
            alert.alert_type,
            alert.condition,
            threshold_value=alert.threshold_value,
            tickers=alert.company_tickers,
            signal_types=alert.signal_types,
        )
    except InvalidValue as error:
        # an alert written past our checks must not keep anybody's score from being stored
        log.warning("alert %s is not judged: %s", alert.id, error)
        return None


def _trigger(session: Session, alert: Alert, news: News, reason: str) -> AlertTrigger | None:
    now = now_of(session)
    company_id = news.company.id if news.company else None
    key = dedupe_key(alert.id, company_id or news.source_id, now)
    triggers = AlertTriggerRepository(session)
    if company_id is None:
        # there is no company to lock: of two that bring the same news, the second waits here
        session.execute(select(Alert.id).where(Alert.id == alert.id).with_for_update(key_share=True))
    if triggers.is_known(key) or (company_id and triggers.is_told_since(alert.id, company_id, now - QUIET)):
        return None
    trigger = triggers.add(
        AlertTrigger(
            alert_id=alert.id,
            company_id=company_id,
            score_id=news.score.id if news.score else None,
            signal_id=news.signal.id if news.signal else None,
            triggered_at=now,
            reason=reason,
            details=news.details,
            severity=news.level,
            dedupe_key=key,
            channels=list(alert.notification_channels),
        )
    )
    triggers.count_on(alert.id, now)
    payload = {
        **(about(news.company) if news.company else {}),
        "alert": {"id": str(alert.id), "name": alert.name, "alert_type": alert.alert_type.value},
        "trigger": trigger.to_dict(),
    }
    publish(
        session,
        WebhookEvent.ALERT_TRIGGERED,
        payload,
        company=news.company,
        score=news.total_score,
        client_id=alert.client_id,
        correlation_id=news.source_id,
    )
    return trigger


def _step(session: Session, trigger_id: UUID | str, before: TriggerStatus, after: TriggerStatus) -> AlertTrigger:
    triggers = AlertTriggerRepository(session)
    found = triggers.get(trigger_id)
    trigger = triggers.lock([found.id])[found.id]
    if trigger.status is not before:
        raise StepRefused(what="triggered alert", before=trigger.status.value, after=after.value)
    trigger.status = after
    return trigger
