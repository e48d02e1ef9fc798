"""Alerts as their owners keep them: entered, changed, taken away; and what they told, seen to and settled.

client_id: whose they are; None for people, who see and change those of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.biotech.errors import AlertNotFound, AlertTriggerNotFound
from strongroom.systems.biotech.models import Alert, AlertTrigger
from strongroom.systems.biotech.repositories import AlertRepository
from strongroom.systems.biotech.repositories.triggers import AlertTriggerRepository
from strongroom.systems.biotech.repositories.writing import given, settable
from strongroom.systems.biotech.rules.alert_conditions import parse_condition
from strongroom.systems.biotech.rules.payloads import normalise_signal_type
from strongroom.systems.biotech.services import triggers
from strongroom.systems.biotech.services.once import entering, find_entered, id_for
from strongroom.systems.biotech.services.ownership import get_owned

_SETTABLE = settable(Alert, "client_id", "last_triggered", "trigger_count")


def create_alert(session: Session, client_id: UUID | None, key: str | None = None, /, **values: Any) -> Alert:
    """A standing order. key: of the request, entered once. Raises InvalidValue, IdempotencyConflict."""
    row_id = id_for(session, key, "alert")
    sent = {"client_id": client_id, **_read(values)}
    entered = find_entered(session, Alert, row_id, sent)
    if entered is not None:
        return entered
    alert = Alert(id=row_id, **sent)
    _check(alert)
    with entering():
        return AlertRepository(session).add(alert)


def get_alert(session: Session, client_id: UUID | None, alert_id: UUID) -> Alert:
    """Raises AlertNotFound."""
    return get_owned(AlertRepository(session), alert_id, client_id)


def update_alert(session: Session, client_id: UUID | None, alert_id: UUID, /, **values: Any) -> Alert:
    """Raises AlertNotFound, InvalidValue for what does not make a readable condition together."""
    alert = get_alert(session, client_id, alert_id)
    for name, value in _read(values).items():
        setattr(alert, name, value)
    _check(alert)
    session.flush()
    return alert


def delete_alert(session: Session, client_id: UUID | None, alert_id: UUID) -> None:
    """Take an alert away; what it told stays. Raises AlertNotFound."""
    AlertRepository(session).soft_delete(get_alert(session, client_id, alert_id).id)


def restore_alert(session: Session, alert_id: UUID) -> Alert:
    """Raises AlertNotFound."""
    alerts = AlertRepository(session)
    alerts.restore(alert_id)
    return alerts.get(alert_id)


def get_trigger(session: Session, client_id: UUID | None, trigger_id: UUID) -> AlertTrigger:
    """One time an alert went off. Raises AlertTriggerNotFound."""
    trigger = AlertTriggerRepository(session).find(trigger_id)
    if trigger is None:
        raise AlertTriggerNotFound
    if client_id is not None:
        try:
            get_alert(session, client_id, trigger.alert_id)
        except AlertNotFound:
            raise AlertTriggerNotFound from None
    return trigger


def acknowledge(session: Session, client_id: UUID | None, trigger_id: UUID) -> AlertTrigger:
    """Raises AlertTriggerNotFound, StepRefused."""
    return triggers.acknowledge(session, get_trigger(session, client_id, trigger_id).id)


def resolve(session: Session, client_id: UUID | None, trigger_id: UUID) -> AlertTrigger:
    """Raises AlertTriggerNotFound, StepRefused."""
    return triggers.resolve(session, get_trigger(session, client_id, trigger_id).id)


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    named = given(values, _SETTABLE)
    if named.get("signal_types") is not None:
        named["signal_types"] = list(dict.fromkeys(normalise_signal_type(name) for name in named["signal_types"]))
    return named


def _check(alert: Alert) -> None:
    parse_condition(
        alert.alert_type,
        alert.condition,
        threshold_value=alert.threshold_value,
        tickers=alert.company_tickers,
        signal_types=alert.signal_types,
    )
