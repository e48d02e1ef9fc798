"""What there is to see at a glance: a report with all that follows from it, and what all businesses do together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import actor_of
from strongroom.systems.export_readiness.errors import ReportNotFound
from strongroom.systems.export_readiness.models import Report
from strongroom.systems.export_readiness.repositories import (
    achievements_of_all,
    journeys,
    most_frequent_certifications,
    most_frequent_destinations,
    most_frequent_products,
    reports_with_progress,
)
from strongroom.systems.export_readiness.rules import REPORT, CertificationStatusEnum, parse_id
from strongroom.systems.export_readiness.rules.amounts import rounded
from strongroom.systems.export_readiness.rules.certification_steps import CertificationSummary, share, summarise
from strongroom.systems.export_readiness.services.access import (
    check_is_administrator,
    get_own_user,
    is_own,
    sees_all,
)

LIMIT_MAX = 100
_DAY_S = Decimal(86_400)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A report and how far it is. plan_progress: tasks done in percent, to one decimal."""

    report: Report
    certifications: CertificationSummary
    tasks: int
    tasks_done: int
    plan_progress: Decimal
    documents: int
    documents_valid: int

    @property
    def is_ready(self) -> bool:
        """Whether the plan is done and no certification is open."""
        return 0 < self.tasks == self.tasks_done and (
            self.certifications.total == self.certifications.by_status[CertificationStatusEnum.COMPLETED]
        )


@dataclass(frozen=True, slots=True)
class Frequency:
    """Something that reports name, and how many do."""

    name: str
    reports: int


@dataclass(frozen=True, slots=True)
class CertificationFrequency:
    """A certification, how many reports follow it, and the share of them that have completed it, in percent."""

    certification_id: str
    name: str
    reports: int
    completion_percentage: Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    """How many reports came this far, and their share of all that were begun, in percent."""

    name: str
    reports: int
    percentage: Decimal


@dataclass(frozen=True, slots=True)
class Achievements:
    """Sums over all businesses. cost_savings: INR. success_rate: exports for a hundred reports, 0 without a report."""

    businesses: int
    reports_generated: int
    certifications_completed: int
    documents_generated: int
    exports_completed: int
    cost_savings: Decimal
    timeline_reduction_days: int
    success_rate: Decimal


@dataclass(frozen=True, slots=True)
class PlatformFigures:
    """What all businesses do. average_readiness_days: from a report to being ready, to one decimal; None if none is."""

    products: Sequence[Frequency]
    destinations: Sequence[Frequency]
    certifications: Sequence[CertificationFrequency]
    stages: Sequence[Stage]
    average_readiness_days: Decimal | None
    achievements: Achievements


def get_dashboard(session: Session, report_id: UUID | str) -> Dashboard:
    """One report with its figures, in one statement. Raises ReportNotFound."""
    key = parse_id(report_id, REPORT)
    row = session.execute(reports_with_progress(report_id=key)).one_or_none() if key is not None else None
    if row is None or not is_own(session, row[0].user_id):
        raise ReportNotFound
    return _dashboard(row)


def list_dashboards(session: Session, user_id: UUID | None = None, *, limit: int = 20) -> Sequence[Dashboard]:
    """The newest reports with their figures: one's own, or those of anybody for administrators.

    One statement for all of them. Raises ExporterNotFound for somebody else's, InvalidValue.
    """
    owner = user_id if user_id is not None or sees_all(session) else actor_of(session).id
    if owner is not None:
        get_own_user(session, owner)
    found = session.execute(reports_with_progress(user_id=owner, limit=_checked(limit)))
    return [_dashboard(row) for row in found]


def platform_figures(session: Session, *, limit: int = 10) -> PlatformFigures:
    """What all businesses do. limit: of each list. Administrators only: raises AccessDenied, InvalidValue."""
    check_is_administrator(session)
    bound = _checked(limit)
    way = session.execute(journeys()).one()._asdict()
    average_s = way.pop("readiness_s")
    begun = int(way["begun"])
    return PlatformFigures(
        products=[Frequency(name, number) for name, number in session.execute(most_frequent_products(bound))],
        destinations=[Frequency(name, number) for name, number in session.execute(most_frequent_destinations(bound))],
        certifications=[
            CertificationFrequency(identifier, name, number, share(completed, number))
            for identifier, name, number, completed in session.execute(most_frequent_certifications(bound))
        ],
        stages=[Stage(name, int(number), share(int(number), begun)) for name, number in way.items()],
        average_readiness_days=None if average_s is None else rounded(Decimal(str(average_s)) / _DAY_S, _TENTH),
        achievements=_achievements(session.execute(achievements_of_all()).one()),
    )


def _dashboard(row: Any) -> Dashboard:
    figures = row._mapping
    by_status = {status: int(figures[status.value]) for status in CertificationStatusEnum}
    return Dashboard(
        report=row[0],
        certifications=summarise(by_status),
        tasks=int(figures["tasks"]),
        tasks_done=int(figures["tasks_done"]),
        plan_progress=share(int(figures["tasks_done"]), int(figures["tasks"]), _TENTH),
        documents=int(figures["documents"]),
        documents_valid=int(figures["documents_valid"]),
    )


def _achievements(row: Any) -> Achievements:
    sums = row._asdict()
    savings = Decimal(sums.pop("cost_savings"))
    counts = {name: int(number) for name, number in sums.items()}
    rate = share(counts["exports_completed"], counts["reports_generated"])
    return Achievements(**counts, cost_savings=savings, success_rate=rate)


def _checked(limit: int) -> int:
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 1 and {LIMIT_MAX}")
    return limit
