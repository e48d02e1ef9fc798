"""What businesses have achieved, counted without losing what others count at the same time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.systems.export_readiness.errors import ExporterNotFound
from strongroom.systems.export_readiness.models import UserMetrics
from strongroom.systems.export_readiness.repositories.writing import add_to_row


class MetricsRepository(Repository[SessionT, UserMetrics]):
    """Achievements, by business."""

    row = UserMetrics
    not_found = ExporterNotFound

    @operation
    def add_to(
        self: MetricsRepository[Session], /, user_id: UUID, last_export_date: datetime | None = None, **amounts: Any
    ) -> UserMetrics:
        """Add to the figures; the date moves forward only."""
        add_to_row(self.session, UserMetrics, {"user_id": user_id}, amounts, {"last_export_date": last_export_date})
        return self.session.get_one(UserMetrics, user_id, populate_existing=True)
