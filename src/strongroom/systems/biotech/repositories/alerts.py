"""Alerts and webhooks: what is active, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import SessionT, operation, query
from strongroom.kernel.sessions import now_of
from strongroom.kernel.tables import has_any
from strongroom.systems.biotech.errors import AlertNotFound, WebhookNotFound
from strongroom.systems.biotech.models import Alert, Webhook
from strongroom.systems.biotech.repositories.writing import HidingRepository, given, settable
from strongroom.systems.biotech.rules.alert_conditions import parse_condition
from strongroom.systems.biotech.rules.enums import WEBHOOK_EVENT_ALIASES, AlertType, WebhookEvent

_OF_ALERT = settable(Alert, "last_triggered", "trigger_count")
_OF_WEBHOOK = settable(Webhook, "last_triggered", "success_count", "failure_count", "consecutive_failures")


@query
def active_alerts(alert_type: AlertType | None = None) -> Select[Alert]:
    found = select(Alert).where(Alert.is_active)
    return found if alert_type is None else found.where(Alert.alert_type == alert_type)


@query
def active_webhooks(event_type: WebhookEvent | None = None) -> Select[Webhook]:
    found = select(Webhook).where(Webhook.is_active)
    return found if event_type is None else found.where(has_any(Webhook.event_types, [event_type]))


class WebhookRepository(HidingRepository[SessionT, Webhook]):
    """Webhooks. One without a secret is sent nothing until it is given one."""

    row = Webhook
    not_found = WebhookNotFound

    @operation
    def create(
        self: WebhookRepository[Session],
        /,
        name: str,
        url: str,
        event_types: Sequence[WebhookEvent | str],
        **values: Any,
    ) -> Webhook:
        """Add a webhook. Raises InvalidValue."""
        return self.add(Webhook(name=name, url=url, event_types=list(event_types), **given(values, _OF_WEBHOOK)))

    @operation
    def get_active(self: WebhookRepository[Session], event_type: WebhookEvent | str | None = None) -> Sequence[Webhook]:
        """Active webhooks that ask for this event, or for any, oldest first."""
        found = active_webhooks(None if event_type is None else _event(event_type))
        return self.session.scalars(found.order_by(Webhook.created_at, Webhook.id)).all()

    @operation
    def update_status(
        self: WebhookRepository[Session], webhook_id: UUID, success: bool, error: str | None = None
    ) -> Webhook | None:
        """Count one attempt in the row itself, so that none is lost. The last error stays until the next one."""
        counted = update(Webhook).where(Webhook.id == webhook_id)
        if success:
            counted = counted.values(success_count=Webhook.success_count + 1, consecutive_failures=0)
        else:
            counted = counted.values(failure_count=Webhook.failure_count + 1, last_error=error or Webhook.last_error)
        counted = counted.values(last_triggered=now_of(self.session))
        return self.session.scalars(counted.returning(Webhook).execution_options(populate_existing=True)).one_or_none()


class AlertRepository(HidingRepository[SessionT, Alert]):
    """Alerts, and under the names that go with them, webhooks."""

    row = Alert
    not_found = AlertNotFound

    @operation
    def create_alert(
        self: AlertRepository[Session],
        /,
        name: str,
        alert_type: AlertType | str,
        condition: Mapping[str, Any],
        **values: Any,
    ) -> Alert:
        """Add an alert. Raises InvalidValue for a condition that cannot be read."""
        alert = Alert(name=name, alert_type=alert_type, condition=dict(condition), **given(values, _OF_ALERT))
        parse_condition(
            alert.alert_type,
            alert.condition,
            threshold_value=alert.threshold_value,
            tickers=alert.company_tickers,
            signal_types=alert.signal_types,
        )
        return self.add(alert)

    @operation
    def get_active_alerts(self: AlertRepository[Session], alert_type: AlertType | str | None = None) -> Sequence[Alert]:
        """Active alerts of one type, or of all, oldest first."""
        found = active_alerts(None if alert_type is None else _type(alert_type))
        return self.session.scalars(found.order_by(Alert.created_at, Alert.id)).all()

    @operation
    def update_alert_trigger(self: AlertRepository[Session], alert_id: UUID) -> Alert | None:
        """Count that it fired, in the row itself, so that none is lost; None when there is no such alert."""
        counted = (
            update(Alert)
            .where(Alert.id == alert_id)
            .values(trigger_count=Alert.trigger_count + 1, last_triggered=now_of(self.session))
        )
        return self.session.scalars(counted.returning(Alert).execution_options(populate_existing=True)).one_or_none()

    @operation
    def create_webhook(
        self: AlertRepository[Session], /, name: str, url: str, event_types: Sequence[WebhookEvent | str], **values: Any
    ) -> Webhook:
        """As WebhookRepository.create."""
        return WebhookRepository(self.session).create(name, url, event_types, **values)

    @operation
    def get_active_webhooks(
        self: AlertRepository[Session], event_type: WebhookEvent | str | None = None
    ) -> Sequence[Webhook]:
        """As WebhookRepository.get_active."""
        return WebhookRepository(self.session).get_active(event_type)

    @operation
    def update_webhook_status(
        self: AlertRepository[Session], webhook_id: UUID, success: bool, error: str | None = None
    ) -> Webhook | None:
        """As WebhookRepository.update_status."""
        return WebhookRepository(self.session).update_status(webhook_id, success, error)


def _type(name: AlertType | str) -> AlertType:
    try:
        return AlertType(name)
    except ValueError:
        raise InvalidValue(field="alert_type", reason=f"must be one of {', '.join(AlertType)}") from None


def _event(name: WebhookEvent | str) -> WebhookEvent:
    try:
        return WebhookEvent(WEBHOOK_EVENT_ALIASES.get(name, name))
    except ValueError:
        raise InvalidValue(field="event_type", reason=f"must be one of {', '.join(WebhookEvent)}") from None
