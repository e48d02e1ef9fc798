"""What a business has achieved, counted in the transaction that achieves it."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import as_utc
from strongroom.systems.export_readiness.models import UserMetrics
from strongroom.systems.export_readiness.repositories import MetricsRepository
from strongroom.systems.export_readiness.rules.amounts import amount_of
from strongroom.systems.export_readiness.services.access import get_own_user

_PERCENT = Decimal("0.01")


def count(
    session: Session,
    user_id: UUID,
    *,
    reports_generated: int = 0,
    certifications_completed: int = 0,
    documents_generated: int = 0,
    cost_savings: Decimal = Decimal(0),
    timeline_reduction_days: int = 0,
) -> UserMetrics:
    """Add to a business' figures; what others add at the same time is not lost. cost_savings: INR. None is negative."""
    amounts: dict[str, Any] = {
        "reports_generated": reports_generated,
        "certifications_completed": certifications_completed,
        "documents_generated": documents_generated,
        "cost_savings": cost_savings,
        "timeline_reduction_days": timeline_reduction_days,
    }
    for name, amount in amounts.items():
        if amount < 0:
            raise InvalidValue(field=name, reason="must not be negative")
    return MetricsRepository(session).add_to(user_id, **{name: amount for name, amount in amounts.items() if amount})


def record_export(session: Session, user_id: UUID | str, exported_at: datetime | None = None) -> UserMetrics:
    """Count an export that arrived; now, or at a moment that has passed. Raises ExporterNotFound, InvalidValue."""
    now = now_of(session)
    moment = now if exported_at is None else as_utc(exported_at)
    if moment > now:
        raise InvalidValue(field="exported_at", reason="must not be in the future")
    user = get_own_user(session, user_id)
    return MetricsRepository(session).add_to(user.id, moment, exports_completed=1)


def record_savings(session: Session, user_id: UUID | str, amount: Decimal | int | str) -> UserMetrics:
    """Add what a business did not have to pay, such as a consultant; INR. Subsidies are counted by themselves.

    Raises ExporterNotFound, InvalidValue.
    """
    user = get_own_user(session, user_id)
    saved = UserMetrics(user_id=user.id, cost_savings=amount_of(amount, "amount", is_positive=True))
    return count(session, user.id, cost_savings=saved.cost_savings)


def get_metrics(session: Session, user_id: UUID | str) -> UserMetrics:
    """A business' figures; zeros where nothing was counted yet. Raises ExporterNotFound."""
    user = get_own_user(session, user_id)
    return MetricsRepository(session).find(user.id) or UserMetrics(user_id=user.id)


def success_rate(metrics: UserMetrics) -> Decimal | None:
    """Exports for a hundred reports, to two decimals; None without a report."""
    if not metrics.reports_generated:
        return None
    share = Decimal(100 * metrics.exports_completed) / metrics.reports_generated
    return share.quantize(_PERCENT, rounding=ROUND_HALF_UP)
