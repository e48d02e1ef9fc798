"""Tells of news, one or many at once: webhooks are written to, and the alerts that were waiting for it go off."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.models import Alert, AlertTrigger, Company, MAScore, Signal
from strongroom.systems.biotech.repositories.triggers import AlertTriggerRepository, lock_alerts, standing_alerts
from strongroom.systems.biotech.rules.alert_conditions import Condition, parse_condition
from strongroom.systems.biotech.rules.alert_levels import QUIET, dedupe_key
from strongroom.systems.biotech.rules.audiences import audiences
from strongroom.systems.biotech.rules.enums import AlertLevel, AlertType, WebhookEvent
from strongroom.systems.biotech.services.outbox import Event, publish

log = logging.getLogger("strongroom.biotech")

#: why an alert of this condition goes off, None when it does not
Judge = Callable[[Condition], str | None]


@dataclass(frozen=True, slots=True)
class News:
    """What webhooks are told, as an event with its payload, and alerts of these types are judged on.

    event: None for what webhooks were told already. source_id: of the score, signal or report that brought it;
    total_score: the latest. client_id: whose report it is; None for one of the house, and for what is about a company.
    """

    source_id: UUID
    level: AlertLevel
    event: WebhookEvent | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    types: Collection[AlertType] = ()
    judge: Judge = lambda _: None
    details: dict[str, Any] = field(default_factory=dict)
    company: Company | None = None
    score: MAScore | None = None
    signal: Signal | None = None
    total_score: float | None = None
    client_id: UUID | None = None

    @property
    def company_id(self) -> UUID | None:
        """Of the company it is about, None when it is about none."""
        return self.company.id if self.company else None


@dataclass(frozen=True, slots=True)
class Listener:
    """An alert with its condition, read."""

    alert: Alert
    condition: Condition


#: by the company that they may be about, in order of their ids; under None for news of no company
Listeners = Mapping[UUID | None, Sequence[Listener]]


@dataclass(frozen=True, slots=True)
class _Call:
    """News that an alert is to go off about. place: of the news among all; key: see `dedupe_key`."""

    place: int
    news: News
    alert: Alert
    reason: str
    key: str


def find_listeners(
    session: Session, types: Collection[AlertType], companies: Collection[Company] | None = None
) -> Listeners:
    """Active alerts of these types that may be about one of the companies; without companies, of all there are."""
    tickers = None if companies is None else {company.ticker for company in companies}
    alerts = session.scalars(standing_alerts(types, tickers)).all()
    read = [Listener(alert, condition) for alert in alerts if (condition := _condition_of(alert)) is not None]
    heard = audiences(((one, one.condition.scope.tickers) for one in read), {None} if tickers is None else tickers)
    if companies is None:
        return {None: heard[None]}
    return {
        company.id: [
            one
            for one in heard[company.ticker]
            if one.condition.scope.covers(company.ticker, company.therapeutic_areas)
        ]
        for company in companies
    }


def tell(session: Session, news: Sequence[News], listeners: Listeners) -> list[AlertTrigger]:
    """Tell of the news in this order, and of each alert right after what set it off. Returns the alerts that went off.

    The companies are locked before. An alert that went off about a company within 24 hours stays quiet. The number of
    statements does not grow with the news, but for a thousand rows at a time.
    """
    now = now_of(session)
    calls = _fresh(session, _calls(news, listeners, now), now)
    triggers = [_trigger(call, now) for call in calls]
    session.add_all(triggers)
    session.flush()
    AlertTriggerRepository(session).count_on(Counter(call.alert.id for call in calls), now)
    alarms = defaultdict(list)
    for call, trigger in zip(calls, triggers, strict=True):
        alarms[call.place].append(_alarm(call, trigger))
    events = []
    for place, one in enumerate(news):
        if one.event is not None:
            events.append(_event(one, one.event, one.payload, one.client_id))
        events += alarms[place]
    publish(session, events)
    return triggers


def _calls(news: Sequence[News], listeners: Listeners, now: datetime) -> list[_Call]:
    """Whom the news would set off, in its order and that of the alerts."""
    calls = []
    for place, one in enumerate(news):
        for listener in listeners[one.company_id]:
            alert = listener.alert
            if alert.alert_type not in one.types:
                continue
            if one.company is None and alert.client_id not in (None, one.client_id):
                continue
            reason = one.judge(listener.condition)
            if reason is not None:
                key = dedupe_key(alert.id, one.company_id or one.source_id, now)
                calls.append(_Call(place, one, alert, reason, key))
    return calls


def _fresh(session: Session, calls: Sequence[_Call], now: datetime) -> list[_Call]:
    """Those that were not told before; of several with the same news the first."""
    # there is no company to lock: of two that bring the same news, the second waits here
    lock_alerts(session, {call.alert.id for call in calls if call.news.company is None})
    triggers = AlertTriggerRepository(session)
    pairs = {(call.alert.id, call.news.company.id) for call in calls if call.news.company is not None}
    told = triggers.told_since(pairs, now - QUIET)
    known = triggers.known({call.key for call in calls})
    fresh = []
    for call in calls:
        if call.key not in known and (call.alert.id, call.news.company_id) not in told:
            known.add(call.key)
            fresh.append(call)
    return fresh


def _trigger(call: _Call, now: datetime) -> AlertTrigger:
    news = call.news
    return AlertTrigger(
        alert_id=call.alert.id,
        company_id=news.company_id,
        score_id=news.score.id if news.score else None,
        signal_id=news.signal.id if news.signal else None,
        triggered_at=now,
        reason=call.reason,
        details=news.details,
        severity=news.level,
        dedupe_key=call.key,
        channels=list(call.alert.notification_channels),
    )


def _alarm(call: _Call, trigger: AlertTrigger) -> Event:
    alert = call.alert
    payload = {
        "alert": {"id": str(alert.id), "name": alert.name, "alert_type": alert.alert_type.value},
        "trigger": trigger.to_dict(),
    }
    return _event(call.news, WebhookEvent.ALERT_TRIGGERED, payload, alert.client_id)


def _event(news: News, event: WebhookEvent, payload: Mapping[str, Any], client_id: UUID | None) -> Event:
    company = news.company
    about = {"company": {"id": str(company.id), "ticker": company.ticker, "name": company.name}} if company else {}
    return Event(event, {**about, **payload}, company, news.total_score, client_id, news.source_id)


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
