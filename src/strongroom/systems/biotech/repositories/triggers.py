"""Alerts that may go off now, and the times they did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Select, Uuid, or_, select, tuple_, update
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.kernel.tables import has_any
from strongroom.systems.biotech.errors import AlertTriggerNotFound
from strongroom.systems.biotech.models import Alert, AlertTrigger
from strongroom.systems.biotech.repositories.batches import given_rows, portions
from strongroom.systems.biotech.rules.enums import AlertType


class AlertTriggerRepository(Repository[SessionT, AlertTrigger]):
    """Each time an alert went off."""

    row = AlertTrigger
    not_found = AlertTriggerNotFound

    @operation
    def told_since(
        self: AlertTriggerRepository[Session], pairs: Collection[tuple[UUID, UUID]], moment: datetime
    ) -> set[tuple[UUID, UUID | None]]:
        """Which of these alerts went off about these companies after a moment."""
        told: set[tuple[UUID, UUID | None]] = set()
        for portion in portions(pairs):
            found = select(AlertTrigger.alert_id, AlertTrigger.company_id).where(
                tuple_(AlertTrigger.alert_id, AlertTrigger.company_id).in_(portion),
                AlertTrigger.triggered_at > moment,
            )
            told |= {(alert_id, company_id) for alert_id, company_id in self.session.execute(found)}
        return told

    @operation
    def known(self: AlertTriggerRepository[Session], dedupe_keys: Collection[str]) -> set[str]:
        """Which of this news was told before."""
        return {
            key
            for portion in portions(dedupe_keys)
            for key in self.session.scalars(select(AlertTrigger.dedupe_key).where(AlertTrigger.dedupe_key.in_(portion)))
        }

    @operation
    def count_on(self: AlertTriggerRepository[Session], times: Mapping[UUID, int], moment: datetime) -> None:
        """Note on alerts how often they went off, in the rows themselves, so that no other count is lost."""
        lock_alerts(self.session, times)
        for portion in portions(times.items()):
            counts = given_rows("counts", {"alert_id": Uuid(), "times": BigInteger()}, portion)
            counting = update(Alert).where(Alert.id == counts.c.alert_id)
            counting = counting.values(trigger_count=Alert.trigger_count + counts.c.times, last_triggered=moment)
            self.session.execute(counting.execution_options(synchronize_session="fetch"))


def lock_alerts(session: Session, alert_ids: Iterable[UUID]) -> None:
    """Make whoever else counts on these alerts wait, in key order, so that two batches do not wait for each other."""
    for portion in portions(sorted(alert_ids)):
        locked = select(Alert.id).where(Alert.id.in_(portion)).order_by(Alert.id)
        session.execute(locked.with_for_update(key_share=True)).all()


@query
def standing_alerts(types: Collection[AlertType], tickers: Collection[str] | None = None) -> Select[Alert]:
    """Active alerts of these types that may be about one of these companies, or any, in order of their ids."""
    wants = [Alert.is_active, Alert.alert_type.in_(types)]
    if tickers is not None:
        wants.append(or_(Alert.company_tickers.is_(None), has_any(Alert.company_tickers, sorted(tickers))))
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
