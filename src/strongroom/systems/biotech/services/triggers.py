"""What becomes of an alert that went off: acknowledged by somebody, then resolved."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.sessions import actor_of, now_of
from strongroom.systems.biotech.errors import StepRefused
from strongroom.systems.biotech.models import AlertTrigger
from strongroom.systems.biotech.repositories.triggers import AlertTriggerRepository
from strongroom.systems.biotech.rules.enums import TriggerStatus


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


def _step(session: Session, trigger_id: UUID | str, before: TriggerStatus, after: TriggerStatus) -> AlertTrigger:
    triggers = AlertTriggerRepository(session)
    found = triggers.get(trigger_id)
    trigger = triggers.lock([found.id])[found.id]
    if trigger.status is not before:
        raise StepRefused(what="triggered alert", before=trigger.status.value, after=after.value)
    trigger.status = after
    return trigger
