"""A completed report with certifications to get, to begin from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.export_readiness.rules import Findings
from strongroom.systems.export_readiness.services import certifications, reports
from tests.systems.export_readiness.building import add_report, add_user

ZED, FDA = "zed-certification", "fda-food-facility"
DATA: dict[str, Any] = {
    "certifications": [
        {"id": ZED, "name": "ZED certification", "type": "ZED", "priority": "medium", "days": 90},
        {"id": FDA, "name": "FDA food facility registration", "type": "FDA", "priority": "high", "days": 30},
    ],
    "subsidies": [{"certification_id": ZED, "percent": "80", "amount": "48000.00"}],
    "costs": {"certifications": "82500.00", "documentation": "10000.00", "total": "117500.00", "currency": "INR"},
    "timeline": {"estimated_days": 107},
}


def completed_report(session: Session, /, email: str = "asha@example.com", **values: Any) -> tuple[UUID, UUID]:
    """Ids of a business and of its report, whose certifications are followed."""
    user = add_user(session, email=email)
    report = add_report(session, user.id, **{"hs_code": "091030", **values})
    findings = Findings(data=DATA, estimated_cost=Decimal("117500.00"), estimated_timeline_days=107, risk_score=25)
    reports.complete_report(session, report.id, findings)
    certifications.track_required(session, report.id)
    return user.id, report.id
