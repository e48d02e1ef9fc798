"""Whose row is this: a business reaches its own, administrators and the program all; what is not yours is not there."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.repositories import Repository
from strongroom.kernel.sessions import actor_of
from strongroom.systems.export_readiness.errors import ExporterNotFound, ReportNotFound
from strongroom.systems.export_readiness.models import Report, User
from strongroom.systems.export_readiness.models.belonging import OfReport
from strongroom.systems.export_readiness.repositories import ReportRepository, UserRepository

PartT = TypeVar("PartT", bound=OfReport)
ADMIN = "admin"
EXPORTER = "exporter"
SYSTEM = "system"


def sees_all(session: Session) -> bool:
    """Whether whoever acts may reach every business' rows."""
    return actor_of(session).has_role(ADMIN, SYSTEM)


def check_is_administrator(session: Session) -> None:
    """Raises AccessDenied for everybody but administrators and the program itself."""
    if not sees_all(session):
        raise AccessDenied


def is_own(session: Session, owner_id: UUID) -> bool:
    """Whether whoever acts is this business, or may reach all rows."""
    return sees_all(session) or actor_of(session).id == owner_id


def get_own_user(session: Session, user_id: UUID | str) -> User:
    """The business, if it is whoever acts or they may reach all. Raises ExporterNotFound."""
    user = UserRepository(session).get(user_id)
    if not is_own(session, user.id):
        raise ExporterNotFound
    return user


def lock_own_user(session: Session, user_id: UUID | str) -> User:
    """The same as it is now, locked for a change. Raises ExporterNotFound."""
    key = get_own_user(session, user_id).id
    return UserRepository(session).lock([key])[key]


def get_own_report(session: Session, report_id: UUID | str) -> Report:
    """The report, if it is that of whoever acts or they may reach all; `rpt_` may stand in front of its id.

    Raises ReportNotFound.
    """
    return _own(session, ReportRepository(session).get(report_id))


def lock_own_report(session: Session, report_id: UUID | str) -> Report:
    """The same as it is now, locked for a change of it or of its parts. Raises ReportNotFound."""
    return _own(session, ReportRepository(session).lock_one(report_id))


def get_own_part(repository: Repository[Session, PartT], key: UUID | str) -> PartT:
    """A part of a report, if the report is that of whoever acts. Raises the repository's not_found."""
    part = repository.get(key)
    try:
        get_own_report(repository.session, part.report_id)
    except ReportNotFound:
        raise repository.not_found(what=repository.row.__name__.lower()) from None
    return part


def _own(session: Session, report: Report) -> Report:
    if not is_own(session, report.user_id):
        raise ReportNotFound
    return report
