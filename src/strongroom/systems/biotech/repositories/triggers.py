"""Alerts that may go off now, and the times they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.kernel.tables import has_all
from strongroom.systems.biotech.errors import AlertTriggerNotFound
from strongroom.systems.biotech.models import Alert, AlertTrigger, MAScore
from strongroom.systems.biotech.rules.enums import AlertType


class AlertTriggerRepository(Repository[SessionT, AlertTrigger]):
    """Each time an alert went off."""

    row = AlertTrigger
    not_found = AlertTriggerNotFound

    @operation
    def is_told_since(
        self: AlertTriggerRepository[Session], alert_id: UUID, company_id: UUID | None, moment: datetime
    ) -> bool:
        """Whether the alert went off about this company after a moment."""
        told = exists().where(
            AlertTrigger.alert_id == alert_id,
            AlertTrigger.company_id == company_id,
            AlertTrigger.triggered_at > moment,
        )
        return bool(self.session.scalar(select(told)))

    @operation
    def is_known(self: AlertTriggerRepository[Session], dedupe_key: str) -> bool:
        """Whether this very news was told before."""
        return bool(self.session.scalar(select(exists().where(AlertTrigger.dedupe_key == dedupe_key))))

    @operation
    def count_on(self: AlertTriggerRepository[Session], alert_id: UUID, moment: datetime) -> None:
        """Note on the alert that it went off, in the row itself, so that no other count is lost."""
        counting = update(Alert).where(Alert.id == alert_id)
        self.session.execute(counting.values(trigger_count=Alert.trigger_count + 1, last_triggered=moment))


@query
def standing_alerts(types: Sequence[AlertType], ticker: str | None) -> Select[Alert]:
    """Active alerts of these types that may be about this company, in order of their ids."""
    wants = [Alert.is_active, Alert.alert_type.in_(types)]
    if ticker is not None:
        wants.append(or_(Alert.company_tickers.is_(None), has_all(Alert.company_tickers, [ticker])))
    return select(Alert).where(*wants).order_by(Alert.id)


@query
def triggers(
    alert_id: UUID | None = None, company_id: UUID | None = None, client_id: UUID | None = None
) -> Select[AlertTrigger]:
    """The times alerts went off: of one alert, about one company, of one client's alerts, or all. In no order."""
    wants = [
        column == wanted
        for column, wanted in ((AlertTrigger.alert_id, alert_id), (AlertTrigger.company_id, company_id))
        if wanted is not None
    ]
    found = select(AlertTrigger).where(*wants)
    if client_id is None:
        return found
    return found.join(Alert, Alert.id == AlertTrigger.alert_id).where(Alert.client_id == client_id)


@query
def score_before(company_id: UUID, moment: datetime) -> Select[MAScore]:
    """The company's last score before a moment."""
    scores = select(MAScore).where(MAScore.company_id == company_id, MAScore.score_date < moment)
    return scores.order_by(MAScore.score_date.desc()).limit(1)
