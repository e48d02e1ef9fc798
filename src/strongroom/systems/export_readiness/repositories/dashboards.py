"""Figures over many rows: how far reports are, and what all businesses do together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, extract, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from strongroom.systems.export_readiness.models import (
    ActionPlanProgress,
    CertificationProgress,
    GeneratedDocument,
    Report,
    UserMetrics,
)
from strongroom.systems.export_readiness.rules import CertificationStatusEnum, ReportStatusEnum

#: a row whose columns are named
Figures = Select[*tuple[Any, ...]]
Condition = ColumnElement[bool] | InstrumentedAttribute[bool]

_COMPLETED = CertificationProgress.status == CertificationStatusEnum.COMPLETED


def reports_with_progress(
    *, report_id: UUID | None = None, user_id: UUID | None = None, limit: int | None = None
) -> Figures:
    """Reports, newest first, each with its figures: certifications by status, tasks, tasks_done, documents and
    documents_valid. 0 where there are none.
    """
    wanted = ((Report.id, report_id), (Report.user_id, user_id))
    chosen = select(Report.id).where(*(column == value for column, value in wanted if value is not None))
    chosen = chosen.order_by(Report.created_at.desc(), Report.id.desc()).limit(limit)
    of_these = select(chosen.subquery().c.id)  # so that only their parts are read
    parts = (
        _counted(
            CertificationProgress,
            of_these,
            **{status.value: CertificationProgress.status == status for status in CertificationStatusEnum},
        ),
        _counted(ActionPlanProgress, of_these, tasks=true(), tasks_done=ActionPlanProgress.completed),
        _counted(GeneratedDocument, of_these, documents=true(), documents_valid=GeneratedDocument.is_valid),
    )
    figures = [
        func.coalesce(column, 0).label(column.name) for part in parts for column in part.c if column.name != "report_id"
    ]
    found: Figures = select(Report, *figures).where(Report.id.in_(of_these))
    for part in parts:
        found = found.outerjoin(part, part.c.report_id == Report.id)
    return found.order_by(Report.created_at.desc(), Report.id.desc())


def most_frequent_products(limit: int) -> Select[str, int]:
    """Name, and how many reports; capitals make no difference."""
    count = func.count().label("count")
    found = select(func.min(Report.product_name), count).group_by(func.lower(Report.product_name))
    return found.order_by(count.desc(), func.lower(Report.product_name)).limit(limit)


def most_frequent_destinations(limit: int) -> Select[str, int]:
    """Country, and how many reports; capitals make no difference."""
    count = func.count().label("count")
    found = select(func.min(Report.destination_country), count).group_by(func.lower(Report.destination_country))
    return found.order_by(count.desc(), func.lower(Report.destination_country)).limit(limit)


def most_frequent_certifications(limit: int) -> Select[str, str, int, int]:
    """Id, name, how many reports follow it, and how many of those have completed it."""
    count = func.count().label("count")
    name = func.min(CertificationProgress.certification_name)
    found = select(CertificationProgress.certification_id, name, count, _number_of(_COMPLETED))
    found = found.group_by(CertificationProgress.certification_id)
    return found.order_by(count.desc(), CertificationProgress.certification_id).limit(limit)


def journeys() -> Figures:
    """One row over all reports: how many there are, how many came how far, and how long the way was.

    begun, completed, planned, plan_done, certified (each certification they follow; one at least), documented (a
    document without errors), ready (plan done, and no certification open), readiness_s: seconds from the report to
    the last step, on average over those that are ready.
    """
    certifications = _ends(CertificationProgress, _COMPLETED, CertificationProgress.completed_at)
    tasks = _ends(ActionPlanProgress, ActionPlanProgress.completed, ActionPlanProgress.completed_at)
    valid = select(GeneratedDocument.report_id).where(GeneratedDocument.is_valid).distinct().subquery("valid")
    plan_done = tasks.c.number == tasks.c.completed
    certified = certifications.c.number == certifications.c.completed
    ready = and_(plan_done, or_(certifications.c.number.is_(None), certified))
    last = case((certifications.c.last > tasks.c.last, certifications.c.last), else_=tasks.c.last)
    took_s = extract("epoch", last) - extract("epoch", Report.created_at)
    figures = {
        "begun": true(),
        "completed": Report.status == ReportStatusEnum.COMPLETED,
        "planned": tasks.c.number > 0,
        "plan_done": plan_done,
        "certified": certified,
        "documented": valid.c.report_id.is_not(None),
        "ready": ready,
    }
    counted = [func.coalesce(_number_of(condition), 0).label(name) for name, condition in figures.items()]
    found: Figures = select(*counted, func.avg(case((ready, took_s))).label("readiness_s")).select_from(Report)
    for part in (certifications, tasks, valid):
        found = found.outerjoin(part, part.c.report_id == Report.id)
    return found


def achievements_of_all() -> Figures:
    """One row: how many businesses, and the sums of what they have achieved."""
    figures = (
        UserMetrics.reports_generated,
        UserMetrics.certifications_completed,
        UserMetrics.documents_generated,
        UserMetrics.exports_completed,
        UserMetrics.cost_savings,
        UserMetrics.timeline_reduction_days,
    )
    sums = [func.coalesce(func.sum(column), 0).label(column.key) for column in figures]
    return select(func.count().label("businesses"), *sums).select_from(UserMetrics)


def _counted(model: type[Any], reports: Select[UUID], **conditions: Condition) -> Subquery:
    figures = [_number_of(condition).label(name) for name, condition in conditions.items()]
    found = select(model.report_id, *figures).where(model.report_id.in_(reports))
    return found.group_by(model.report_id).subquery(model.__tablename__)


def _ends(model: type[Any], is_completed: Condition, completed_at: Any) -> Subquery:
    number, completed = func.count().label("number"), _number_of(is_completed).label("completed")
    found = select(model.report_id, number, completed, func.max(completed_at).label("last"))
    return found.group_by(model.report_id).subquery(model.__tablename__)


def _number_of(condition: Condition) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
